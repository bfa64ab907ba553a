import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attributes } from '../kit/compare.ts';
import { on, sendsJson, status } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { attributeIn, find, findUnlessRefused, inWords, sendSearch } from '../kit/search.ts';

type Rows = Record<string, unknown>[];
const without = (...keywords: readonly string[]) =>
  sendsJson((rows: Rows) => rows.map(row => Object.fromEntries(Object.entries(row).filter(([tag]) => !keywords.map(tagOf).includes(tag)))));

/** The results of a search by a key that need not be supported, or null where it does not filter: then it is none. */
async function foundBy(t: Trial, resource: string, keyword: string, own: string, nobodys: string): Promise<readonly Attributes[] | null> {
  const by = (value: string) => `${resource}${resource.includes('?') ? '&' : '?'}${keyword}=${value}`;
  const [found, others] = [await findUnlessRefused(t, by(own)), await findUnlessRefused(t, by(nobodys))];
  const filters = found !== null && found.length > 0 && others !== null && others.length === 0;
  t.record(`matching by ${keyword}`, filters ? 'supported' : 'not supported');
  return filters ? found : null;
}

function expectReturned(t: Trial, results: readonly Attributes[], keyword: string, row: RequirementId): void {
  for (const result of results)
    t.expect(`${keyword}, by which a result was found, in the result`, attributeIn(result, keyword) ? 'present' : 'absent', 'present', {
      row,
    });
}

// PS3.18-2013 Tables 6.7.1-2 to 6.7.1-2b: other attributes that are matching keys are returned, where they are supported.
export const returned = check({
  id: 'qido-rs/keys-in-results/other-keys-are-returned',
  title: 'An attribute that is no row of the tables is returned where it was a matching key',
  requires: ['QIDO-RS-6.7.1.2.2.1-19', 'QIDO-RS-6.7.1.2.2.2-14', 'QIDO-RS-6.7.1.2.2.3-14'],
  given: { study: fixture('search-series'), every: fixture('every-vr') },
  fault: without('StudyDescription', 'BodyPartExamined', 'ContentDate'),
  async run(t, { study, every }) {
    const ofStudy = `studies?StudyInstanceUID=${study.studyInstanceUID}`;
    expectReturned(
      t,
      (await foundBy(t, ofStudy, 'StudyDescription', 'Series*', 'ZZ*')) ?? [],
      'StudyDescription',
      'QIDO-RS-6.7.1.2.2.1-19',
    );
    const ofSeries = `studies/${study.studyInstanceUID}/series`;
    expectReturned(t, (await foundBy(t, ofSeries, 'BodyPartExamined', 'CHEST', 'ZZ')) ?? [], 'BodyPartExamined', 'QIDO-RS-6.7.1.2.2.2-14');
    const ofInstances = `studies/${every.studyInstanceUID}/series/${firstOf(every).seriesInstanceUID}/instances`;
    expectReturned(
      t,
      (await foundBy(t, ofInstances, 'ContentDate', '20130704', '19010101')) ?? [],
      'ContentDate',
      'QIDO-RS-6.7.1.2.2.3-14',
    );
  },
});

// PS3.18-2013 Tables 6.7.1-2a and 6.7.1-2b: includefield may name attributes of the levels above, which are returned if they are supported. Whether that is said of each level the text leaves open.
export const levelsAbove = check({
  id: 'qido-rs/keys-in-results/includefield-of-the-levels-above',
  title: 'Attributes of the levels above may be named by includefield, and are returned in every result or in none',
  requires: ['QIDO-RS-6.7.1.2.2.2-15', 'QIDO-RS-6.7.1.2.2.3-15'],
  given: { study: fixture('search-series') },
  fault: on(/series\?includefield=PatientID/, status(400)),
  async run(t, { study }) {
    const below = `studies/${study.studyInstanceUID}/series`;
    for (const [resource, keywords, row] of [
      [below, ['PatientID', 'StudyDate'], 'QIDO-RS-6.7.1.2.2.2-15'],
      [`${below}/${firstOf(study).seriesInstanceUID}/instances`, ['PatientID', 'Modality', 'SeriesNumber'], 'QIDO-RS-6.7.1.2.2.3-15'],
    ] as const) {
      const { results } = await find(t, `${resource}?${keywords.map(each => `includefield=${each}`).join('&')}`, { row });
      const what = row === 'QIDO-RS-6.7.1.2.2.2-15' ? 'a series result' : 'an instance result';
      for (const keyword of keywords) {
        const returned = results.filter(result => attributeIn(result, keyword)).length;
        t.expect(
          `how many of ${results.length} results for GET ${inWords(resource)} have ${keyword}, which includefield names`,
          returned,
          anyOf(results.length, 0),
          { row },
        );
        t.record(`${keyword}, which includefield names, in ${what}`, returned > 0 ? 'returned' : 'not returned');
      }
    }
  },
});

// PS3.4-2013 C.2.2.2.3: universal matching is how an attribute is asked for.
export const universal = check({
  id: 'qido-rs/keys-in-results/keys-without-a-value',
  title: 'An attribute that is a key without a value is returned, if the target can return it',
  requires: ['QIDO-RS-6.7.1.2.1-13'],
  given: { study: fixture('search-series') },
  fault: on(/StudyDescription=(&|$)/, without('StudyDescription')),
  async run(t, { study }) {
    const of = `studies?StudyInstanceUID=${study.studyInstanceUID}&`;
    const named = (await findUnlessRefused(t, `${of}includefield=StudyDescription`)) ?? [];
    if (!named.some(result => attributeIn(result, 'StudyDescription')))
      t.skip('the target does not return StudyDescription, which it need not');
    for (const result of (await find(t, `${of}StudyDescription=`)).results)
      t.expect(
        'StudyDescription, a key without a value, in a result',
        attributeIn(result, 'StudyDescription') ? 'present' : 'absent',
        'present',
      );
  },
});

// PS3.4-2013 C.2.2.1.3: an optional key that is not supported for matching is ignored.
export const optional = check({
  id: 'qido-rs/keys-in-results/optional-keys',
  title: 'An optional key finds the study that it describes, whether it is supported or ignored',
  requires: ['QIDO-RS-6.7.1.2.1-57'],
  given: { study: fixture('search-series') },
  fault: on(
    /PatientBirthDate=/,
    sendsJson(() => []),
  ),
  async run(t, { study }) {
    for (const [keyword, value, nobodys] of [
      ['PatientBirthDate', '19700131', '19000101'],
      ['PatientSex', 'O', 'F'],
      ['StudyDescription', 'Series*', 'ZZ*'],
    ] as const) {
      const by = (each: string) => `studies?StudyInstanceUID=${study.studyInstanceUID}&${keyword}=${each}`;
      const { status: code } = (await sendSearch(t, by(value))).response;
      t.expect(
        `the status of a search by ${keyword}`,
        code,
        satisfying('anything below 500', (each: number) => each < 500),
      );
      if (code >= 300) {
        t.record(`the key ${keyword}`, `refused with ${code}`);
        continue;
      }
      const found = (await find(t, by(value))).results.length > 0 ? 'found' : 'not found';
      t.expect(`the study with ${keyword}=${value}`, found, 'found');
      const others = await findUnlessRefused(t, by(nobodys));
      t.record(`the key ${keyword}`, others === null ? 'refused' : others.length > 0 ? 'ignored' : 'supported');
    }
  },
});
