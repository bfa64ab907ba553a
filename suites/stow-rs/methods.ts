import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { on, status } from '../kit/faults.ts';
import { undecided } from '../kit/retrieve.ts';

const nothing = Buffer.from('--none--\r\n');

// RFC 2616 10.4.6 and 14.7: a method that a resource does not have is 405 with those that it has.
export const others = check({
  id: 'stow-rs/methods/put-and-patch',
  title: 'PUT and PATCH to /studies are refused in order',
  requires: ['STOW-RS-6.6.1.1-10'],
  writes: true,
  fault: on(request => request.method === 'PATCH', status(200)),
  async run(t) {
    for (const method of ['PUT', 'PATCH']) {
      const headers = { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=none' };
      const { response } = await t.send({ method, to: 'studies', headers, body: nothing });
      undecided(t, response.status);
      const refused = satisfying('405, or another status from 400 to 499, or 501', (s: number) => (s >= 400 && s < 500) || s === 501);
      t.expect(`the status of ${method} /studies`, response.status, refused);
      t.record(`the status of ${method} /studies`, String(response.status));
      if (response.status !== 405) continue;
      const allowed = (headerValue(response.headers, 'Allow') ?? '').split(/\s*,\s*/);
      t.expect(
        `the Allow header field of the 405 answer to ${method} /studies`,
        allowed,
        satisfying('one that names POST', (all: string[]) => all.includes('POST')),
      );
    }
  },
});
