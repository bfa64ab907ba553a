import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Given } from '../harness/given.ts';
import { hears, hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { looksLike, meanGray, type Picture } from '../kit/read/picture.ts';
import { askUri, fetchedUri, instanceNamed, isRefusal } from '../kit/uri.ts';
import { pictureBy, pictureOrNull } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const asked = /region=/;

/** Whether the target supports region, which it need not (PS3.18-2013 8.2.4, note): then it sends something else than the whole picture. */
export const regions: Given<true> = {
  key: 'regions',
  async provide(t) {
    const image = instanceNamed(await t.given(fixture('rendering')), 'quadrants');
    const [part, whole] = [await pictureOrNull(t, image, { region: '0.25,0.5,0.75,1.0' }), await pictureOrNull(t, image)];
    if (!part) return t.skip('the target does not answer a request with region: see wado-uri/region/is-supported-or-ignored');
    if (whole && part.width === whole.width && part.height === whole.height && looksLike(part, whole))
      t.skip('the target does not support region, as it may: it sends the whole image');
    return true;
  },
};

const given = { rendering: fixture('rendering'), regions } as const;

// PS3.18-2013 8.2.4, note: without support the whole image is sent; until 2019a.
export const ignored = check({
  id: 'wado-uri/region/is-supported-or-ignored',
  title: 'A request with region is answered with the region or the whole image',
  requires: ['WADO-URI-8.2.4-09'],
  given: { rendering: fixture('rendering') },
  fault: on(asked, status(501)),
  async run(t, { rendering }) {
    await fetchedUri(t, instanceNamed(rendering, 'quadrants'), { contentType: 'image/jpeg', region: '0.25,0.5,0.75,1.0' });
  },
});

const quadrant = { '0,0,0.5,0.5': 0, '0.5,0,1,0.5': 1, '0,0.5,0.5,1': 2, '0.5,0.5,1,1': 3 } as const;
const names = ['upper left', 'upper right', 'lower left', 'lower right'] as const;

/** The quadrant of the whole picture whose gray a picture has. */
function quadrantLike(part: Picture, whole: Picture): string {
  const grays = [
    meanGray(whole, [0, 0, 0.4, 0.4]),
    meanGray(whole, [0.6, 0, 1, 0.4]),
    meanGray(whole, [0, 0.6, 0.4, 1]),
    meanGray(whole, [0.6, 0.6, 1, 1]),
  ];
  const got = meanGray(part, [0.1, 0.1, 0.9, 0.9]);
  const nearest = grays.map((gray, i) => [Math.abs(gray - got), i] as const).sort(([a], [b]) => a - b)[0];
  return nearest && nearest[0] < 12 ? (names[nearest[1]] ?? '') : `none, with a mean gray of ${Math.round(got)}`;
}

// 8.2.4: x min, y min, x max, y max from the upper left corner.
export const rectangle = check({
  id: 'wado-uri/region/the-rectangle-that-is-named',
  title: 'The region is the rectangle from the first to the second pair of coordinates, the origin at the upper left',
  requires: ['WADO-URI-8.2.4-06'],
  given,
  fault: on(
    asked,
    hearsKey('region', region => {
      const [left, top, right, bottom] = region.split(',');
      return [top, left, bottom, right].join(',');
    }),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'quadrants');
    const whole = await pictureBy(t, image);
    for (const [region, index] of Object.entries(quadrant))
      t.expect(`the quadrant that region=${region} shows`, quadrantLike(await pictureBy(t, image, { region }), whole), names[index]);
  },
});

const near = (width: number, height: number, pixels: number) =>
  satisfying(
    `${width} by ${height}, within ${pixels}`,
    ([w, h]: readonly [number, number]) => Math.abs(w - width) <= pixels && Math.abs(h - height) <= pixels,
  );

// 8.2.4: the size that the coordinates imply.
export const size = check({
  id: 'wado-uri/region/its-own-size',
  title: 'Without rows and columns a region has the size that its coordinates imply',
  requires: ['WADO-URI-8.2.4-07'],
  given,
  fault: on(
    /region=(?!.*(rows|columns)=)/,
    hears(url => url.searchParams.set('columns', '400')),
  ),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'quadrants'), { region: '0.25,0.5,0.75,1.0' });
    t.expect('the width and height of region=0.25,0.5,0.75,1.0 of an image of 400 by 300', [width, height], near(200, 150, 2));
  },
});

// 8.2.2 and 8.2.3: rows and columns size the selected region.
export const sized = check({
  id: 'wado-uri/region/rows-and-columns-size-it',
  title: 'rows and columns are the size of the region, not of the image it is cut from',
  requires: ['WADO-URI-8.2.4-08'],
  given,
  fault: on(
    /region=.*columns=100/,
    hears(url => url.searchParams.set('columns', '50')),
  ),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'quadrants'), { region: '0.25,0.5,0.75,1.0', columns: 100 });
    t.expect('the width and height of a region of 200 by 150 with columns=100', [width, height], near(100, 75, 1));
  },
});

export const whole = check({
  id: 'wado-uri/region/the-whole-image',
  title: 'A region from 0.0,0.0 to 1.0,1.0 is the whole image',
  requires: ['WADO-URI-8.2.4-11'],
  given,
  fault: on(
    asked,
    hearsKey('region', region => region.replace(/^0\.0,0\.0,1\.0,1\.0$/, '0.0,0.0,1.0,0.99')),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'quadrants');
    const [all, without] = [await pictureBy(t, image, { region: '0.0,0.0,1.0,1.0' }), await pictureBy(t, image)];
    t.expect('the width and height of region=0.0,0.0,1.0,1.0', [all.width, all.height], [without.width, without.height]);
    t.expect('that region=0.0,0.0,1.0,1.0 shows what is shown without region', looksLike(all, without), true);
  },
});

// 2013 is silent; 400 from 2017c on.
export const nonsense = check({
  id: 'wado-uri/region/nonsense-is-no-server-error',
  title: 'A region that is none is refused or ignored',
  requires: ['WADO-URI-8.2.4-12'],
  given: { rendering: fixture('rendering') },
  fault: on(/region=0.5/, status(500)),
  async run(t, { rendering }) {
    for (const region of ['0.5,0.5', 'left,top,right,bottom', '0,0,1.5,2', '0.75,0,0.25,1']) {
      const { status: got } = (await askUri(t, uriQuery(instanceNamed(rendering, 'quadrants'), { contentType: 'image/jpeg', region })))
        .response;
      t.expect(
        `the status of region=${region}`,
        got,
        satisfying('200 or a 4xx status', (s: number) => s === 200 || isRefusal(s)),
      );
    }
  },
});

// PS3.5-2013 6.2: DS may be written in several ways.
export const spellings = check({
  id: 'wado-uri/region/spellings-of-numbers',
  title: 'The numbers of a region may be written in all ways that a decimal string allows',
  requires: ['WADO-URI-8.2.4-13'],
  given,
  fault: on(/5E-1/i, status(400)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'quadrants');
    const exchange = await fetchedUri(t, image, { contentType: 'image/jpeg', region: '0,0,.5,5E-1' });
    if (exchange.response.status !== 200) return;
    const { width, height } = await pictureBy(t, image, { region: '0,0,.5,5E-1' });
    t.expect('the width and height of region=0,0,.5,5E-1 of an image of 400 by 300', [width, height], near(200, 150, 2));
  },
});
