import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { answers, on, sendsJson, status } from '../kit/faults.ts';
import { expectNames, namesFound, namesOf } from '../kit/found.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { inWords, isRefusal, sendSearch } from '../kit/search.ts';
import { ignores } from './keys/key-check.ts';
import { outcome } from './outcome.ts';

// PS3.18-2013 6.7.1.1 and 6.7.1.3: what is neither tag nor keyword; the text does not say whether it is ignored.
export const unknown = check({
  id: 'qido-rs/odd-keys/unknown-names',
  title: 'A key that is no attribute is refused or ignored, and changes nothing else',
  requires: ['QIDO-RS-6.7.1.1-30'],
  given: { ct: fixture('ct') },
  fault: answers(async (response, request) =>
    request.url.includes('NotAKeyword') ? new Response('[]', { headers: { 'Content-Type': 'application/json' } }) : response,
  ),
  async run(t, { ct }) {
    for (const name of ['NotAKeyword', '00ZZ0010']) {
      const resource = `studies?StudyInstanceUID=${ct.studyInstanceUID}&${name}=1`;
      const { status: code } = (await sendSearch(t, resource)).response;
      const answer =
        code === 200 ? `status 200, ${await outcome(t, resource)}` : isRefusal(code) && code !== 501 ? 'refused' : `status ${code}`;
      t.record(`the key ${name}`, answer === 'refused' ? `refused with ${code}` : answer);
      // What a reader may well take for a tag may be obeyed.
      if (name.includes(',')) continue;
      t.expect(`the answer to a search with the key ${name}=1`, answer === 'refused' ? 'status 200, found' : answer, 'status 200, found');
    }
    // Another spelling of a tag may be understood as one.
    const { status: code } = (await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&0010,0020=NOBODY`)).response;
    t.record('a tag with a comma', code === 200 ? 'answered' : `status ${code}`);
  },
});

// PS3.18-2013 6.7.1.1: attributes of lower levels are not among those that a key of a search for studies may name; what happens then is left open.
export const lowerLevels = check({
  id: 'qido-rs/odd-keys/keys-of-lower-levels',
  title: 'A key of a lower level in a search for studies is refused, ignored or obeyed',
  requires: ['QIDO-RS-6.7.1.1-30', 'QIDO-RS-6.7.1.1-32'],
  given: { ct: fixture('ct') },
  fault: on(/[?&]Modality=/, status(500)),
  async run(t, { ct }) {
    for (const value of ['CT', 'ZZ']) {
      const { status: code } = (await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&Modality=${value}`)).response;
      t.record(`Modality=${value} in a search for studies`, code === 200 ? 'answered' : `status ${code}`);
      t.expect(
        `the status of a search for studies by Modality=${value}`,
        code,
        satisfying('anything below 500', (each: number) => each < 500),
      );
    }
  },
});

// PS3.18-2013 6.7.1.1: Timezone Offset From UTC is one of the attributes that a key may name. It says how to read the request and does not filter.
export const timezone = check({
  id: 'qido-rs/odd-keys/timezone-offset-from-utc',
  title: 'Timezone Offset From UTC may be given, and does not filter by itself',
  requires: ['QIDO-RS-6.7.1.1-33', 'QIDO-RS-6.7.1.2.1-50'],
  given: { ct: fixture('ct'), zone: fixture('search-timezone') },
  fault: on(/TimezoneOffsetFromUTC=/, status(400)),
  async run(t, { ct, zone }) {
    for (const study of [ct, zone]) {
      for (const query of ['TimezoneOffsetFromUTC=%2B0900', '00080201=-0500']) {
        const resource = `studies?StudyInstanceUID=${study.studyInstanceUID}&${query}`;
        const { status: code } = (await sendSearch(t, resource)).response;
        t.expect(
          `the status of a search with ${decodeURIComponent(query)}`,
          code,
          satisfying('anything but 400', (each: number) => each !== 400),
        );
        await expectNames(t, 'study', resource, [study], [study.name], { row: 'QIDO-RS-6.7.1.2.1-50' });
      }
    }
  },
});

// PS3.18-2013 6.7.1.1: an attribute without UID list matching may be a key once only.
export const twice = check({
  id: 'qido-rs/odd-keys/a-key-that-is-no-uid-twice',
  title: 'A key that is no UID, given twice, is refused or finds nothing that neither value describes',
  requires: ['QIDO-RS-6.7.1.1-35'],
  given: { ct: fixture('ct') },
  fault: on(/PatientID=.*PatientID=/, ignores('PatientID')),
  async run(t, { ct }) {
    const resource = `studies?StudyInstanceUID=${ct.studyInstanceUID}&PatientID=NO-SUCH-PATIENT&PatientID=NOBODY`;
    const { status: code } = (await sendSearch(t, resource)).response;
    t.record('a key that is no UID, given twice', code === 200 ? 'answered' : `status ${code}`);
    const answer = isRefusal(code) ? 'not found' : code === 200 ? await outcome(t, resource) : `status ${code}`;
    t.expect('a study that neither of two values of PatientID describes', answer, 'not found');
  },
});

// PS3.4-2013 C.2.2.2: Specific Character Set tells how values are encoded and is never matched.
export const characterSet = check({
  id: 'qido-rs/odd-keys/specific-character-set-does-not-filter',
  title: 'Specific Character Set as a key does not filter',
  requires: ['QIDO-RS-6.7.1.2.1-48'],
  given: { ct: fixture('ct'), latin: fixture('charset-latin-1') },
  fault: on(
    /SpecificCharacterSet=/,
    sendsJson(() => []),
  ),
  async run(t, { ct, latin }) {
    for (const study of [ct, latin]) {
      const resource = `studies?StudyInstanceUID=${study.studyInstanceUID}&SpecificCharacterSet=ISO_IR%20100`;
      const found = await namesFound(t, 'study', resource, [study]);
      t.expect(
        `what GET ${inWords(resource)} finds, if it is not refused`,
        found ?? new Set([study.name]),
        new Set(namesOf('study', [study]).values()),
      );
    }
  },
});
