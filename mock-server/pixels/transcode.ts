import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { rleLossless, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import type { StoredInstance } from '../storage/store.ts';
import { codecs } from './codecs.ts';
import { canDecode, encodedFrames, frameOf, type ImageShape, imageShape, pixelData } from './frames.ts';
import { encodeRle } from './rle.ts';

const isEncapsulated = (uid: string): boolean => transferSyntax(uid)?.encapsulated ?? false;

/** Whether an instance can be sent in a transfer syntax. Nothing is made lossy that was not, unless that transfer syntax was asked for, as it is here. */
export function canTranscode({ dataSet, transferSyntax: stored }: StoredInstance, uid: string): boolean {
  if (uid === stored) return true;
  if (!transferSyntax(uid) || !canDecode(dataSet, stored)) return false;
  if (!dataSet.has(pixelData)) return !isEncapsulated(uid) && !isJpip(uid);
  const shape = imageShape(dataSet);
  if (!isEncapsulated(uid)) return !isJpip(uid) && (!isEncapsulated(stored) || shape !== null);
  return shape !== null && canEncode(uid, decodedShape(shape, stored));
}

/** The shape of the frames that `frameOf` gives: decoders other than that of RLE give samples by pixel, and colour as RGB. */
export function decodedShape(shape: ImageShape, stored: string): ImageShape {
  if (!isEncapsulated(stored) || stored === rleLossless) return shape;
  return { ...shape, planar: false, photometric: shape.samplesPerPixel === 3 ? 'RGB' : shape.photometric };
}

/** What holds luma and chroma as they are. */
const ofAnyColour = [rleLossless, '1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.80'];

const isJpip = (uid: string) => uid === '1.2.840.10008.1.2.4.94' || uid === '1.2.840.10008.1.2.4.95';

/** Whether frames of this shape can be encoded in a transfer syntax. */
export function canEncode(uid: string, { bitsAllocated, samplesPerPixel, photometric }: ImageShape): boolean {
  if (bitsAllocated !== 8 && bitsAllocated !== 16) return false;
  if (photometric.startsWith('YBR') && !(photometric === 'YBR_FULL' && ofAnyColour.includes(uid))) return false;
  if (uid === rleLossless) return true;
  if (!codecs[uid]?.encode) return false;
  // The encoder of JPEG 2000 has room for 8 bit colour only.
  if (jpeg2000.includes(uid) && samplesPerPixel === 3 && bitsAllocated === 16) return false;
  return uid === jpegBaseline ? bitsAllocated === 8 && photometric !== 'PALETTE COLOR' : samplesPerPixel === 1 || samplesPerPixel === 3;
}

/** PS3.3-2013 C.7.6.1.1.5.1, by transfer syntax. */
const lossyMethods: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.81': 'ISO_14495_1',
  '1.2.840.10008.1.2.4.91': 'ISO_15444_1',
};
const jpeg2000 = ['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91'];
const jpegBaseline = '1.2.840.10008.1.2.4.50';

/** Samples plane by plane, brought together pixel by pixel (PS3.3-2013 C.7.6.3.1.3). */
function interleaved(frame: Uint8Array, { rows, columns, samplesPerPixel, bitsAllocated }: ImageShape): Uint8Array {
  const bytes = bitsAllocated / 8;
  const pixels = rows * columns;
  return Uint8Array.from({ length: frame.length }, (_, i) => {
    const sample = Math.floor(i / bytes) % samplesPerPixel;
    const pixel = Math.floor(i / (bytes * samplesPerPixel));
    return frame[(sample * pixels + pixel) * bytes + (i % bytes)] ?? 0;
  });
}

/** Each frame of an instance as a stream of a transfer syntax of encapsulated pixel data, counted from 0; null where it cannot be had. */
export async function streamOf(instance: StoredInstance, uid: string, index: number, quality?: number): Promise<Uint8Array | null> {
  const shape = imageShape(instance.dataSet);
  const element = instance.dataSet.get(pixelData);
  if (!shape || !element) return null;
  if (uid === instance.transferSyntax && 'fragments' in element) return encodedFrames(element, shape.frames)[index] ?? null;
  const native = await frameOf(instance.dataSet, instance.transferSyntax, index);
  const decoded = decodedShape(shape, instance.transferSyntax);
  if (!native || !canEncode(uid, decoded)) return null;
  if (uid === rleLossless) return encodeRle(native, decoded);
  const bytes = decoded.planar ? interleaved(native, shape) : native;
  const frame = {
    ...shape,
    bitsAllocated: shape.bitsAllocated === 8 ? 8 : 16,
    bytes,
    colour: codecs[uid]?.colour?.(instance.dataSet),
    ...(quality === undefined ? {} : { quality }),
  } as const;
  return (await codecs[uid]?.encode?.(frame)) ?? null;
}

/** The instance as a PS3.10 file in a transfer syntax for which `canTranscode` holds; `quality`, 1 to 100, is for what becomes lossy by that. */
export async function transcoded(instance: StoredInstance, uid: string, quality?: number): Promise<Uint8Array> {
  if (uid === instance.transferSyntax) return instance.file;
  return writePart10(await transcodedDataSet(instance, uid, quality), { transferSyntax: uid });
}

async function transcodedDataSet(instance: StoredInstance, uid: string, quality: number | undefined): Promise<DataSet> {
  const { dataSet, transferSyntax: stored } = instance;
  const shape = imageShape(dataSet);
  if (!shape || (!isEncapsulated(stored) && !isEncapsulated(uid))) return dataSet;
  const changed = new Map(dataSet);
  const set = (keyword: string, element: Element) => changed.set(tagOf(keyword), element);
  const frames = await Promise.all(
    Array.from({ length: shape.frames }, (_, i) =>
      isEncapsulated(uid) ? streamOf(instance, uid, i, quality) : frameOf(dataSet, stored, i),
    ),
  );
  const complete = frames.filter(frame => frame !== null);
  if (complete.length < frames.length) throw new Error(`the frames of ${instance.sopInstanceUID} cannot be brought into ${uid}`);
  const colour = shape.samplesPerPixel > 1;
  if (isEncapsulated(uid)) {
    set('PixelData', { vr: 'OB', ...encapsulated(complete) });
    const decoded = decodedShape(shape, stored);
    if (colour) {
      // RLE keeps planes as they are; other streams have their samples by pixel.
      set('PlanarConfiguration', { vr: 'US', values: [uid === rleLossless && decoded.planar ? 1 : 0] });
      set('PhotometricInterpretation', { vr: 'CS', values: [codecs[uid]?.colour?.(dataSet) ?? decoded.photometric] });
    }
  } else {
    const bytes = Buffer.concat(complete);
    set('PixelData', { vr: shape.bitsAllocated > 8 ? 'OW' : 'OB', bytes });
    if (colour && stored !== rleLossless) {
      // PS3.5-2013 8.2: what decoders give is RGB by pixel, whatever the stream held.
      set('PlanarConfiguration', { vr: 'US', values: [0] });
      set('PhotometricInterpretation', { vr: 'CS', values: ['RGB'] });
    }
  }
  // PS3.3-2013 C.7.6.1.1.5: once lossy, always said so, with a ratio and a method for each time.
  const method = lossyMethods[uid];
  if (method !== undefined) {
    const before = (keyword: string) => {
      const element = dataSet.get(tagOf(keyword));
      return element && 'values' in element ? element.values.map(String) : [];
    };
    const native = (shape.frames * shape.rows * shape.columns * shape.samplesPerPixel * shape.bitsAllocated) / 8;
    const ratio = (native / complete.reduce((sum, { length }) => sum + length, 0)).toFixed(2);
    set('LossyImageCompression', { vr: 'CS', values: ['01'] });
    set('LossyImageCompressionRatio', { vr: 'DS', values: [...before('LossyImageCompressionRatio'), ratio] });
    set('LossyImageCompressionMethod', { vr: 'CS', values: [...before('LossyImageCompressionMethod'), method] });
  }
  return new Map([...changed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** PS3.5-2013 A.4: one fragment of even length for each frame, and the table of their offsets. */
function encapsulated(streams: readonly Uint8Array[]): { readonly offsets: readonly number[]; readonly fragments: readonly Uint8Array[] } {
  const fragments = streams.map(stream => (stream.length % 2 === 0 ? stream : Buffer.concat([stream, Buffer.of(0)])));
  let next = 0;
  const offsets = fragments.map(fragment => {
    const offset = next;
    next += 8 + fragment.length;
    return offset;
  });
  return { offsets, fragments };
}
