import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, hearsKey, on } from '../kit/faults.ts';
import { sendsPicture } from '../kit/picture-faults.ts';
import { grayAt, meanGray, type Picture } from '../kit/read/picture.ts';
import { seen, states } from '../kit/states.ts';
import { askUri, instanceNamed } from '../kit/uri.ts';
import { decoded, pictureBy, pictureType } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';
import { regions } from './region.ts';

const asked = /presentationUID=/;

// 8.2.4: the region is taken from what the state shows; until 2015c.
export const region = check({
  id: 'wado-uri/states/the-region-is-cut-from-what-it-shows',
  title: 'With a presentation state the region is cut from what the state shows',
  requires: ['WADO-URI-8.2.4-10', 'WADO-URI-8.2.9-04'],
  given: { study: states, regions },
  fault: on(
    /presentationUID=.*region=/,
    hearsKey('region', () => '0.5,0,1,1'),
  ),
  async run(t, { study }) {
    const picture = await seen(t, study, 'flipped', { region: '0,0,0.5,1' });
    const [upper, lower] = [meanGray(picture, [0.1, 0.05, 0.9, 0.45]), meanGray(picture, [0.1, 0.55, 0.9, 0.95])];
    const lighter = satisfying(`clearly lighter than the upper half, which has ${Math.round(upper)}`, (gray: number) => gray > upper + 60);
    for (const row of ['WADO-URI-8.2.4-10', 'WADO-URI-8.2.9-04'] as const)
      t.expect('the gray of the lower half of the left half, into which the white square was flipped', Math.round(lower), lighter, { row });
  },
});

const burned = (a: Picture, b: Picture): boolean => {
  for (let y = 0; y < a.height; y += 1)
    for (let x = 0; x < a.width; x += 1) if (Math.abs(grayAt(a, x, y) - grayAt(b, x, y)) > 40) return true;
  return false;
};

// 8.2.1 and 8.2.9: state, then region, then annotation. What the displayed area leaves out would take annotation with it that came before.
export const annotation = check({
  id: 'wado-uri/states/annotation-comes-last',
  title: 'Annotation is burned into what the presentation state shows',
  requires: ['WADO-URI-8.2.1-10', 'WADO-URI-8.2.9-04'],
  given: { study: states, regions },
  fault: on(
    /presentationUID=.*annotation=/,
    hears(url => url.searchParams.delete('annotation')),
  ),
  async run(t, { study }) {
    const image = instanceNamed(study, 'quadrants');
    const asked = { contentType: await t.given(pictureType), annotation: 'patient' };
    const exchange = await askUri(t, uriQuery(image, asked));
    if (exchange.response.status !== 200) t.skip(`the target refuses annotation=patient (status ${exchange.response.status})`);
    if (!burned(await decoded(t, exchange), await pictureBy(t, image)))
      t.skip('the target burns nothing in: see wado-uri/annotation/patient');
    const turned = await seen(t, study, 'turned');
    t.expect(
      'whether annotation=patient is burned into a turned part of the image',
      burned(await seen(t, study, 'turned', { annotation: 'patient' }), turned),
      true,
    );
    const part = { region: '0,0,1,0.9' };
    const [plain, written] = [await seen(t, study, 'flipped', part), await seen(t, study, 'flipped', { ...part, annotation: 'patient' })];
    t.expect('whether annotation=patient is burned into a region of a flipped image', burned(written, plain), true, {
      row: 'WADO-URI-8.2.9-04',
    });
  },
});

// 8.2.9, note: annotation of the state that is relative to the displayed area stays there.
export const stateAnnotation = check({
  id: 'wado-uri/states/its-own-annotation-stays-in-place',
  title: 'Annotation of the state that is relative to the displayed area stays in place when the picture is scaled',
  requires: ['WADO-URI-8.2.9-11'],
  given: { study: states },
  fault: on(
    asked,
    sendsPicture(picture => picture.affine([1, 0, 0, 1], { odx: 60, ody: 0, background: 'black' })),
  ),
  async run(t, { study }) {
    const [plain, written] = [await seen(t, study, 'whole', { rows: 150 }), await seen(t, study, 'annotated', { rows: 150 })];
    const centre = centreOfChange(plain, written);
    if (!centre) {
      t.expect('whether the annotation of the state is in the picture', false, true);
      return;
    }
    const inTheMiddle = satisfying('the middle, 0.5 and 0.5', ([x, y]: readonly [number, number]) => Math.hypot(x - 0.5, y - 0.5) < 0.12);
    t.expect('where the annotation at the centre of the displayed area is, in fractions of the picture', centre, inTheMiddle);
  },
});

/** The middle of what is apart between two pictures, in fractions of width and height; null where nothing is. */
function centreOfChange(a: Picture, b: Picture): readonly [number, number] | null {
  let [sumX, sumY, count] = [0, 0, 0];
  for (let y = 0; y < a.height; y += 1) {
    for (let x = 0; x < a.width; x += 1) {
      if (Math.abs(grayAt(a, x, y) - grayAt(b, x, y)) <= 24) continue;
      sumX += x;
      sumY += y;
      count += 1;
    }
  }
  const round = (value: number) => Math.round(value * 100) / 100;
  return count === 0 ? null : [round(sumX / count / a.width), round(sumY / count / a.height)];
}
