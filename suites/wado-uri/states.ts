import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { meanGray, type Picture } from '../kit/read/picture.ts';
import { undecided } from '../kit/retrieve.ts';
import { seen, states, through } from '../kit/states.ts';
import { askUri, instanceNamed, isRefusal } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const asked = /presentationUID=/;
const without = (...names: readonly string[]) =>
  on(
    asked,
    hears(url => {
      for (const name of names) url.searchParams.delete(name);
    }),
  );
const ignored = without('presentationUID', 'presentationSeriesUID');

/** The mean grays of the upper left, upper right, lower left and lower right quarter of a picture. */
const quarters = (picture: Picture): readonly number[] =>
  (
    [
      [0.05, 0.05, 0.45, 0.45],
      [0.55, 0.05, 0.95, 0.45],
      [0.05, 0.55, 0.45, 0.95],
      [0.55, 0.55, 0.95, 0.95],
    ] as const
  ).map(box => Math.round(meanGray(picture, box)));

const places = ['upper left', 'upper right', 'lower left', 'lower right'];
/** The quarter that is clearly lighter than the other ones. */
function lightest(picture: Picture): string {
  const grays = quarters(picture);
  const top = Math.max(...grays);
  const clear = grays.filter(gray => gray > top - 60).length === 1;
  return clear ? (places[grays.indexOf(top)] ?? '') : `none, with grays of ${grays.join(', ')}`;
}

// PS3.18-2013 8.2.9: the image as the state shows it. The state flips it and makes white what was at the lower right.
export const rendered = check({
  id: 'wado-uri/states/the-image-as-the-state-shows-it',
  title: 'An image is rendered through the presentation state: flipped, and with its window',
  requires: ['WADO-URI-8.2.9-05', 'WADO-URI-8.2.9-10'],
  given: { study: states },
  fault: ignored,
  async run(t, { study }) {
    const picture = await seen(t, study, 'flipped');
    t.record('the grays of the four squares through the state', quarters(picture).join(', '));
    t.expect(
      'the lightest quarter of squares that are flipped and of which only the lower right one is above the window',
      lightest(picture),
      'lower left',
    );
  },
});

const sizeOf = ({ width, height }: Picture) => [width, height];
const near = (width: number, height: number) =>
  satisfying(
    `${width} by ${height}, within a pixel`,
    ([w, h]: readonly [number, number]) => Math.abs(w - width) <= 1 && Math.abs(h - height) <= 1,
  );

/** Each of rows and columns is the most (8.2.2), so a smaller picture of the right ratio is taken as well. */
const scaledDown = satisfying(
  'at most 100 by 100, twice as wide as high',
  ([w, h]: readonly [number, number]) => w <= 100 && h <= 100 && Math.abs(w - 2 * h) <= 2,
);

// 8.2.9: SCALE TO FIT and TRUE SIZE are scaled to rows and columns where they are given.
export const scaled = check({
  id: 'wado-uri/states/the-displayed-area-is-scaled',
  title: 'The displayed area of SCALE TO FIT and TRUE SIZE is scaled into rows and columns with its ratio',
  requires: ['WADO-URI-8.2.9-06'],
  given: { study: states },
  fault: ignored,
  async run(t, { study }) {
    for (const state of ['part', 'part-true-size']) {
      const size = sizeOf(await seen(t, study, state, { rows: 100, columns: 100 }));
      t.expect(`the width and height of a displayed area of 200 by 100 ("${state}") with rows=100 and columns=100`, size, scaledDown);
    }
  },
});

// 8.2.9: without them it is not scaled.
export const unscaled = check({
  id: 'wado-uri/states/the-displayed-area-without-size',
  title: 'Without rows and columns the displayed area of SCALE TO FIT and TRUE SIZE is not scaled',
  requires: ['WADO-URI-8.2.9-07'],
  given: { study: states },
  fault: ignored,
  async run(t, { study }) {
    for (const state of ['part', 'part-true-size'])
      t.expect(`the width and height of a displayed area of 200 by 100 ("${state}")`, sizeOf(await seen(t, study, state)), near(200, 100));
  },
});

// 8.2.9, note: MAGNIFY is magnified and cut.
export const magnified = check({
  id: 'wado-uri/states/magnify',
  title: 'A displayed area of MAGNIFY is magnified by its factor, and cut to rows and columns',
  requires: ['WADO-URI-8.2.9-08'],
  given: { study: states },
  fault: ignored,
  async run(t, { study }) {
    t.expect(
      'the width and height of a displayed area of 200 by 100 magnified twice',
      sizeOf(await seen(t, study, 'part-magnified')),
      near(400, 200),
    );
    const cut = await seen(t, study, 'part-magnified', { rows: 50, columns: 80 });
    t.expect('the width and height of it with rows=50 and columns=80', sizeOf(cut), near(80, 50));
  },
});

// 2013 is silent.
export const unknown = check({
  id: 'wado-uri/states/unknown-states-are-refused',
  title: 'A presentation state that is not there, or of another image, is refused',
  requires: ['WADO-URI-8.2.9-09'],
  given: { study: states },
  fault: on(
    request => asked.test(request.url),
    hears(url => {
      url.searchParams.delete('presentationUID');
      url.searchParams.delete('presentationSeriesUID');
    }),
  ),
  async run(t, { study }) {
    const other = instanceNamed(study, 'of-the-ramp');
    for (const [what, presentationUID] of [
      ['under whose UID nothing is stored', unknownUid],
      ['of another image', other.sopInstanceUID],
    ] as const) {
      const parameters = { contentType: 'image/jpeg', presentationUID, presentationSeriesUID: other.seriesInstanceUID };
      const { response } = await askUri(t, uriQuery(instanceNamed(study, 'quadrants'), parameters));
      const refused = satisfying('a 4xx status, 404 preferred', (s: number) => isRefusal(s));
      t.expect(`the status for a presentation state ${what}`, response.status, refused);
    }
  },
});

// 8.2.10: the study is that of the request.
export const inTheStudy = check({
  id: 'wado-uri/states/found-in-the-study',
  title: 'A presentation state is looked for in the study of the image',
  requires: ['WADO-URI-8.2.10-04'],
  given: { rendering: fixture('rendering') },
  fault: on(asked, status(404)),
  async run(t, { rendering }) {
    const state = through(instanceNamed(rendering, 'whole'));
    const exchange = await askUri(t, uriQuery(instanceNamed(rendering, 'quadrants'), { contentType: 'image/jpeg', ...state }));
    const { status: got } = exchange.response;
    undecided(t, got);
    if (got !== 200 && got !== 404) t.skip(`the target does not render through presentation states (status ${got} to presentationUID)`);
    t.expect('the status for a presentation state in the study of the image', got, 200);
  },
});
