import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { headerValue } from '../harness/wire.ts';
import { type BulkReference, bulkReferences } from '../kit/bulk.ts';
import { hearsHeaders, on, sendsStatus, status } from '../kit/faults.ts';
import { acceptOctets } from '../kit/media.ts';
import { ask, partsOf } from '../kit/retrieve.ts';

const ranged = (pattern: RegExp) => (request: Request) => pattern.test(request.headers.get('Range') ?? '');

/** A bulk data item of at least this many bytes, with its bytes, or a skip. */
async function itemOf(
  t: Trial,
  references: readonly BulkReference[],
  bytes: number,
): Promise<BulkReference & { readonly whole: Uint8Array }> {
  for (const reference of references.slice(0, 12)) {
    const exchange = await ask(t, reference.url, acceptOctets);
    // Put together, since later editions send pixel data frame by frame.
    const whole = exchange.response.status === 200 ? Buffer.concat(partsOf(t, exchange).map(part => part.body)) : Buffer.alloc(0);
    if (whole.length >= bytes) return { ...reference, whole };
  }
  return t.skip(`the metadata have no reference to bulk data of ${bytes} bytes or more`);
}

async function slice(t: Trial, url: string, range: string) {
  const exchange = await ask(t, url, acceptOctets, [['Range', range]]);
  const { status: code, headers } = exchange.response;
  const parts = code === 200 || code === 206 ? partsOf(t, exchange) : [];
  const told = headerValue(headers, 'Content-Range') ?? headerValue(parts[0]?.headers ?? [], 'Content-Range');
  return { code, told, bytes: Buffer.concat(parts.map(part => part.body)) };
}

// PS3.18-2013 6.5.5.1: with Range only the specified bytes of the bulk data object; how they are wrapped is not said.
export const bytes = check({
  id: 'wado-rs/range/only-the-bytes-that-were-asked-for',
  title: 'Range selects bytes of the bulk data object, not of the message',
  requires: ['WADO-RS-6.5.5-15', 'WADO-RS-6.5.5-16'],
  given: { references: bulkReferences },
  fault: hearsHeaders({ Range: null }),
  async run(t, { references }) {
    const { url, whole, name } = await itemOf(t, references, 20);
    const last = Math.min(199, whole.length - 5);
    const first = Math.floor(last / 2);
    const got = await slice(t, url, `bytes=${first}-${last}`);
    t.expect(`the status for bytes ${first} to ${last} of ${name}`, got.code, anyOf(200, 206));
    t.expect(
      `what is sent for bytes ${first} to ${last} of the ${whole.length} of ${name}`,
      got.bytes,
      satisfying(
        `${last + 1 - first} bytes, the ones asked for`,
        (sent: Uint8Array) => Buffer.compare(sent, whole.subarray(first, last + 1)) === 0,
      ),
    );
    t.expect('the status of an answer to Range', got.code, 206, { row: 'WADO-RS-6.5.5-16' });
    t.expect(
      'the Content-Range of an answer to Range',
      got.told,
      satisfying('the bytes that are sent', (told: string | null) => told?.startsWith(`bytes ${first}-${last}/`) === true),
      { row: 'WADO-RS-6.5.5-16' },
    );
  },
});

// RFC 2616 14.35.1: first byte to the end, and the last bytes.
export const openAndSuffix = check({
  id: 'wado-rs/range/open-and-suffix',
  title: 'Ranges without an end and without a beginning work',
  requires: ['WADO-RS-6.5.5-17'],
  given: { references: bulkReferences },
  fault: on(
    ranged(/=\d+-$/),
    hearsHeaders(headers => headers.set('Range', `${headers.get('Range')}${/\d+/.exec(headers.get('Range') ?? '')?.[0]}`)),
  ),
  async run(t, { references }) {
    const { url, whole, name } = await itemOf(t, references, 10);
    const middle = Math.floor(whole.length / 2);
    const cases = { [`bytes=${middle}-`]: whole.subarray(middle), 'bytes=-4': whole.subarray(-4) };
    for (const [range, wanted] of Object.entries(cases)) {
      const got = await slice(t, url, range);
      t.expect(
        `what is sent for Range: ${range} of the ${whole.length} bytes of ${name}`,
        got.bytes,
        satisfying(`the ${wanted.length} bytes that were asked for`, (sent: Uint8Array) => Buffer.compare(sent, wanted) === 0),
      );
    }
  },
});

// RFC 2616 10.4.17: a range that begins beyond the end cannot be satisfied.
export const beyond = check({
  id: 'wado-rs/range/beyond-the-end',
  title: 'A range that begins beyond the end is answered 416',
  requires: ['WADO-RS-6.5.5-18'],
  given: { references: bulkReferences },
  fault: on(ranged(/999999999/), status(500)),
  async run(t, { references }) {
    const { url } = await itemOf(t, references, 1);
    const { response } = await ask(t, url, acceptOctets, [['Range', 'bytes=999999999-']]);
    t.expect('the status for a range that begins beyond the end', response.status, 416);
  },
});

// RFC 2616 14.35.1: a byte-range-spec whose last byte is before its first is invalid, and ignored.
export const invalid = check({
  id: 'wado-rs/range/invalid',
  title: 'A Range that is no range is ignored',
  requires: ['WADO-RS-6.5.5-19'],
  given: { references: bulkReferences },
  fault: on(ranged(/=9-5/), sendsStatus(400)),
  async run(t, { references }) {
    const { url, whole, name } = await itemOf(t, references, 10);
    for (const range of ['bytes=9-5']) {
      const got = await slice(t, url, range);
      t.expect(`the status for Range: ${range}`, got.code, 200);
      t.expect(`what is sent for Range: ${range} of ${name}`, got.bytes.length, whole.length);
    }
  },
});
