import { jpegLossless } from '../../fixtures/jpeg-lossless.ts';
import { pixelsOf } from '../../fixtures/pixels.ts';
import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { rle } from '../../fixtures/rle.ts';
import { jpeg2000Stream } from '../../fixtures/streams.ts';
import type { Element } from '../../schemas/data-set.ts';
import type { Edition } from '../../schemas/editions.ts';
import { asOf } from '../../schemas/editions.ts';
import { compressedMediaTypes } from '../../schemas/media-types.ts';
import { jpegLosslessFirstOrder, rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, onBody, sendsBytes } from '../kit/faults.ts';
import { retrieved, ways } from '../kit/kept.ts';
import { acceptDicom } from '../kit/media.ts';
import { objectsOf } from '../kit/objects.ts';
import { nativeFrames } from '../kit/pixels.ts';
import { ask, instancePath } from '../kit/retrieve.ts';
import { bulkPart, pixelData, storeXml, takesXml, uriOf, xmlPart } from '../kit/store-metadata.ts';
import { freshStudy, type StoreAnswer } from '../kit/stored.ts';

const jpeg2000 = '1.2.840.10008.1.2.4.90';
const jpegBaseline = '1.2.840.10008.1.2.4.50';

/** An image that can be compressed, and the stream of its one frame. */
interface Compressed {
  readonly instance: FixtureInstance;
  readonly stream: Uint8Array;
}

const onlyFragment = (element: Element): Uint8Array =>
  'fragments' in element ? (element.fragments[0] ?? new Uint8Array()) : new Uint8Array();

/** A gray image of 5 by 7 bytes, which has to be sent as a stream. */
async function small(t: Trial, encode: 'rle' | 'jpeg'): Promise<Compressed> {
  const instance = (await freshStudy(t, 'odd-sizes')).instances.find(({ name }) => name === '5x7');
  if (!instance?.frames) throw new Error('the study "odd-sizes" has no 5x7');
  const pixels = pixelsOf({ rows: 7, columns: 5 }, instance.frames);
  const element = encode === 'rle' ? rle(pixels, { offsetTable: false }) : jpegLossless(pixels, { perFrame: 1, offsetTable: false });
  return { instance, stream: onlyFragment(element) };
}

const stored = ({ status, failed }: StoreAnswer): boolean => [200, 202].includes(status) && failed.length === 0;

const post = (t: Trial, { instance, stream }: Compressed, type: string): Promise<StoreAnswer> =>
  storeXml(t, [xmlPart(instance), bulkPart(uriOf(instance), stream, type)]);

/** The names that a transfer syntax has for pixel data of one frame, that of the edition first. */
function namesOf(transferSyntax: string, edition: Edition): readonly string[] {
  const rows = (at: Edition) => (asOf(compressedMediaTypes, at) ?? []).filter(row => row.transferSyntax === transferSyntax);
  return [...new Set([edition, ...Object.keys(compressedMediaTypes)].flatMap(rows).map(({ mediaType }) => mediaType))];
}

// PS3.18-2013 6.6 and Table 6.5-1.
export const named = check({
  id: 'stow-rs/compressed-bulk-data/media-types',
  title: 'Compressed pixels are taken under the media type of Table 6.5-1, where they are taken at all',
  requires: ['STOW-RS-6.6-12'],
  given: { ways, takesXml },
  writes: true,
  // Only the names of later editions are known.
  fault: onBody(
    /image\/(dicom\+)?(jpeg|rle)|image\/x-dicom-rle/,
    hearsText(text =>
      text
        .replace(/image\/dicom\+/, 'image/unknown+')
        .replace(/image\/jpeg/, 'image/dicom+jpeg')
        .replace(/image\/x-dicom-rle/, 'image/dicom+rle'),
    ),
  ),
  async run(t) {
    for (const [transferSyntax, encode] of [
      [jpegLosslessFirstOrder, 'jpeg'],
      [rleLossless, 'rle'],
    ] as const) {
      const [own = '', ...others] = namesOf(transferSyntax, t.edition);
      const parameter = `; transfer-syntax=${transferSyntax}`;
      const answer = await post(t, await small(t, encode), own + parameter);
      t.record(`the status of pixels of type ${own}`, String(answer.status));
      if (stored(answer)) continue;
      for (const other of others) {
        const again = await post(t, await small(t, encode), other + parameter);
        t.expect(
          `the status of pixels of type ${own}, when they are stored as ${other}`,
          answer.status,
          stored(again) ? 200 : answer.status,
        );
      }
    }
  },
});

/** The only fragment of the object as it comes in a transfer syntax, and its length; null where it does not come in it. */
async function streamIn(t: Trial, instance: FixtureInstance, transferSyntax: string): Promise<Uint8Array | null> {
  const exchange = await ask(t, instancePath(instance), `${acceptDicom}; transfer-syntax=${transferSyntax}`);
  if (exchange.response.status !== 200) return null;
  const [object] = objectsOf(t, exchange);
  const element = object?.transferSyntax === transferSyntax ? object.dataSet.get(pixelData) : undefined;
  return element ? onlyFragment(element) : null;
}

// The note of Table 6.5-1: without the parameter the reversible transfer syntax is meant.
export const defaultSyntax = check({
  id: 'stow-rs/compressed-bulk-data/lossless-by-default',
  title: 'A part of type image/dicom+jpeg without transfer-syntax is taken for JPEG Lossless',
  requires: ['STOW-RS-6.6-14'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(
    /image\/(dicom\+)?jpeg\r\n/,
    hearsText(text => text.replace(/(image\/(dicom\+)?jpeg)\r\n/, `$1; transfer-syntax=${jpegBaseline}\r\n`)),
  ),
  async run(t, { ways: known }) {
    if (!known.includes('retrieve')) t.skip('the target has no WADO-RS, so the transfer syntax of what is stored cannot be seen');
    const image = await small(t, 'jpeg');
    const [type = ''] = namesOf(jpegLosslessFirstOrder, t.edition);
    const answer = await post(t, image, type);
    if (!stored(answer)) t.skip(`the target does not take ${type} without transfer-syntax (status ${answer.status})`);
    // Nothing is asked of the transfer syntax, so a server may decode the image or give it as it is.
    const object = await retrieved(t, image.instance);
    if (!object) return t.skip('the target does not give the image back');
    t.expect(
      `the transfer syntax of an image whose pixels came as ${type}, without transfer-syntax`,
      object.transferSyntax,
      noneOf(jpegBaseline),
    );
    const pixels = nativeFrames(object.dataSet, object.transferSyntax);
    const [frame] = image.instance.frames ?? [];
    if (pixels?.[0] && frame)
      t.expect('the pixels of a lossless stream that came without transfer-syntax', Buffer.compare(pixels[0], frame), 0);
  },
});

// The note of Table 6.5-1: image/dicom+jp2 is the code stream alone.
export const codeStream = check({
  id: 'stow-rs/compressed-bulk-data/bare-code-stream',
  title: 'A JPEG 2000 code stream without a JP2 wrapper is stored, and comes back without one',
  requires: ['STOW-RS-6.6-19'],
  given: { ways, takesXml },
  writes: true,
  // The code stream in a wrapper, whose first box takes its place here.
  fault: sendsBytes(body => Buffer.from(body.toString('latin1').replace('\xff\x4f\xff\x51', '\0\0\0\x0c'), 'latin1')),
  async run(t, { ways: known }) {
    if (!known.includes('retrieve')) t.skip('the target has no WADO-RS, so what is stored cannot be seen');
    const instance = (await freshStudy(t, 'transfer-syntaxes')).instances.find(({ name }) => name === 'explicit-little-endian');
    if (!instance) throw new Error('the study "transfer-syntaxes" has no explicit-little-endian');
    const [type = ''] = namesOf(jpeg2000, t.edition);
    const answer = await post(t, { instance, stream: jpeg2000Stream }, `${type}; transfer-syntax=${jpeg2000}`);
    if (!stored(answer)) t.skip(`the target takes no JPEG 2000 in the XML form (status ${answer.status})`);
    const kept = await streamIn(t, instance, jpeg2000);
    if (kept === null) return t.skip('the target does not give the image back in JPEG 2000');
    t.expect('the first bytes of the fragment of a stored JPEG 2000 code stream', Buffer.from(kept.subarray(0, 2)).toString('hex'), 'ff4f');
  },
});
