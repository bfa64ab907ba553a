import { check } from '../../harness/check.ts';
import { dayAfter, dayBefore, hoursFrom } from '../../kit/days.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { expectFinding, firstOf, textOf } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';

// PS3.4-2013 C.2.2.2.5.1: first and last date are included.
export const dates = check({
  id: 'qido-rs/matching/date-range',
  title: 'A date range matches from its first to its last date, both included',
  requires: ['QIDO-RS-6.7.1.2.1-25', 'QIDO-RS-6.7.1.2.1.1-01'],
  given: { ct: fixture('ct') },
  fault: hearsKey('StudyDate', value => value.replace(/^(\d{8})-(\d{8})$/, (_, a: string, b: string) => `${a}-${dayBefore(b)}`)),
  async run(t, { ct }) {
    const date = textOf(firstOf(ct), 'StudyDate');
    const [before, after] = [dayBefore(date), dayAfter(date)];
    await expectFinding(t, ct, [
      { query: `StudyDate=${date}`, finds: true, row: 'QIDO-RS-6.7.1.2.1.1-01' },
      { query: `StudyDate=${after}`, finds: false, row: 'QIDO-RS-6.7.1.2.1.1-01' },
      { query: `StudyDate=${before}-${after}`, finds: true },
      { query: `StudyDate=${date}-${after}`, finds: true },
      { query: `StudyDate=${before}-${date}`, finds: true },
      { query: `StudyDate=${date}-${date}`, finds: true },
      { query: `StudyDate=${after}-${dayAfter(after)}`, finds: false },
      { query: `StudyDate=${dayBefore(before)}-${before}`, finds: false },
    ]);
  },
});

export const openBegin = check({
  id: 'qido-rs/matching/date-range-without-a-beginning',
  title: 'A date range without a beginning matches up to its date, included',
  requires: ['QIDO-RS-6.7.1.2.1-26'],
  given: { ct: fixture('ct') },
  fault: hearsKey('StudyDate', value => value.replace(/^-(\d{8})$/, (_, b: string) => `-${dayBefore(b)}`)),
  async run(t, { ct }) {
    const date = textOf(firstOf(ct), 'StudyDate');
    await expectFinding(t, ct, [
      { query: `StudyDate=-${date}`, finds: true },
      { query: `StudyDate=-${dayAfter(date)}`, finds: true },
      { query: `StudyDate=-${dayBefore(date)}`, finds: false },
    ]);
  },
});

export const openEnd = check({
  id: 'qido-rs/matching/date-range-without-an-end',
  title: 'A date range without an end matches from its date on, included',
  requires: ['QIDO-RS-6.7.1.2.1-27'],
  given: { ct: fixture('ct') },
  fault: hearsKey('StudyDate', value => value.replace(/^(\d{8})-$/, (_, a: string) => `${dayAfter(a)}-`)),
  async run(t, { ct }) {
    const date = textOf(firstOf(ct), 'StudyDate');
    await expectFinding(t, ct, [
      { query: `StudyDate=${date}-`, finds: true },
      { query: `StudyDate=${dayBefore(date)}-`, finds: true },
      { query: `StudyDate=${dayAfter(date)}-`, finds: false },
    ]);
  },
});

// PS3.4-2013 C.2.2.2.5.2: times, compared by meaning; without a date range they stand for themselves.
export const times = check({
  id: 'qido-rs/matching/time-range',
  title: 'Time ranges match in all three forms, and by meaning',
  requires: ['QIDO-RS-6.7.1.2.1-28', 'QIDO-RS-6.7.1.2.1-29', 'QIDO-RS-6.7.1.2.1-30', 'QIDO-RS-6.7.1.2.1-31', 'QIDO-RS-6.7.1.2.1.1-02'],
  given: { ct: fixture('ct') },
  fault: hearsKey('StudyTime', value => value.replace(/^(\d+)-(\d+)$/, '$1-$1')),
  async run(t, { ct }) {
    const time = textOf(firstOf(ct), 'StudyTime');
    const [before, after] = [hoursFrom(time, -1), hoursFrom(time, 1)];
    const hour = time.slice(0, 2);
    await expectFinding(t, ct, [
      { query: `StudyTime=${time}`, finds: true, row: 'QIDO-RS-6.7.1.2.1.1-02' },
      { query: `StudyTime=${before}-${after}`, finds: true },
      { query: `StudyTime=${after}-${hoursFrom(time, 2)}`, finds: false },
      { query: `StudyTime=-${after}`, finds: true, row: 'QIDO-RS-6.7.1.2.1-29' },
      { query: `StudyTime=-${before}`, finds: false, row: 'QIDO-RS-6.7.1.2.1-29' },
      { query: `StudyTime=${before}-`, finds: true, row: 'QIDO-RS-6.7.1.2.1-30' },
      { query: `StudyTime=${after}-`, finds: false, row: 'QIDO-RS-6.7.1.2.1-30' },
      { query: `StudyTime=${hour}-${after.slice(0, 2)}`, finds: true, row: 'QIDO-RS-6.7.1.2.1-31' },
    ]);
  },
});

// PS3.18-2013 6.7.1.2.1: combined date-time matching shall be performed; PS3.4-2013 C.2.2.2.5: one interval from the first date and time to the last.
export const combined = check({
  id: 'qido-rs/matching/combined-date-and-time',
  title: 'A date range and a time range of one form are one interval',
  requires: ['QIDO-RS-6.7.1.2.1-33', 'QIDO-RS-6.7.1.2.1-35'],
  given: { ct: fixture('ct') },
  // Times are looked at day by day: what begins before the hour of the range is lost.
  fault: on(
    /StudyDate=\d+-\d*&StudyTime=\d+-/,
    hears(url => {
      const time = url.searchParams.get('StudyTime') ?? '';
      url.searchParams.set('StudyDate', '19000101-20991231');
      if (Number(time.slice(0, 2)) > 0) url.searchParams.set('PatientID', 'NO-SUCH-PATIENT');
    }),
  ),
  async run(t, { ct }) {
    const first = firstOf(ct);
    const [date, time] = [textOf(first, 'StudyDate'), textOf(first, 'StudyTime')];
    const [before, after] = [hoursFrom(time, -1), hoursFrom(time, 1)];
    const [yesterday, tomorrow] = [dayBefore(date), dayAfter(date)];
    await expectFinding(t, ct, [
      { query: `StudyDate=${yesterday}-${tomorrow}&StudyTime=${after}-${hoursFrom(time, 2)}`, finds: true },
      { query: `StudyDate=${date}-${tomorrow}&StudyTime=${after}-${hoursFrom(time, 2)}`, finds: false },
      { query: `StudyDate=${yesterday}-${date}&StudyTime=${hoursFrom(time, -2)}-${before}`, finds: false },
      { query: `StudyDate=${yesterday}-&StudyTime=${after}-`, finds: true, row: 'QIDO-RS-6.7.1.2.1-35' },
      { query: `StudyDate=-${tomorrow}&StudyTime=-${before}`, finds: true, row: 'QIDO-RS-6.7.1.2.1-35' },
    ]);
  },
});

export const differentForms = check({
  id: 'qido-rs/matching/date-and-time-of-different-forms',
  title: 'A single date and a time range are matched one by one',
  requires: ['QIDO-RS-6.7.1.2.1-36'],
  given: { ct: fixture('ct') },
  fault: on(
    /StudyDate=\d+&/,
    hears(url => url.searchParams.delete('StudyTime')),
  ),
  async run(t, { ct }) {
    const first = firstOf(ct);
    const [date, time] = [textOf(first, 'StudyDate'), textOf(first, 'StudyTime')];
    await expectFinding(t, ct, [
      { query: `StudyDate=${date}&StudyTime=${hoursFrom(time, -1)}-${hoursFrom(time, 1)}`, finds: true },
      { query: `StudyDate=${date}&StudyTime=${hoursFrom(time, 1)}-${hoursFrom(time, 2)}`, finds: false },
    ]);
  },
});

export const reversed = check({
  id: 'qido-rs/matching/reversed-or-malformed-dates',
  title: 'A reversed or malformed date range is refused or finds nothing',
  requires: ['QIDO-RS-6.7.1.2.1-38'],
  given: { ct: fixture('ct') },
  fault: hearsKey('StudyDate', value => (/^\d{8}-\d{8}$/.test(value) && value.slice(0, 8) > value.slice(9) ? '' : value)),
  async run(t, { ct }) {
    const date = textOf(firstOf(ct), 'StudyDate');
    const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    await expectFinding(t, ct, [
      { query: `StudyDate=${dayAfter(date)}-${dayBefore(date)}`, finds: false, mayRefuse: true },
      { query: `StudyDate=${iso}`, finds: false, mayRefuse: true },
    ]);
  },
});
