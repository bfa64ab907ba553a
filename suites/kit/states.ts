import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import type { Given } from '../harness/given.ts';
import type { Trial } from '../harness/trial.ts';
import { fixture } from './givens/fixture.ts';
import type { Picture } from './read/picture.ts';
import { askUri, instanceNamed } from './uri.ts';
import { pictureBy } from './uri-pictures.ts';
import { type UriParameters, uriQuery } from './uri-query.ts';

/** The parameters that ask for a presentation state (PS3.18-2013 8.2.9 and 8.2.10). */
export const through = (state: FixtureInstance): UriParameters => ({
  presentationUID: state.sopInstanceUID,
  presentationSeriesUID: state.seriesInstanceUID,
});

/** Whether the target takes presentation states at all: a refusal of the simplest one says that it does not. */
export const states: Given<FixtureStudy> = {
  key: 'presentation states',
  async provide(t) {
    const study = await t.given(fixture('rendering'));
    const parameters = { contentType: 'image/jpeg', ...through(instanceNamed(study, 'whole')) };
    const { response } = await askUri(t, uriQuery(instanceNamed(study, 'quadrants'), parameters));
    if (response.status !== 200)
      t.skip(`the target does not render through presentation states (status ${response.status} to presentationUID)`);
    return study;
  },
};

/** The squares seen through a state. */
export function seen(t: Trial, study: FixtureStudy, state: string, parameters: UriParameters = {}): Promise<Picture> {
  return pictureBy(t, instanceNamed(study, 'quadrants'), { ...through(instanceNamed(study, state)), ...parameters });
}
