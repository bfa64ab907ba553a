import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import { sendsJson } from '../kit/faults.ts';
import { textOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { expectForm, expectPresent, expectValues, utcOffset } from '../kit/result-rows.ts';
import { attributeIn, find, findUnlessRefused, textsIn, uidsOf } from '../kit/search.ts';

/** PS3.18-2013 Table 6.7.1-2a: the rows without condition; Modality has a misprinted tag and is looked at by itself. */
export const seriesRows = {
  RetrieveURL: 'QIDO-RS-6.7.1.2.2.2-05',
  SeriesInstanceUID: 'QIDO-RS-6.7.1.2.2.2-06',
  SeriesNumber: 'QIDO-RS-6.7.1.2.2.2-07',
  NumberOfSeriesRelatedInstances: 'QIDO-RS-6.7.1.2.2.2-08',
} as const satisfies Readonly<Record<string, RequirementId>>;

/** The rows that may be absent where there is no value. */
const conditional = {
  SeriesDescription: 'QIDO-RS-6.7.1.2.2.2-04',
  PerformedProcedureStepStartDate: 'QIDO-RS-6.7.1.2.2.2-09',
  PerformedProcedureStepStartTime: 'QIDO-RS-6.7.1.2.2.2-10',
} as const satisfies Readonly<Record<string, RequirementId>>;

export const present = check({
  id: 'qido-rs/results-series/every-row-of-the-table',
  title: 'Each series result has every unconditional attribute of Table 6.7.1-2a',
  requires: ['QIDO-RS-6.7.1.2.2.2-05', 'QIDO-RS-6.7.1.2.2.2-06', 'QIDO-RS-6.7.1.2.2.2-07', 'QIDO-RS-6.7.1.2.2.2-08'],
  given: { mixed: fixture('mixed'), empty: fixture('empty-values') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '00201209': _, ...row }) => row)),
  async run(t, { mixed, empty }) {
    for (const study of [mixed, empty]) {
      const { results } = await find(t, `studies/${study.studyInstanceUID}/series`);
      for (const result of results) expectPresent(t, result, seriesRows, `a result for the series of "${study.name}"`);
      const row = 'QIDO-RS-6.7.1.2.2.2-06';
      const uids = uidsOf('series', results);
      for (const uid of uids) t.expect('the Series Instance UID of a result', uid, noneOf(''), { row });
      t.expect('the number of results that repeat another', uids.length - new Set(uids).size, 0, { row });
    }
  },
});

export const values = check({
  id: 'qido-rs/results-series/values-as-stored',
  title: 'The attributes of a series result have the values of the series, those with a condition included',
  requires: [
    'QIDO-RS-6.7.1.2.2.2-04',
    'QIDO-RS-6.7.1.2.2.2-06',
    'QIDO-RS-6.7.1.2.2.2-07',
    'QIDO-RS-6.7.1.2.2.2-09',
    'QIDO-RS-6.7.1.2.2.2-10',
  ],
  given: { mixed: fixture('mixed'), requests: fixture('requests'), dated: fixture('search-series') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '0008103E': _, ...row }) => row)),
  async run(t, { mixed, requests, dated }) {
    for (const study of [mixed, requests, dated]) {
      const { results } = await find(t, `studies/${study.studyInstanceUID}/series`);
      for (const result of results) {
        const instance = study.instances.find(({ seriesInstanceUID }) => seriesInstanceUID === uidsOf('series', [result])[0]);
        if (!instance) continue;
        const what = `the result for a series of "${study.name}"`;
        const valued = Object.entries(conditional).filter(([keyword]) => textOf(instance, keyword) !== '');
        expectPresent(t, result, Object.fromEntries(valued), what);
        expectValues(
          t,
          result,
          instance,
          { ...conditional, SeriesNumber: seriesRows.SeriesNumber, SeriesInstanceUID: seriesRows.SeriesInstanceUID },
          what,
        );
      }
    }
  },
});

// Table 6.7.1-2a prints the tag of Instance Availability beside the name Modality; the tag was corrected in 2015b.
export const modality = check({
  id: 'qido-rs/results-series/modality',
  title: 'Each series result has the modality under its own tag',
  requires: ['QIDO-RS-6.7.1.2.2.2-02', 'QIDO-RS-6.7.1.2.2.2-19'],
  given: { mixed: fixture('mixed') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '00080060': _, '00080056': __, ...row }) => row)),
  async run(t, { mixed }) {
    const { results } = await find(t, `studies/${mixed.studyInstanceUID}/series`);
    for (const result of results) {
      const either = attributeIn(result, 'Modality') ?? attributeIn(result, 'InstanceAvailability');
      t.expect('Modality (0008,0060), or (0008,0056) as the table prints it, in a series result', either ? 'present' : 'absent', 'present');
      const instance = mixed.instances.find(({ seriesInstanceUID }) => seriesInstanceUID === uidsOf('series', [result])[0]);
      if (!instance) continue;
      const row = 'QIDO-RS-6.7.1.2.2.2-19';
      t.expect('the value of Modality (0008,0060) in a series result', textsIn(result, 'Modality'), [textOf(instance, 'Modality')], {
        row,
      });
    }
  },
});

// Table 6.7.1-2a: the sequence with two attributes in each item, if a value is available.
export const requestAttributes = check({
  id: 'qido-rs/results-series/request-attributes',
  title: 'A series result has Request Attributes Sequence with its items',
  requires: ['QIDO-RS-6.7.1.2.2.2-11', 'QIDO-RS-6.7.1.2.2.2-12', 'QIDO-RS-6.7.1.2.2.2-13'],
  given: { requests: fixture('requests') },
  fault: sendsJson((rows: Record<string, { Value?: unknown[] }>[]) =>
    rows.map(row => ({ ...row, '00400275': { vr: 'SQ', Value: row['00400275']?.Value?.map(() => ({})) } })),
  ),
  async run(t, { requests }) {
    const { results } = await find(t, `studies/${requests.studyInstanceUID}/series`);
    for (const result of results) {
      const content = attributeIn(result, 'RequestAttributesSequence')?.content;
      const items = content?.kind === 'items' ? content.items : [];
      t.expect('the number of items of Request Attributes Sequence (0040,0275) in a series result', items.length, 2);
      for (const item of items) {
        for (const [keyword, row] of [
          ['ScheduledProcedureStepID', 'QIDO-RS-6.7.1.2.2.2-12'],
          ['RequestedProcedureID', 'QIDO-RS-6.7.1.2.2.2-13'],
        ] as const) {
          t.expect(
            `${keyword} in an item of Request Attributes Sequence (0040,0275)`,
            attributeIn(item, keyword) ? 'present' : 'absent',
            'present',
            { row },
          );
        }
      }
    }
  },
});

export const timezone = check({
  id: 'qido-rs/results-series/offset-from-utc',
  title: 'A series result has Timezone Offset From UTC if the series has it',
  requires: ['QIDO-RS-6.7.1.2.2.2-03'],
  given: { zone: fixture('search-timezone') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(row => ({ ...row, '00080201': { vr: 'SH', Value: ['CET'] } }))),
  async run(t, { zone }) {
    const series = `studies/${zone.studyInstanceUID}/series`;
    const { results } = await find(t, series);
    t.expect('the series found in a study', results.length > 0 ? 'some' : 'none', 'some');
    for (const result of results) {
      expectForm(
        t,
        result,
        'TimezoneOffsetFromUTC',
        utcOffset,
        'an offset from UTC such as +0100',
        'QIDO-RS-6.7.1.2.2.2-03',
        'a series result',
      );
    }
    const named = ((await findUnlessRefused(t, `${series}?includefield=${tagOf('TimezoneOffsetFromUTC')}`)) ?? []).flatMap(each =>
      textsIn(each, 'TimezoneOffsetFromUTC'),
    );
    const given = results.flatMap(each => textsIn(each, 'TimezoneOffsetFromUTC'));
    if (named.length > 0) t.expect('Timezone Offset From UTC of a series that has one', given, named);
  },
});
