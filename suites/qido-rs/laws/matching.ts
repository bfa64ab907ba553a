import fc from 'fast-check';
import type { RequirementId } from '../../../schemas/requirements.ts';
import { check } from '../../harness/check.ts';
import { dayAfter, dayBefore } from '../../kit/days.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { type DescribedStudy, describedStudies, type KeyValue } from '../../kit/givens/described.ts';
import { inWords } from '../../kit/search.ts';
import { ignores } from '../keys/key-check.ts';
import { difference, settled, wholeList } from './sets.ts';

const pair = ({ keyword, value }: KeyValue) => `${keyword}=${encodeURIComponent(value)}`;

const rowOf: Readonly<Record<string, RequirementId>> = {
  StudyDate: 'QIDO-RS-6.7.1.2.1.1-01',
  StudyTime: 'QIDO-RS-6.7.1.2.1.1-02',
  AccessionNumber: 'QIDO-RS-6.7.1.2.1.1-03',
  ModalitiesInStudy: 'QIDO-RS-6.7.1.2.1.1-04',
  ReferringPhysicianName: 'QIDO-RS-6.7.1.2.1.1-05',
  PatientName: 'QIDO-RS-6.7.1.2.1.1-06',
  PatientID: 'QIDO-RS-6.7.1.2.1.1-07',
  StudyInstanceUID: 'QIDO-RS-6.7.1.2.1.1-08',
  StudyID: 'QIDO-RS-6.7.1.2.1.1-09',
};

// PS3.4-2013 C.2.2.2.1: what a result says of a study finds the study.
export const ownValues = check({
  id: 'qido-rs/laws/a-value-of-a-result-finds-it',
  title: 'A search for a value that a result has finds this result',
  requires: ['QIDO-RS-6.7.1.2.1.1-07', ...Object.values(rowOf).filter(row => row !== 'QIDO-RS-6.7.1.2.1.1-07')],
  given: { studies: describedStudies },
  fault: hearsKey('StudyID', value => `${value}0`),
  async run(t, { studies }) {
    for (const { studyInstanceUID, values } of studies) {
      for (const each of values) {
        const row = rowOf[each.keyword] ?? 'QIDO-RS-6.7.1.2.1.1-07';
        const found = await wholeList(t, 'study', `studies?StudyInstanceUID=${studyInstanceUID}&${pair(each)}`, row);
        const seen = found?.includes(studyInstanceUID) ? 'found' : 'not found';
        t.expect(`a study, searched for by the value of ${each.keyword} in its own result`, seen, 'found', { row });
      }
    }
  },
});

/** A study and some of its values. */
const someValues = (studies: readonly DescribedStudy[]) =>
  fc
    .constantFrom(...studies)
    .chain(study => fc.tuple(fc.constant(study), fc.shuffledSubarray([...study.values], { minLength: 1, maxLength: 3 })));

// PS3.18-2013 6.7.1.2.1 with PS3.4-2013 C.4.1.3.1.1: an entity has to match all keys, so another key finds no more.
export const neverWidens = check({
  id: 'qido-rs/laws/another-key-never-widens',
  title: 'A search with another key finds nothing that the search without it did not find',
  requires: ['QIDO-RS-6.7.1.2.1-01'],
  given: { studies: describedStudies },
  // The last key is what counts.
  fault: hears(url => {
    const keys = [...url.searchParams.keys()];
    for (const key of keys.slice(0, -1)) if (key !== keys.at(-1)) url.searchParams.delete(key);
  }),
  async run(t, { studies }) {
    const searchable = studies.filter(({ values }) => values.some(({ keyword }) => narrow.includes(keyword)));
    if (searchable.length === 0) t.skip('no study has a value that would keep a search narrow');
    await t.forAll(
      someValues(searchable),
      async ([{ values }, added]) => {
        const [first] = values.filter(({ keyword }) => narrow.includes(keyword));
        if (!first) return;
        const more = added.filter(({ keyword }) => keyword !== first.keyword);
        const [few, many] = [`studies?${[first, ...more].map(pair).join('&')}`, `studies?${pair(first)}`];
        const besides = await settled(async () => {
          const [some, all] = [await wholeList(t, 'study', few), await wholeList(t, 'study', many)];
          return some && all && `${some.filter(uid => !all.includes(uid)).length} results`;
        }, '0 results');
        t.expect(
          `what ${[first, ...more].map(each => each.keyword).join(' and ')} find that ${first.keyword} alone does not`,
          besides,
          '0 results',
        );
      },
      { words: ([, added]) => added.map(({ keyword }) => keyword).join(', ') },
    );
  },
});

/** Keys of which a server that holds much has few results for each value. */
const narrow = ['StudyInstanceUID', 'PatientID', 'AccessionNumber'];

const textAt = ({ values }: DescribedStudy, keyword: string) => values.find(each => each.keyword === keyword)?.value;

// PS3.4-2013 C.2.2.2.5: what an open range finds is found on one side of any day within, or on the other.
export const openRange = check({
  id: 'qido-rs/laws/an-open-range-is-its-halves',
  title: 'An open date range finds what its two halves find',
  requires: ['QIDO-RS-6.7.1.2.1-27', 'QIDO-RS-6.7.1.2.1-26'],
  given: { studies: describedStudies },
  fault: hearsKey('StudyDate', value => value.replace(/^(\d{8})-$/, (_, date: string) => `${dayAfter(dayAfter(dayAfter(date)))}-`)),
  async run(t, { studies }) {
    const dated = studies.filter(study => /^\d{8}$/.test(textAt(study, 'StudyDate') ?? ''));
    if (dated.length === 0) t.skip('no study that the target holds has a Study Date');
    await t.forAll(
      fc.tuple(fc.constantFrom(...dated), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
      async ([study, before, after]) => {
        const by = study.values.find(({ keyword }) => narrow.includes(keyword));
        const date = textAt(study, 'StudyDate') ?? '';
        const shift = (steps: number, move: (day: string) => string) => Array.from({ length: steps }).reduce<string>(move, date);
        const [begin, middle, end] = [shift(before, dayBefore), date, shift(after, dayAfter)];
        const scope = by ? `studies?${pair(by)}&StudyDate=` : `studies?StudyInstanceUID=${study.studyInstanceUID}&StudyDate=`;
        for (const [open, halves, row] of [
          [`${begin}-`, [`${begin}-${middle}`, `${dayAfter(middle)}-`], 'QIDO-RS-6.7.1.2.1-27'],
          [`-${end}`, [`-${dayBefore(middle)}`, `${middle}-${end}`], 'QIDO-RS-6.7.1.2.1-26'],
        ] as const) {
          const compared = await settled(async () => {
            const [whole, one, other] = [
              await wholeList(t, 'study', scope + open, row),
              await wholeList(t, 'study', scope + halves[0], row),
              await wholeList(t, 'study', scope + halves[1], row),
            ];
            return whole && one && other && difference(whole, [...one, ...other]);
          }, 'the same');
          t.expect(`what StudyDate=${open} finds, compared with ${halves.join(' and ')}`, compared, 'the same', { row });
        }
      },
      // Each of them is six searches.
      {
        runs: Math.ceil(t.runs / 3),
        words: ([study, before, after]) => `${textAt(study, 'StudyDate')}, ${before} days before and ${after} after`,
      },
    );
  },
});

// PS3.4-2013 C.2.2.2.3 and C.2.2.2.4: a value of zero length and a single asterisk match everything.
export const everything = check({
  id: 'qido-rs/laws/asterisk-and-no-value-find-everything',
  title: 'A key without value, or with a single asterisk, changes nothing of what is found',
  requires: ['QIDO-RS-6.7.1.2.1-18', 'QIDO-RS-6.7.1.2.1-12'],
  given: { studies: describedStudies },
  fault: on(
    /AccessionNumber=\*/,
    hears(url => url.searchParams.set('AccessionNumber', 'x')),
  ),
  async run(t, { studies }) {
    for (const { studyInstanceUID } of studies) {
      const scope = `studies?StudyInstanceUID=${studyInstanceUID}`;
      const all = await wholeList(t, 'study', scope);
      if (!all) continue;
      for (const [query, row] of [
        ['AccessionNumber=*', 'QIDO-RS-6.7.1.2.1-18'],
        ['PatientID=*', 'QIDO-RS-6.7.1.2.1-18'],
        ['AccessionNumber=', 'QIDO-RS-6.7.1.2.1-12'],
        ['StudyDate=', 'QIDO-RS-6.7.1.2.1-12'],
        ['PatientName=', 'QIDO-RS-6.7.1.2.1-12'],
      ] as const) {
        const found = await wholeList(t, 'study', `${scope}&${query}`, row);
        t.expect(
          `what GET ${inWords(`${scope}&${query}`)} finds, compared with the search without it`,
          found ? difference(found, all) : 'a refusal',
          'the same',
          {
            row,
          },
        );
      }
    }
  },
});

// PS3.18-2013 6.7.1.2: a key that names nothing that is there finds nothing, whatever is held.
export const nobody = check({
  id: 'qido-rs/laws/a-value-that-nobody-has-finds-nothing',
  title: 'A search for a study by its UID and by a value that it does not have finds nothing',
  requires: ['QIDO-RS-6.7.1.2.1-01'],
  given: { studies: describedStudies },
  fault: ignores('PatientID'),
  async run(t, { studies }) {
    for (const { studyInstanceUID, values } of studies) {
      for (const keyword of ['PatientID', 'AccessionNumber', 'StudyID']) {
        // An empty value may count as a match of any key.
        if (!values.some(each => each.keyword === keyword)) continue;
        const found = await wholeList(t, 'study', `studies?StudyInstanceUID=${studyInstanceUID}&${keyword}=NOBODY-HAS-THIS`);
        t.expect(`the number of studies found by a UID and a value of ${keyword} that nobody has`, found?.length ?? 0, 0);
      }
    }
  },
});
