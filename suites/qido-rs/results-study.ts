import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import { sendsJson } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { availability, expectForm, expectPresent, expectValues, storedRows, utcOffset } from '../kit/result-rows.ts';
import { find, findUnlessRefused, textsIn, uidsOf } from '../kit/search.ts';

/** PS3.18-2013 Table 6.7.1-2: the rows without condition. */
export const studyRows = {
  StudyDate: 'QIDO-RS-6.7.1.2.2.1-02',
  StudyTime: 'QIDO-RS-6.7.1.2.2.1-03',
  AccessionNumber: 'QIDO-RS-6.7.1.2.2.1-04',
  InstanceAvailability: 'QIDO-RS-6.7.1.2.2.1-05',
  ModalitiesInStudy: 'QIDO-RS-6.7.1.2.2.1-06',
  ReferringPhysicianName: 'QIDO-RS-6.7.1.2.2.1-07',
  RetrieveURL: 'QIDO-RS-6.7.1.2.2.1-09',
  PatientName: 'QIDO-RS-6.7.1.2.2.1-11',
  PatientID: 'QIDO-RS-6.7.1.2.2.1-12',
  PatientBirthDate: 'QIDO-RS-6.7.1.2.2.1-13',
  PatientSex: 'QIDO-RS-6.7.1.2.2.1-14',
  StudyInstanceUID: 'QIDO-RS-6.7.1.2.2.1-15',
  StudyID: 'QIDO-RS-6.7.1.2.2.1-16',
  NumberOfStudyRelatedSeries: 'QIDO-RS-6.7.1.2.2.1-17',
  NumberOfStudyRelatedInstances: 'QIDO-RS-6.7.1.2.2.1-18',
} as const satisfies Readonly<Record<string, RequirementId>>;

const valued = storedRows(studyRows);

const few = 10;

export const present = check({
  id: 'qido-rs/results-study/every-row-of-the-table',
  title: 'Each study result has every unconditional attribute of Table 6.7.1-2, also where it is empty',
  requires: ['QIDO-RS-6.7.1.2.2.1-02', ...Object.values(studyRows).slice(1)],
  given: { ct: fixture('ct'), empty: fixture('empty-values') },
  // Attributes without value are left out.
  fault: sendsJson((rows: Record<string, { Value?: unknown }>[]) =>
    rows.map(row => Object.fromEntries(Object.entries(row).filter(([, { Value }]) => Value !== undefined))),
  ),
  async run(t, { ct, empty }) {
    for (const study of [ct, empty]) {
      const { results } = await find(t, `studies?StudyInstanceUID=${study.studyInstanceUID}`);
      for (const result of results) expectPresent(t, result, studyRows, `the result for the study "${study.name}"`);
    }
    const { results } = await find(t, `studies?limit=${few}`);
    for (const result of results) expectPresent(t, result, studyRows, 'the result for a study');
  },
});

export const values = check({
  id: 'qido-rs/results-study/values-as-stored',
  title: 'The attributes of a study result have the values of the study',
  requires: [studyRows.PatientName, ...Object.values(valued).filter(row => row !== studyRows.PatientName)],
  given: { ct: fixture('ct'), zone: fixture('search-timezone') },
  fault: sendsJson((rows: Record<string, unknown>[]) =>
    rows.map(row => ({ ...row, '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Anonymous' }] } })),
  ),
  async run(t, { ct, zone }) {
    for (const study of [ct, zone]) {
      const { results } = await find(t, `studies?StudyInstanceUID=${study.studyInstanceUID}`);
      const result = results.find(each => uidsOf('study', [each])[0] === study.studyInstanceUID);
      t.expect(`a result for the study "${study.name}"`, result ? 'found' : 'not found', 'found', { row: 'QIDO-RS-6.7.1.2.2.1-15' });
      if (result) expectValues(t, result, firstOf(study), valued, `the result for the study "${study.name}"`);
    }
  },
});

export const unique = check({
  id: 'qido-rs/results-study/one-result-for-each-study',
  title: 'No study is twice in a list of results, and each has one Study Instance UID',
  requires: ['QIDO-RS-6.7.1.2.2.1-15'],
  given: { ct: fixture('ct') },
  fault: sendsJson((rows: unknown[]) => [...rows, ...rows.slice(0, 1)]),
  async run(t) {
    const { results } = await find(t, `studies?limit=${few}`);
    const uids = uidsOf('study', results);
    for (const uid of uids) t.expect('the Study Instance UID of a result', uid, noneOf(''));
    t.expect('the number of results that repeat another', uids.length - new Set(uids).size, 0);
    for (const result of results) t.expect('the number of Study Instance UIDs in a result', textsIn(result, 'StudyInstanceUID').length, 1);
  },
});

// PS3.4-2013 C.4.1.1.3.2 and Table 6.7.1-2: the rows whose values have a form of their own.
export const forms = check({
  id: 'qido-rs/results-study/values-of-fixed-form',
  title: 'Instance Availability is one of its terms, Modalities in Study are single values, an offset from UTC is one',
  requires: ['QIDO-RS-6.7.1.2.2.1-05', 'QIDO-RS-6.7.1.2.2.1-24', 'QIDO-RS-6.7.1.2.2.1-06', 'QIDO-RS-6.7.1.2.2.1-08'],
  given: { ct: fixture('ct'), zone: fixture('search-timezone') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(row => ({ ...row, '00080061': { vr: 'CS', Value: ['CT/SR'] } }))),
  async run(t, { ct, zone }) {
    for (const study of [ct, zone]) {
      const what = `the result for the study "${study.name}"`;
      const { results } = await find(t, `studies?StudyInstanceUID=${study.studyInstanceUID}`);
      for (const result of results) {
        expectForm(
          t,
          result,
          'InstanceAvailability',
          availability,
          'ONLINE, NEARLINE, OFFLINE or UNAVAILABLE',
          'QIDO-RS-6.7.1.2.2.1-05',
          what,
        );
        expectForm(
          t,
          result,
          'ModalitiesInStudy',
          /^[A-Z0-9_ ]{1,16}$/,
          'one code of at most 16 characters',
          'QIDO-RS-6.7.1.2.2.1-06',
          what,
        );
        expectForm(t, result, 'TimezoneOffsetFromUTC', utcOffset, 'an offset from UTC such as +0100', 'QIDO-RS-6.7.1.2.2.1-08', what);
        const row = 'QIDO-RS-6.7.1.2.2.1-24';
        t.expect(
          `Instance Availability in ${what}`,
          textsIn(result, 'InstanceAvailability').length > 0 ? 'a value' : 'no value',
          'a value',
          { row },
        );
      }
    }
    // The target shows whether it has a value by returning it when it is named.
    const row = 'QIDO-RS-6.7.1.2.2.1-08';
    const by = `studies?StudyInstanceUID=${zone.studyInstanceUID}`;
    const offsets = async (query: string) =>
      ((await findUnlessRefused(t, by + query, { row })) ?? []).flatMap(result => textsIn(result, 'TimezoneOffsetFromUTC'));
    const named = await offsets('&includefield=00080201');
    if (named.length > 0) t.expect('Timezone Offset From UTC of a study that has one', await offsets(''), named, { row });
  },
});
