import { describe, expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { answers, hearsHeaders, on, onAccept, sendsHeaders, status, together } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { hearing } from '../right-servers/hearing.ts';
import { sendsEachHeader } from '../right-servers/variants.ts';

/** A server that gives objects as they were stored, in no other transfer syntax and to those only who accept it (6.5.1.2: 206 or 406). */
const asReceived: Fault = server => async request => {
  const { pathname } = new URL(request.url);
  const accept = request.headers.get('Accept') ?? '';
  const [, study, , series, , instance] = /\/studies\/([0-9.]+)(\/series\/([0-9.]+)(\/instances\/([0-9.]+))?)?$/.exec(pathname) ?? [];
  const named = /^multipart\/related; type="application\/dicom"(?:; transfer-syntax=([\d.]+))?$/.exec(accept);
  if (study === undefined || named === null || request.method !== 'GET') return server(request);
  const [, asked] = named;
  const all = corpus
    .flatMap(({ instances }) => instances)
    .filter(
      each =>
        each.studyInstanceUID === study &&
        (series === undefined || each.seriesInstanceUID === series) &&
        (instance === undefined || each.sopInstanceUID === instance),
    );
  const sent = all.filter(each => asked === undefined || each.transferSyntax === asked);
  if (all.length === 0) return new Response('There is none.', { status: 404 });
  if (sent.length === 0) return new Response('Objects come as they were stored.', { status: 406 });
  const pieces = sent.flatMap(each => [Buffer.from('\r\n--as-received\r\nContent-Type: application/dicom\r\n\r\n'), each.part10()]);
  return new Response(Buffer.concat([...pieces, Buffer.from('\r\n--as-received--')]), {
    status: sent.length < all.length ? 206 : 200,
    headers: { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=as-received' },
  });
};

const objectsIn = (uids: string) => new RegExp(`application/dicom".*transfer-syntax=(?!(${uids})(?![.\\d]))`);

const types = (change: (type: string) => string): Fault =>
  sendsEachHeader(line => line.replace(/^(Content-Type: )(.*)/i, (_, name: string, type: string) => name + change(type)));

/** The transfer syntax that a media type of Table 6.5-1 stands for without parameter. */
const meantBy: Readonly<Record<string, string>> = { jpeg: '4.70', rle: '5', 'jpeg-ls': '4.80', jp2: '4.90', jpx: '4.92' };
const withoutDefault = (type: string): string =>
  type.replace(/^image\/dicom\+([\w-]+); transfer-syntax=1\.2\.840\.10008\.1\.2\.([\d.]+)$/, (whole: string, name: string, uid: string) =>
    meantBy[name] === uid ? `image/dicom+${name}` : whole,
  );

const lossy = corpus.flatMap(({ instances }) =>
  instances.filter(each => transferSyntax(each.transferSyntax)?.lossy === 'always').map(each => each.sopInstanceUID),
);
const compressedTypes = /type="(image|video)\//;

/** Servers that send other representations than the mock server, and label them in other ways that PS3.18-2013 6.5 allows. */
const variants: Readonly<Record<string, Fault>> = {
  // 6.5.1.1: the server chooses, and need not convert.
  'objects come as they were stored': asReceived,
  'objects come in Explicit VR Little Endian only': onAccept(objectsIn('1\\.2\\.840\\.10008\\.1\\.2\\.1'), status(406)),
  'objects come in Implicit VR Little Endian only': together(
    on(
      request => request.headers.get('Accept') === acceptDicom,
      hearsHeaders({ Accept: `${acceptDicom}; transfer-syntax=1.2.840.10008.1.2` }),
    ),
    onAccept(objectsIn('1\\.2\\.840\\.10008\\.1\\.2'), status(406)),
  ),
  'objects come uncompressed only': onAccept(/application\/dicom".*transfer-syntax=1\.2\.840\.10008\.1\.2\.[45]/, status(406)),
  'a study of which only some can be had is refused': answers((response, request) =>
    response.status === 206 && !request.headers.has('Range') ? new Response('Not all of it.', { status: 406 }) : response,
  ),
  // 7.1.2, 7.2.2: compressed media types are recommended or permitted.
  'nothing is sent in a compressed media type': onAccept(compressedTypes, status(406)),
  'only JPEG is sent in a compressed media type': onAccept(/type="(video|image\/(?!dicom\+jpeg"))/, status(406)),
  'compressed media types are for frames only': on(
    request => compressedTypes.test(request.headers.get('Accept') ?? '') && !/\/frames\//.test(request.url),
    status(406),
  ),
  'compressed media types are for whole instances only': on(
    request => compressedTypes.test(request.headers.get('Accept') ?? '') && /\/frames\//.test(request.url),
    status(406),
  ),
  // 6.5: what is held with loss only.
  'what is held with loss is not sent as octets': on(
    request => /octet-stream"$/.test(request.headers.get('Accept') ?? '') && lossy.some(uid => request.url.includes(`/instances/${uid}`)),
    status(406),
  ),
  // Table 6.5-1: the parameter may be left out where it says what is meant anyway.
  'transfer syntaxes that are meant anyway are not told': types(withoutDefault),
  'the message tells the transfer syntax as well': answers(response => {
    const headers = new Headers(response.headers);
    const type = headers.get('Content-Type') ?? '';
    headers.set('Content-Type', type.replace(/^(.*type="application\/dicom")/, '$1; transfer-syntax=1.2.840.10008.1.2.1'));
    return new Response(response.body, { status: response.status, headers });
  }),
  // 6.5.5.2.1 prints octet-stream on the message, whatever the item is.
  'messages with compressed bulk data are labelled octet-stream': on(
    /\/bulkdata\//,
    sendsHeaders(headers =>
      headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/type="image\/[^"]*"/, 'type="application/octet-stream"')),
    ),
  ),
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });
});
