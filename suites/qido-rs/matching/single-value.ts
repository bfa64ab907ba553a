import { check } from '../../harness/check.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { expectFinding, firstOf, textOf } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';

const search = /\/studies\?/;

const encoded = encodeURIComponent;

// PS3.4-2013 C.2.2.2.1: equality, case-sensitive, for every VR but PN.
export const caseSensitive = check({
  id: 'qido-rs/matching/single-value-is-case-sensitive',
  title: 'A single value matches the stored value exactly, letter case included',
  requires: ['QIDO-RS-6.7.1.2.1-06', 'QIDO-RS-6.7.1.2.1.1-07'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => value.toUpperCase()),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    await expectFinding(t, ct, [
      { query: `PatientID=${encoded(id)}`, finds: true, row: 'QIDO-RS-6.7.1.2.1.1-07' },
      { query: `PatientID=${encoded(id.toLowerCase())}`, finds: false },
    ]);
  },
});

export const wholeValue = check({
  id: 'qido-rs/matching/single-value-is-the-whole-value',
  title: 'A single value does not match as part of a longer one',
  requires: ['QIDO-RS-6.7.1.2.1-07', 'QIDO-RS-6.7.1.2.1.1-03'],
  given: { ct: fixture('ct') },
  fault: hearsKey('AccessionNumber', value => `${value}*`),
  async run(t, { ct }) {
    const accession = textOf(firstOf(ct), 'AccessionNumber');
    await expectFinding(t, ct, [
      { query: `AccessionNumber=${encoded(accession)}`, finds: true, row: 'QIDO-RS-6.7.1.2.1.1-03' },
      { query: `AccessionNumber=${encoded(accession.slice(0, -1))}`, finds: false },
      { query: `AccessionNumber=${encoded(accession.slice(1))}`, finds: false },
    ]);
  },
});

// PS3.18-2013 6.7.1.2.1 with PS3.4-2013 C.4.1.3.1.1: an entity matches if all keys match.
export const allKeys = check({
  id: 'qido-rs/matching/all-keys-have-to-match',
  title: 'Several keys find what matches all of them',
  requires: ['QIDO-RS-6.7.1.2.1-01'],
  given: { ct: fixture('ct') },
  fault: on(
    search,
    hears(url => url.searchParams.delete('AccessionNumber')),
  ),
  async run(t, { ct }) {
    const first = firstOf(ct);
    const id = `PatientID=${encoded(textOf(first, 'PatientID'))}`;
    await expectFinding(t, ct, [
      { query: `${id}&AccessionNumber=${encoded(textOf(first, 'AccessionNumber'))}`, finds: true },
      { query: `${id}&AccessionNumber=NO-SUCH-NUMBER`, finds: false },
    ]);
  },
});

// PS3.4-2013 C.2.2.2.1 and C.2.2.2.5: the hyphen makes a range of dates and times only.
export const hyphen = check({
  id: 'qido-rs/matching/hyphens-in-text-are-text',
  title: 'A hyphen has no range meaning in text and numbers',
  requires: ['QIDO-RS-6.7.1.2.1-37'],
  given: { ct: fixture('ct') },
  fault: hearsKey('PatientID', value => (value.includes('-') ? value.replace(/-.*/, '*') : value)),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    await expectFinding(t, ct, [
      { query: `PatientID=${encoded(id)}`, finds: true },
      { query: `PatientID=${encoded(`${id.split('-')[0]}-ZZZZ`)}`, finds: false },
      { query: `PatientID=${encoded(`A-${id}`)}`, finds: false },
    ]);
  },
});

// PS3.18-2013 6.7.1.1: characters that URLs do not allow are encoded, and decoded before they are compared.
export const percentEncoding = check({
  id: 'qido-rs/matching/percent-encoded-values',
  title: 'Percent-encoded characters of a value are decoded before matching',
  requires: ['QIDO-RS-6.7.1.1-40'],
  given: { ct: fixture('ct') },
  fault: on(
    /PatientID=[^&]*%/,
    hears(url => {
      url.search = url.search.replace(/PatientID=([^&]*)/, (_, value: string) => `PatientID=${value.replaceAll('%', '%25')}`);
    }),
  ),
  async run(t, { ct }) {
    const id = textOf(firstOf(ct), 'PatientID');
    const everyByte = [...Buffer.from(id)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    await expectFinding(t, ct, [{ query: `PatientID=${everyByte}`, finds: true }], { judgesEncoding: true });
  },
});

// PS3.4-2013 C.2.2.2.3: a zero-length value matches everything.
export const universal = check({
  id: 'qido-rs/matching/a-value-of-zero-length-matches-everything',
  title: 'A key without a value does not filter',
  requires: ['QIDO-RS-6.7.1.2.1-12'],
  given: { ct: fixture('ct') },
  fault: hearsKey('AccessionNumber', value => (value === '' ? 'NO-SUCH-NUMBER' : value)),
  async run(t, { ct }) {
    const id = encoded(textOf(firstOf(ct), 'PatientID'));
    await expectFinding(t, ct, [
      { query: `AccessionNumber=&PatientID=${id}`, finds: true },
      { query: 'AccessionNumber=&PatientID=NO-SUCH-PATIENT', finds: false },
    ]);
  },
});
