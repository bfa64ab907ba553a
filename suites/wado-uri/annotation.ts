import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hears, hearsKey, on } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { grayAt, type Picture } from '../kit/read/picture.ts';
import { askUri, instanceNamed } from '../kit/uri.ts';
import { decoded, pictureBy, pictureType } from '../kit/uri-pictures.ts';
import { type UriParameters, uriQuery } from '../kit/uri-query.ts';
import { regions } from './region.ts';

const given = { rendering: fixture('rendering') } as const;
const asked = /annotation=/;
const without = on(
  asked,
  hears(url => url.searchParams.delete('annotation')),
);

/** A picture with annotation; a target that refuses the parameter is not judged by it. */
async function annotated(t: Trial, of: FixtureInstance, parameters: UriParameters): Promise<Picture> {
  const exchange = await askUri(t, uriQuery(of, { contentType: await t.given(pictureType), ...parameters }));
  if (exchange.response.status !== 200)
    t.skip(
      `the target refuses annotation=${parameters.annotation} (status ${exchange.response.status}), so it does not claim to burn anything in`,
    );
  return decoded(t, exchange);
}

/** How many pixels of two pictures are clearly apart. */
function pixelsApart(a: Picture, b: Picture): number {
  if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY;
  let count = 0;
  for (let y = 0; y < a.height; y += 1)
    for (let x = 0; x < a.width; x += 1) if (Math.abs(grayAt(a, x, y) - grayAt(b, x, y)) > 40) count += 1;
  return count;
}

const something = satisfying('some', (pixels: number) => pixels > 0);

// PS3.18-2013 8.2.1: burned into the pixels; where and how is free.
export const patient = check({
  id: 'wado-uri/annotation/patient',
  title: 'annotation=patient burns something into the picture',
  requires: ['WADO-URI-8.2.1-05', 'WADO-URI-8.2.1-11'],
  given,
  fault: without,
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const apart = pixelsApart(await pictureBy(t, image), await annotated(t, image, { annotation: 'patient' }));
    t.record('the pixels that annotation=patient changes', String(apart));
    t.expect('the pixels that annotation=patient changes', apart, something);
  },
});

export const technique = check({
  id: 'wado-uri/annotation/technique',
  title: 'annotation=technique burns something into the picture',
  requires: ['WADO-URI-8.2.1-06'],
  given,
  fault: without,
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const apart = pixelsApart(await pictureBy(t, image), await annotated(t, image, { annotation: 'technique' }));
    t.expect('the pixels that annotation=technique changes', apart, something);
  },
});

// 8.2.1: a list has what each member has.
export const both = check({
  id: 'wado-uri/annotation/both-together',
  title: 'annotation=patient,technique shows more than either of them',
  requires: ['WADO-URI-8.2.1-07'],
  given,
  fault: on(
    asked,
    hearsKey('annotation', list => list.split(',')[0] ?? ''),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const together = await annotated(t, image, { annotation: 'patient,technique' });
    for (const annotation of ['patient', 'technique']) {
      const apart = pixelsApart(together, await annotated(t, image, { annotation }));
      t.expect(`the pixels in which annotation=patient,technique differs from annotation=${annotation}`, apart, something);
    }
  },
});

// 8.2.1: without it nothing is burned in. Each column of the ramp has one value from top to bottom.
export const nothingElse = check({
  id: 'wado-uri/annotation/nothing-without-it',
  title: 'Without annotation nothing is burned into the picture',
  requires: ['WADO-URI-8.2.1-08'],
  given,
  fault: on(
    request => !asked.test(request.url),
    hears(url => url.searchParams.set('annotation', 'patient')),
  ),
  async run(t, { rendering }) {
    const picture = await pictureBy(t, instanceNamed(rendering, 'ramp'));
    const slack = picture.format === 'png' ? 4 : 32;
    const middle = Math.floor(picture.height / 2);
    const stained: string[] = [];
    for (let y = 0; y < picture.height; y += 1)
      for (let x = 0; x < picture.width; x += 1)
        if (Math.abs(grayAt(picture, x, y) - grayAt(picture, x, middle)) > slack) stained.push(`${x},${y}`);
    t.expect('the places at which an image whose rows are all the same differs from its middle row', stained.slice(0, 3), []);
  },
});

// 8.2.1: after the region.
export const afterRegion = check({
  id: 'wado-uri/annotation/after-the-region',
  title: 'Annotation is burned into the region that was selected',
  requires: ['WADO-URI-8.2.1-09'],
  given: { rendering: fixture('rendering'), regions },
  fault: on(
    /annotation=.*region=|region=.*annotation=/,
    hears(url => url.searchParams.delete('annotation')),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const region = '0.1,0.1,0.9,1';
    const apart = pixelsApart(await pictureBy(t, image, { region }), await annotated(t, image, { annotation: 'patient', region }));
    t.expect('the pixels that annotation=patient changes in a region of 320 by 270', apart, something);
  },
});
