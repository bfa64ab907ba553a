import { drawn } from '../../fixtures/pixels.ts';
import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hears, hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { frameShape } from '../kit/pixels.ts';
import { grayAt, looksLike } from '../kit/read/picture.ts';
import { askUri, instanceNamed } from '../kit/uri.ts';
import { pictureBy } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const given = { several: fixture('multi-frame') } as const;
const frames = [1, 2, 3, 4, 5];

/** The number that is drawn into a picture of a frame: the one whose pixels are lighter than those around them by the most. */
async function numberIn(t: Trial, of: FixtureInstance, frameNumber: number): Promise<number> {
  const picture = await pictureBy(t, of, { frameNumber });
  const shape = frameShape(of.dataSet);
  if (picture.width !== shape?.columns || picture.height !== shape.rows)
    t.skip(`a frame of "${of.name}" does not come in its own size: see wado-uri/size/original-without-rows-and-columns`);
  const contrast = (number: number): number => {
    const [inside, outside]: [number[], number[]] = [[], []];
    for (let y = 1; y <= 5; y += 1) for (let x = 1; x <= 3; x += 1) (drawn(number, y, x) ? inside : outside).push(grayAt(picture, x, y));
    const mean = (grays: readonly number[]) => grays.reduce((sum, gray) => sum + gray, 0) / Math.max(1, grays.length);
    return mean(inside) - mean(outside);
  };
  return [...frames].sort((a, b) => contrast(b) - contrast(a))[0] ?? 0;
}

// PS3.18-2013 8.2.7: that single frame.
export const select = check({
  id: 'wado-uri/frames/the-frame-that-is-asked-for',
  title: 'frameNumber selects that frame of a multi-frame image',
  requires: ['WADO-URI-8.2.7-02'],
  given,
  fault: on(
    /frameNumber=/,
    hearsKey('frameNumber', () => '1'),
  ),
  async run(t, { several }) {
    for (const of of several.instances)
      for (const frameNumber of frames)
        t.expect(`the number drawn into frameNumber=${frameNumber} of "${of.name}"`, await numberIn(t, of, frameNumber), frameNumber);
  },
});

// PS3.3-2013 C.7.6.6: frames are counted from 1.
export const fromOne = check({
  id: 'wado-uri/frames/counted-from-one',
  title: 'The first frame has the number 1, the last one the number of frames',
  requires: ['WADO-URI-8.2.7-03'],
  given,
  fault: on(
    /frameNumber=/,
    hearsKey('frameNumber', number => String(Math.min(frames.length, Number(number) + 1))),
  ),
  async run(t, { several }) {
    const of = instanceNamed(several, 'secondary-capture');
    for (const frameNumber of [1, frames.length])
      t.expect(`the number drawn into frameNumber=${frameNumber}`, await numberIn(t, of, frameNumber), frameNumber);
  },
});

// 8.2.7: ignored for all other objects; until 2017b.
export const ignored = check({
  id: 'wado-uri/frames/ignored-for-single-frame-images',
  title: 'frameNumber is ignored for an image of a single-frame class',
  requires: ['WADO-URI-8.2.7-04'],
  given: { rendering: fixture('rendering') },
  fault: on(/frameNumber=3/, status(400)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'quadrants');
    const [plain, numbered] = [await pictureBy(t, image), await pictureBy(t, image, { frameNumber: 3 })];
    t.expect('that frameNumber=3 of a CT image shows what is shown without it', looksLike(plain, numbered), true);
  },
});

// 2013 is silent; 400 from 2017c on.
export const outside = check({
  id: 'wado-uri/frames/outside-of-the-object',
  title: 'A frame that is not there is refused',
  requires: ['WADO-URI-8.2.7-05'],
  given,
  fault: on(
    /frameNumber=(0|6|-1)(&|$)/,
    hears(url => url.searchParams.set('frameNumber', '1')),
  ),
  async run(t, { several }) {
    for (const frameNumber of [0, frames.length + 1, -1]) {
      const query = uriQuery(instanceNamed(several, 'secondary-capture'), { contentType: 'image/jpeg', frameNumber });
      const { status: got } = (await askUri(t, query)).response;
      t.expect(`the status of frameNumber=${frameNumber} of an image of ${frames.length} frames`, got, anyOf(400, 404, 406, 410, 416, 422));
    }
  },
});
