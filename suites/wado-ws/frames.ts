import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { check } from '../harness/check.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk } from '../kit/givens/ws.ts';
import { grayAt, type Picture } from '../kit/read/picture.ts';
import { instanceNamed } from '../kit/uri.ts';
import { mishears, renderedBy } from '../kit/ws-rendered.ts';

/** How much alike a picture and native gray values are, whatever window was used: their correlation. */
function likeness(picture: Picture, native: Uint8Array): number {
  const n = picture.width * picture.height;
  const grays = Array.from({ length: n }, (_, i) => grayAt(picture, i % picture.width, Math.floor(i / picture.width)));
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / n;
  const [a, b] = [mean(grays), mean(native)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const [x, y] = [(grays[i] ?? 0) - a, (native[i] ?? 0) - b];
    [ab, aa, bb] = [ab + x * y, aa + x * x, bb + y * y];
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** The number of the stored frame that a picture is most like; 0 where sizes differ. */
function frameShown(picture: Picture, { nativeFrames = [] }: FixtureInstance): number {
  const scores = nativeFrames.map(frame => (frame.length === picture.width * picture.height ? likeness(picture, frame) : 0));
  const best = Math.max(...scores);
  return best > 0.5 ? scores.indexOf(best) + 1 : 0;
}

// 8.2.7.
export const frames = check({
  id: 'wado-ws/frames/frame-number-selects-the-frame',
  title: 'FrameNumber selects the frame of a multi-frame image',
  requires: ['WADO-WS-8.2.7-01'],
  given: { desk: renderedDesk, study: fixture('multi-frame') },
  fault: mishears('FrameNumber', () => '1'),
  async run(t, { desk, study }) {
    const instance = instanceNamed(study, 'secondary-capture');
    const numbers = (instance.nativeFrames ?? []).map((_, i) => i + 1);
    const shown: number[] = [];
    for (const number of numbers) {
      const rendered = await renderedBy(t, desk, instance, { FrameNumber: number });
      shown.push(frameShown(rendered.picture, instance));
    }
    t.expect('the frames that pictures with FrameNumber 1 to 5 show', shown, numbers);
  },
});

export const frameIgnored = check({
  id: 'wado-ws/frames/frame-number-means-nothing-for-single-frames',
  title: 'FrameNumber is ignored for an image that is not multi-frame',
  requires: ['WADO-WS-8.2.7-02'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: mishears('FrameNumber', () => 'x'),
  async run(t, { desk, ct }) {
    for (const FrameNumber of [1, 3]) {
      const { picture } = await renderedBy(t, desk, firstOf(ct), { FrameNumber });
      t.expect(`the format of a CT image with FrameNumber ${FrameNumber}`, picture.format, 'jpeg');
    }
  },
});
