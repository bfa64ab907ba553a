import { soapType, xopType } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { onBody, sendsHeaders, sendsParts, status } from '../kit/faults.ts';
import { allDesks, deliveringDesks } from '../kit/givens/ws.ts';
import { readMediaType } from '../kit/read/header.ts';
import { includesIn, partsFor, typeIn } from '../kit/read/soap.ts';
import { expectAnswered, wordsFor } from '../kit/ws.ts';
import { onWs } from '../kit/ws-faults.ts';

const of = (action: string) => `the answer to ${action} with a document`;

// PS3.18-2013 6.4.1.2.1 and 6.4.2.2: XOP infosets, which travel as MTOM.
export const packaged = check({
  id: 'wado-ws/packaging/documents-travel-by-mtom',
  title: 'An answer with documents is an MTOM package',
  requires: ['WADO-WS-6.4-14'],
  given: { desks: deliveringDesks },
  fault: onWs(
    sendsHeaders(headers => headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/; start-info="[^"]*"/, ''))),
  ),
  async run(t, { desks }) {
    for (const desk of desks) {
      const answer = await desk.ask(t, [desk.want(desk.instance)]);
      if (answer.documents.length === 0) {
        t.record(`documents in the answer to ${desk.action}`, 'none');
        continue;
      }
      const { type, parameters } = readMediaType(headerValue(answer.exchange.response.headers, 'Content-Type') ?? '').value;
      t.expect(`the media type of ${of(desk.action)}`, type, 'multipart/related');
      t.expect(`the type parameter of ${of(desk.action)}`, typeIn(parameters.get('type')), xopType);
      t.expect(`the start-info parameter of ${of(desk.action)}`, typeIn(parameters.get('start-info')), soapType);
      for (const { content } of answer.documents) t.record('the content of a document', content.how === 'part' ? 'a part' : content.how);
    }
  },
});

// RFC 2387 3.2 and XOP 1.0 4.1.
export const root = check({
  id: 'wado-ws/packaging/start-names-the-root-part',
  title: 'The root part is application/xop+xml, and start names it',
  requires: ['WADO-WS-6.4-15'],
  given: { desks: deliveringDesks },
  fault: onWs(
    sendsHeaders(headers => headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace('start="<', 'start="<other-'))),
  ),
  async run(t, { desks }) {
    for (const desk of desks) {
      const { message, why } = await desk.ask(t, [desk.want(desk.instance)]);
      t.expect(`what keeps ${of(desk.action)} from being read`, why, '');
      t.expect(
        `the defects of the package of ${of(desk.action)}`,
        message?.defects.map(({ what }) => what),
        [],
      );
    }
  },
});

// XOP 1.0 2.1 and RFC 2392.
export const references = check({
  id: 'wado-ws/packaging/every-reference-has-its-part',
  title: 'Every xop:Include refers to exactly one part of the message',
  requires: ['WADO-WS-6.4-16'],
  given: { desks: deliveringDesks },
  fault: onWs(
    sendsParts(parts =>
      parts.map((part, i) => (i === 0 ? part : { ...part, headers: part.headers.map(line => line.replace('<document', '<attachment')) })),
    ),
  ),
  async run(t, { desks }) {
    for (const desk of desks) {
      const { message } = await desk.ask(t, [desk.want(desk.instance)]);
      const hrefs = message ? includesIn(message.root) : [];
      if (!message || hrefs.length === 0) t.record(`xop:Include in ${of(desk.action)}`, 'none');
      else {
        for (const href of hrefs) t.expect(`the number of parts that xop:Include "${href}" refers to`, partsFor(href, message).length, 1);
        const meant = new Set(hrefs.flatMap(href => partsFor(href, message)));
        t.record('parts that nothing refers to', String(message.parts.filter(part => !meant.has(part)).length));
      }
    }
  },
});

// MTOM 2.2; example E.3 has application/octet-stream.
export const partTypes = check({
  id: 'wado-ws/packaging/parts-are-binary-and-typed',
  title: 'The part of a document is binary, and its media type is the one of mimeType',
  requires: ['WADO-WS-6.4-17'],
  given: { desks: deliveringDesks },
  fault: onWs(
    sendsParts(parts =>
      parts.map((part, i) =>
        i === 0 ? part : { ...part, headers: part.headers.map(line => line.replace(/^Content-Type: .*/, 'Content-Type: text/xml')) },
      ),
    ),
  ),
  async run(t, { desks }) {
    for (const desk of desks) {
      const answer = await desk.ask(t, [desk.want(desk.instance)]);
      for (const { content, text } of answer.documents) {
        const { part } = content;
        if (!part) continue;
        const told = text('mimeType') ?? '';
        if (part.mediaType === 'application/octet-stream') t.record('the media type of a part', part.mediaType);
        else t.expect(`the media type of the part of a document with mimeType ${told}`, part.mediaType, readMediaType(told).value.type);
        t.expect(
          'the Content-Transfer-Encoding of the part of a document',
          headerValue(part.headers, 'Content-Transfer-Encoding')?.toLowerCase() ?? 'none',
          satisfying('binary', (coding: string) => ['binary', '8bit', 'none'].includes(coding)),
        );
      }
      if (!answer.documents.some(({ content }) => content.part)) t.record(`parts of ${of(desk.action)}`, 'none');
    }
  },
});

// ITI TF-2x Appendix V; example E.2 is a package.
export const requests = check({
  id: 'wado-ws/packaging/packaged-requests-are-taken',
  title: 'A request as MTOM package with a single part is taken',
  requires: ['WADO-WS-6.4-19', 'WADO-WS-6.4-20'],
  given: { desks: allDesks },
  fault: onWs(onBody(/^--/, status(415))),
  async run(t, { desks }) {
    for (const desk of desks) {
      const plain = await desk.ask(t, [desk.want(desk.instance)], { packaged: false });
      t.record('the answer to a request as application/soap+xml', wordsFor(plain));
      expectAnswered(t, await desk.ask(t, [desk.want(desk.instance)], { packaged: true }), 'a request as MTOM package');
    }
  },
});
