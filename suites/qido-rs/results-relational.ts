import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attributes } from '../kit/compare.ts';
import { on, sendsJson } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { offers } from '../kit/givens/relational.ts';
import { expectPresent, type RowTable } from '../kit/result-rows.ts';
import { attributeIn, find } from '../kit/search.ts';
import { seriesRows } from './results-series.ts';
import { studyRows } from './results-study.ts';

type Rows = Record<string, unknown>[];
const under = (table: RowTable, row: RequirementId): RowTable => Object.fromEntries(Object.keys(table).map(keyword => [keyword, row]));

/** Table 6.7.1-2a prints the tag of Instance Availability beside Modality, so either will do. */
function expectModality(t: Trial, result: Attributes, what: string, row: RequirementId): void {
  const either = attributeIn(result, 'Modality') ?? attributeIn(result, 'InstanceAvailability');
  t.expect(`Modality (0008,0060) in ${what}`, either ? 'present' : 'absent', 'present', { row });
}

// PS3.18-2013 Table 6.7.1-2a: without the UID of the study in the path, all attributes of Table 6.7.1-2.
export const series = check({
  id: 'qido-rs/results-relational/series-of-all-studies',
  title: 'Series results of a search across studies have the attributes of the study, too',
  requires: ['QIDO-RS-6.7.1.2.2.2-17'],
  given: { offered: offers('series of all studies'), ct: fixture('ct') },
  fault: on(
    /\/dicom-web\/series/,
    sendsJson((rows: Rows) => rows.map(({ '00100020': _, ...row }) => row)),
  ),
  async run(t, { ct }) {
    const { results } = await find(t, `series?StudyInstanceUID=${ct.studyInstanceUID}`);
    t.expect('the series found by a Study Instance UID', results.length > 0 ? 'some' : 'none', 'some');
    for (const result of results) expectPresent(t, result, under(studyRows, 'QIDO-RS-6.7.1.2.2.2-17'), 'a result of GET series');
  },
});

// PS3.18-2013 Table 6.7.1-2b: the attributes of the levels that the path does not name.
export const instances = check({
  id: 'qido-rs/results-relational/instances-of-all-studies',
  title: 'Instance results of a search across studies have the attributes of the study and of the series, too',
  requires: ['QIDO-RS-6.7.1.2.2.3-17', 'QIDO-RS-6.7.1.2.2.3-18'],
  given: { offered: offers('instances of all studies'), ct: fixture('ct') },
  fault: on(
    /\/dicom-web\/instances/,
    sendsJson((rows: Rows) => rows.map(({ '00080020': _, ...row }) => row)),
  ),
  async run(t, { ct }) {
    const { results } = await find(t, `instances?StudyInstanceUID=${ct.studyInstanceUID}`);
    t.expect('the instances found by a Study Instance UID', results.length > 0 ? 'some' : 'none', 'some');
    for (const result of results) {
      const what = 'a result of GET instances';
      expectPresent(t, result, under(studyRows, 'QIDO-RS-6.7.1.2.2.3-17'), what);
      expectPresent(t, result, under(seriesRows, 'QIDO-RS-6.7.1.2.2.3-18'), what);
      expectModality(t, result, what, 'QIDO-RS-6.7.1.2.2.3-18');
    }
  },
});

export const ofStudy = check({
  id: 'qido-rs/results-relational/instances-of-a-study',
  title: 'Instance results of a search across the series of a study have the attributes of the series, too',
  requires: ['QIDO-RS-6.7.1.2.2.3-18'],
  given: { offered: offers('instances of a study'), ct: fixture('ct') },
  fault: on(
    /\/studies\/[\d.]+\/instances/,
    sendsJson((rows: Rows) => rows.map(({ '00201209': _, ...row }) => row)),
  ),
  async run(t, { ct }) {
    const { results } = await find(t, `studies/${ct.studyInstanceUID}/instances`);
    t.expect('the instances found in a study', results.length > 0 ? 'some' : 'none', 'some');
    for (const result of results) {
      const what = 'a result of GET studies/{uid}/instances';
      expectPresent(t, result, under(seriesRows, 'QIDO-RS-6.7.1.2.2.3-18'), what);
      expectModality(t, result, what, 'QIDO-RS-6.7.1.2.2.3-18');
    }
  },
});

// PS3.4-2013 C.4.1.3.1.1: a result contains the unique keys of the levels above; the tables of PS3.18 do not list them.
export const uniqueKeys = check({
  id: 'qido-rs/results-relational/unique-keys-of-the-levels-above',
  title: 'Results name the study, and the series, that they belong to',
  requires: ['QIDO-RS-6.7.1.2.1-05'],
  given: { ct: fixture('ct') },
  fault: sendsJson((rows: Rows) => rows.map(({ '0020000D': _, ...row }) => row)),
  async run(t, { ct }) {
    const below = `studies/${ct.studyInstanceUID}/series`;
    for (const [resource, keywords] of [
      [below, ['StudyInstanceUID']],
      [`${below}/${firstOf(ct).seriesInstanceUID}/instances`, ['StudyInstanceUID', 'SeriesInstanceUID']],
    ] as const) {
      const { results } = await find(t, resource);
      const what = resource === below ? 'a series result' : 'an instance result';
      for (const result of results)
        expectPresent(t, result, Object.fromEntries(keywords.map(each => [each, 'QIDO-RS-6.7.1.2.1-05'])), what);
    }
  },
});
