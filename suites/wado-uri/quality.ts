import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { sendsPicture } from '../kit/picture-faults.ts';
import { distance } from '../kit/read/picture.ts';
import { askUri, instanceNamed, isRefusal } from '../kit/uri.ts';
import { pictureBy, pictureType } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const given = { rendering: fixture('rendering') } as const;

// PS3.18-2013 8.2.8: 100 is the best quality. What a number means is free.
export const best = check({
  id: 'wado-uri/quality/one-hundred-is-the-best',
  title: 'A picture of imageQuality 100 is not worse than one of 10',
  requires: ['WADO-URI-8.2.8-03'],
  given,
  fault: on(
    /imageQuality=/,
    hearsKey('imageQuality', quality => String(101 - Number(quality))),
  ),
  async run(t, { rendering }) {
    const type = await t.given(pictureType);
    if (type !== 'image/png') t.skip('the target has no media type without loss (image/png) to compare pictures with');
    const image = instanceNamed(rendering, 'ramp');
    const exact = await pictureBy(t, image);
    const errors: number[] = [];
    for (const imageQuality of [100, 10]) {
      const { mean } = distance(exact, await pictureBy(t, image, { contentType: 'image/jpeg', imageQuality }));
      errors.push(Math.round(mean * 100) / 100);
    }
    const [at100 = 0, at10 = 0] = errors;
    t.record('the mean error at imageQuality 100 and 10', `${at100} and ${at10}`);
    const notWorse = satisfying(`at most ${at10}, the one at 10`, (error: number) => error <= at10 + 0.05);
    t.expect('the mean error of a picture with imageQuality=100', at100, notWorse);
  },
});

// 8.2.8: it is about compression with loss.
export const lossless = check({
  id: 'wado-uri/quality/png-stays-as-it-is',
  title: 'imageQuality does not change a picture as image/png',
  requires: ['WADO-URI-8.2.8-05'],
  given,
  fault: on(
    /image%2Fpng.*imageQuality=10/,
    sendsPicture(picture => picture.blur(8)),
  ),
  async run(t, { rendering }) {
    const type = await t.given(pictureType);
    if (type !== 'image/png') t.skip('the target does not send image/png');
    const image = instanceNamed(rendering, 'quadrants');
    const [plain, poor] = [await pictureBy(t, image), await pictureBy(t, image, { imageQuality: 10 })];
    t.expect('the width and height of image/png with imageQuality=10', [poor.width, poor.height], [plain.width, plain.height]);
    t.expect('the largest difference between image/png with imageQuality=10 and without', distance(plain, poor).largest, 0);
  },
});

// 2013 is silent; 400 from 2017c on.
export const nonsense = check({
  id: 'wado-uri/quality/nonsense-is-no-server-error',
  title: 'An imageQuality outside of 1 to 100 is refused or ignored',
  requires: ['WADO-URI-8.2.8-06'],
  given,
  fault: on(/imageQuality=(0|101|abc)/, status(500)),
  async run(t, { rendering }) {
    for (const imageQuality of ['0', '101', 'abc']) {
      const query = uriQuery(instanceNamed(rendering, 'ramp'), { contentType: 'image/jpeg', imageQuality });
      const { status: got } = (await askUri(t, query)).response;
      const either = satisfying('200 or a 4xx status', (s: number) => s === 200 || isRefusal(s));
      t.expect(`the status of imageQuality=${imageQuality}`, got, either);
    }
  },
});
