import { check } from '../harness/check.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import { hears, on, sendsHeaders, sendsStatus } from '../kit/faults.ts';
import { firstOf, textOf } from '../kit/finding.ts';
import { expectNames, namesFound } from '../kit/found.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { sendSearch, warning299 } from '../kit/search.ts';
import { decodesValues } from '../kit/values.ts';

const encoded = encodeURIComponent;
const asked = /fuzzymatching=true/;

/** PS3.18-2013 6.7.1.2.1: the sentence of the Warning; punctuation counts for nothing. */
const saysSo = (exchange: Exchange): boolean => /fuzzymatching/i.test(warning299(exchange)) && /not supported/i.test(warning299(exchange));

// PS3.18-2013 6.7.1.1: fuzzymatching is true or false. The Warning of a server that does not do it is no failure.
export const values = check({
  id: 'qido-rs/fuzzy/true-and-false-are-understood',
  title: 'A search with fuzzymatching=true or fuzzymatching=false is answered with status 200',
  requires: ['QIDO-RS-6.7.1.1-50', 'QIDO-RS-6.7.1.2.1-53', 'QIDO-RS-6.7.1.2.1-55'],
  given: { ct: fixture('ct') },
  fault: on(asked, sendsStatus(501)),
  async run(t, { ct }) {
    for (const value of ['true', 'false']) {
      const exchange = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&fuzzymatching=${value}`);
      const row = warning299(exchange) === '' ? 'QIDO-RS-6.7.1.1-50' : 'QIDO-RS-6.7.1.2.1-53';
      t.expect(`the status of a search with fuzzymatching=${value}`, exchange.response.status, 200, { row });
      t.record(`a Warning for fuzzymatching=${value}`, warning299(exchange) === '' ? 'not sent' : 'sent');
    }
  },
});

/** Names that some common algorithm takes for CONFTEST-Smith^John: other letter case, sound, order, parts and delimiters. */
const variations = (name: string): readonly string[] => [
  name.toLowerCase(),
  name.replace('Smith', 'Smyth'),
  name.replace('John', 'Jon'),
  name.split('^').toReversed().join('^'),
  name.replace('^', ' '),
  name.split('^')[0] ?? '',
  'Smith',
  'smith',
  'Smith^John',
  'John',
];

// PS3.18-2013 6.7.1.2.1: either it is done, as the conformance statement says, or a Warning says that it is not.
export const doneOrSaid = check({
  id: 'qido-rs/fuzzy/done-or-said-not-to-be',
  title: 'fuzzymatching=true is either done, without losing literal matches, or answered with its Warning',
  requires: ['QIDO-RS-6.7.1.2.1-52', 'QIDO-RS-6.7.1.2.1-51'],
  given: { smith: fixture('search-smith') },
  fault: hears(url => url.searchParams.delete('fuzzymatching')),
  async run(t, { smith }) {
    const name = textOf(firstOf(smith), 'PatientName');
    // A caret as it is can be sent to a target that does not decode values; a blank cannot.
    const decodes = await t.given(decodesValues);
    const written = (value: string) => (decodes ? encoded(value) : value);
    const by = (value: string) => `studies?StudyInstanceUID=${smith.studyInstanceUID}&PatientName=${written(value)}&fuzzymatching=true`;
    const literally = by(name);
    const exchange = await sendSearch(t, literally);
    await expectNames(t, 'study', literally, [smith], [smith.name], { row: 'QIDO-RS-6.7.1.2.1-51' });
    if (saysSo(exchange)) {
      t.expect('what shows of fuzzymatching=true', 'its Warning', 'its Warning');
      return;
    }
    const tried = [];
    for (const value of variations(name)) {
      if (!decodes && value.includes(' ')) continue;
      tried.push(value);
      const found = await namesFound(t, 'study', by(value), [smith]);
      if (found !== null && found.size > 0) {
        t.record('fuzzymatching=true', `supported: ${value} finds ${name}`);
        t.expect('what shows of fuzzymatching=true', 'matches that are not literal', 'matches that are not literal');
        return;
      }
    }
    t.expect(
      'what shows of fuzzymatching=true',
      `no Warning 299 with its sentence (Warning: ${headerValue(exchange.response.headers, 'Warning') ?? 'none'}), and none of ${tried.length} variations of a name is found: ${tried.join(', ')}`,
      'a Warning 299 that says it is not supported, or matches that are not literal',
    );
  },
});

// PS3.18-2013 6.7.1.2.1: the Warning speaks of the parameter, not of the keys.
export const whateverTheKeys = check({
  id: 'qido-rs/fuzzy/warning-whatever-the-keys',
  title: 'The Warning for fuzzymatching=true does not depend on the keys',
  requires: ['QIDO-RS-6.7.1.2.1-54'],
  given: { ct: fixture('ct') },
  fault: on(
    /PatientName=.*fuzzymatching=true/,
    sendsHeaders({
      Warning:
        '299 http://mock.invalid/dicom-web: "The fuzzymatching parameter is not supported. Only literal matching has been performed."',
    }),
  ),
  async run(t, { ct }) {
    const warned = async (key: string) => {
      const exchange = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&${key}&fuzzymatching=true`);
      return saysSo(exchange) ? 'a Warning' : 'no Warning';
    };
    const [withName, without] = [await warned('PatientName=CONFTEST*'), await warned('PatientID=CONFTEST-CT')];
    t.expect('the answer to fuzzymatching=true without a person name among the keys', without, withName);
  },
});

// PS3.18-2013 6.7.1.2 and 6.7.1.2.1: 299, the base URL of the service, a colon and the text.
export const agent = check({
  id: 'qido-rs/fuzzy/warnings-name-the-service',
  title: 'A Warning 299 of a search names who warns',
  requires: ['QIDO-RS-6.7.1.2.1-59'],
  given: { ct: fixture('ct') },
  fault: on(
    asked,
    sendsHeaders({ Warning: '299 : "The fuzzymatching parameter is not supported. Only literal matching has been performed."' }),
  ),
  async run(t, { ct }) {
    const exchange = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&fuzzymatching=true`);
    if (warning299(exchange) === '') t.record('a Warning 299', 'not sent to this search');
  },
  watch(t, exchange) {
    const { pathname } = new URL(exchange.request.url);
    const warning = warning299(exchange);
    if (warning === '' || exchange.request.method !== 'GET' || !/\/(studies|series|instances)\/?$/.test(pathname)) return;
    const [, named = ''] = /299\s+([^\s"]*)/.exec(warning) ?? [];
    t.expect('who warns, in a Warning 299', named.replaceAll(/[:\s-]/g, '') === '' ? 'nobody' : 'somebody', 'somebody');
    t.record('who warns', /^https?:/.test(named) ? 'the base URL' : named);
  },
});
