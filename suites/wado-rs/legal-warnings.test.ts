import { expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { answers, hears, hearsHeaders, on, sendsHeaders, sendsText, status } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { hearing } from '../right-servers/hearing.ts';
import { isGet, sendsEachPart } from '../right-servers/variants.ts';

const metadata = /\/metadata$/;
const hasRange = (request: Request) => request.headers.has('Range');
const stored = new Map(corpus.flatMap(({ instances }) => instances).map(each => [each.sopInstanceUID, each.transferSyntax]));

/** A server that sends an instance as it was stored if it is not asked for a transfer syntax, and converts it if it is. */
const storedUnasked: Fault = server => request => {
  const [, uid = ''] = /\/instances\/([0-9.]+)$/.exec(request.url) ?? [];
  const named = stored.get(uid);
  const other = request.headers.get('Accept') === acceptDicom && named !== undefined;
  return other ? hearsHeaders({ Accept: `${acceptDicom}; transfer-syntax=${named}` })(server)(request) : server(request);
};

/** What only a should is against, or what the standard contradicts itself about, with the checks that tell of it: nothing of it is a failure. */
const warned: Readonly<Record<string, readonly [Fault, ...string[]]>> = {
  // RFC 2616 10.4.7.
  'refusals have no body': [
    answers(response => {
      if (response.status < 400) return response;
      const headers = new Headers(response.headers);
      headers.delete('Content-Length');
      return new Response(null, { status: response.status, headers });
    }),
    'common/negotiation/406-says-something',
  ],
  // RFC 2616 13.6.
  'answers may be cached whatever was accepted': [
    sendsHeaders({ 'Cache-Control': 'public, max-age=60', Vary: null }),
    'common/negotiation/cached-answers-vary-by-accept',
  ],
  // PS3.18-2013 6.5 prints the type without quotation marks.
  'the type is printed as in 2013': [
    sendsHeaders(headers => {
      const type = headers.get('Content-Type');
      if (type) headers.set('Content-Type', type.replace(/; type="([^"]*)"/, '; type=$1'));
    }),
    'common/multipart/content-type',
  ],
  // 6.5 against 6.5.1.1.
  'objects come as they were stored where nothing is asked': [storedUnasked, 'wado-rs/transfer-syntax/explicit-little-endian-by-default'],
  // PS3.19-2013 Table A.1.5-2: an HTTP URI.
  'bulk data URLs are relative': [
    on(
      metadata,
      sendsEachPart(part => ({
        ...part,
        body: Buffer.from(part.body.toString('latin1').replaceAll(/(<BulkData uri=")http:\/\/[^/]*/g, '$1'), 'latin1'),
      })),
    ),
    'wado-rs/bulkdata/urls-of-the-metadata-can-be-retrieved',
  ],
  // 6.5.5.1 names no status for the bytes that Range asks for.
  'bytes that Range asks for come with 200': [
    on(
      request => isGet(request) && hasRange(request),
      answers(response => (response.status === 206 ? new Response(response.body, { headers: response.headers }) : response)),
    ),
    'wado-rs/range/only-the-bytes-that-were-asked-for',
  ],
  'ranges beyond the end are malformed': [
    on(
      hasRange,
      answers(response => (response.status === 416 ? new Response('No.', { status: 400 }) : response)),
    ),
    'wado-rs/range/beyond-the-end',
  ],
  'a frame that stands twice in a list comes once': [
    on(
      /\/frames\/2,2/,
      hears(url => (url.pathname = url.pathname.replace('2,2', '2'))),
    ),
    'wado-rs/frame-numbers/repeated',
  ],
  'anything is not acceptable': [
    on(request => /^\*\/\*$/.test(request.headers.get('Accept') ?? ''), status(406)),
    'wado-rs/accept/wildcard',
  ],
  'the second form is preferred': [
    on(
      request => /application\/dicom".*,.*octet-stream/.test(request.headers.get('Accept') ?? ''),
      hearsHeaders(headers => headers.set('Accept', (headers.get('Accept') ?? '').split(', ').reverse().join(', '))),
    ),
    'wado-rs/accept/order-of-preference',
  ],
  'metadata do not say that white space counts': [
    on(
      metadata,
      sendsText(text => text.replaceAll(' xml:space="preserve"', '')),
    ),
    'wado-rs/metadata-model/document',
  ],
  'the preamble is used for something unknown': [
    on(
      isGet,
      sendsEachPart(part =>
        part.body.toString('latin1', 128, 132) === 'DICM'
          ? { ...part, body: Buffer.concat([Buffer.from('OURS'), part.body.subarray(4)]) }
          : part,
      ),
    ),
    'wado-rs/part10/preamble-and-prefix',
  ],
  'refused codings are used': [
    on(request => request.headers.get('Accept-Encoding') === 'identity;q=1, *;q=0', sendsHeaders({ 'Content-Encoding': 'gzip' })),
    'common/encoding/refused-codings-are-not-used',
  ],
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

test.each(Object.entries(warned))('there is no more than a warning where %s', async (_, [variant, ...expected]) => {
  const { accusations } = await hearing(checks, variant);
  expect(accusations.map(line => line.split(':')[0])).toEqual(expected.map(id => `warn ${id}`));
});
