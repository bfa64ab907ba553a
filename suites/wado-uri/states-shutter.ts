import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsKey, on } from '../kit/faults.ts';
import { meanGray, type Picture } from '../kit/read/picture.ts';
import { seen, states } from '../kit/states.ts';

/** A pixel of the squares, counted from 0. */
type Place = readonly [column: number, row: number];

/** The squares are 400 by 300. */
const [columns, rows] = [400, 300];

/** The gray around a pixel of the squares, in a picture of any size; an edge of the shutter may be blurred by a few pixels. */
const grayNear = (picture: Picture, [column, row]: Place): number =>
  Math.round(meanGray(picture, [(column - 3) / columns, (row - 3) / rows, (column + 3) / columns, (row + 3) / rows]));
const graysNear = (picture: Picture, places: readonly Place[]) => places.map(place => grayNear(picture, place));

interface Shuttered {
  /** The presentation state. */
  readonly state: string;
  readonly shape: string;
  /** What its value is. */
  readonly value: 'white' | 'black';
  /** Pixels that it covers, one in each square at least, some of them near to its edge. */
  readonly covered: readonly Place[];
  /** Pixels that are left: upper left, upper right, lower left and lower right, near to its edge. */
  readonly left: readonly [Place, Place, Place, Place];
}

const apart = 10;
const rising = satisfying('grays that rise from one square to the next', (grays: readonly number[]) =>
  grays.every((gray, i) => i === 0 || gray > (grays[i - 1] ?? 0) + apart),
);

// PS3.18-2013 8.2.9 with PS3.3-2013 C.7.6.11 and C.11.12: a shutter of the state covers what lies outside of it. The gray of a P-Value is free, its order is not.
const shutter = ({ state, shape, value, covered, left }: Shuttered) =>
  check({
    id: `wado-uri/states/a-${shape}-shutter-covers-what-lies-outside`,
    title: `A ${shape} shutter of a presentation state covers what lies outside of it, with its value, and nothing else`,
    requires: ['WADO-URI-8.2.9-05'],
    given: { study: states },
    // The first state of the series is the same without a shutter.
    fault: on(
      /presentationUID=/,
      hearsKey('presentationUID', uid => uid.replace(/\.\d+$/, '.1')),
    ),
    async run(t, { study }) {
      const picture = await seen(t, study, state);
      const [inside, outside] = [graysNear(picture, left), graysNear(picture, covered)];
      t.expect(`the grays of the four squares, each darker than the next, within a ${shape} shutter`, inside, rising);
      const isBeyond = (gray: number) => (value === 'white' ? gray > Math.max(...inside) + apart : gray < Math.min(...inside) - apart);
      const beyond = satisfying(
        `one gray, ${value === 'white' ? 'lighter' : 'darker'} than the squares`,
        (grays: readonly number[]) => grays.every(isBeyond) && Math.max(...grays) - Math.min(...grays) <= apart,
      );
      t.expect(`the grays of what a ${shape} shutter with a ${value} Shutter Presentation Value covers`, outside, beyond);
      t.record(`the gray of a ${value} Shutter Presentation Value`, String(outside[0]));
    },
  });

/** A place in the upper left square and its mirror images in the other ones: upper left, upper right, lower left and lower right. */
const inEachSquare = ([column, row]: Place): readonly [Place, Place, Place, Place] => [
  [column, row],
  [columns - column, row],
  [column, rows - row],
  [columns - column, rows - row],
];

/** The edges are at the columns 101 and 300 and the rows 76 and 225. */
export const rectangular = shutter({
  state: 'rectangular-shutter',
  shape: 'rectangular',
  value: 'white',
  covered: [...inEachSquare([88, 140]), ...inEachSquare([190, 62]), ...inEachSquare([10, 10])],
  left: inEachSquare([112, 88]),
});

/** The centre is in the middle, the radius is 100 pixels. */
export const circular = shutter({
  state: 'circular-shutter',
  shape: 'circular',
  value: 'black',
  covered: [...inEachSquare([120, 70]), ...inEachSquare([85, 140]), ...inEachSquare([190, 35])],
  left: inEachSquare([140, 90]),
});

/** The corners are in the middle of the columns 50 and 350 and of the rows 30 and 270. */
export const polygonal = shutter({
  state: 'polygonal-shutter',
  shape: 'polygonal',
  value: 'white',
  covered: [...inEachSquare([115, 75]), ...inEachSquare([35, 140]), ...inEachSquare([190, 15])],
  left: inEachSquare([140, 90]),
});
