import { namespaces, soap11Namespace } from '../../schemas/wado-ws.ts';
import { clientCheck } from '../harness/client.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import { addressing } from '../kit/read/soap.ts';
import { wsRequest } from '../kit/ws-asked.ts';

const messages = /ImagingDocumentSet/;
const sends = (change: (text: string) => string) => onBody(messages, hearsText(change));

// PS3.18-2013 6.1.
export const method = clientCheck({
  id: 'wado-ws/client-envelope/post',
  title: 'WADO-WS messages are sent by POST',
  requires: ['WADO-WS-6.1-01'],
  wrongClient: onBody(
    messages,
    server => async request =>
      server(new Request(request.url, { method: 'PUT', headers: request.headers, body: await request.arrayBuffer() })),
  ),
  looks(t, exchange) {
    const { method: used, headers: sent, url } = exchange.request;
    // A server that refuses the method does not read the message.
    const isThere = new URL(url).pathname === t.roots['wado-ws'] && /soap\+xml|xop\+xml/.test(headerValue(sent, 'Content-Type') ?? '');
    if (isThere || wsRequest(exchange)) t.expect('the method of a WADO-WS message', used, 'POST');
  },
});

// 6.4.1.1, 6.4.2.1 and 6.4.3.1: the soap12 binding.
export const version = clientCheck({
  id: 'wado-ws/client-envelope/soap-version',
  title: 'Envelopes are those of SOAP 1.2',
  requires: ['WADO-WS-6.4-05'],
  wrongClient: sends(text => text.replaceAll(namespaces.soap12, soap11Namespace)),
  looks(t, exchange) {
    const message = wsRequest(exchange)?.message;
    if (message) t.expect('the namespace of the Envelope', message.root.namespace, namespaces.soap12);
  },
});

// WS-I Basic Profile R9981, R1008, R1009 and R1012, as ITI TF-2x Appendix V takes them over.
export const profile = clientCheck({
  id: 'wado-ws/client-envelope/basic-profile',
  title: 'Messages are XML in UTF-8 or UTF-16 with one element in the Body, without document type declaration and processing instructions',
  requires: ['WADO-WS-6.4-04'],
  wrongClient: sends(text => text.replace('</soap12:Body>', '<wado:Second xmlns:wado="urn:dicom:wado:ws:2011"/></soap12:Body>')),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (!request) return;
    t.expect('whether a message can be read as a SOAP message', request.message ? 'it can' : request.why, 'it can');
    if (!request.message) return;
    const { body, instructions, encoding } = request.message;
    t.expect(
      'the elements in the Body',
      body.map(({ name }) => name),
      body.slice(0, 1).map(({ name }) => name),
    );
    t.expect('the document type declaration and the processing instructions', instructions, []);
    if (encoding !== '')
      t.expect('the character encoding of a message', encoding.toUpperCase().replace(/[BL]E$/, ''), anyOf('UTF-8', 'UTF-16'));
  },
});

// 6.4 with WS-Addressing 1.0: an answer is related to the Message ID.
export const headers = clientCheck({
  id: 'wado-ws/client-envelope/addressing',
  title: 'Messages have the headers wsa:Action and wsa:MessageID',
  requires: ['WADO-WS-6.4-07'],
  wrongClient: sends(text => text.replace(/<wsa:MessageID>.*?<\/wsa:MessageID>/s, '')),
  looks(t, exchange) {
    const message = wsRequest(exchange)?.message;
    if (!message) return;
    for (const name of ['Action', 'MessageID'])
      t.expect(
        `the number of headers ${name} of ${namespaces.wsa} that are not empty`,
        addressing(message, name).filter(({ text }) => text.trim() !== '').length,
        satisfying('at least 1', (count: number) => count >= 1),
      );
  },
});

// 6.4.
export const mustUnderstand = clientCheck({
  id: 'wado-ws/client-envelope/action-must-be-understood',
  title: 'wsa:Action carries mustUnderstand with a true value',
  requires: ['WADO-WS-6.4-03'],
  wrongClient: sends(text => text.replace(' soap12:mustUnderstand="1"', '')),
  looks(t, exchange) {
    const message = wsRequest(exchange)?.message;
    for (const { qualified } of message ? addressing(message, 'Action') : [])
      t.expect(
        'mustUnderstand of wsa:Action',
        qualified.get(`{${message?.root.namespace}}mustUnderstand`)?.trim() ?? 'none',
        anyOf('1', 'true'),
      );
  },
});
