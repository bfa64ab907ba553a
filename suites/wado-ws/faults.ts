import { namespaces, soap11Namespace } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { answers, hearsBody, hearsHeaders, hearsText, on, onBody, together } from '../kit/faults.ts';
import { allDesks, type Desk } from '../kit/givens/ws.ts';
import { sendWs, type WsAnswer, wordsFor } from '../kit/ws.ts';
import { onWs } from '../kit/ws-faults.ts';
import { envelope, posting, requestBody } from '../kit/ws-request.ts';

const firstOf = ([desk]: readonly Desk[]): Desk => desk as Desk;

/** Whether nothing but a refusal came: a fault, or an HTTP error. */
const isRefusal = ({ message, status }: WsAnswer): boolean => status >= 400 || message?.fault != null;

/** An address that nobody has (RFC 5737). */
const replyElsewhere = '<wsa:ReplyTo><wsa:Address>http://192.0.2.1/elsewhere</wsa:Address></wsa:ReplyTo>';
const unknownHeader = '<x:Unknown xmlns:x="urn:x-conformance:none" soap12:mustUnderstand="1">1</x:Unknown>';

// SOAP 1.2 Part 1 Appendix A.
export const oldVersion = check({
  id: 'wado-ws/faults/messages-of-the-old-version',
  title: 'A SOAP 1.1 message is refused, or answered as SOAP 1.1',
  requires: ['WADO-WS-6.4-06'],
  given: { desks: allDesks },
  fault: onWs(
    together(
      hearsText(text => text.replaceAll(soap11Namespace, namespaces.soap12)),
      hearsHeaders(headers => {
        if (headers.get('Content-Type')?.startsWith('text/xml')) headers.set('Content-Type', 'application/soap+xml');
      }),
    ),
  ),
  async run(t, { desks }) {
    const desk = firstOf(desks);
    const body = requestBody(desk.action, [desk.want(desk.instance)]);
    const xml = envelope(body, { action: desk.uri, soap: soap11Namespace });
    const headers = { 'Content-Type': 'text/xml; charset=UTF-8', SOAPAction: `"${desk.uri}"` };
    const answer = await sendWs(t, { ...posting(xml, desk.uri), headers });
    const refused = isRefusal(answer) || answer.message === null || answer.message.version === '1.1';
    t.expect(
      'the answer to a SOAP 1.1 message',
      refused ? 'a refusal or SOAP 1.1' : `${wordsFor(answer)}, in SOAP ${answer.message?.version}`,
      'a refusal or SOAP 1.1',
    );
  },
});

// WS-I Basic Profile R1027 and SOAP 1.2 Part 1 2.4.
export const notUnderstood = check({
  id: 'wado-ws/faults/unknown-mandatory-headers-are-refused',
  title: 'A header that has to be understood and cannot be is answered with a fault',
  requires: ['WADO-WS-6.4-09'],
  given: { desks: allDesks },
  fault: onWs(hearsText(text => text.replace(unknownHeader, ''))),
  async run(t, { desks }) {
    const desk = firstOf(desks);
    const answer = await desk.ask(t, [desk.want(desk.instance)], { headers: unknownHeader });
    t.expect(
      'the answer to a message with an unknown header that has to be understood',
      isRefusal(answer) ? 'a fault' : wordsFor(answer),
      'a fault',
    );
    t.record('the code of the fault', answer.message?.fault?.code ?? 'none');
  },
});

// WS-Addressing 1.0 SOAP Binding 6.4.2.
export const unknownAction = check({
  id: 'wado-ws/faults/unknown-actions-are-refused',
  title: 'An unknown action is answered with a fault',
  requires: ['WADO-WS-6.4-10'],
  given: { desks: allDesks },
  fault: onBody(
    /urn:x-conformance:none/,
    together(
      hearsBody(body =>
        Buffer.from(body.toString('latin1').replaceAll('urn:x-conformance:none', 'urn:ihe:rad:2009:RetrieveImagingDocumentSet')),
      ),
      hearsHeaders(headers => headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/; action="[^"]*"/, ''))),
    ),
  ),
  async run(t, { desks }) {
    const desk = firstOf(desks);
    const answer = await desk.ask(t, [desk.want(desk.instance)], { action: 'urn:x-conformance:none' });
    t.expect('the answer to an unknown action', isRefusal(answer) || answer.message === null ? 'a fault' : wordsFor(answer), 'a fault');
  },
});

// SOAP 1.2 Part 1 5.4: a message that cannot be processed is a fault.
export const malformed = check({
  id: 'wado-ws/faults/malformed-messages-are-refused',
  title: 'A truncated envelope and a request without StudyRequest are answered with a fault or an error, never with documents',
  requires: ['WADO-WS-6.4-11'],
  given: { desks: allDesks },
  fault: onWs(answers(response => (response.status === 400 ? new Response('Stack trace', { status: 500 }) : response))),
  async run(t, { desks }) {
    const desk = firstOf(desks);
    const whole = envelope(requestBody(desk.action, [desk.want(desk.instance)]), { action: desk.uri });
    const messages = {
      'a truncated envelope': whole.slice(0, whole.indexOf('</soap12:Body>') - 20),
      'a request without StudyRequest': envelope(requestBody(desk.action, []), { action: desk.uri }),
    };
    for (const [what, xml] of Object.entries(messages)) {
      const answer = await sendWs(t, posting(xml, desk.uri, desk));
      t.expect(`the answer to ${what}`, orderly(answer) ? 'a fault or an error' : wordsFor(answer), 'a fault or an error');
    }
  },
});

function orderly(answer: WsAnswer): boolean {
  const { status, message, documents, overall } = answer;
  if (message?.fault) return true;
  if (message) return documents.length === 0 && (status >= 400 || /:Failure$/.test(overall));
  return status >= 400 && status < 500;
}

// SOAP 1.2 Part 2 Table 20: 400 for Sender, 500 for the others. Whether answers can be had elsewhere is an option of IHE's; who has it not says so with a fault, too.
export const statuses = check({
  id: 'wado-ws/faults/the-http-status-goes-with-the-fault',
  title: 'Sender faults come with status 400, others with 500',
  requires: ['WADO-WS-6.4-13', 'WADO-WS-6.4-21'],
  given: { desks: allDesks },
  fault: on(
    request => request.method === 'POST' && request.url.endsWith('/wado-ws'),
    answers(response => (response.ok ? response : new Response(response.body, { status: 200, headers: response.headers }))),
  ),
  async run(t, { desks }) {
    const desk = firstOf(desks);
    const elsewhere = await desk.ask(t, [desk.want(desk.instance)], { headers: replyElsewhere });
    t.record('the answer to a request with another wsa:ReplyTo', elsewhere.status === 202 ? 'accepted for later' : wordsFor(elsewhere));
    const provoked = [
      elsewhere,
      await desk.ask(t, [desk.want(desk.instance)], { action: 'urn:x-conformance:none' }),
      await desk.ask(t, [desk.want(desk.instance)], { headers: unknownHeader }),
    ];
    const faults = provoked.flatMap(({ message, status }) =>
      message?.fault ? [{ ...message.fault, status, version: message.version }] : [],
    );
    if (faults.length === 0) t.skip('the target answered none of the messages that cannot be processed with a SOAP fault');
    for (const { code, status } of faults) t.expect(`the status of a ${code} fault`, status, code === 'Sender' ? 400 : 500);
  },
});
