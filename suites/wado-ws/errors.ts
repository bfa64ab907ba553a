import { severities } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { sendsText } from '../kit/faults.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { expectAnswered, responsesFor } from '../kit/ws.ts';
import { warningDefects } from '../kit/ws-errors.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { askMixed, expectFailed, expectNoError } from '../kit/ws-outcomes.ts';

// PS3.18-2013 6.4.1.2.1: severity, errorCode, codeContext and location.
export const registryError = check({
  id: 'wado-ws/errors/an-error-says-what-and-where',
  title: 'A failed document has a RegistryError with severity Error, a code, a message and its UID, and no DocumentResponse',
  requires: ['WADO-WS-6.4.1.2.1-12', 'WADO-WS-6.4.1.2.1-11', 'WADO-WS-6.4.1.2.1-18'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/ location="[^"]*"/, ''))),
  async run(t, { desk }) {
    const rows = { error: 'WADO-WS-6.4.1.2.1-12', response: 'WADO-WS-6.4.1.2.1-11' } as const;
    expectFailed(t, await askMixed(t, desk), rows);
  },
});

// 6.4.1.2.1: a warning goes with a document that is delivered.
export const warnings = check({
  id: 'wado-ws/errors/a-warning-says-what-and-where',
  title: 'A RegistryError with severity Warning has a code, a message and the UID of a document that is delivered',
  requires: ['WADO-WS-6.4.1.2.1-13'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text =>
      text.replace(
        /(<rs:RegistryResponse [^>]*?)\/>/,
        `$1><rs:RegistryErrorList><rs:RegistryError errorCode="urn:x" codeContext="something" severity="${severities.warning}"/></rs:RegistryErrorList></rs:RegistryResponse>`,
      ),
    ),
  ),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, 'a request for a known document');
    t.expect('what is wrong with the warnings', warningDefects(answer), []);
  },
});

export const noError = check({
  id: 'wado-ws/errors/no-error-for-what-is-delivered',
  title: 'A document that is delivered is delivered once, and no RegistryError but a warning names it',
  requires: ['WADO-WS-6.4.1.2.1-14', 'WADO-WS-6.4.1.2.1-15'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text =>
      text.replace(
        /(<rs:RegistryResponse [^>]*?)\/>([\s\S]*?<ihe:DocumentUniqueId>)([^<]*)/,
        `$1><rs:RegistryErrorList><rs:RegistryError errorCode="urn:x" codeContext="all is well" location="$3" severity="urn:x:Information"/></rs:RegistryErrorList></rs:RegistryResponse>$2$3`,
      ),
    ),
  ),
  async run(t, { desk }) {
    const { sopInstanceUID } = desk.instance;
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, 'a request for a known document');
    expectNoError(t, answer, desk);
    t.expect(
      'the number of responses for one document',
      responsesFor(answer, sopInstanceUID).length,
      satisfying('1', (n: number) => n === 1),
      { row: 'WADO-WS-6.4.1.2.1-15' },
    );
  },
});
