import { describe, expect, test } from 'vitest';
import { corpus, studyNamed } from '../../fixtures/corpus.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { hears, on, status, together } from '../kit/faults.ts';
import { frameShape } from '../kit/pixels.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { hearing } from '../right-servers/hearing.ts';
import { sendsEachHeader, sendsEachPart } from '../right-servers/variants.ts';

const asksFor = (path: RegExp, accept: RegExp) => (request: Request) =>
  path.test(new URL(request.url).pathname) && accept.test(request.headers.get('Accept') ?? '');
const ofInstance = /\/instances\/[0-9.]+$/;

/** A server that keeps the URL of an instance for its Pixel Data, as some archives do, and gives nothing else by reference. */
const pixelsAtTheInstance: Fault = together(
  on(
    asksFor(ofInstance, /^multipart\/related; type="(application\/octet-stream|image\/|video\/)/),
    hears(url => (url.pathname = `${url.pathname}/bulkdata/7FE00010`)),
  ),
  sendsEachPart((part, _, request) => ({
    headers: part.headers.map(line => line.replace(/^(Content-Location: .*)\/bulkdata\/7FE00010/i, '$1')),
    body: /\/metadata$/.test(request.url) ? Buffer.from(byInstance(part.body.toString('latin1'), request.url), 'latin1') : part.body,
  })),
);
const uidIn = (document: string, tag: string) => new RegExp(`tag="${tag}"[^>]*><Value number="1">([0-9.]+)`).exec(document)?.[1];
function byInstance(document: string, url: string): string {
  const uri = `${url.replace(/\/metadata$/, '')}/series/${uidIn(document, '0020000E')}/instances/${uidIn(document, '00080018')}`;
  return document.replace(
    /(<DicomAttribute tag="7FE00010"[^>]*>)(?:<InlineBinary>[^<]*<\/InlineBinary>|<BulkData[^>]*\/>)(<\/DicomAttribute>)(?![\s\S]*tag="7FE00010")/,
    `$1<BulkData uri="${uri}"/>$2`,
  );
}

/** A server that keeps colour samples pixel by pixel, whatever the object was that was stored. */
const planar = studyNamed('colour').instances.find(({ name }) => name === 'rgb-planar');
const byPixel = (bytes: Uint8Array): Uint8Array => bytes.map((_, i) => bytes[(i % 3) * (bytes.length / 3) + Math.floor(i / 3)] ?? 0);
const samplesByPixel: Fault = together(
  on(request => request.headers.has('Range') && request.url.includes(planar?.sopInstanceUID ?? '-'), status(403)),
  on(
    request => request.url.includes(planar?.studyInstanceUID ?? '-'),
    sendsEachPart((part, _, request) => {
      const text = part.body.toString('latin1');
      const rewritten = (body: Uint8Array) => ({ ...part, body: Buffer.from(body) });
      if (text.slice(128, 132) === 'DICM') return rewritten(fileByPixel(part.body));
      if (/\/metadata$/.test(request.url))
        return rewritten(Buffer.from(text.replace(/(tag="00280006"[^>]*><Value number="1">)1/, '$10'), 'latin1'));
      const ofPlanar = part.headers.some(line => line.includes(`${planar?.sopInstanceUID}/`)) && part.body.length === 192;
      return ofPlanar ? rewritten(byPixel(part.body)) : part;
    }),
  ),
);
function fileByPixel(body: Buffer): Uint8Array {
  const { dataSet, transferSyntax } = readPart10(body).value;
  const pixels = dataSet.get('7FE00010');
  if (!frameShape(dataSet)?.planar || !pixels || !('bytes' in pixels)) return body;
  const changed = [
    ['00280006', { vr: 'US', values: [0] }],
    ['7FE00010', { ...pixels, bytes: byPixel(pixels.bytes) }],
  ] as const;
  return writePart10(new Map([...dataSet, ...changed]), { transferSyntax });
}
/** PS3.5-2013 8.1.1: the frame that ends Pixel Data of an odd length may come with the byte that makes them even. */
const odd = new Set(
  corpus
    .flatMap(({ instances }) => instances)
    .flatMap(({ sopInstanceUID, nativeFrames: frames = [] }) =>
      frames.length % 2 === 1 && (frames[0]?.length ?? 0) % 2 === 1 ? [`${sopInstanceUID}/frames/${frames.length}`] : [],
    ),
);
const lastFramesArePadded: Fault = on(
  request => [...odd].some(end => request.url.endsWith(end)) && /octet-stream/.test(request.headers.get('Accept') ?? ''),
  sendsEachPart(part => ({ ...part, body: Buffer.concat([part.body, Buffer.of(0)]) })),
);

/** Streams of these media types written in another way. */
const streams = (types: RegExp, change: (stream: Buffer) => Buffer): Fault =>
  sendsEachPart(part => (part.headers.some(line => types.test(line)) ? { ...part, body: change(part.body) } : part));
const even = (body: Buffer): Buffer => (body.length % 2 === 1 ? Buffer.concat([body, Buffer.of(0)]) : body);
/** A comment behind the first bytes of a stream, up to the end of what has to come first. */
const commented = (stream: Buffer, at: number, comment: string): Buffer =>
  Buffer.concat([stream.subarray(0, at), Buffer.from(comment, 'latin1'), stream.subarray(at)]);

/** Pixels in other forms that PS3.5-2013 and the standards of the streams allow. */
const variants: Readonly<Record<string, Fault>> = {
  // PS3.5-2013 A.4: fragments have an even length.
  'streams are padded': streams(/image\//, even),
  // ISO 10918-1 B.1.1.2: any marker may be preceded by fill bytes; B.2.4.5: comments.
  'JPEG has fill bytes': streams(/image\/dicom\+jpeg/, stream =>
    Buffer.concat([stream.subarray(0, 2), Buffer.of(255, 255), stream.subarray(2)]),
  ),
  'JPEG has a comment': streams(/image\/dicom\+jpeg/, stream => commented(stream, 2, '\xff\xfe\x00\x06made')),
  'JPEG is JFIF': streams(/image\/dicom\+jpeg(;|$)/, stream => commented(stream, 2, '\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
  // ISO 15444-1 A.9.2.
  'JPEG 2000 has a comment': streams(/image\/dicom\+jp2/, stream =>
    commented(stream, 4 + stream.readUInt16BE(4), '\xff\x64\x00\x08\x00\x01made'),
  ),
  // G.3.1: 128 means nothing, and a segment may be padded.
  'RLE ends with bytes that mean nothing': streams(/image\/dicom\+rle/, stream => Buffer.concat([stream, Buffer.of(128, 0)])),
  'octets name the transfer syntax that they are in anyway': sendsEachHeader(line =>
    line.replace(/^Content-Type: application\/octet-stream$/, '$&; transfer-syntax=1.2.840.10008.1.2.1'),
  ),
  // PS3.5-2013 7.1.1: the value field has an even length.
  'bulk data are padded': on(
    request => /\/bulkdata\//.test(request.url) && !request.headers.has('Range'),
    sendsEachPart(part => ({ ...part, body: even(part.body) })),
  ),
  'frames at the end are padded': lastFramesArePadded,
  'samples are kept pixel by pixel': samplesByPixel,
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });

  test('when Pixel Data are at the URL of the instance', async () => {
    const { accusations } = await hearing(checks, pixelsAtTheInstance, { bulkDataFrom: 1e9 });
    expect(accusations).toEqual([]);
  });
});
