import type { FixtureStudy } from '../../fixtures/recipe.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsKey, on } from '../kit/faults.ts';
import { meanGray, type Picture } from '../kit/read/picture.ts';
import { states, through } from '../kit/states.ts';
import { instanceNamed } from '../kit/uri.ts';
import { pictureBy } from '../kit/uri-pictures.ts';

/** How much an overlay in a part of the dark square at the upper left changes its gray: of the columns 40 to 119 and the rows 30 to 89 of 400 by 300. */
function change(picture: Picture): number {
  const [under, beside] = [meanGray(picture, [0.15, 0.14, 0.25, 0.26]), meanGray(picture, [0.36, 0.14, 0.46, 0.26])];
  return Math.round(under - beside);
}

const seenOverlay = (t: Trial, study: FixtureStudy, state: string): Promise<Picture> =>
  pictureBy(t, instanceNamed(study, 'overlay'), through(instanceNamed(study, state)));

/** The states with and without the overlay are the instances 12 and 13 of their series. */
const swapped = on(
  /presentationUID=/,
  hearsKey('presentationUID', uid => uid.replace(/\.1[23]$/, last => (last === '.12' ? '.13' : '.12'))),
);

// PS3.18-2013 8.2.9 with PS3.3-2013 C.11.7. Nothing is said of overlays without a presentation state.
export const shown = check({
  id: 'wado-uri/states/an-overlay-with-a-layer-is-shown',
  title: 'An overlay of the image that the presentation state puts into a layer is in the picture',
  requires: ['WADO-URI-8.2.9-05'],
  given: { study: states },
  fault: swapped,
  async run(t, { study }) {
    const plain = change(await pictureBy(t, instanceNamed(study, 'overlay')));
    t.record('an overlay of an image without a presentation state', Math.abs(plain) > 5 ? 'is shown' : 'is not shown');
    const changed = satisfying('more than 5, lighter or darker', (gray: number) => Math.abs(gray) > 5);
    t.expect('the difference in gray that an overlay in a layer makes', change(await seenOverlay(t, study, 'overlay-shown')), changed);
  },
});

// C.11.7: an overlay for which the state names no layer shall not be displayed.
export const hidden = check({
  id: 'wado-uri/states/an-overlay-without-a-layer-is-not-shown',
  title: 'An overlay of the image for which the presentation state has an empty layer is not in the picture',
  requires: ['WADO-URI-8.2.9-05'],
  given: { study: states },
  fault: swapped,
  async run(t, { study }) {
    const same = satisfying('0, 10 more or less', (gray: number) => Math.abs(gray) <= 10);
    t.expect('the difference in gray that an overlay without a layer makes', change(await seenOverlay(t, study, 'overlay-hidden')), same);
  },
});
