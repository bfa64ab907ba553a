import { severities } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { sendsText } from '../kit/faults.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { unknownUid } from '../kit/offers.ts';
import { expectAnswered, responsesFor } from '../kit/ws.ts';
import { errorIn, warningDefects } from '../kit/ws-errors.ts';
import { onRetrieve } from '../kit/ws-faults.ts';

// PS3.18-2013 6.4.1.2.1: severity, errorCode, codeContext and location.
export const registryError = check({
  id: 'wado-ws/errors/an-error-says-what-and-where',
  title: 'A failed document has a RegistryError with severity Error, a code, a message and its UID, and no DocumentResponse',
  requires: ['WADO-WS-6.4.1.2.1-12', 'WADO-WS-6.4.1.2.1-11', 'WADO-WS-6.4.1.2.1-18'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/ location="[^"]*"/, ''))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance), desk.want({ ...desk.instance, sopInstanceUID: unknownUid })]);
    expectAnswered(t, answer, 'a request for a known and an unknown document');
    const error = errorIn(answer, unknownUid);
    const told = { severity: error?.severity, location: error?.location };
    t.expect('severity and location of the error for an unknown document', told, { severity: severities.error, location: unknownUid });
    const filled = { errorCode: error?.errorCode !== '', codeContext: error?.codeContext !== '' };
    t.expect('whether errorCode and codeContext of the error are filled', filled, { errorCode: true, codeContext: true });
    t.record('the code for an unknown document', error?.errorCode ?? '');
    t.expect('the number of responses for an unknown document', responsesFor(answer, unknownUid).length, 0, {
      row: 'WADO-WS-6.4.1.2.1-11',
    });
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
    if (responsesFor(answer, sopInstanceUID).length === 0) t.skip('the target does not deliver the document');
    const naming = answer.errors.filter(({ location, severity }) => location === sopInstanceUID && severity !== severities.warning);
    t.expect(
      'the errors that name a document that is delivered',
      naming.map(({ errorCode, severity }) => `${errorCode} (${severity})`),
      [],
    );
    t.expect(
      'the number of responses for one document',
      responsesFor(answer, sopInstanceUID).length,
      satisfying('1', (n: number) => n === 1),
      { row: 'WADO-WS-6.4.1.2.1-15' },
    );
  },
});
