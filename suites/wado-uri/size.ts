import { pictureSize } from '../../fixtures/corpus/rendering.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { sendsPicture, stretched } from '../kit/picture-faults.ts';
import { askUri, decoded, instanceNamed, isRefusal, pictureBy, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const { rows, columns } = pictureSize;
/** Rounding is free: one pixel more or less. */
const about = (pixels: number) => satisfying(`${pixels}, one more or one less`, (got: number) => Math.abs(got - pixels) <= 1);

const given = { rendering: fixture('rendering') } as const;
const unsized = (...names: readonly string[]) =>
  hears(url => {
    for (const name of names) url.searchParams.delete(name);
  });

// PS3.18-2013 8.2.2 and 8.2.3: without them a pixel for each value of the matrix.
export const original = check({
  id: 'wado-uri/size/original-without-rows-and-columns',
  title: 'Without rows and columns a picture has the size of the image matrix',
  requires: ['WADO-URI-8.2.2-10'],
  given,
  fault: on(
    request => !/rows=|columns=/.test(request.url),
    hears(url => url.searchParams.set('rows', '128')),
  ),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'));
    t.expect('the width and height of an image of 400 columns and 300 rows', [width, height], [columns, rows]);
  },
});

// 8.2.2: rows alone is the height; until 2019a.
export const rowsAlone = check({
  id: 'wado-uri/size/rows-alone',
  title: 'With rows alone the picture has that height, and the width follows from the aspect ratio',
  requires: ['WADO-URI-8.2.2-03', 'WADO-URI-8.2.2-04'],
  given,
  fault: on(/rows=/, unsized('rows')),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { rows: 100 });
    t.expect('the height of an image of 400 by 300 with rows=100', height, 100);
    t.expect('the width of an image of 400 by 300 with rows=100', width, about(133), { row: 'WADO-URI-8.2.2-04' });
  },
});

export const rowsRatio = check({
  id: 'wado-uri/size/rows-alone-keep-the-ratio',
  title: 'With rows alone the width follows from the aspect ratio',
  requires: ['WADO-URI-8.2.2-04'],
  given,
  fault: on(/rows=100/, sendsPicture(stretched(400, 100))),
  async run(t, { rendering }) {
    const { width } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { rows: 100 });
    t.expect('the width of an image of 400 by 300 with rows=100', width, about(133));
  },
});

// 8.2.3: columns alone is the width; until 2019a.
export const columnsAlone = check({
  id: 'wado-uri/size/columns-alone',
  title: 'With columns alone the picture has that width, and the height follows from the aspect ratio',
  requires: ['WADO-URI-8.2.3-03', 'WADO-URI-8.2.3-04'],
  given,
  fault: on(/columns=/, unsized('columns')),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { columns: 100 });
    t.expect('the width of an image of 400 by 300 with columns=100', width, 100);
    t.expect('the height of an image of 400 by 300 with columns=100', height, about(75), { row: 'WADO-URI-8.2.3-04' });
  },
});

export const notSwapped = check({
  id: 'wado-uri/size/rows-and-columns-are-not-swapped',
  title: 'rows is the height and columns the width',
  requires: ['WADO-URI-8.2.2-11'],
  given,
  fault: on(
    /rows=|columns=/,
    hears(url => {
      const [height, width] = [url.searchParams.get('rows'), url.searchParams.get('columns')];
      url.searchParams.delete('rows');
      url.searchParams.delete('columns');
      if (height !== null) url.searchParams.set('columns', height);
      if (width !== null) url.searchParams.set('rows', width);
    }),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const [high, wide] = [await pictureBy(t, image, { rows: 150 }), await pictureBy(t, image, { columns: 150 })];
    t.expect('the height of an image of 400 by 300 with rows=150', high.height, about(150));
    t.expect('the width of an image of 400 by 300 with rows=150', high.width, about(200));
    t.expect('the width of an image of 400 by 300 with columns=150', wide.width, about(150));
    t.expect('the height of an image of 400 by 300 with columns=150', wide.height, about(113));
  },
});

// 8.2.2 and 8.2.3: nothing limits the size to that of the matrix.
export const enlarged = check({
  id: 'wado-uri/size/one-of-them-enlarges',
  title: 'rows or columns alone beyond the original size enlarge the picture',
  requires: ['WADO-URI-8.2.2-05', 'WADO-URI-8.2.3-05'],
  given,
  fault: on(/=(600|800)(&|$)/, unsized('rows', 'columns')),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    t.expect('the height of an image of 400 by 300 with rows=600', (await pictureBy(t, image, { rows: 600 })).height, 600);
    t.expect('the width of an image of 400 by 300 with columns=800', (await pictureBy(t, image, { columns: 800 })).width, 800, {
      row: 'WADO-URI-8.2.3-05',
    });
  },
});

// 8.2.2: with both, each is the most, and the ratio is kept.
export const both = check({
  id: 'wado-uri/size/both-are-the-most',
  title: 'With rows and columns neither is exceeded and the aspect ratio is kept',
  requires: ['WADO-URI-8.2.2-07', 'WADO-URI-8.2.2-08'],
  given,
  fault: on(/rows=100&columns=100/, unsized('columns')),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { rows: 100, columns: 100 });
    t.expect(
      'that a picture with rows=100 and columns=100 is at most 100 by 100',
      [width, height].every(size => size <= 100) ? 'at most 100 by 100' : `${width} by ${height}`,
      'at most 100 by 100',
    );
    const ratio = satisfying('4 to 3, within a pixel', () => Math.abs(width - (height * columns) / rows) <= 1.5);
    t.expect('the ratio of width to height', `${width} to ${height}`, ratio, { row: 'WADO-URI-8.2.2-08' });
  },
});

export const notStretched = check({
  id: 'wado-uri/size/both-do-not-stretch',
  title: 'With rows and columns the picture is not stretched to the box',
  requires: ['WADO-URI-8.2.2-08'],
  given,
  fault: on(/rows=100&columns=100/, sendsPicture(stretched(100, 100))),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { rows: 100, columns: 100 });
    const ratio = satisfying('4 to 3, within a pixel', () => Math.abs(width - (height * columns) / rows) <= 1.5);
    t.expect('the ratio of width to height with rows=100 and columns=100', `${width} to ${height}`, ratio);
  },
});

// A smaller picture keeps to the letter of 8.2.2.
export const fills = check({
  id: 'wado-uri/size/both-are-filled',
  title: 'With rows and columns smaller than the image one of them is reached',
  requires: ['WADO-URI-8.2.2-09'],
  given,
  fault: on(
    /rows=100&columns=200/,
    hears(url => url.searchParams.set('rows', '50')),
  ),
  async run(t, { rendering }) {
    const { width, height } = await pictureBy(t, instanceNamed(rendering, 'ramp'), { rows: 100, columns: 200 });
    const full = satisfying(
      '133 by 100, within a pixel',
      ([w, h]: readonly [number, number]) => Math.abs(w - 133) <= 1 && Math.abs(h - 100) <= 1,
    );
    t.expect('the width and height with rows=100 and columns=200', [width, height], full);
  },
});

const wrong: readonly (readonly [string, RequirementId])[] = [
  ['rows', 'WADO-URI-8.2.2-06'],
  ['columns', 'WADO-URI-8.2.3-06'],
];

// 2013 is silent; 400 from 2017c on.
export const nonsense = check({
  id: 'wado-uri/size/nonsense-is-refused',
  title: 'rows and columns of zero, less than zero or no number are refused',
  requires: ['WADO-URI-8.2.2-06', 'WADO-URI-8.2.3-06'],
  given,
  fault: on(/(rows|columns)=(0|-5|abc)/, status(500)),
  async run(t, { rendering }) {
    for (const [name, row] of wrong) {
      for (const value of ['0', '-5', 'abc']) {
        const exchange = await askUri(t, uriQuery(instanceNamed(rendering, 'ramp'), { contentType: 'image/jpeg', [name]: value }));
        const refused = satisfying('a 4xx status, 400 preferred', (s: number) => isRefusal(s));
        t.expect(`the status of ${name}=${value}`, exchange.response.status, refused, { row });
        if (uriType(exchange) !== 'image/jpeg') continue;
        const { width, height } = await decoded(t, exchange, row);
        t.record(`the picture for ${name}=${value}`, `${width} by ${height}`);
      }
    }
  },
});
