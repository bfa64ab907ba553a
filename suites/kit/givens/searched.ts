import type { CorpusName } from '../../../fixtures/corpus.ts';
import type { FixtureStudy } from '../../../fixtures/recipe.ts';
import type { Given } from '../../harness/given.ts';
import { Skip } from '../../harness/outcome.ts';
import { fixture } from './fixture.ts';

const names: readonly CorpusName[] = [
  'ct',
  'mixed',
  'requests',
  'search-series',
  'search-timezone',
  'sr',
  'search-smith-upper',
  'search-smith',
  'search-smithe',
  'search-no-description',
  'search-same-patient',
];
const fewest = 3;

/** Fixture studies that differ in what is searched by; those that the target has, at least three. */
export const searchedStudies: Given<readonly FixtureStudy[]> = {
  key: 'searched studies',
  async provide(t) {
    const studies: FixtureStudy[] = [];
    let why = '';
    for (const name of names) {
      try {
        studies.push(await t.given(fixture(name)));
      } catch (error) {
        if (!(error instanceof Skip)) throw error;
        why = error.message;
      }
    }
    if (studies.length < fewest) t.skip(why);
    return studies;
  },
};
