import { pictureSize, rampValue } from '../../fixtures/corpus/rendering.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk } from '../kit/givens/ws.ts';
import { grayAt, looksLike, meanGray, type Picture } from '../kit/read/picture.ts';
import { instanceNamed } from '../kit/uri.ts';
import { deafTo, imagines, mishears, renderedBy, renderedOrNull } from '../kit/ws-rendered.ts';

const sizeOf = ({ width, height }: Picture): string => `${width} by ${height}`;

// PS3.18-2013 8.2.2 and 8.2.3: both are maxima, and the picture keeps its shape.
export const maxima = check({
  id: 'wado-ws/pictures/rows-and-columns-are-maxima',
  title: 'A picture stays within Rows and Columns and keeps its shape',
  requires: ['WADO-WS-8.2.2-01'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: deafTo('Rows'),
  async run(t, { desk, rendering }) {
    const { picture } = await renderedBy(t, desk, instanceNamed(rendering, 'ramp'), { Rows: 60, Columns: 100 });
    t.expect(
      'the size of a picture of 400 by 300 with Rows 60 and Columns 100',
      sizeOf(picture),
      satisfying('at most 100 by 60, in the ratio 4:3 within a pixel', () => {
        const { width, height } = picture;
        return width <= 100 && height <= 60 && Math.abs(height - (width * 3) / 4) <= 1;
      }),
    );
  },
});

export const oneSide = check({
  id: 'wado-ws/pictures/one-side-fixes-the-other',
  title: 'With Rows or Columns alone the other side follows from the shape of the picture',
  requires: ['WADO-WS-8.2.2-02'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: deafTo('Columns'),
  async run(t, { desk, rendering }) {
    const near = (wanted: number) => (actual: number) => Math.abs(actual - wanted) <= 1;
    for (const ask of [{ Rows: 150 }, { Columns: 200 }]) {
      const { picture } = await renderedBy(t, desk, instanceNamed(rendering, 'ramp'), ask);
      const [[name, value] = ['', 0]] = Object.entries(ask);
      t.expect(
        `the size of a picture of 400 by 300 with ${name} ${value}`,
        sizeOf(picture),
        satisfying('200 by 150 within a pixel', () => near(200)(picture.width) && near(150)(picture.height)),
      );
    }
  },
});

const wholeWindow = { WindowCenter: 0, WindowWidth: 2000 } as const;

// 8.2.4: the region, the whole image, or an error.
export const region = check({
  id: 'wado-ws/pictures/the-region-is-shown',
  title: 'A region is shown as it was asked for, or the whole image, or an error is reported',
  requires: ['WADO-WS-8.2.4-02'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: mishears('Region', value => value.replace('0.50', '0.00').replace('1.00', '0.50')),
  async run(t, { desk, rendering }) {
    const quadrants = instanceNamed(rendering, 'quadrants');
    const whole = (await renderedBy(t, desk, quadrants, wholeWindow)).picture;
    const part = await renderedOrNull(t, desk, quadrants, { ...wholeWindow, Region: [0.5, 0, 1, 0.5] });
    if (!part) t.record('a region', 'an error');
    else {
      const gray = Math.round(meanGray(whole, [0.55, 0.05, 0.95, 0.45]));
      const shown = looksLike(part.picture, whole) ? 'the whole image' : Math.round(meanGray(part.picture, [0.1, 0.1, 0.9, 0.9]));
      t.expect(
        'the mean gray of the upper right quarter as region',
        shown,
        satisfying(
          `about ${gray}, or the whole image`,
          (each: unknown) => each === 'the whole image' || Math.abs(Number(each) - gray) <= 8,
        ),
      );
    }
  },
});

// 8.2.1: nothing is burned in unless it is asked for.
export const annotation = check({
  id: 'wado-ws/pictures/nothing-is-burned-in-unasked',
  title: 'A picture without Annotation has nothing burned in',
  requires: ['WADO-WS-8.2.1-02'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: imagines('Annotation', '<wado:Annotation>patient</wado:Annotation>'),
  async run(t, { desk, rendering }) {
    const quadrants = instanceNamed(rendering, 'quadrants');
    const { picture } = await renderedBy(t, desk, quadrants, wholeWindow);
    const spread = (left: number, top: number) => {
      let [lowest, highest] = [255, 0];
      for (let y = Math.ceil(top * picture.height); y < Math.floor((top + 0.4) * picture.height); y += 1)
        for (let x = Math.ceil(left * picture.width); x < Math.floor((left + 0.4) * picture.width); x += 1) {
          const gray = grayAt(picture, x, y);
          [lowest, highest] = [Math.min(lowest, gray), Math.max(highest, gray)];
        }
      return Math.round(highest - lowest);
    };
    const spreads = [spread(0, 0), spread(0.6, 0), spread(0, 0.6), spread(0.6, 0.6)];
    t.expect(
      'how far the grays are apart in each corner of a picture of four flat squares',
      spreads,
      satisfying('at most 24', (each: number[]) => each.every(gray => gray <= 24)),
    );
    const region = [0, 0, 0.75, 1] as const;
    const bare = await renderedOrNull(t, desk, quadrants, { ...wholeWindow, Region: region });
    const burned = await renderedOrNull(t, desk, quadrants, { ...wholeWindow, Region: region, Annotation: 'patient' });
    const differs = bare && burned && !looksLike(bare.picture, burned.picture);
    t.record('Annotation on a region', differs ? 'burned in' : 'not supported');
  },
});

/** How far a picture of the ramp through the whole window is from what its values say. */
function errorOf(picture: Picture): number {
  let sum = 0;
  for (let y = 0; y < picture.height; y += 1)
    for (let x = 0; x < picture.width; x += 1) sum += Math.abs(grayAt(picture, x, y) - ((rampValue(x) + 1000) / 2000) * 255);
  return sum / (picture.width * picture.height);
}

// 8.2.8: 100 is the best.
export const quality = check({
  id: 'wado-ws/pictures/image-quality-100-is-the-best',
  title: 'A picture of ImageQuality 100 is not worse than one of 10',
  requires: ['WADO-WS-8.2.8-01'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: mishears('ImageQuality', value => (value === '100' ? '1' : '100')),
  async run(t, { desk, rendering }) {
    const ramp = instanceNamed(rendering, 'ramp');
    const pictureOf = async (ImageQuality: number) => {
      const picture = (await renderedOrNull(t, desk, ramp, { ...wholeWindow, ImageQuality }))?.picture;
      const right = picture?.width === pictureSize.columns && picture.height === pictureSize.rows;
      return picture && right ? picture : t.skip('the target does not render with ImageQuality');
    };
    const errors = { at10: errorOf(await pictureOf(10)), at100: errorOf(await pictureOf(100)) };
    t.expect(
      'how far the grays are off at ImageQuality 100',
      Number(errors.at100.toFixed(2)),
      satisfying(`not more than ${errors.at10.toFixed(2)}, as at 10`, (error: number) => error <= errors.at10 + 0.5),
    );
  },
});

const mirrored = ({ width, height, samples, ...rest }: Picture): Picture => {
  const out = new Uint8Array(samples.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      out.set(samples.subarray(3 * (y * width + x), 3 * (y * width + x) + 3), 3 * (y * width + width - 1 - x));
  return { ...rest, width, height, samples: out };
};

// 8.2.9.
export const presentation = check({
  id: 'wado-ws/pictures/rendered-through-the-presentation-state',
  title: 'PresentationUID has the image rendered through that state',
  requires: ['WADO-WS-8.2.9-02'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: mishears('PresentationUID', uid => `${uid.slice(0, uid.lastIndexOf('.'))}.1`),
  async run(t, { desk, rendering }) {
    const quadrants = instanceNamed(rendering, 'quadrants');
    const state = instanceNamed(rendering, 'flipped');
    const ask = { PresentationUID: state.sopInstanceUID, PresentationSeriesUID: state.seriesInstanceUID };
    const through = (await renderedOrNull(t, desk, quadrants, ask)) ?? t.skip('the target does not render through presentation states');
    const plain = await renderedBy(t, desk, quadrants, { WindowCenter: 400, WindowWidth: 100 });
    t.expect(
      'whether the picture through a state that flips it with a window of 400 and 100 is the flipped picture of that window',
      looksLike(through.picture, mirrored(plain.picture)),
      true,
    );
  },
});
