import { check } from '../../harness/check.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { type Case, expectFinding, firstOf, textOf, uidsFound } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';

const encoded = encodeURIComponent;

/** Queries with the asterisk at each place of a value, and what they have to find. */
function asterisks(key: string, value: string): Case[] {
  const middle = Math.floor(value.length / 2);
  return [
    { query: `${key}=${encoded(value.slice(0, middle))}*`, finds: true },
    { query: `${key}=*${encoded(value.slice(middle))}`, finds: true },
    { query: `${key}=${encoded(value.slice(0, 2))}*${encoded(value.slice(-2))}`, finds: true },
    { query: `${key}=${encoded(value)}*`, finds: true },
    { query: `${key}=*${encoded(value)}*`, finds: true },
    { query: `${key}=${encoded(value.slice(1))}*`, finds: false },
    { query: `${key}=*${encoded(value.slice(0, -1))}`, finds: false },
  ];
}

// PS3.4-2013 C.2.2.2.4: * is any sequence of characters, the empty one included.
export const asterisk = check({
  id: 'qido-rs/matching/asterisk',
  title: 'An asterisk matches any characters, also none',
  requires: ['QIDO-RS-6.7.1.2.1-14'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => value.replace(/(?<=.)\*$/, '?*')),
  async run(t, { ct }) {
    await expectFinding(t, ct, asterisks('PatientID', textOf(firstOf(ct), 'PatientID')));
  },
});

// PS3.4-2013 C.2.2.2.4: ? is exactly one character.
export const questionMark = check({
  id: 'qido-rs/matching/question-mark',
  title: 'A question mark matches exactly one character',
  requires: ['QIDO-RS-6.7.1.2.1-15'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => value.replaceAll('?', '*')),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    await expectFinding(t, ct, [
      { query: `PatientID=${encoded(`${id.slice(0, 3)}?${id.slice(4)}`)}`, finds: true },
      { query: `PatientID=${encoded('?'.repeat(id.length))}`, finds: true },
      { query: `PatientID=${encoded(`${id}?`)}`, finds: false },
      { query: `PatientID=${encoded('?'.repeat(id.length - 1))}`, finds: false },
    ]);
  },
});

export const encodedAsterisk = check({
  id: 'qido-rs/matching/encoded-asterisk',
  title: 'An asterisk means the same encoded as %2A',
  requires: ['QIDO-RS-6.7.1.2.1-16'],
  given: { ct: fixture('ct') },
  fault: on(
    /%2A/i,
    hears(url => {
      url.search = url.search.replaceAll(/%2A/gi, 'x');
    }),
  ),
  async run(t, { ct }) {
    const half = encoded(textOf(firstOf(ct), 'PatientID').slice(0, 5));
    await expectFinding(
      t,
      ct,
      [
        { query: `PatientID=${half}*`, finds: true },
        { query: `PatientID=${half}%2A`, finds: true },
      ],
      { judgesEncoding: true },
    );
  },
});

export const wildcardCase = check({
  id: 'qido-rs/matching/wildcards-are-case-sensitive',
  title: 'Matching with wildcards minds letter case, except in person names',
  requires: ['QIDO-RS-6.7.1.2.1-17'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => value.toUpperCase()),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    await expectFinding(t, ct, [
      { query: `PatientID=${encoded(id.slice(0, 6))}*`, finds: true },
      { query: `PatientID=${encoded(id.slice(0, 6).toLowerCase())}*`, finds: false },
    ]);
  },
});

// A dot, a percent sign or a bracket in a value is text, not part of somebody's pattern language.
export const noOtherPatterns = check({
  id: 'qido-rs/matching/only-asterisk-and-question-mark-are-wildcards',
  title: 'Characters of other pattern languages are text in a key',
  requires: ['QIDO-RS-6.7.1.2.1-07'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => value.replaceAll('%', '*').replaceAll('_', '?')),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    const patterns = [
      `${id.slice(0, 4)}%`,
      `${id.slice(0, 3)}_${id.slice(4)}`,
      `${id.slice(0, 3)}.${id.slice(4)}`,
      `${id.slice(0, 4)}.*`,
      `[A-Z]${id.slice(1)}`,
    ];
    await expectFinding(
      t,
      ct,
      patterns.map(pattern => ({ query: `PatientID=${encoded(pattern)}`, finds: false })),
    );
  },
});

export const onlyAsterisk = check({
  id: 'qido-rs/matching/a-single-asterisk-matches-everything',
  title: 'A single asterisk does not filter',
  requires: ['QIDO-RS-6.7.1.2.1-18'],
  given: { ct: fixture('ct') },
  fault: hearsKey('AccessionNumber', value => (value === '*' ? 'x' : value)),
  async run(t, { ct }) {
    await expectFinding(t, ct, [{ query: 'AccessionNumber=*', finds: true }]);
  },
});

export const familyName = check({
  id: 'qido-rs/matching/beginning-of-a-family-name',
  title: 'The beginning of a family name with an asterisk finds the person',
  requires: ['QIDO-RS-6.7.1.2.1-20'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientName', value => value.replace(/\*$/, '')),
  async run(t, { ct }) {
    const family = textOf(firstOf(ct), 'PatientName').split('^')[0] ?? '';
    await expectFinding(t, ct, [
      { query: `PatientName=${encoded(family.slice(0, 5))}*`, finds: true },
      { query: `PatientName=ZZZZ${encoded(family.slice(0, 5))}*`, finds: false },
    ]);
  },
});

// PS3.4-2013 C.2.2.2.4: no wild cards in UI, DA, TM and number VRs.
export const notInUids = check({
  id: 'qido-rs/matching/no-wildcards-in-uids-and-dates',
  title: 'An asterisk in a UID or a date is no wildcard',
  requires: ['QIDO-RS-6.7.1.2.1-21', 'QIDO-RS-6.7.1.2.1-22'],
  given: { ct: fixture('ct') },
  fault: on(
    /StudyInstanceUID=[\d.]+\*/,
    hears(url => url.searchParams.delete('StudyInstanceUID')),
  ),
  async run(t, { ct }) {
    const first = firstOf(ct);
    const id = encoded(textOf(first, 'PatientID'));
    const year = textOf(first, 'StudyDate').slice(0, 4);
    const found = await uidsFound(t, 'study', `studies?StudyInstanceUID=${ct.studyInstanceUID.slice(0, -1)}*&PatientID=${id}`, {
      mayRefuse: true,
    });
    t.expect('the studies found by the beginning of a Study Instance UID and an asterisk', found ?? [], []);
    await expectFinding(t, ct, [{ query: `StudyDate=${year}*`, finds: false, mayRefuse: true, row: 'QIDO-RS-6.7.1.2.1-22' }]);
  },
});
