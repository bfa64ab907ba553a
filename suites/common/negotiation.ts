import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { answers, on, sendsHeaders } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { anyInstance, ask } from '../kit/retrieve.ts';
import { isRetrieve, negotiated } from './exchange.ts';

// RFC 2616 10.4.7: a 406 answer should say what can be had.
export const refusalsExplain = check({
  id: 'common/negotiation/406-says-something',
  title: 'A 406 answer has a body that tells what can be had',
  requires: ['WADO-RS-HTTP-08'],
  given: { any: anyInstance },
  fault: answers(response => (response.status === 406 ? new Response(null, { status: 406 }) : response)),
  async run(t, { any }) {
    const { response } = await ask(t, any.instancePath, 'multipart/related; type="application/x-unknown"');
    if (response.status !== 406) t.skip(`the target did not answer 406 to a type that does not exist (status ${response.status})`);
  },
  watch(t, exchange) {
    if (exchange.response.status !== 406 || !isRetrieve(exchange)) return;
    t.expect(
      'the body of a 406 answer',
      exchange.response.body.length,
      satisfying('some text', (length: number) => length > 0),
    );
  },
});

// RFC 2616 14.44: a cacheable answer that was chosen by Accept should say so.
export const vary = check({
  id: 'common/negotiation/cached-answers-vary-by-accept',
  title: 'An answer that may be cached says that it depends on Accept',
  requires: ['WADO-RS-HTTP-12'],
  given: { any: anyInstance },
  fault: on(/\/instances\//, sendsHeaders({ 'Cache-Control': 'max-age=600', Vary: null })),
  async run(t, { any }) {
    const { response } = await ask(t, any.instancePath, acceptDicom);
    t.record('Cache-Control', headerValue(response.headers, 'Cache-Control') ?? 'not sent');
    t.record('ETag', headerValue(response.headers, 'ETag') === null ? 'not sent' : 'sent');
  },
  watch(t, exchange) {
    const { headers, status } = exchange.response;
    const control = headerValue(headers, 'Cache-Control')?.toLowerCase() ?? '';
    const invited = headerValue(headers, 'ETag') !== null || /\b(public|max-age=[1-9]|s-maxage=[1-9])/.test(control);
    if (status !== 200 || !negotiated(exchange) || !invited || /no-store|no-cache|private/.test(control)) return;
    const names = (headerValue(headers, 'Vary') ?? '').toLowerCase().split(/\s*,\s*/);
    t.expect(
      'the Vary header of an answer that may be cached',
      names,
      satisfying('one that names Accept', (n: string[]) => n.includes('accept') || n.includes('*')),
    );
  },
});
