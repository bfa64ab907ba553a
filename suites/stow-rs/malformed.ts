import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, byEdition, satisfying } from '../harness/expected.ts';
import type { Ask, Trial } from '../harness/trial.ts';
import type { HeaderLine } from '../harness/wire.ts';
import { hearsBody, hearsHeaders, on, status } from '../kit/faults.ts';
import { present, ways } from '../kit/kept.ts';
import { storing } from '../kit/store.ts';
import { freshStudy, namesOf, send } from '../kit/stored.ts';
import { posts } from './module.ts';

const boundary = 'conformance-test-boundary';
const refusal = satisfying('a status from 400 to 499', (s: number) => s >= 400 && s < 500);
const right = `multipart/related; type="application/dicom"; boundary=${boundary}`;

/** A store request with another Content-Type, or none, or another body. */
function broken(
  instances: readonly FixtureInstance[],
  change: { readonly contentType?: string | null; readonly body?: (body: Buffer) => Uint8Array },
): Ask {
  const ask = storing(instances.map(instance => instance.part10()));
  const { contentType = right, body = all => all } = change;
  const type: readonly HeaderLine[] = contentType === null ? [] : [['Content-Type', contentType]];
  return { ...ask, headers: [...type, ['Accept', 'application/dicom+xml']], body: body(Buffer.from(ask.body ?? [])) };
}

/** Expects that such a request is refused and that nothing of it is there: of no request that is answered 400 (Table 6.6.1-1). */
async function expectRefused(t: Trial, what: string, change: Parameters<typeof broken>[1], row: RequirementId): Promise<void> {
  const { instances } = await freshStudy(t, 'ct', 2);
  const answer = await send(t, broken(instances, change));
  t.expect(`the status of a store request ${what}`, answer.status, refusal, { row });
  t.expect(`the instances listed as stored for a request ${what}`, namesOf(instances, answer.stored), [], { row });
  t.expect(`the instances that are there after a request ${what}`, await present(t, instances), [], {
    row: answer.status === 400 ? 'STOW-RS-6.6.1.3.1-09' : row,
  });
}

const typeOf = (request: Request) => request.headers.get('Content-Type') ?? '';

// PS3.18-2013 6.6.1.1 and Table 6.6.1-1: bad syntax is 400.
export const noBoundary = check({
  id: 'stow-rs/malformed/boundary',
  title: 'A store request without a boundary, or with one that its body does not use, is refused and stores nothing',
  requires: ['STOW-RS-6.6.1.1-15', 'STOW-RS-6.6.1.3.1-09'],
  given: { ways },
  writes: true,
  fault: on(request => posts(request) && !typeOf(request).includes('boundary='), hearsHeaders({ 'Content-Type': right })),
  async run(t) {
    await expectRefused(
      t,
      'without a boundary in its Content-Type',
      { contentType: 'multipart/related; type="application/dicom"' },
      'STOW-RS-6.6.1.1-15',
    );
    const another = 'multipart/related; type="application/dicom"; boundary=another';
    await expectRefused(t, 'whose body does not use the boundary', { contentType: another }, 'STOW-RS-6.6.1.1-15');
  },
});

const wrongTypes: Readonly<Record<string, string | null>> = {
  'with Content-Type multipart/related; type="text/plain"': `multipart/related; type="text/plain"; boundary=${boundary}`,
  'with Content-Type application/octet-stream': 'application/octet-stream',
  'with Content-Type application/x-www-form-urlencoded': 'application/x-www-form-urlencoded',
  'without Content-Type': null,
};

export const types = check({
  id: 'stow-rs/malformed/content-type',
  title: 'A store request of another type than those of the standard is refused and stores nothing',
  requires: ['STOW-RS-6.6.1.1-17', 'STOW-RS-6.6.1.3.1-09'],
  given: { ways },
  writes: true,
  fault: on(request => posts(request) && /text\/plain/.test(typeOf(request)), hearsHeaders({ 'Content-Type': right })),
  async run(t) {
    for (const [what, contentType] of Object.entries(wrongTypes)) await expectRefused(t, what, { contentType }, 'STOW-RS-6.6.1.1-17');
  },
});

// 2014a Table 6.6.1-1 has 415; before that it is not in the table but in HTTP.
export const unsupported = check({
  id: 'stow-rs/malformed/unsupported-type-status',
  title: 'A media type that nobody can store is answered 415, or 400 before edition 2014a',
  requires: ['STOW-RS-6.6.1.3.1-18', 'STOW-RS-6.6.1.1-17'],
  given: { ways },
  writes: true,
  fault: on(request => posts(request) && /x-unknown/.test(typeOf(request)), status(500)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 1);
    const answer = await send(
      t,
      broken(instances, { contentType: `multipart/related; type="application/x-unknown"; boundary=${boundary}` }),
    );
    t.expect('the status of a store request of type application/x-unknown', answer.status, refusal, { row: 'STOW-RS-6.6.1.1-17' });
    t.expect(
      'the status of a store request of type application/x-unknown',
      answer.status,
      byEdition({ '2013': anyOf(400, 406, 415), '2014a': 415 }),
    );
  },
});

// 6.6.1.1.1 with RFC 2046 5.1.1: a message has parts, and the last one is closed.
export const cut = check({
  id: 'stow-rs/malformed/body',
  title: 'A store request with no part, or cut off before its end, is refused and stores nothing',
  requires: ['STOW-RS-6.6.1.1.1-09', 'STOW-RS-6.6.1.3.1-09'],
  given: { ways },
  writes: true,
  // Forgives a message that is cut off within its last part.
  fault: on(
    posts,
    hearsBody(body =>
      body.toString('latin1').trimEnd().endsWith('--') ? body : Buffer.concat([body, Buffer.from(`\r\n--${boundary}--`)]),
    ),
  ),
  async run(t) {
    const bodies: Readonly<Record<string, (body: Buffer) => Uint8Array>> = {
      'with an empty body': () => Buffer.alloc(0),
      'without a part': () => Buffer.from(`--${boundary}--\r\n`),
      'cut off within its second part': body => body.subarray(0, body.length - 300),
    };
    for (const [what, body] of Object.entries(bodies)) await expectRefused(t, what, { body }, 'STOW-RS-6.6.1.1.1-09');
  },
});
