import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { answers, on } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { unknownUid } from '../kit/offers.ts';
import { anyInstance, ask } from '../kit/retrieve.ts';
import { isRetrieve, resourceOf } from './exchange.ts';

/** PS3.18-2013 Table 6.5-2, and the success that it does not name. */
const inTable = [200, 206, 400, 404, 406, 410, 503];

// PS3.18-2013 6.5.7: what cannot be returned is an error, never a success without content.
export const content = check({
  id: 'common/statuses/success-has-content',
  title: 'A retrieve that succeeds has a body; what cannot be returned has an error status',
  requires: ['WADO-RS-6.5.7-08', 'WADO-RS-6.5.7-09', 'WADO-RS-HTTP-09'],
  given: { any: anyInstance },
  fault: on(
    new RegExp(`/studies/${unknownUid.replaceAll('.', '\\.')}$`),
    answers(() => new Response('', { status: 200 })),
  ),
  async run(t, { any }) {
    await ask(t, any.instancePath, acceptDicom);
    await ask(t, `studies/${unknownUid}`, acceptDicom);
  },
  watch(t, exchange) {
    if (!isRetrieve(exchange)) return;
    const { status, body, headers } = exchange.response;
    if (status >= 200 && status < 300)
      t.expect(
        `the bytes in the body of the answer ${status} to GET ${resourceOf(exchange)}`,
        body.length,
        satisfying('some', (length: number) => length > 0),
      );
    if (!inTable.includes(status)) t.record('a status of its own in an answer to a retrieve', String(status));
    if (status === 503) t.record('Retry-After of an answer 503', headerValue(headers, 'Retry-After') ?? 'not sent');
  },
});
