import { check } from '../harness/check.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import { sendsHeaders } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { anyInstance, ask } from '../kit/retrieve.ts';

/** RFC 2616 4.4: answers to HEAD and these statuses have no body, whatever their headers say. */
const hasBody = ({ request, response }: Exchange) => request.method !== 'HEAD' && ![204, 304].includes(response.status);

// RFC 2616 4.4 and 14.13: Content-Length is the number of octets of the body as it is sent.
export const contentLength = check({
  id: 'common/length/content-length-is-the-length-of-the-body',
  title: 'A Content-Length tells the number of bytes of the body',
  requires: ['WADO-RS-HTTP-02'],
  given: { any: anyInstance },
  fault: sendsHeaders(headers => headers.set('Content-Length', '12')),
  async run(t, { any }) {
    const { response } = await ask(t, any.instancePath, acceptDicom);
    t.record('Content-Length', headerValue(response.headers, 'Content-Length') === null ? 'not sent' : 'sent');
  },
  watch(t, exchange) {
    const { request, response } = exchange;
    const length = headerValue(response.headers, 'Content-Length');
    if (length === null || !hasBody(exchange)) return;
    t.expect(`the Content-Length of the answer to ${request.method} ${shortOf(request.url)}`, length, String(response.body.length));
  },
});

// RFC 2616 4.4: messages must not have both a Content-Length and a transfer coding.
export const oneFraming = check({
  id: 'common/length/one-way-of-framing',
  title: 'Content-Length and Transfer-Encoding are not sent together',
  requires: ['WADO-RS-HTTP-03'],
  given: { any: anyInstance },
  fault: sendsHeaders({ 'Content-Length': '12', 'Transfer-Encoding': 'chunked' }),
  async run(t, { any }) {
    await ask(t, any.instancePath, acceptDicom);
  },
  watch(t, { request, response }) {
    const coding = headerValue(response.headers, 'Transfer-Encoding');
    const both = coding !== null && coding.toLowerCase() !== 'identity' && headerValue(response.headers, 'Content-Length') !== null;
    t.expect(`that the answer to ${request.method} ${shortOf(request.url)} has Content-Length and Transfer-Encoding`, both, false);
  },
});

function shortOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.length > 60 ? `…${pathname.slice(-60)}` : pathname;
}
