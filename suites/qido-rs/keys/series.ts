import type { FixtureInstance } from '../../../fixtures/recipe.ts';
import { type Check, check } from '../../harness/check.ts';
import { dayAfter, hoursFrom } from '../../kit/days.ts';
import { on, status } from '../../kit/faults.ts';
import { textOf } from '../../kit/finding.ts';
import { expectNames, namesFound, namesOf } from '../../kit/found.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { attributeIn, find } from '../../kit/search.ts';
import { ignores, type KeyTrial, spellings, tryKey } from './key-check.ts';

// PS3.18-2013 6.7.1.2.1.2, Table 6.7.1-1a: the matching keys that a search for series supports.
const seriesKey = (id: string, name: string, key: KeyTrial): Check =>
  check({
    id,
    title: `A search for series filters by ${name}, named by keyword and by tag`,
    requires: [key.row],
    given: { study: fixture('search-series') },
    fault: ignores(key.path),
    async run(t, { study }) {
      await tryKey(t, 'series', [{ resource: `studies/${study.studyInstanceUID}/series`, studies: [study] }], key);
    },
  });

export const modality = seriesKey('qido-rs/keys/series-by-modality', 'Modality', {
  path: 'Modality',
  row: 'QIDO-RS-6.7.1.2.1.2-01',
  nobodys: 'ZZ',
});

export const seriesInstanceUID = seriesKey('qido-rs/keys/series-by-series-instance-uid', 'Series Instance UID', {
  path: 'SeriesInstanceUID',
  row: 'QIDO-RS-6.7.1.2.1.2-02',
  nobodys: '2.25.1',
});

export const seriesNumber = seriesKey('qido-rs/keys/series-by-series-number', 'Series Number', {
  path: 'SeriesNumber',
  row: 'QIDO-RS-6.7.1.2.1.2-03',
  nobodys: '777',
});

export const performedProcedureStepStartDate = seriesKey(
  'qido-rs/keys/series-by-performed-procedure-step-start-date',
  'Performed Procedure Step Start Date',
  {
    path: 'PerformedProcedureStepStartDate',
    row: 'QIDO-RS-6.7.1.2.1.2-04',
    nobodys: '19010101',
  },
);

export const performedProcedureStepStartTime = seriesKey(
  'qido-rs/keys/series-by-performed-procedure-step-start-time',
  'Performed Procedure Step Start Time',
  {
    path: 'PerformedProcedureStepStartTime',
    row: 'QIDO-RS-6.7.1.2.1.2-05',
    nobodys: '235958',
  },
);

export const scheduledProcedureStepID = seriesKey(
  'qido-rs/keys/series-by-scheduled-procedure-step-id',
  'Scheduled Procedure Step ID in Request Attributes Sequence',
  {
    path: 'RequestAttributesSequence.ScheduledProcedureStepID',
    row: 'QIDO-RS-6.7.1.2.1.2-07',
    nobodys: 'NO-SUCH-STEP',
  },
);

export const requestedProcedureID = seriesKey(
  'qido-rs/keys/series-by-requested-procedure-id',
  'Requested Procedure ID in Request Attributes Sequence',
  {
    path: 'RequestAttributesSequence.RequestedProcedureID',
    row: 'QIDO-RS-6.7.1.2.1.2-08',
    nobodys: 'NO-SUCH-PROC',
  },
);

// The two keys of dates and times also as ranges.
export const ranges = check({
  id: 'qido-rs/keys/series-by-ranges-of-date-and-time',
  title: 'A search for series takes ranges of Performed Procedure Step Start Date and Time',
  requires: ['QIDO-RS-6.7.1.2.1.2-04', 'QIDO-RS-6.7.1.2.1.2-05'],
  given: { study: fixture('search-series') },
  fault: on(/PerformedProcedureStepStart(Date|Time)=\d+-/, ignores('PerformedProcedureStepStartDate')),
  async run(t, { study }) {
    const series = `studies/${study.studyInstanceUID}/series`;
    const [one, ten, twelve] = study.instances;
    if (!one || !ten || !twelve) return;
    const [first, second] = [textOf(one, 'PerformedProcedureStepStartDate'), textOf(ten, 'PerformedProcedureStepStartDate')];
    const names = namesOf('series', [study]);
    const named = (...some: readonly FixtureInstance[]) => some.map(each => names.get(each.seriesInstanceUID) ?? '');
    for (const [range, wanted] of [
      [`${first}-${second}`, [one, ten]],
      [`${second}-`, [ten, twelve]],
      [`-${first}`, [one]],
      [`${dayAfter(second)}-${dayAfter(second)}`, []],
    ] as const)
      await expectNames(t, 'series', `${series}?PerformedProcedureStepStartDate=${range}`, [study], named(...wanted));
    const time = textOf(one, 'PerformedProcedureStepStartTime');
    const row = 'QIDO-RS-6.7.1.2.1.2-05';
    for (const [range, wanted] of [
      [`${hoursFrom(time, -1)}-${hoursFrom(time, 1)}`, [one]],
      [`${hoursFrom(time, 1)}-`, [ten, twelve]],
      [`-${hoursFrom(time, -1)}`, []],
    ] as const)
      await expectNames(t, 'series', `${series}?PerformedProcedureStepStartTime=${range}`, [study], named(...wanted), { row });
  },
});

// The sequence itself as a key: without a value it matches everything.
export const requestAttributes = check({
  id: 'qido-rs/keys/series-by-request-attributes-sequence',
  title: 'A search for series has Request Attributes Sequence as a key, and as one without value it does not filter',
  requires: ['QIDO-RS-6.7.1.2.1.2-06', 'QIDO-RS-6.7.1.2.1-42', 'QIDO-RS-6.7.1.2.1.2-10'],
  given: { study: fixture('search-series'), without: fixture('mixed') },
  fault: on(/00400275=/, status(400)),
  async run(t, { study, without }) {
    const [, tag] = spellings('RequestAttributesSequence');
    for (const each of [study, without]) {
      const all = namesOf('series', [each]).values();
      await expectNames(t, 'series', `studies/${each.studyInstanceUID}/series?${tag}=`, [each], all);
    }
    const { results } = await find(t, `studies/${study.studyInstanceUID}/series?${tag}=`);
    for (const result of results) {
      const content = attributeIn(result, 'RequestAttributesSequence')?.content;
      t.expect(
        'the items of Request Attributes Sequence in a series result that was found by this sequence without a value',
        content?.kind === 'items' ? content.items.length : 0,
        1,
        { row: 'QIDO-RS-6.7.1.2.1-42' },
      );
    }
    // What the path says already need not be supported as a key.
    const above = await namesFound(t, 'series', `studies/${study.studyInstanceUID}/series?PatientID=NO-SUCH-PATIENT`, [study]);
    t.record('a key of the study level below a study', above === null ? 'refused' : above.size === 0 ? 'obeyed' : 'ignored');
  },
});
