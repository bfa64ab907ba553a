import { compressedMediaTypes, mediaTypesOf } from '../../schemas/media-types.ts';
import { explicitBigEndian, rleLossless, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { anyOf, byEdition, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsHeaders, on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptOctets } from '../kit/media.ts';
import { decodeRle, frameShape, framesOf, imagesOf, type StoredInstance } from '../kit/pixels.ts';
import { ask, formOf, instancePath, type Part, parts, partsOf } from '../kit/retrieve.ts';

const frames = /\/frames\//;
const octets = (request: Request) => frames.test(new URL(request.url).pathname) && /octet-stream/.test(request.headers.get('Accept') ?? '');
const rleImages = (study: Parameters<typeof imagesOf>[0]) => imagesOf(study).filter(image => image.transferSyntax === rleLossless);
/** The media type of RLE frames by edition. */
const rleTypes = Object.fromEntries(
  Object.keys(compressedMediaTypes).map(edition => [edition, mediaTypesOf(rleLossless, edition)[0]?.mediaType ?? null]),
);
const rleType = (t: Trial) => mediaTypesOf(rleLossless, t.edition)[0]?.mediaType ?? '';

// PS3.18-2013 6.5: what is stored without loss can be had uncompressed.
export const decompressed = check({
  id: 'wado-rs/frames-compressed/as-octets',
  title: 'A frame asked for as application/octet-stream comes uncompressed and little endian, in whatever transfer syntax it is stored',
  requires: ['WADO-RS-6.5.4-16', 'WADO-RS-6.5-22', 'WADO-RS-6.5.4-17', 'WADO-RS-6.5.4-15', 'WADO-RS-T6.5-1-12'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    octets,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.concat([Buffer.from([1, 0, 0, 0]), part.body]) }))),
  ),
  async run(t, { several }) {
    for (const image of imagesOf(several)) {
      const row =
        image.transferSyntax === explicitBigEndian
          ? 'WADO-RS-6.5.4-17'
          : image.transferSyntax === rleLossless
            ? 'WADO-RS-6.5.4-16'
            : 'WADO-RS-6.5.4-15';
      const native = framesOf(image) ?? [];
      for (const [i, pixels] of native.slice(0, 3).entries()) {
        const sent = await parts(t, `${instancePath(image)}/frames/${i + 1}`, acceptOctets, { row: 'WADO-RS-6.5-22' });
        // PS3.5-2013 8.1.1: the byte that makes the whole value even may follow its last frame.
        const padding = i + 1 === native.length && Buffer.concat(native).length % 2 === 1 ? 1 : 0;
        t.expect(
          `the pixels of frame ${i + 1} of an image stored in ${image.transferSyntax}, asked for as application/octet-stream`,
          sent.map(({ body }) => (body.length === pixels.length + padding ? body.subarray(0, pixels.length) : body)),
          [pixels],
          { row },
        );
        const named = [...new Set(sent.map(part => part.parameters.get('transfer-syntax') ?? ''))].filter(
          uid => transferSyntax(uid)?.encapsulated,
        );
        t.expect('the compressed transfer syntaxes named on parts with application/octet-stream', named, [], { row: 'WADO-RS-T6.5-1-12' });
      }
    }
  },
});

/** The parts for a frame as RLE, or a skip where the server does not offer that. */
async function asRle(t: Trial, image: StoredInstance, list: string, parameter = ''): Promise<readonly Part[]> {
  const exchange = await ask(t, `${instancePath(image)}/frames/${list}`, `multipart/related; type="${rleType(t)}"${parameter}`);
  if (exchange.response.status === 406) t.skip(`the target does not offer frames as ${rleType(t)}`);
  t.expect('the status of a frame of an RLE image, asked for as RLE', exchange.response.status, 200);
  return partsOf(t, exchange);
}

// Table 6.5-1 and PS3.5-2013 Annex G: an RLE frame is its header and its segments.
export const rle = check({
  id: 'wado-rs/frames-compressed/as-rle',
  title: 'A frame as RLE is one part with the RLE header, the right pixels and the right label',
  requires: ['WADO-RS-6.5.4-22', 'WADO-RS-6.5.4-18', 'WADO-RS-6.5.4-19', 'WADO-RS-T6.5-1-02', 'WADO-RS-T6.5-1-10', 'WADO-RS-6.5-14'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    request => /rle/.test(request.headers.get('Accept') ?? ''),
    sendsParts(all => all.map(part => ({ ...part, body: part.body.subarray(64) }))),
  ),
  async run(t, { several }) {
    for (const image of rleImages(several)) {
      const shape = frameShape(image.dataSet);
      const native = framesOf(image);
      if (!shape || !native) continue;
      const sent = await asRle(t, image, '1');
      t.expect('the number of parts for one frame as RLE', sent.length, 1, { row: 'WADO-RS-6.5.4-18' });
      for (const part of sent) {
        t.expect('the Content-Type of a frame as RLE', part.mediaType, byEdition(rleTypes), { row: 'WADO-RS-6.5-14' });
        t.expect('the transfer-syntax of a frame as RLE', part.parameters.get('transfer-syntax') ?? rleLossless, rleLossless, {
          row: 'WADO-RS-T6.5-1-02',
        });
        const start = Buffer.from(part.body.subarray(0, 4)).toString('hex');
        t.expect('the first bytes of a frame as RLE', start, noneOf('feff00e0'), { row: 'WADO-RS-6.5.4-19' });
        const segments = part.body.length >= 64 ? new DataView(part.body.buffer, part.body.byteOffset).getUint32(0, true) : 0;
        t.expect(
          'the number of segments in the RLE header of a frame',
          segments,
          satisfying('1 to 15', (count: number) => count >= 1 && count <= 15),
        );
        t.expect('the pixels of a frame as RLE', decoded(part.body, shape), native[0], { row: 'WADO-RS-T6.5-1-10' });
      }
    }
  },
});

function decoded(frame: Uint8Array, shape: Parameters<typeof decodeRle>[1]): Uint8Array | string {
  try {
    return decodeRle(frame, shape);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// Table 6.5-1: a pair of media type and transfer syntax that is no row of the table means nothing.
export const strangePair = check({
  id: 'wado-rs/frames-compressed/a-pair-outside-the-table',
  title: 'A media type with the transfer syntax of another is refused',
  requires: ['WADO-RS-T6.5-1-09', 'WADO-RS-7-02'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(request => /rle.*4\.50/.test(request.headers.get('Accept') ?? ''), hearsHeaders({ Accept: acceptOctets })),
  async run(t, { several }) {
    const [image] = rleImages(several);
    if (!image) return;
    const accept = `multipart/related; type="${rleType(t)}"; transfer-syntax=1.2.840.10008.1.2.4.50`;
    const { response } = await ask(t, `${instancePath(image)}/frames/1`, accept);
    t.expect(`the status for a frame with Accept: ${accept}`, response.status, anyOf(406, 400));
    for (const type of ['image/dicom+jpeg', 'image/dicom+rle', 'image/dicom+jpeg-ls', 'image/dicom+jp2', 'image/dicom+jpx']) {
      const exchange = await ask(t, `${instancePath(image)}/frames/1`, `multipart/related; type="${type}"`);
      t.record(`a frame as ${type}`, formOf(t, exchange));
      t.expect(`the status for a frame as ${type}`, exchange.response.status, anyOf(200, 406), { row: 'WADO-RS-7-02' });
    }
  },
});

// RFC 2616 14.1: the higher quality wins; the clause on frames knows no order of preference.
export const quality = check({
  id: 'wado-rs/frames-compressed/quality',
  title: 'Of two forms of a frame, the one with the higher q is sent',
  requires: ['WADO-RS-6.5-ACC-12'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    frames,
    hearsHeaders(headers => headers.set('Accept', (headers.get('Accept') ?? '').replaceAll(/;q=[\d.]+/g, ''))),
  ),
  async run(t, { several }) {
    const [image] = rleImages(several);
    if (!image) return;
    await asRle(t, image, '1');
    const accept = `multipart/related; type="${rleType(t)}";q=0.2, ${acceptOctets};q=0.9`;
    t.expect(
      `what is sent for Accept: ${accept}`,
      formOf(t, await ask(t, `${instancePath(image)}/frames/1`, accept)),
      'application/octet-stream',
    );
  },
});

// 6.5: compressed data outside of PS3.10 objects has to be asked for.
export const unasked = check({
  id: 'wado-rs/frames-compressed/uncompressed-only',
  title: 'A client that accepts uncompressed frames only gets no compressed ones',
  requires: ['WADO-RS-6.5-ACC-09'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    octets,
    hearsHeaders(headers => headers.set('Accept', 'multipart/related; type="image/dicom+rle"')),
  ),
  async run(t, { several }) {
    for (const image of rleImages(several)) {
      const form = formOf(t, await ask(t, `${instancePath(image)}/frames/1`, acceptOctets));
      t.expect(
        'what is sent to a client that accepts application/octet-stream only',
        form,
        satisfying(
          'application/octet-stream, or a refusal',
          (what: string) => what === 'application/octet-stream' || /^status [45]/.test(what),
        ),
      );
    }
  },
});
