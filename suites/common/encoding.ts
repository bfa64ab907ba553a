import { gunzipSync, gzipSync } from 'node:zlib';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { on, sendsBytes, sendsHeaders, status, together } from '../kit/faults.ts';
import { acceptDicom, acceptXml } from '../kit/media.ts';
import { anyInstance, ask } from '../kit/retrieve.ts';

// RFC 2616 14.3: a coding with quality 0 is not acceptable.
export const identityOnly = check({
  id: 'common/encoding/refused-codings-are-not-used',
  title: 'A client that refuses every coding but identity gets no Content-Encoding',
  requires: ['WADO-RS-HTTP-10'],
  given: { any: anyInstance },
  fault: together(
    sendsBytes(body => gzipSync(body)),
    sendsHeaders({ 'Content-Encoding': 'gzip' }),
  ),
  async run(t, { any }) {
    const { response } = await ask(t, any.instancePath, acceptDicom, [['Accept-Encoding', 'identity;q=1, *;q=0']]);
    if (response.status === 406) t.record('a request that accepts the identity coding only', 'refused with 406');
    const coding = headerValue(response.headers, 'Content-Encoding');
    t.expect('the Content-Encoding for a client that refuses all', coding, anyOf(null, 'identity'));
  },
});

// RFC 2616 14.11: Content-Encoding names the coding that was applied to the body.
export const codingIsTold = check({
  id: 'common/encoding/compressed-bodies-say-so',
  title: 'A compressed body says by Content-Encoding how it is compressed',
  requires: ['WADO-RS-6.5-24', 'WADO-RS-6.5.6-25'],
  given: { any: anyInstance },
  fault: sendsBytes(body => gzipSync(body)),
  async run(t, { any }) {
    const { response } = await ask(t, any.metadataPath, acceptXml, [['Accept-Encoding', 'gzip']]);
    const coding = headerValue(response.headers, 'Content-Encoding')?.toLowerCase() ?? 'identity';
    t.record('the Content-Encoding of metadata for a client that accepts gzip', coding);
    const gzipped = response.body[0] === 0x1f && response.body[1] === 0x8b;
    if (coding === 'identity') {
      t.expect('that a body without Content-Encoding is compressed with gzip', gzipped, false);
      return;
    }
    t.expect('the Content-Encoding for a client that accepts gzip', coding, anyOf('gzip', 'x-gzip'));
    t.expect(
      'the compressed body',
      inflates(response.body),
      satisfying('one that decompresses', value => value === true),
    );
  },
});

function inflates(body: Uint8Array): boolean {
  try {
    return gunzipSync(body).length > 0;
  } catch {
    return false;
  }
}

// PS3.18-2013 6.5 with RFC 2616 7.1: header fields without a meaning here do not change the answer.
export const otherFields = check({
  id: 'common/encoding/other-header-fields-do-no-harm',
  title: 'Header fields that DICOMweb gives no meaning do not change the status',
  requires: ['WADO-RS-6.5-16'],
  given: { any: anyInstance },
  fault: on(request => request.headers.has('Accept-Language'), status(400)),
  async run(t, { any }) {
    const plain = await ask(t, any.instancePath, acceptDicom);
    const { response } = await ask(t, any.instancePath, acceptDicom, [
      ['Accept-Language', 'de, en;q=0.5'],
      ['User-Agent', 'dicomweb-conformance'],
      ['Referer', 'http://viewer.invalid/'],
    ]);
    t.expect('the status with Accept-Language, User-Agent and Referer added', response.status, plain.response.status);
    const fromBrowser = await ask(t, any.instancePath, acceptDicom, [['Origin', 'http://viewer.invalid']]);
    t.record(
      'Access-Control-Allow-Origin for a browser',
      headerValue(fromBrowser.response.headers, 'Access-Control-Allow-Origin') ?? 'not sent',
    );
  },
});
