import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { compressedMediaTypes } from '../../schemas/media-types.ts';
import { rleLossless, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { codecs } from './codecs.ts';
import { decodeComponent, hasPlainComponents, isPart2 } from './jpeg-2000-part-2.ts';
import { decodeRle } from './rle.ts';

/** What the Image Pixel module says of the frames (PS3.3-2013 C.7.6.3). */
export interface ImageShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly frames: number;
  readonly planar: boolean;
  readonly photometric: string;
}

export const pixelData = tagOf('PixelData');

/** The shape of an image, or null for a data set that is none. */
export function imageShape(dataSet: DataSet): ImageShape | null {
  const value = (keyword: string): string | number | undefined => {
    const element = dataSet.get(tagOf(keyword));
    return element && 'values' in element ? element.values[0] : undefined;
  };
  const [rows, columns, bitsAllocated] = [Number(value('Rows')), Number(value('Columns')), Number(value('BitsAllocated'))];
  if (!dataSet.has(pixelData) || !(rows > 0) || !(columns > 0) || !(bitsAllocated > 0)) return null;
  return {
    rows,
    columns,
    bitsAllocated,
    bitsStored: Number(value('BitsStored') ?? bitsAllocated),
    isSigned: Number(value('PixelRepresentation') ?? 0) === 1,
    samplesPerPixel: Number(value('SamplesPerPixel') ?? 1),
    frames: Math.max(1, Number(value('NumberOfFrames') ?? 1)),
    planar: Number(value('PlanarConfiguration') ?? 0) === 1,
    photometric: String(value('PhotometricInterpretation') ?? ''),
  };
}

/** The number of bits of a native frame; chroma that is subsampled horizontally takes two thirds (PS3.3-2013 C.7.6.3.1.2). */
function bitsOfFrame({ rows, columns, samplesPerPixel, bitsAllocated, photometric }: ImageShape): number {
  const bits = rows * columns * samplesPerPixel * bitsAllocated;
  return photometric === 'YBR_FULL_422' ? (bits * 2) / 3 : bits;
}

/** One frame of native Pixel Data, counted from 0; frames follow each other without padding, bit by bit (PS3.5-2013 8.1.1). */
export function nativeFrame(bytes: Uint8Array, shape: ImageShape, index: number): Uint8Array {
  const bits = bitsOfFrame(shape);
  if (bits % 8 === 0) return bytes.subarray((bits / 8) * index, (bits / 8) * (index + 1));
  const frame = new Uint8Array(Math.ceil(bits / 8));
  for (let i = 0; i < bits; i += 1) {
    const at = bits * index + i;
    if (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) frame[i >> 3] = (frame[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return frame;
}

type Encapsulated = Extract<Element, { readonly fragments: unknown }>;

/** PS3.5-2013 A.4: the streams of the frames: one fragment each, else by the Basic Offset Table, else by the end marker of JPEG streams; none where nothing tells. */
export function encodedFrames({ offsets, fragments }: Encapsulated, frames: number): readonly Uint8Array[] {
  if (frames === 1) return [Buffer.concat(fragments)];
  if (fragments.length === frames) return fragments;
  let at = 0;
  const starts = fragments.map(fragment => {
    const start = at;
    at += 8 + fragment.length;
    return start;
  });
  const ends =
    offsets.length === frames
      ? [...offsets.slice(1), at]
      : starts.flatMap((_, i) => (endsStream(fragments[i]) ? [starts[i + 1] ?? at] : []));
  if (ends.length !== frames) return [];
  return ends.map((end, i) => Buffer.concat(fragments.filter((_, f) => (starts[f] ?? 0) >= (ends[i - 1] ?? 0) && (starts[f] ?? 0) < end)));
}

/** ISO/IEC 10918-1 B.1.1.3, 14495-1 and 15444-1: a stream ends with FFD9; a pad byte may follow. */
function endsStream(fragment: Uint8Array | undefined): boolean {
  const text = Buffer.from(fragment?.subarray(-3) ?? []).toString('hex');
  return text.endsWith('ffd9') || text.endsWith('ffd900');
}

const multiFrame = new Set((compressedMediaTypes['2013'] ?? []).filter(row => row.frames === 'multi').map(row => row.transferSyntax));

/** Whether one stream of the transfer syntax holds all frames (PS3.18-2013 Table 6.5-1, the multi-frame media types). */
export const holdsAllFrames = (uid: string): boolean => multiFrame.has(uid);

/** The one stream that holds all frames. */
export const wholeStream = ({ fragments }: Encapsulated): Uint8Array => Buffer.concat(fragments);

/** Whether the pixels of an image in a transfer syntax can be had in native form; JPEG 2000 Part 2 as far as its frames are plain components. */
export function canDecode(dataSet: DataSet, uid: string): boolean {
  if (transferSyntax(uid)?.encapsulated === false || uid === rleLossless || uid in codecs) return true;
  const element = dataSet.get(pixelData);
  const shape = imageShape(dataSet);
  return (
    isPart2(uid) && shape !== null && element !== undefined && 'fragments' in element && hasPlainComponents(wholeStream(element), shape)
  );
}

/** One frame of native Pixel Data, of a large value without the others. */
function storedFrame(element: Extract<Element, { readonly bytes: unknown }>, shape: ImageShape, index: number): Uint8Array {
  const size = bitsOfFrame(shape) / 8;
  return element.deferred && Number.isInteger(size)
    ? element.deferred.slice(size * index, size * (index + 1))
    : nativeFrame(element.bytes, shape, index);
}

/** A frame of an image as native little endian bytes, counted from 0; null where it cannot be had. Samples of what was compressed are interleaved, RLE excepted. */
export async function frameOf(dataSet: DataSet, uid: string, index: number): Promise<Uint8Array | null> {
  const shape = imageShape(dataSet);
  const element = dataSet.get(pixelData);
  if (!shape || !element || index >= shape.frames) return null;
  if ('bytes' in element) return storedFrame(element, shape, index);
  if (!('fragments' in element)) return null;
  if (isPart2(uid)) return canDecode(dataSet, uid) ? decodeComponent(wholeStream(element), shape, index) : null;
  const stream = encodedFrames(element, shape.frames)[index];
  if (!stream) return null;
  if (uid === rleLossless) return decodeRle(stream, shape);
  return (await codecs[uid]?.decode(stream)) ?? null;
}
