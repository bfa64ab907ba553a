import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on, status } from '../kit/faults.ts';
import { sendsPicture, stretched } from '../kit/picture-faults.ts';
import { askUri, isRefusal, uriType } from '../kit/uri.ts';
import { anyImage, decoded, pictureBy, type UriImage } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const inWords = ({ rows, columns }: UriImage) => `an image of ${columns} by ${rows}`;
/** Rounding is free: one pixel more or less. */
const about = (pixels: number) =>
  satisfying(`${Math.round(pixels)}, one more or one less`, (got: number) => Math.abs(got - Math.round(pixels)) <= 1);

const given = { image: anyImage } as const;
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
  async run(t, { image }) {
    const { width, height } = await pictureBy(t, image);
    t.expect(`the width and height of ${inWords(image)}`, [width, height], [image.columns, image.rows]);
  },
});

// 8.2.2: rows alone is the height; until 2019a.
export const rowsAlone = check({
  id: 'wado-uri/size/rows-alone',
  title: 'With rows alone the picture has that height, and the width follows from the aspect ratio',
  requires: ['WADO-URI-8.2.2-03', 'WADO-URI-8.2.2-04'],
  given,
  fault: on(/rows=/, unsized('rows')),
  async run(t, { image }) {
    const rows = Math.round(image.rows / 3);
    const { width, height } = await pictureBy(t, image, { rows });
    t.expect(`the height of ${inWords(image)} with rows=${rows}`, height, rows);
    const derived = about((rows * image.columns) / image.rows);
    t.expect(`the width of ${inWords(image)} with rows=${rows}`, width, derived, { row: 'WADO-URI-8.2.2-04' });
  },
});

export const rowsRatio = check({
  id: 'wado-uri/size/rows-alone-keep-the-ratio',
  title: 'With rows alone the width follows from the aspect ratio',
  requires: ['WADO-URI-8.2.2-04'],
  given,
  fault: on(/rows=100/, sendsPicture(stretched(400, 100))),
  async run(t, { image }) {
    const rows = Math.round(image.rows / 3);
    const { width } = await pictureBy(t, image, { rows });
    t.expect(`the width of ${inWords(image)} with rows=${rows}`, width, about((rows * image.columns) / image.rows));
  },
});

// 8.2.3: columns alone is the width; until 2019a.
export const columnsAlone = check({
  id: 'wado-uri/size/columns-alone',
  title: 'With columns alone the picture has that width, and the height follows from the aspect ratio',
  requires: ['WADO-URI-8.2.3-03', 'WADO-URI-8.2.3-04'],
  given,
  fault: on(/columns=/, unsized('columns')),
  async run(t, { image }) {
    const columns = Math.round(image.columns / 4);
    const { width, height } = await pictureBy(t, image, { columns });
    t.expect(`the width of ${inWords(image)} with columns=${columns}`, width, columns);
    const derived = about((columns * image.rows) / image.columns);
    t.expect(`the height of ${inWords(image)} with columns=${columns}`, height, derived, { row: 'WADO-URI-8.2.3-04' });
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
  async run(t, { image }) {
    const half = Math.round(image.rows / 2);
    const [high, wide] = [await pictureBy(t, image, { rows: half }), await pictureBy(t, image, { columns: half })];
    t.expect(`the height of ${inWords(image)} with rows=${half}`, high.height, about(half));
    t.expect(`the width of ${inWords(image)} with rows=${half}`, high.width, about((half * image.columns) / image.rows));
    t.expect(`the width of ${inWords(image)} with columns=${half}`, wide.width, about(half));
    t.expect(`the height of ${inWords(image)} with columns=${half}`, wide.height, about((half * image.rows) / image.columns));
  },
});

// 8.2.2 and 8.2.3: nothing limits the size to that of the matrix.
export const enlarged = check({
  id: 'wado-uri/size/one-of-them-enlarges',
  title: 'rows or columns alone beyond the original size enlarge the picture',
  requires: ['WADO-URI-8.2.2-05', 'WADO-URI-8.2.3-05'],
  given,
  fault: on(/=(375|500)(&|$)/, unsized('rows', 'columns')),
  async run(t, { image }) {
    const [rows, columns] = [Math.round(1.25 * image.rows), Math.round(1.25 * image.columns)];
    t.expect(`the height of ${inWords(image)} with rows=${rows}`, (await pictureBy(t, image, { rows })).height, rows);
    t.expect(`the width of ${inWords(image)} with columns=${columns}`, (await pictureBy(t, image, { columns })).width, columns, {
      row: 'WADO-URI-8.2.3-05',
    });
  },
});

/** A square that no side of the image fits into. */
const boxFor = ({ rows, columns }: UriImage) => Math.round(Math.min(rows, columns) / 3);

/** The ratio of the image, within a pixel. */
const ratioOf = ({ rows, columns }: UriImage, width: number, height: number) =>
  satisfying(
    `${columns} to ${rows}, within a pixel`,
    () => Math.abs(width - (height * columns) / rows) <= 1.5 || Math.abs(height - (width * rows) / columns) <= 1.5,
  );

// 8.2.2: with both, each is the most, and the ratio is kept.
export const both = check({
  id: 'wado-uri/size/both-are-the-most',
  title: 'With rows and columns neither is exceeded and the aspect ratio is kept',
  requires: ['WADO-URI-8.2.2-07', 'WADO-URI-8.2.2-08'],
  given,
  fault: on(/rows=100&columns=100/, unsized('columns')),
  async run(t, { image }) {
    const most = boxFor(image);
    const { width, height } = await pictureBy(t, image, { rows: most, columns: most });
    const within = satisfying(`at most ${most} by ${most}`, ([w, h]: readonly [number, number]) => w <= most && h <= most);
    t.expect(`the width and height of ${inWords(image)} with rows=${most} and columns=${most}`, [width, height], within);
    t.expect('the ratio of width to height', `${width} to ${height}`, ratioOf(image, width, height), { row: 'WADO-URI-8.2.2-08' });
  },
});

export const notStretched = check({
  id: 'wado-uri/size/both-do-not-stretch',
  title: 'With rows and columns the picture is not stretched to the box',
  requires: ['WADO-URI-8.2.2-08'],
  given,
  fault: on(/rows=100&columns=100/, sendsPicture(stretched(100, 100))),
  async run(t, { image }) {
    const most = boxFor(image);
    const { width, height } = await pictureBy(t, image, { rows: most, columns: most });
    const what = `the ratio of width to height of ${inWords(image)} with rows=${most} and columns=${most}`;
    t.expect(what, `${width} to ${height}`, ratioOf(image, width, height));
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
  async run(t, { image }) {
    const rows = Math.round(image.rows / 3);
    const columns = Math.round(image.columns / 2);
    const { width, height } = await pictureBy(t, image, { rows, columns });
    const wide = Math.round((rows * image.columns) / image.rows);
    const full = satisfying(
      `${wide} by ${rows}, within a pixel`,
      ([w, h]: readonly [number, number]) => Math.abs(w - wide) <= 1 && Math.abs(h - rows) <= 1,
    );
    t.expect(`the width and height of ${inWords(image)} with rows=${rows} and columns=${columns}`, [width, height], full);
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
  async run(t, { image }) {
    for (const [name, row] of wrong) {
      for (const value of ['0', '-5', 'abc']) {
        const exchange = await askUri(t, uriQuery(image, { contentType: 'image/jpeg', [name]: value }));
        const refused = satisfying('a 4xx status, 400 preferred', (s: number) => isRefusal(s));
        t.expect(`the status of ${name}=${value}`, exchange.response.status, refused, { row });
        if (uriType(exchange) !== 'image/jpeg') continue;
        const { width, height } = await decoded(t, exchange, row);
        t.record(`the picture for ${name}=${value}`, `${width} by ${height}`);
      }
    }
  },
});
