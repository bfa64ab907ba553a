import { namespaces, registryStatuses, wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { sendsText } from '../kit/faults.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { expectAnswered, expectDelivered } from '../kit/ws.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { expectHomeCommunity, kindOf, outcomes, requests } from '../kit/ws-outcomes.ts';

// PS3.18-2013 6.4.1.2.1.
export const element = check({
  id: 'wado-ws/response/the-element-of-the-answer',
  title: 'The answer is an ihe:RetrieveDocumentSetResponse that begins with an rs:RegistryResponse with a status',
  requires: ['WADO-WS-6.4.1.2.1-01', 'WADO-WS-6.4.1.2.1-02'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replaceAll('ihe:RetrieveDocumentSetResponse', 'wado:RetrieveDocumentSetResponse'))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    const { name, namespace } = answer.element ?? {};
    const { prefix, name: wanted } = wsActions.retrieve.response;
    t.expect('the element in Body', { name, namespace }, { name: wanted, namespace: namespaces[prefix] });
    const [first] = answer.element?.children ?? [];
    const expected = { name: 'RegistryResponse', namespace: namespaces.rs };
    t.expect('the first element in it', { name: first?.name, namespace: first?.namespace }, expected, { row: 'WADO-WS-6.4.1.2.1-02' });
    t.expect('whether RegistryResponse has a status', first?.attributes.has('status') ?? false, true, { row: 'WADO-WS-6.4.1.2.1-02' });
  },
});

export const urns = check({
  id: 'wado-ws/response/the-status-is-one-of-three-urns',
  title: 'The status of a response is one of the three URNs of the text',
  requires: ['WADO-WS-6.4.1.2.1-17'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text => text.replaceAll('urn:ihe:iti:2007:ResponseStatusType', 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType')),
  ),
  async run(t, { desk }) {
    for (const [key, answer] of Object.entries(await outcomes(t, desk)))
      t.expect(`the status of the response to ${requests[key as 'known']}`, answer.overall, anyOf(...Object.values(registryStatuses)));
  },
});

// ITI TF-2a 4.1.13; how a status is spelled is judged by itself.
export const overall = check({
  id: 'wado-ws/response/the-status-tells-the-outcome',
  title: 'The status is Success where everything was delivered, PartialSuccess where something was, Failure where nothing was',
  requires: ['WADO-WS-6.4.1.2.1-03', 'WADO-WS-6.4.1.2.1-04', 'WADO-WS-6.4.1.2.1-05'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace('ResponseStatusType:PartialSuccess', 'ResponseStatusType:Success'))),
  async run(t, { desk }) {
    const { known, mixed, unknown } = await outcomes(t, desk);
    const expected = [
      [requests.known, known, 'Success', 'WADO-WS-6.4.1.2.1-03'],
      [requests.mixed, mixed, 'PartialSuccess', 'WADO-WS-6.4.1.2.1-04'],
      [requests.unknown, unknown, 'Failure', 'WADO-WS-6.4.1.2.1-05'],
    ] as const;
    for (const [what, answer, status, row] of expected) {
      expectAnswered(t, answer, what, row);
      t.expect(`the kind of status of the response to ${what}`, kindOf(answer.overall), status, { row });
    }
  },
});

// 6.4.1.2.1: the values of the request.
export const repeated = check({
  id: 'wado-ws/response/identifiers-are-those-of-the-request',
  title: 'A DocumentResponse repeats RepositoryUniqueId and DocumentUniqueId of the request',
  requires: ['WADO-WS-6.4.1.2.1-06', 'WADO-WS-6.4.1.2.1-07'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/(<ihe:RepositoryUniqueId>)[^<]*/, '$12.25.4711'))),
  async run(t, { desk }) {
    const { sopInstanceUID } = desk.instance;
    const response = expectDelivered(t, await desk.ask(t, [desk.want(desk.instance)]), sopInstanceUID, requests.known);
    const repository = response.text('RepositoryUniqueId');
    if (desk.repository === null || repository === undefined) t.record('RepositoryUniqueId', repository ?? 'not in the response');
    else t.expect('whether RepositoryUniqueId of the response is that of the request', repository === desk.repository || repository, true);
    const document = response.text('DocumentUniqueId');
    const same = document === sopInstanceUID || (document ?? 'not there');
    t.expect('whether DocumentUniqueId of the response is that of the request', same, true, { row: 'WADO-WS-6.4.1.2.1-07' });
  },
});

// HomeCommunityId: the value of the request, and absent if the request had none. The element is called optional, so that it may be missing.
export const homeCommunity = check({
  id: 'wado-ws/response/the-home-community-is-that-of-the-request',
  title: 'HomeCommunityId of a DocumentResponse is that of the request, and absent where the request has none',
  requires: ['WADO-WS-6.4.1.2.1-08'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text =>
      text.includes('HomeCommunityId')
        ? text
        : text.replace('<ihe:DocumentResponse>', '<ihe:DocumentResponse><ihe:HomeCommunityId>urn:oid:2.25.9</ihe:HomeCommunityId>'),
    ),
  ),
  async run(t, { desk }) {
    await expectHomeCommunity(t, desk, { mayBeMissing: true });
  },
});

export const mimeType = check({
  id: 'wado-ws/response/the-mime-type-is-application-dicom',
  title: 'mimeType of a document is application/dicom',
  requires: ['WADO-WS-6.4.1.2.1-09'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace('<ihe:mimeType>application/dicom', '<ihe:mimeType>application/octet-stream'))),
  async run(t, { desk }) {
    const response = expectDelivered(t, await desk.ask(t, [desk.want(desk.instance)]), desk.instance.sopInstanceUID, requests.known);
    t.expect('mimeType of a document', response.text('mimeType')?.toLowerCase() ?? 'not there', 'application/dicom');
  },
});

export const content = check({
  id: 'wado-ws/response/the-document-has-content',
  title: 'Document of a DocumentResponse refers to its content',
  requires: ['WADO-WS-6.4.1.2.1-10'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/<xop:Include[^>]*>/, ''))),
  async run(t, { desk }) {
    const response = expectDelivered(t, await desk.ask(t, [desk.want(desk.instance)]), desk.instance.sopInstanceUID, requests.known);
    const found = response.content.how === 'part' ? 'an xop:Include' : response.content.how;
    t.expect(
      'what Document holds',
      found,
      satisfying('an xop:Include, or base64', (how: string) => how === 'an xop:Include' || how === 'inline'),
    );
  },
});

// 6.4.1.2.1-16: FrameNumber if and only if the request has it.
export const frameNumber = check({
  id: 'wado-ws/response/the-frame-number-is-that-of-the-request',
  title: 'FrameNumber of a DocumentResponse is that of the request, and absent where the request has none',
  requires: ['WADO-WS-6.4.1.2.1-16'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text =>
      text.includes('wado:FrameNumber') ? text : text.replace('<ihe:mimeType>', '<wado:FrameNumber>1</wado:FrameNumber><ihe:mimeType>'),
    ),
  ),
  async run(t, { desk }) {
    const { sopInstanceUID } = desk.instance;
    const without = expectDelivered(t, await desk.ask(t, [desk.want(desk.instance)]), sopInstanceUID, requests.known);
    t.expect('FrameNumber where the request has none', without.text('FrameNumber') ?? 'not there', 'not there');
    const inside = '<wado:FrameNumber>1</wado:FrameNumber>';
    const answer = await desk.ask(t, [desk.want(desk.instance, { inside })]);
    const [response] = answer.documents;
    if (!response) t.record('a request with FrameNumber', answer.errors.map(({ errorCode }) => errorCode).join() || 'refused');
    // 8.2.7 has no place for the element here, so that a server may leave it unread.
    else t.expect('FrameNumber where the request has 1', response.text('FrameNumber') ?? 'not there', anyOf('1', 'not there'));
  },
});
