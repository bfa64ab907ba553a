import { check } from '../harness/check.ts';
import { on, status } from '../kit/faults.ts';
import { missing, ways } from '../kit/kept.ts';
import { expectStored, freshStudy, store } from '../kit/stored.ts';

// RFC 2616 3.6.1 obliges recipients to decode chunked; 10.4.12 lets a server insist on a length with 411.
export const body = check({
  id: 'stow-rs/chunked/body',
  title: 'A store request that comes in chunks, without Content-Length, is stored, or refused with 411',
  requires: ['STOW-RS-6.6-18'],
  given: { ways },
  writes: true,
  fault: on(request => request.headers.get('Transfer-Encoding') === 'chunked', status(400)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 2);
    const answer = await store(t, instances, { chunked: true });
    t.record('the status of a store request in chunks', String(answer.status));
    if (answer.status === 411) return;
    expectStored(t, answer, 'two images by a request in chunks');
    t.expect('the images that are not there after a request in chunks', await missing(t, instances), []);
  },
});
