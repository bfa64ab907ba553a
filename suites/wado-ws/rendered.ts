import { laterRenderedStem, namespaces, severities, wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { hearsText, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk } from '../kit/givens/ws.ts';
import { instanceNamed } from '../kit/uri.ts';
import { actionOf, expectAnswered, responsesFor } from '../kit/ws.ts';
import { warningDefects } from '../kit/ws-errors.ts';
import { onRendered } from '../kit/ws-faults.ts';
import {
  askMixed,
  expectAccounted,
  expectFailed,
  expectHomeCommunity,
  expectNoError,
  expectStatuses,
  requests,
} from '../kit/ws-outcomes.ts';
import { renderingXml } from '../kit/ws-rendered.ts';

const { request, response } = wsActions.rendered;
const later = (name: string) => `${laterRenderedStem}${wsActions.rendered.name}${name}`;

// PS3.18-2013 6.4.2.1; later practice puts the namespace in front, which is let pass.
export const actions = check({
  id: 'wado-ws/rendered/the-actions-are-those-of-the-text',
  title: 'RetrieveRenderedImagingDocumentSet is taken and answered with the actions of the text',
  requires: ['WADO-WS-6.4.2.1-07', 'WADO-WS-6.4.2.1-02'],
  given: { desk: renderedDesk },
  fault: onRendered(sendsText(text => text.replaceAll(response.action, 'urn:ihe:iti:2007:RetrieveDocumentSetResponse'))),
  async run(t, { desk }) {
    t.expect('the action with which the target takes the request', desk.uri, anyOf(request.action, later('')), {
      row: 'WADO-WS-6.4.2.1-02',
    });
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    t.record('wsa:Action of the answer', actionOf(answer));
    t.expect('wsa:Action of the answer', actionOf(answer), anyOf(response.action, later('Response')));
  },
});

const names = [
  `${namespaces.wado} ${response.name}`,
  // The prose of 6.4.2.2, and example E.3.
  `${namespaces.wado} RetrieveRenderedImagingDocumentResponse`,
  `${namespaces.ihe} RetrieveDocumentSetResponse`,
];

export const element = check({
  id: 'wado-ws/rendered/the-element-of-the-answer',
  title: 'The answer is a wado:RetrieveRenderedImagingDocumentSetResponse with a RegistryResponse that has a status',
  requires: ['WADO-WS-6.4.2.2-17', 'WADO-WS-6.4.2.2-03'],
  given: { desk: renderedDesk },
  fault: onRendered(sendsText(text => text.replaceAll(`wado:${response.name}`, 'rs:RetrieveRenderedImagingDocumentSetResponse'))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    const found = `${answer.element?.namespace} ${answer.element?.name}`;
    t.record('the element in Body', found);
    t.expect('the element in Body', found, anyOf(...names));
    t.expect('whether there is a RegistryResponse with a status', answer.overall !== '', true, { row: 'WADO-WS-6.4.2.2-03' });
  },
});

export const statuses = check({
  id: 'wado-ws/rendered/the-status-is-one-of-three-urns',
  title: 'The status of the response is one of three URNs and tells whether everything was delivered',
  requires: ['WADO-WS-6.4.2.2-20'],
  given: { desk: renderedDesk },
  fault: onRendered(
    sendsText(text =>
      text.replace('urn:ihe:iti:2007:ResponseStatusType:PartialSuccess', 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success'),
    ),
  ),
  run: (t, { desk }) => expectStatuses(t, desk, 'WADO-WS-6.4.2.2-20'),
});

export const accounted = check({
  id: 'wado-ws/rendered/every-document-is-accounted-for',
  title: 'Each document is delivered rendered, or an error that is complete names it',
  requires: ['WADO-WS-6.4.2.2-01', 'WADO-WS-6.4.2.2-16', 'WADO-WS-6.4.2.2-22'],
  given: { desk: renderedDesk },
  fault: onRendered(sendsText(text => text.replace(/ codeContext="[^"]*"/, ' codeContext=""'))),
  async run(t, { desk }) {
    const answer = await askMixed(t, desk);
    expectAccounted(t, answer, desk);
    expectFailed(t, answer, { error: 'WADO-WS-6.4.2.2-16' });
    if (responsesFor(answer, desk.instance.sopInstanceUID).length > 0) expectNoError(t, answer, desk, 'WADO-WS-6.4.2.2-22');
  },
});

export const warnings = check({
  id: 'wado-ws/rendered/a-warning-says-what-and-where',
  title: 'A RegistryError with severity Warning has a code, a message and the UID of a document that is delivered',
  requires: ['WADO-WS-6.4.2.2-21'],
  given: { desk: renderedDesk },
  fault: onRendered(
    sendsText(text =>
      text.replace(
        /(<rs:RegistryResponse [^>]*?)\/>/,
        `$1><rs:RegistryErrorList><rs:RegistryError errorCode="urn:x" codeContext="something" severity="${severities.warning}"/></rs:RegistryErrorList></rs:RegistryResponse>`,
      ),
    ),
  ),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    expectAnswered(t, answer, requests.known);
    t.expect('what is wrong with the warnings', warningDefects(answer), []);
  },
});

// 6.4.2.2 prints DocumentResponse further down, E.1 RenderedDocumentSetResponse.
export const oneEach = check({
  id: 'wado-ws/rendered/one-response-for-each-rendering',
  title: 'Each rendering has a RenderedDocumentResponse that repeats the identifiers of the request',
  requires: ['WADO-WS-6.4.2.2-04', 'WADO-WS-6.4.2.2-06', 'WADO-WS-6.4.2.2-07'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: onRendered(sendsText(text => text.replaceAll(/(<wado:SourceDocumentUniqueId>)[^<]*/g, '$12.25.4711'))),
  async run(t, { desk, ct }) {
    const instances = ct.instances.slice(0, 2);
    const answer = await desk.ask(
      t,
      instances.map(each => desk.want(each)),
    );
    expectAnswered(t, answer, 'a request for two renderings');
    const found = answer.element?.children.filter(({ name }) => name !== 'RegistryResponse') ?? [];
    t.record('the name of the response element', [...new Set(found.map(({ name }) => name))].join());
    const lenient = found.map(({ name }) => name.replace(/^(DocumentResponse|RenderedDocumentSetResponse)$/, 'RenderedDocumentResponse'));
    t.expect('the response elements for two renderings', lenient, ['RenderedDocumentResponse', 'RenderedDocumentResponse']);
    const uids = answer.documents.map(({ text }) => text('SourceDocumentUniqueId') ?? text('DocumentUniqueId') ?? 'none');
    const right = instances.map(({ sopInstanceUID }) => uids.includes(sopInstanceUID));
    t.expect('whether SourceDocumentUniqueId names the documents of the request', right, [true, true], { row: 'WADO-WS-6.4.2.2-07' });
    if (desk.repository === null) return;
    const foreign = answer.documents.map(({ text }) => text('RepositoryUniqueId') ?? 'none').filter(each => each !== desk.repository);
    t.expect('RepositoryUniqueId that are not that of the request', foreign, [], { row: 'WADO-WS-6.4.2.2-06' });
  },
});

export const homeCommunity = check({
  id: 'wado-ws/rendered/the-home-community-is-that-of-the-request',
  title: 'HomeCommunityId is that of the request, and absent where the request has none',
  requires: ['WADO-WS-6.4.2.2-05'],
  given: { desk: renderedDesk },
  fault: onRendered(sendsText(text => text.replace(/<ihe:HomeCommunityId>.*?<\/ihe:HomeCommunityId>/, ''))),
  run: (t, { desk }) => expectHomeCommunity(t, desk),
});

export const minimal = check({
  id: 'wado-ws/rendered/a-minimal-request-is-enough',
  title: 'A request with DocumentUniqueId and ContentTypeList alone is answered with a rendering',
  requires: ['WADO-WS-6.4.2.1-08'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(
    hearsText(text => (text.includes('RepositoryUniqueId') ? text : text.replace(/<wado:StudyRequest.*<\/wado:StudyRequest>/, ''))),
  ),
  async run(t, { desk, rendering }) {
    const ramp = instanceNamed(rendering, 'ramp');
    const answer = await desk.ask(t, [desk.want(ramp, { repository: null, inside: renderingXml({}) })]);
    const outcome = answer.documents.length > 0 ? 'a rendering' : answer.errors.map(({ errorCode }) => errorCode).join() || 'a refusal';
    t.expect('the answer to a request without RepositoryUniqueId, Rows and CharsetList', outcome, 'a rendering');
  },
});
