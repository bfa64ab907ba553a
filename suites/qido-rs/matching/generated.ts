import fc from 'fast-check';
import type { FixtureStudy } from '../../../fixtures/recipe.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import { check } from '../../harness/check.ts';
import { inProcess } from '../../harness/transport.ts';
import { hears, on } from '../../kit/faults.ts';
import { firstOf, textOf, uidsFound } from '../../kit/finding.ts';
import { searchedStudies } from '../../kit/givens/searched.ts';
import { acceptJson } from '../../kit/media.ts';
import { oracle } from '../../kit/oracle.ts';

/** How a key's value is made from a value that is stored, and the requirement that decides what it finds. */
interface Form {
  readonly row: RequirementId;
  /** `at` is a place in the value, 0 to 1. */
  make(stored: string, at: number): string;
}

const place = (text: string, at: number) => Math.floor(at * (text.length - 1));

const whole: Form = { row: 'QIDO-RS-6.7.1.2.1-06', make: stored => stored };
const otherCase: Form = {
  row: 'QIDO-RS-6.7.1.2.1-06',
  make: stored => (stored === stored.toLowerCase() ? stored.toUpperCase() : stored.toLowerCase()),
};
const beginning: Form = { row: 'QIDO-RS-6.7.1.2.1-07', make: (stored, at) => stored.slice(0, place(stored, at) + 1) };
const asteriskAfter: Form = { row: 'QIDO-RS-6.7.1.2.1-14', make: (stored, at) => `${stored.slice(0, place(stored, at) + 1)}*` };
const asteriskBefore: Form = { row: 'QIDO-RS-6.7.1.2.1-14', make: (stored, at) => `*${stored.slice(place(stored, at))}` };
const questionMark: Form = {
  row: 'QIDO-RS-6.7.1.2.1-15',
  make: (stored, at) => `${stored.slice(0, place(stored, at))}?${stored.slice(place(stored, at) + 1)}`,
};
const anything: Form = { row: 'QIDO-RS-6.7.1.2.1-12', make: () => '' };
const until: Form = { row: 'QIDO-RS-6.7.1.2.1-26', make: stored => `-${stored}` };
const from: Form = { row: 'QIDO-RS-6.7.1.2.1-27', make: stored => `${stored}-` };

const text = [whole, otherCase, beginning, asteriskAfter, asteriskBefore, questionMark, anything];
const date = [whole, until, from, anything];

/** The required keys of PS3.18-2013 Table 6.7.1-1 whose matching the standard leaves no freedom in; person names and times have some. */
const forms: Readonly<Record<string, readonly Form[]>> = {
  PatientID: text,
  AccessionNumber: text,
  StudyID: text,
  StudyDate: date,
  StudyInstanceUID: [whole],
};

/** One key of a query: which attribute, which form of value, and whose stored value it is made from. */
interface Key {
  readonly keyword: string;
  readonly form: Form;
  readonly value: string;
}

function keys(studies: readonly FixtureStudy[]): fc.Arbitrary<readonly Key[]> {
  const storedIn = (keyword: string) => [
    ...new Set(studies.map(study => textOf(firstOf(study), keyword)).filter(value => value.length > 1)),
  ];
  const searchable = Object.keys(forms).filter(keyword => storedIn(keyword).length > 0);
  const key = fc.constantFrom(...searchable).chain(keyword => {
    return fc
      .record({
        form: fc.constantFrom(...(forms[keyword] ?? [])),
        source: fc.constantFrom(...storedIn(keyword)),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ form, source, at }): Key => ({ keyword, form, value: form.make(source, at) }));
  });
  return fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: ({ keyword }) => keyword });
}

const inUrl = (query: readonly Key[]) => query.map(({ keyword, value }) => `${keyword}=${encodeURIComponent(value)}`).join('&');

// PS3.4-2013 C.2.2.2: whatever is asked, the reference server and the target find the same studies of the fixtures.
export const generated = check({
  id: 'qido-rs/matching/generated-queries-find-what-the-reference-finds',
  title: 'Generated queries find the same fixtures on the target and on the reference server',
  requires: [
    'QIDO-RS-6.7.1.2.1-01',
    'QIDO-RS-6.7.1.2.1-06',
    'QIDO-RS-6.7.1.2.1-07',
    'QIDO-RS-6.7.1.2.1-14',
    'QIDO-RS-6.7.1.2.1-15',
    'QIDO-RS-6.7.1.2.1-12',
    'QIDO-RS-6.7.1.2.1-26',
    'QIDO-RS-6.7.1.2.1-27',
  ],
  given: { studies: searchedStudies },
  fault: on(
    /\*/,
    hears(url => {
      url.search = url.search.replaceAll('*', '');
    }),
  ),
  async run(t, { studies }) {
    const reference = inProcess(oracle(t.edition).fetch);
    await t.forAll(
      keys(studies),
      async query => {
        // PS3.4-2013 C.2.2.1.2: an empty stored value may count as a match or not.
        const judged = new Set(
          studies
            .filter(study => query.every(({ keyword }) => textOf(firstOf(study), keyword) !== ''))
            .map(study => study.studyInstanceUID),
        );
        const resource = `studies?${inUrl(query)}`;
        const [decisive] = query;
        const row = query.length === 1 && decisive ? decisive.form.row : 'QIDO-RS-6.7.1.2.1-01';
        const got = await uidsFound(t, 'study', resource, { row });
        const { body } = await reference.send({
          method: 'GET',
          url: `http://reference.invalid/dicom-web/${resource}`,
          headers: [['Accept', acceptJson(t.edition)]],
          body: null,
        });
        const wanted = (JSON.parse(Buffer.from(body).toString('utf8') || '[]') as Record<string, { Value?: string[] }>[]).map(
          found => found['0020000D']?.Value?.[0] ?? '',
        );
        const names = (uids: Iterable<string>) =>
          new Set([...uids].filter(uid => judged.has(uid)).map(uid => studies.find(study => study.studyInstanceUID === uid)?.name ?? uid));
        t.expect(`the fixture studies found by ${decodeURIComponent(inUrl(query))}`, names(got ?? []), names(wanted), { row });
      },
      { words: query => decodeURIComponent(inUrl(query)) },
    );
  },
});
