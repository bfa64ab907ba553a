import { namespaces, wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { sendsText } from '../kit/faults.ts';
import { informationDesk } from '../kit/givens/ws.ts';
import { actionOf, expectAnswered, responsesFor } from '../kit/ws.ts';
import { onInformation } from '../kit/ws-faults.ts';
import {
  askMixed,
  expectAccounted,
  expectFailed,
  expectHomeCommunity,
  expectNoError,
  expectStatuses,
  requests,
} from '../kit/ws-outcomes.ts';

// PS3.18-2013 6.4.3.1.
export const actions = check({
  id: 'wado-ws/information/the-actions-are-those-of-the-text',
  title: 'RetrieveImagingDocumentSetMetadata is taken and answered with the actions of the text, which say Information',
  requires: ['WADO-WS-6.4.3.1-02'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replaceAll('SetInformationResponse</wsa:Action>', 'SetMetadataResponse</wsa:Action>'))),
  async run(t, { desk }) {
    const { request, response } = wsActions.information;
    t.expect('the action with which the target takes the request', desk.uri, request.action);
    t.expect('wsa:Action of the answer', actionOf(await desk.ask(t, [desk.want(desk.instance)])), response.action);
  },
});

// 6.4.3.2.
export const element = check({
  id: 'wado-ws/information/the-element-of-the-answer',
  title: 'The answer is a wado:RetrieveImagingDocumentSetInformationResponse with a RegistryResponse that has a status',
  requires: ['WADO-WS-6.4.3.2-03'],
  given: { desk: informationDesk },
  fault: onInformation(
    sendsText(text =>
      text.replaceAll('wado:RetrieveImagingDocumentSetInformationResponse', 'wado:RetrieveImagingDocumentSetMetadataResponse'),
    ),
  ),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    const { name, namespace } = answer.element ?? {};
    t.expect('the element in Body', { name, namespace }, { name: wsActions.information.response.name, namespace: namespaces.wado });
    t.expect('whether there is a RegistryResponse with a status', answer.overall !== '', true);
  },
});

export const statuses = check({
  id: 'wado-ws/information/the-status-is-one-of-three-urns',
  title: 'The status of the response is one of three URNs and tells whether everything was delivered',
  requires: ['WADO-WS-6.4.3.2-13'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replace(/urn:ihe:iti:2007:ResponseStatusType:PartialSuccess/, 'PartialSuccess'))),
  run: (t, { desk }) => expectStatuses(t, desk, 'WADO-WS-6.4.3.2-13'),
});

export const accounted = check({
  id: 'wado-ws/information/every-document-is-accounted-for',
  title: 'Of each document results are returned, or an error that is complete',
  requires: ['WADO-WS-6.4.3.2-02', 'WADO-WS-6.4.3.2-12'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replace(/ location="[^"]*"/, ''))),
  async run(t, { desk }) {
    const answer = await askMixed(t, desk);
    expectAccounted(t, answer, desk);
    expectFailed(t, answer, { error: 'WADO-WS-6.4.3.2-12' });
    expectNoError(t, answer, desk, 'WADO-WS-6.4.3.2-12');
  },
});

// 6.4.3.2 prints DocumentResponse further down.
export const oneEach = check({
  id: 'wado-ws/information/one-response-for-each-document',
  title: 'Each document has one DocumentInformationResponse with its DocumentUniqueId, and no FrameNumber',
  requires: ['WADO-WS-6.4.3.2-04', 'WADO-WS-6.4.3.2-05', 'WADO-WS-6.4.3.2-07'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replaceAll('wado:DocumentInformationResponse', 'wado:InformationResponse'))),
  async run(t, { desk }) {
    const { sopInstanceUID } = desk.instance;
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    const responses = answer.element?.children.filter(({ name }) => name !== 'RegistryResponse') ?? [];
    const named = responses.map(({ name }) => name);
    // 6.4.3.2 says DocumentResponse in its rules for single documents.
    t.record('the name of the response element', named.join());
    t.expect(
      'the response elements for one document',
      named.map(name => (name === 'DocumentResponse' ? 'DocumentInformationResponse' : name)),
      ['DocumentInformationResponse'],
    );
    const right = responsesFor(answer, sopInstanceUID).length === 1;
    t.expect('whether DocumentUniqueId of the response is that of the request', right, true, { row: 'WADO-WS-6.4.3.2-05' });
    t.expect('FrameNumber, for which the request has no place', answer.documents[0]?.text('FrameNumber') || 'not there', 'not there', {
      row: 'WADO-WS-6.4.3.2-07',
    });
  },
});

export const homeCommunity = check({
  id: 'wado-ws/information/the-home-community-is-that-of-the-request',
  title: 'HomeCommunityId is that of the request, and absent where the request has none',
  requires: ['WADO-WS-6.4.3.2-06'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replace(/<ihe:HomeCommunityId>.*?<\/ihe:HomeCommunityId>/, ''))),
  run: (t, { desk }) => expectHomeCommunity(t, desk),
});
