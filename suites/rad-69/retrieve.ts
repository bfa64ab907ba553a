import { explicitLittleEndian, rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { unknownRepository } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { hearsText, sendsText } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { expectAnswered } from '../kit/ws.ts';
import { errorIn } from '../kit/ws-errors.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { retrieved } from '../kit/ws-objects.ts';
import { requests } from '../kit/ws-outcomes.ts';
import { syntaxList } from '../kit/ws-request.ts';
import { schemaErrors } from '../kit/ws-schemas.ts';

/** A transfer syntax that nobody makes of a single image. */
const video = '1.2.840.10008.1.2.4.100';

// IHE ITI-43: a repository that is not the one asked.
export const foreign = check({
  id: 'rad-69/retrieve/another-repository-is-unknown',
  title: 'A document of another repository is refused with XDSUnknownRepositoryId',
  requires: ['WADO-WS-RAD69-05'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(hearsText(text => text.replace(/<ihe:RepositoryUniqueId>2\.25\.4711<\/ihe:RepositoryUniqueId>/, ''))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance, { repository: '2.25.4711' })]);
    const error = errorIn(answer, desk.instance.sopInstanceUID)?.errorCode ?? 'no error';
    const accepted = satisfying(unknownRepository, (code: string) => code.endsWith(unknownRepository));
    t.expect('the error code for a document of another repository', answer.documents.length > 0 ? 'a document' : error, accepted);
  },
});

// IHE RAD-69: an error, no image.
export const impossible = check({
  id: 'rad-69/retrieve/an-impossible-transfer-syntax-is-an-error',
  title: 'A document that cannot be had in any transfer syntax of the list is an error and not delivered',
  requires: ['WADO-WS-RAD69-06'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(hearsText(text => text.replaceAll(video, explicitLittleEndian))),
  async run(t, { desk, ct }) {
    const instance = firstOf(ct);
    const answer = await desk.ask(t, [desk.want(instance)], { last: syntaxList([video]) });
    const outcome = answer.documents.length > 0 ? 'a document' : errorIn(answer, instance.sopInstanceUID) ? 'an error' : 'neither';
    t.expect('the answer to a CT image as MPEG2 alone', outcome, 'an error');
  },
});

export const anyListed = check({
  id: 'rad-69/retrieve/any-transfer-syntax-of-the-list-will-do',
  title: 'Where the first transfer syntax of the list is impossible, another one of it is used',
  requires: ['WADO-WS-RAD69-07'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(
    hearsText(text =>
      text.replace(new RegExp(`(>${video.replaceAll('.', '\\.')}</iherad:TransferSyntaxUID>).*?(?=</iherad:TransferSyntaxUIDList>)`), '$1'),
    ),
  ),
  async run(t, { desk, ct }) {
    const object = await retrieved(t, desk, firstOf(ct), { syntaxes: [video, explicitLittleEndian, rleLossless] });
    t.expect(
      'the transfer syntax of a CT image for a list that begins with MPEG2',
      object?.transferSyntax,
      anyOf(explicitLittleEndian, rleLossless),
    );
  },
});

// IHE ITI-43: the response by its schema, in which RepositoryUniqueId is required.
export const schema = check({
  id: 'rad-69/retrieve/the-response-is-valid',
  title: 'The response is valid by the schema of the Document Repository, with a RepositoryUniqueId for each document',
  requires: ['WADO-WS-RAD69-08'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/(<ihe:mimeType>.*?<\/ihe:mimeType>)(<ihe:Document>.*?<\/ihe:Document>)/, '$2$1'))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    if (!answer.message) return;
    t.expect('what is not valid in the response', await schemaErrors(answer.message.envelope), []);
    const without = answer.documents.filter(({ text }) => (text('RepositoryUniqueId') ?? '') === '').length;
    if (desk.repository !== null) t.expect('the number of documents without RepositoryUniqueId', without, 0);
  },
});
