import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { answers, on, onBody, sendsStatus } from '../kit/faults.ts';
import { present, ways } from '../kit/kept.ts';
import { storing } from '../kit/store.ts';
import { freshStudy, isOutOfResources, readAnswer, reasonOf } from '../kit/stored.ts';
import { posts } from './module.ts';

const theKeyObjects = /1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.59/;

// PS3.18-2013 Table 6.6.1-1, 401: without credentials, where the service wants some. RFC 2616 10.4.2: with WWW-Authenticate.
export const unauthorized = check({
  id: 'stow-rs/refused/without-credentials',
  title: 'A store request without credentials is stored where none are needed, and otherwise answered 401 or 403, not led to a login page',
  requires: ['STOW-RS-6.6.1.3.1-10'],
  given: { ways },
  writes: true,
  fault: onBody(
    theKeyObjects,
    answers(() => new Response(null, { status: 302, headers: { Location: '/login' } })),
  ),
  async run(t) {
    const instances = (await freshStudy(t, 'mixed')).instances.filter(({ name }) => name === 'key-objects');
    const { response } = await t.send({ ...storing(instances.map(each => each.part10())), anonymous: true });
    t.record('the status of a store request without credentials', String(response.status));
    const page = [302, 303].includes(response.status) && /log-?in|sign-?in|auth/i.test(headerValue(response.headers, 'Location') ?? '');
    t.expect('whether a store request without credentials is led to a login page', page, false);
    if (response.status !== 401) return;
    const challenge = headerValue(response.headers, 'WWW-Authenticate');
    t.expect(
      'WWW-Authenticate in a 401 answer',
      challenge ?? '',
      satisfying('a challenge', (text: string) => text.trim() !== ''),
    );
    t.expect('the instances that are there after a store request was answered 401', await present(t, instances), []);
  },
});

// Table 6.6.1-1: 403 and 503 say that nothing was stored.
export const nothingStored = check({
  id: 'stow-rs/refused/nothing-is-stored',
  title: 'Of a store request that is answered 403 or 503 nothing is stored',
  requires: ['STOW-RS-6.6.1.3.1-11', 'STOW-RS-6.6.1.3.1-14'],
  given: { ways },
  writes: true,
  fault: onBody(theKeyObjects, sendsStatus(403)),
  async run(t) {
    const instances = (await freshStudy(t, 'mixed')).instances.filter(({ name }) => name === 'key-objects');
    const { response } = await t.send(storing(instances.map(each => each.part10())));
    t.record('the status of a store request', String(response.status));
    for (const [code, row] of [
      [403, 'STOW-RS-6.6.1.3.1-11'],
      [503, 'STOW-RS-6.6.1.3.1-14'],
    ] as const) {
      if (response.status !== code) continue;
      t.expect(`the instances that are there after a store request was answered ${code}`, await present(t, instances), [], { row });
    }
  },
});

// 6.6.1.3.1 and 6.6.1.3.2.1.2: want of resources is 503, or 409 where it is told for each instance, and A7xx.
export const outOfResources = check({
  id: 'stow-rs/refused/out-of-resources',
  title: 'A server that is out of resources says so with 503, or with Failure Reason A7xx for each instance',
  requires: ['STOW-RS-6.6.1.3.1-14', 'STOW-RS-6.6.1.3.2.1.2-01'],
  writes: true,
  // Full, and the reason it gives is another.
  fault: on(posts, server => async request => outOf(await server(request))),
  async run(t) {
    const instances = (await freshStudy(t, 'ct', 2)).instances;
    const exchange = await t.send(storing(instances.map(each => each.part10())));
    const { status: code, stored, failed } = readAnswer(exchange);
    t.record('the status of a store request', String(code));
    if (code === 503 && failed.length > 0)
      t.expect(
        'the Failure Reasons in an answer with status 503',
        failed.map(reasonOf),
        satisfying('A7xx (42752 to 43007) only', () => failed.every(isOutOfResources)),
        {
          row: 'STOW-RS-6.6.1.3.2.1.2-01',
        },
      );
    if (stored.length === 0 && failed.length > 0 && failed.every(isOutOfResources))
      t.expect('the status where every instance failed with Failure Reason A7xx', code, anyOf(409, 503), { row: 'STOW-RS-6.6.1.3.1-14' });
  },
});

async function outOf(response: Response): Promise<Response> {
  const text = await response.text();
  const failed = text
    .replace(/<DicomAttribute tag="00081190"[^>]*>.*?<\/DicomAttribute>/g, '')
    .replace(/tag="00081199" keyword="ReferencedSOPSequence"/, 'tag="00081198" keyword="FailedSOPSequence"')
    .replaceAll(
      '</Item>',
      '<DicomAttribute tag="00081197" keyword="FailureReason" vr="US"><Value number="1">272</Value></DicomAttribute></Item>',
    );
  return new Response(failed, { status: 503, headers: { 'Content-Type': 'application/dicom+xml' } });
}
