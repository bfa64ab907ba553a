import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { answers, on, status } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { unknownUid } from '../kit/offers.ts';
import { anyInstance, redirects, undecided } from '../kit/retrieve.ts';

const byMethod = (method: string) => (request: Request) => request.method === method;

// RFC 2616 9.4: the answer to HEAD has no body.
export const head = check({
  id: 'common/methods/head-has-no-body',
  title: 'HEAD is answered without a body',
  requires: ['WADO-RS-HTTP-05'],
  given: { any: anyInstance },
  fault: on(
    byMethod('HEAD'),
    answers(() => new Response('a body', { status: 200 })),
  ),
  async run(t, { any }) {
    const { response } = await t.send({ method: 'HEAD', to: any.instancePath, headers: { Accept: acceptDicom } });
    undecided(t, response.status);
    t.expect('the bytes in the body of the answer to HEAD', response.body.length, 0);
    t.record('the status of HEAD', String(response.status));
  },
});

// RFC 2616 10.4.6: a 405 answer must have Allow; the empty PATCH goes to a path below which nothing is stored.
export const otherMethod = check({
  id: 'common/methods/other-methods-are-refused-in-order',
  title: 'A method that the resource does not allow is refused, and 405 comes with Allow',
  requires: ['WADO-RS-HTTP-06'],
  given: { any: anyInstance },
  fault: on(byMethod('PATCH'), status(405)),
  async run(t) {
    const { response } = await t.send({ method: 'PATCH', to: `studies/${unknownUid}`, headers: { Accept: acceptDicom } });
    undecided(t, response.status);
    // RFC 2616 10.3: a redirect of another method than GET and HEAD is not followed without asking the user.
    if (redirects.includes(response.status)) t.skip(`the target redirects an empty PATCH (status ${response.status})`);
    const orderly = satisfying('a 4xx status or 501', (s: number) => (s >= 400 && s < 500) || s === 501);
    t.expect('the status of an empty PATCH to a study that does not exist', response.status, orderly);
    if (response.status !== 405) return;
    t.expect('that the 405 answer has an Allow header', headerValue(response.headers, 'Allow') !== null, true);
  },
});
