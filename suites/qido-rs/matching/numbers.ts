import { check } from '../../harness/check.ts';
import { hearsKey } from '../../kit/faults.ts';
import { expectNames, namesFound } from '../../kit/found.ts';
import { fixture } from '../../kit/givens/fixture.ts';

const [one, ten, twelve] = ['search-series/of-1', 'search-series/of-10', 'search-series/of-12'];

// PS3.4-2013 C.2.2.2.4: IS has no wild cards; C.2.2.2.1: a number is the whole number.
export const numbers = check({
  id: 'qido-rs/matching/numbers-have-no-patterns',
  title: 'A number finds itself, not the numbers that begin with it, and has no wild cards',
  requires: ['QIDO-RS-6.7.1.2.1-24', 'QIDO-RS-6.7.1.2.1-23'],
  given: { study: fixture('search-series') },
  fault: hearsKey('SeriesNumber', value => (value.includes('*') ? '' : value)),
  async run(t, { study }) {
    const by = (value: string) => `studies/${study.studyInstanceUID}/series?SeriesNumber=${value}`;
    for (const [value, wanted] of [
      ['1', [one]],
      ['10', [ten]],
      ['12', [twelve]],
      ['2', []],
    ] as const)
      await expectNames(t, 'series', by(value), [study], wanted);
    const row = 'QIDO-RS-6.7.1.2.1-23';
    for (const value of ['1*', '1?']) await expectNames(t, 'series', by(value), [study], [], { row, mayRefuse: true });
    const written = await namesFound(t, 'series', by('01'), [study]);
    t.record('a number with a leading zero', written === null ? 'refused' : written.size > 0 ? 'found' : 'not found');
  },
});

// PS3.4-2013 C.2.2.2: ranges, lists and patterns may be longer than a value of the VR.
export const long = check({
  id: 'qido-rs/matching/keys-longer-than-a-value',
  title: 'A range or a pattern is not refused for its length',
  requires: ['QIDO-RS-6.7.1.2.1-61'],
  given: { study: fixture('limits') },
  fault: server => async request =>
    /StudyID=\*.{16}\*/.test(decodeURIComponent(request.url)) ? new Response('Too long', { status: 400 }) : server(request),
  async run(t, { study }) {
    // A Study ID of sixteen characters, the most that SH has, between asterisks.
    const of = `studies?StudyInstanceUID=${study.studyInstanceUID}&`;
    await expectNames(t, 'study', `${of}StudyID=*CONFTEST%2016%20char*`, [study], [study.name]);
    await expectNames(t, 'study', `${of}StudyDate=20130101-20131231`, [study], [study.name]);
  },
});
