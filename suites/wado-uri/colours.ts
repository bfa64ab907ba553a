import { check } from '../harness/check.ts';
import { on } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { sendsPicture } from '../kit/picture-faults.ts';
import { colourAt, type Picture } from '../kit/read/picture.ts';
import { fetchedUri } from '../kit/uri.ts';
import { decoded, pictureBy } from '../kit/uri-pictures.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** The squares of the fixture: upper left, upper right, lower left, lower right. */
const squares: readonly (readonly [name: string, colour: Colour])[] = [
  ['red', [255, 0, 0]],
  ['green', [0, 255, 0]],
  ['blue', [0, 0, 255]],
  ['white', [255, 255, 255]],
];
const places = ['upper left', 'upper right', 'lower left', 'lower right'];

/** The name of the square whose colour is nearest to that in the middle of a quarter: compression blurs small squares, and colour spaces are free. */
function colourIn(picture: Picture, quarter: number): string {
  const x = Math.floor(picture.width * (quarter % 2 === 0 ? 0.2 : 0.8));
  const y = Math.floor(picture.height * (quarter < 2 ? 0.2 : 0.8));
  const got = colourAt(picture, x, y);
  const distance = (colour: Colour) => Math.hypot(...colour.map((sample, i) => sample - (got[i] ?? 0)));
  return [...squares].sort(([, a], [, b]) => distance(a) - distance(b))[0]?.[0] ?? '';
}

const swapped = sendsPicture(picture =>
  picture.recomb([
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ]),
);

// PS3.18-2013 7.1.2 with PS3.3-2013 C.7.6.3.1: the picture shows the image, whatever its samples are and however they lie.
export const colours = check({
  id: 'wado-uri/colours/squares-have-their-colours',
  title: 'Pictures as image/jpeg of images in RGB by pixel, RGB by plane and palette colour have the right colours',
  requires: ['WADO-URI-7.1.2-02'],
  given: { colour: fixture('colour') },
  fault: on(/contentType=image%2Fjpeg/, swapped),
  async run(t, { colour }) {
    for (const of of colour.instances) {
      const picture = await decoded(t, await fetchedUri(t, of, { contentType: 'image/jpeg' }));
      for (const [i, [name]] of squares.entries()) t.expect(`the colour at the ${places[i]} of "${of.name}"`, colourIn(picture, i), name);
    }
  },
});

// The same without compression in the way; how far colours are off is written down, since no colour space is defined.
export const exact = check({
  id: 'wado-uri/colours/stored-colours-in-png',
  title: 'Pictures as image/png of images in colour have the right colours',
  requires: ['WADO-URI-7.1.2-08'],
  given: { colour: fixture('colour') },
  fault: on(/contentType=image%2Fpng/, swapped),
  async run(t, { colour }) {
    for (const of of colour.instances) {
      const picture = await pictureBy(t, of, { contentType: 'image/png' });
      const furthest = squares.map(([, wanted], i) => {
        const got = colourAt(
          picture,
          Math.floor(picture.width * (i % 2 === 0 ? 0.2 : 0.8)),
          Math.floor(picture.height * (i < 2 ? 0.2 : 0.8)),
        );
        return Math.max(...wanted.map((sample, c) => Math.abs(sample - (got[c] ?? 0))));
      });
      t.record(`the largest deviation of a colour of "${of.name}"`, String(Math.max(...furthest)));
      for (const [i, [name]] of squares.entries())
        t.expect(`the colour at the ${places[i]} of "${of.name}" as image/png`, colourIn(picture, i), name);
    }
  },
});
