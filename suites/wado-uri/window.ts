import { rampValue } from '../../fixtures/corpus/rendering.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { sendsPicture } from '../kit/picture-faults.ts';
import { grayAt, meanGray, type Picture } from '../kit/read/picture.ts';
import { askUri, instanceNamed, isRefusal } from '../kit/uri.ts';
import { pictureBy } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const given = { rendering: fixture('rendering') } as const;
const asked = /windowCenter=/;
const ignored = on(
  asked,
  hears(url => {
    url.searchParams.delete('windowCenter');
    url.searchParams.delete('windowWidth');
  }),
);

/** The gray of the ramp where it has a value, in the middle of the picture. */
function grayOf(picture: Picture, hounsfield: number): number {
  const column = Math.round((hounsfield - rampValue(0)) / (rampValue(1) - rampValue(0)));
  return Math.round(grayAt(picture, Math.min(picture.width - 1, column), Math.floor(picture.height / 2)));
}

// PS3.18-2013 8.2.5 with PS3.3-2013 C.11.2.1.2: the higher the center, the darker the picture.
export const center = check({
  id: 'wado-uri/window/a-higher-center-is-darker',
  title: 'A higher windowCenter makes the picture darker',
  requires: ['WADO-URI-8.2.5-05'],
  given,
  fault: ignored,
  async run(t, { rendering }) {
    const means: number[] = [];
    for (const windowCenter of [0, 100, 200])
      means.push(meanGray(await pictureBy(t, instanceNamed(rendering, 'ramp'), { windowCenter, windowWidth: 1000 })));
    const falls = satisfying('three that fall', ([a = 0, b = 0, c = 0]: readonly number[]) => a > b + 3 && b > c + 3);
    t.expect('the mean grays for windowCenter 0, 100 and 200', means.map(Math.round), falls);
  },
});

/** How far black and white may be off, where the picture is compressed with loss and where it is not. */
const slack = ({ format }: Picture): number => (format === 'png' ? 3 : 24);

// PS3.3-2013 C.11.2.1.2: black below the window, white above, rising in between. The gray space of the picture is not defined, so the curve is only recorded.
export const function_ = check({
  id: 'wado-uri/window/values-are-mapped-to-gray',
  title: 'Values below the window are black, values above it white, and grays rise in between',
  requires: ['WADO-URI-8.2.6-05'],
  given,
  fault: on(
    asked,
    hearsKey('windowWidth', width => String(2 * Number(width))),
  ),
  async run(t, { rendering }) {
    const picture = await pictureBy(t, instanceNamed(rendering, 'ramp'), { windowCenter: 0, windowWidth: 400 });
    const grays = [-600, -300, -240, -150, -100, 0, 100, 150, 240, 300, 600].map(value => grayOf(picture, value));
    const [darkest, lightest] = [Math.min(...grays), Math.max(...grays)];
    for (const value of [-600, -300, -240]) {
      const black = satisfying(`the darkest gray, ${darkest}`, (gray: number) => gray - darkest <= slack(picture));
      t.expect(`the gray of ${value}, which lies below a window from -200 to 200`, grayOf(picture, value), black);
    }
    for (const value of [240, 300, 600]) {
      const white = satisfying(`the lightest gray, ${lightest}`, (gray: number) => lightest - gray <= slack(picture));
      t.expect(`the gray of ${value}, which lies above a window from -200 to 200`, grayOf(picture, value), white);
    }
    const rising = satisfying('grays that rise', (list: readonly number[]) => list.every((gray, i) => gray > (list[i - 1] ?? -1)));
    t.expect(
      'the grays of -150, -100, 0, 100 and 150',
      [-150, -100, 0, 100, 150].map(value => grayOf(picture, value)),
      rising,
    );
    const linear = (value: number) => 255 * ((value + 0.5) / 399 + 0.5);
    const furthest = Math.max(...[-150, -100, 0, 100, 150].map(value => Math.abs(grayOf(picture, value) - linear(value))));
    t.record('the largest deviation from the linear function', `${Math.round(furthest)} of 255`);
  },
});

// 8.2.5: luminosity and contrast of what is shown, that is of values after the Modality LUT (PS3.4-2013 N.2).
export const afterRescale = check({
  id: 'wado-uri/window/after-the-rescale',
  title: 'The window applies to values after slope and intercept',
  requires: ['WADO-URI-8.2.6-06'],
  given,
  fault: on(
    asked,
    hearsKey('windowCenter', value => String(Number(value) - 1024)),
  ),
  async run(t, { rendering }) {
    const picture = await pictureBy(t, instanceNamed(rendering, 'ramp'), { windowCenter: 40, windowWidth: 400 });
    const [low, middle, high] = [grayOf(picture, -1000), grayOf(picture, 0), grayOf(picture, 995)];
    const between = satisfying('clearly lighter than -1000 and darker than 995', (gray: number) => gray > low + 20 && gray < high - 20);
    t.expect(`the gray of the rescaled value 0, where -1000 has ${low} and 995 has ${high}`, middle, between);
  },
});

// PS3.3-2013 C.11.2: what the viewer asks for replaces what is stored.
export const replaces = check({
  id: 'wado-uri/window/replaces-the-stored-one',
  title: 'The requested window replaces the one that is stored',
  requires: ['WADO-URI-8.2.6-07'],
  given,
  fault: ignored,
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const [stored, asked] = [await pictureBy(t, image), await pictureBy(t, image, { windowCenter: -500, windowWidth: 100 })];
    const white = satisfying('at least 40 lighter', (lighter: number) => lighter >= 40);
    t.expect(
      'how much lighter 0 is with windowCenter=-500 and windowWidth=100 than with the stored window',
      grayOf(asked, 0) - grayOf(stored, 0),
      white,
    );
  },
});

// 2013 is silent about what a client must not send; 400 from 2017c on.
export const half = check({
  id: 'wado-uri/window/half-a-window-is-no-server-error',
  title: 'Half a window or a width below 1 is refused or ignored',
  requires: ['WADO-URI-8.2.6-08'],
  given,
  fault: on(/windowWidth=(0|-1)/, status(500)),
  async run(t, { rendering }) {
    for (const parameters of [
      { windowWidth: 400 },
      { windowCenter: 40 },
      { windowCenter: 40, windowWidth: 0 },
      { windowCenter: 40, windowWidth: -1 },
    ]) {
      const { status: got } = (await askUri(t, uriQuery(instanceNamed(rendering, 'ramp'), { contentType: 'image/jpeg', ...parameters })))
        .response;
      const words = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
      const either = satisfying('200 or a 4xx status', (s: number) => s === 200 || isRefusal(s));
      t.expect(`the status of ${words.join(' and ')}`, got, either);
    }
  },
});

// PS3.3-2013 C.7.6.3.1.2: the lowest value of MONOCHROME1 is white.
export const inverted = check({
  id: 'wado-uri/window/monochrome1-is-inverted',
  title: 'The lowest values of a MONOCHROME1 image are white, with a window as well',
  requires: ['WADO-URI-8.2.6-09'],
  given,
  fault: on(
    /windowCenter=128/,
    sendsPicture(picture => picture.negate()),
  ),
  async run(t, { rendering }) {
    const picture = await pictureBy(t, instanceNamed(rendering, 'monochrome1'), { windowCenter: 128, windowWidth: 256 });
    const [left, right] = [meanGray(picture, [0, 0, 0.2, 1]), meanGray(picture, [0.8, 0, 1, 1])];
    const lighter = satisfying('one that is lighter than the right one', (gray: number) => gray > right + 20);
    t.expect(`the gray at the left, where values are lowest, the gray at the right being ${Math.round(right)}`, Math.round(left), lighter);
  },
});
