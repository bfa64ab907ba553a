import { check } from '../../harness/check.ts';
import { dayAfter, dayBefore, hoursFrom } from '../../kit/days.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { firstOf, textOf } from '../../kit/finding.ts';
import { expectNames, namesFound } from '../../kit/found.ts';
import { fixture } from '../../kit/givens/fixture.ts';

// PS3.4-2013 C.2.2.2.1: dates and times match by what they mean; the server declares how.
export const byMeaning = check({
  id: 'qido-rs/matching/times-match-by-meaning',
  title: 'A time finds the same time written otherwise',
  requires: ['QIDO-RS-6.7.1.2.1-09'],
  given: { study: fixture('search-series'), fraction: fixture('search-same-patient') },
  fault: hearsKey('StudyTime', value => (value.length === 4 ? `${value}01` : value)),
  async run(t, { study, fraction }) {
    for (const [each, times] of [
      [study, ['1455', '145500', '145500.000']],
      [fraction, ['101530.5', '101530.500000']],
    ] as const) {
      for (const time of times)
        await expectNames(t, 'study', `studies?StudyInstanceUID=${each.studyInstanceUID}&StudyTime=${time}`, [each], [each.name]);
    }
    const by = (time: string) => `studies?StudyInstanceUID=${study.studyInstanceUID}&StudyTime=${time}`;
    for (const time of ['1456', '145501']) await expectNames(t, 'study', by(time), [study], []);
  },
});

// PS3.18-2013 6.7.1.2.1: combined date-time matching shall be performed, at the series level, too.
export const combinedSeries = check({
  id: 'qido-rs/matching/combined-date-and-time-of-series',
  title: 'Ranges of Performed Procedure Step Start Date and Time are one interval',
  requires: ['QIDO-RS-6.7.1.2.1-34'],
  given: { study: fixture('search-series') },
  // Each day has the hours of the range.
  fault: on(
    /StartDate=\d+-\d+&.*StartTime=\d+-/,
    hears(url => {
      url.searchParams.set('PerformedProcedureStepStartDate', '20130708');
    }),
  ),
  async run(t, { study }) {
    const by = (dates: string, times: string) =>
      `studies/${study.studyInstanceUID}/series?PerformedProcedureStepStartDate=${dates}&PerformedProcedureStepStartTime=${times}`;
    const [one, ten, twelve] = ['search-series/of-1', 'search-series/of-10', 'search-series/of-12'];
    // 5 July 08:00, 6 July 22:30 and 8 July 10:15:30.5.
    for (const [dates, times, wanted] of [
      ['20130704-20130707', '2300-0100', [one, ten]],
      ['20130705-20130706', '0900-2100', []],
      ['20130705-20130708', '0800-1000', [one, ten]],
      ['20130706-', '2300-', [twelve]],
      ['-20130706', '-0900', [one]],
    ] as const)
      await expectNames(t, 'series', by(dates, times), [study], wanted);
  },
});

// PS3.4-2013 C.2.2.2.5.3: ranges of date-times mind the offset from UTC. Which attributes with this VR are keys is the server's choice.
export const dateTimes = check({
  id: 'qido-rs/matching/ranges-of-date-times',
  title: 'Ranges of a date-time mind offsets from UTC, where the server matches by it',
  requires: ['QIDO-RS-6.7.1.2.1-32'],
  given: { study: fixture('search-series') },
  // The offset is not looked at.
  fault: hearsKey('AcquisitionDateTime', value => value.replaceAll(/(?<=\d{14})[+-]\d{4}/g, '-0300')),
  async run(t, { study }) {
    // Acquired on 5 July at 08:00 -0300, which is 11:00 UTC.
    const [first] = study.instances;
    const below = `studies/${study.studyInstanceUID}/series/${first?.seriesInstanceUID}/instances?AcquisitionDateTime=`;
    const one = first ? `${study.name}/${first.name}` : '';
    const found = async (range: string) => namesFound(t, 'instance', below + range, [study]);
    const [year, others] = [await found('2013-2013'), await found('1999-2001')];
    const filters = year?.has(one) && others !== null && others.size === 0;
    t.record('matching by AcquisitionDateTime', filters ? 'supported' : 'not supported');
    if (!filters) return;
    for (const [range, wanted] of [
      ['20130705105900%2B0000-20130705110100%2B0000', [one]],
      ['20130705075900%2B0000-20130705080100%2B0000', []],
      ['20130705125900%2B0200-', [one]],
      ['20130705130100%2B0200-', []],
      ['-20130705105900%2B0000', []],
      ['-20130705110000%2B0000', [one]],
    ] as const)
      await expectNames(t, 'instance', below + range, [study], wanted);
  },
});

// PS3.18-2013 6.7.1.1: with Timezone Offset From UTC among the keys, the dates and times of the request are in that zone.
export const timezone = check({
  id: 'qido-rs/matching/dates-and-times-in-a-time-zone',
  title: 'With Timezone Offset From UTC given, dates and times of the keys are in that zone',
  requires: ['QIDO-RS-6.7.1.2.1-49'],
  given: { zone: fixture('search-timezone') },
  fault: hears(url => url.searchParams.delete('TimezoneOffsetFromUTC')),
  async run(t, { zone }) {
    const first = firstOf(zone);
    // 01:30 at -0500 is 06:30 UTC, and 22:30 of the day before at -0800.
    const [date, time] = [textOf(first, 'StudyDate'), textOf(first, 'StudyTime')];
    const by = (offset: string, dates: string, times: string) =>
      `studies?StudyInstanceUID=${zone.studyInstanceUID}&TimezoneOffsetFromUTC=${encodeURIComponent(offset)}&StudyDate=${dates}&StudyTime=${times}`;
    const around = `${hoursFrom(time, 4)}-${hoursFrom(time, 6)}`;
    await expectNames(t, 'study', by('+0000', `${date}-${date}`, around), [zone], [zone.name]);
    await expectNames(t, 'study', by('-0800', `${dayBefore(date)}-${dayBefore(date)}`, '2200-2300'), [zone], [zone.name]);
    await expectNames(t, 'study', by('+0000', `${date}-${date}`, `${hoursFrom(time, -1)}-${hoursFrom(time, 1)}`), [zone], []);
    await expectNames(t, 'study', by('-0500', `${dayAfter(date)}-${dayAfter(date)}`, around), [zone], []);
  },
});
