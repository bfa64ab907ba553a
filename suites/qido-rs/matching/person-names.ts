import { check } from '../../harness/check.ts';
import { hears, hearsKey, on } from '../../kit/faults.ts';
import { firstOf, textOf } from '../../kit/finding.ts';
import { expectNames, namesFound } from '../../kit/found.ts';
import { fixture } from '../../kit/givens/fixture.ts';

const encoded = encodeURIComponent;

// PS3.18-2013 6.7.1.1 cites RFC 1738 and names no character encoding; JSON and XML are UTF-8, and so is what a client reads in them.
export const notAscii = check({
  id: 'qido-rs/matching/names-that-are-not-ascii',
  title: 'A name that is not ASCII is found by its percent-encoded UTF-8',
  requires: ['QIDO-RS-6.7.1.1-42'],
  given: { latin: fixture('charset-latin-1'), cyrillic: fixture('charset-cyrillic'), chinese: fixture('charset-gb18030') },
  // The octets are read as Latin-1.
  fault: on(
    /%[89A-F][\dA-F]/i,
    hears(url => {
      url.search = url.search.replaceAll(/(%[\dA-F]{2})+/gi, octets =>
        encoded(Buffer.from(decodeURIComponent(octets), 'utf8').toString('latin1')),
      );
    }),
  ),
  async run(t, { latin, cyrillic, chinese }) {
    for (const study of [latin, cyrillic]) {
      const by = (name: string) => `studies?StudyInstanceUID=${study.studyInstanceUID}&PatientName=${encoded(name)}`;
      const name = textOf(firstOf(study), 'PatientName');
      await expectNames(t, 'study', by(name), [study], [study.name]);
      await expectNames(t, 'study', by(`Ж${name}Ж`), [study], []);
    }
    // Which component groups a key is held against is left to the server (PS3.4-2013 C.2.2.2.1).
    const byGroup = `studies?StudyInstanceUID=${chinese.studyInstanceUID}&PatientName=`;
    for (const [what, value] of [
      ['王*', `${encoded('王')}*`],
      ['*=王*', `*%3D${encoded('王')}*`],
    ] as const) {
      const found = await namesFound(t, 'study', byGroup + value, [chinese]);
      t.record(`an ideographic name, searched for by ${what}`, found === null ? 'refused' : found.size > 0 ? 'found' : 'not found');
    }
  },
});

// PS3.18-2013 6.7.1.1: fuzzymatching asks for more than literal matching; without it nothing but literal matching is meant.
export const literal = check({
  id: 'qido-rs/matching/names-are-matched-literally',
  title: 'Without fuzzymatching a misspelt name finds nobody',
  requires: ['QIDO-RS-6.7.1.1-51', 'QIDO-RS-6.7.1.2.1-08', 'QIDO-RS-6.7.1.2.1-19'],
  given: { smith: fixture('search-smith') },
  fault: hears(url => {
    if (url.searchParams.has('PatientName')) url.searchParams.set('fuzzymatching', 'true');
  }),
  async run(t, { smith }) {
    const name = textOf(firstOf(smith), 'PatientName');
    const by = (value: string) => `studies?StudyInstanceUID=${smith.studyInstanceUID}&PatientName=${encoded(value)}`;
    await expectNames(t, 'study', by(name), [smith], [smith.name]);
    for (const misspelt of [name.replace('Smith', 'Smyth'), name.replace('John', 'Jon'), `${name}a`])
      await expectNames(t, 'study', by(misspelt), [smith], []);
    // PS3.4-2013 C.2.2.2.1 and C.2.2.2.4: letter case, accents, positions and wild cards in names are the server's to declare.
    for (const [what, value] of [
      ['in other letter case', encoded(name.toLowerCase())],
      ['with the components in the other order', encoded(name.split('^').toReversed().join('^'))],
      ['by its family name alone', encoded(name.split('^')[0] ?? '')],
      ['by its family name and an asterisk', `${encoded(name.split('^')[0] ?? '')}*`],
      ['by an asterisk, a delimiter and the given name', `*${encoded('^John')}`],
    ] as const) {
      const found = await namesFound(t, 'study', `studies?StudyInstanceUID=${smith.studyInstanceUID}&PatientName=${value}`, [smith]);
      t.record(`a name, searched for ${what}`, found === null ? 'refused' : found.size > 0 ? 'found' : 'not found');
    }
  },
});

// PS3.4-2013 C.2.2.1.2 counts an empty stored value as a match of any key; whether PS3.18 imports that is open, so neither is wrong.
export const emptyValue = check({
  id: 'qido-rs/matching/studies-without-the-value',
  title: 'A study without a value is found by a key without a value, and by any other or none',
  requires: ['QIDO-RS-6.7.1.2.1-12', 'QIDO-RS-6.7.1.2.1-56'],
  given: { empty: fixture('empty-values') },
  fault: hearsKey('AccessionNumber', value => (value === '' ? 'NO-SUCH-NUMBER' : value)),
  async run(t, { empty }) {
    const by = (value: string) => `studies?StudyInstanceUID=${empty.studyInstanceUID}&AccessionNumber=${value}`;
    await expectNames(t, 'study', by(''), [empty], [empty.name]);
    const found = await namesFound(t, 'study', by('NO-SUCH-NUMBER'), [empty]);
    t.record('a study without Accession Number, searched for by one', found === null ? 'refused' : found.size > 0 ? 'found' : 'not found');
  },
});
