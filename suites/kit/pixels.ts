import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { type InstanceUids, plain } from './retrieve.ts';

/** What the Image Pixel attributes say about one frame. */
export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly frames: number;
  readonly planar: boolean;
  readonly photometric: string;
}

const numberOf = (element: Element | undefined): number | undefined => {
  if (!element || !('values' in element)) return undefined;
  const [first] = element.values;
  return first === undefined || first === '' ? undefined : Number(first);
};

const textOf = (element: Element | undefined): string => {
  const [first] = element && 'values' in element ? element.values : [];
  return typeof first === 'string' ? first : '';
};

/** PS3.3-2013 C.7.6.3: the shape of the frames of an image, or null for a data set without Rows and Columns. */
export function frameShape(dataSet: DataSet): FrameShape | null {
  const get = (keyword: string) => dataSet.get(tagOf(keyword));
  const [rows, columns, bitsAllocated] = ['Rows', 'Columns', 'BitsAllocated'].map(keyword => numberOf(get(keyword)));
  if (!rows || !columns || !bitsAllocated) return null;
  return {
    rows,
    columns,
    bitsAllocated,
    samples: numberOf(get('SamplesPerPixel')) ?? 1,
    frames: numberOf(get('NumberOfFrames')) ?? 1,
    planar: numberOf(get('PlanarConfiguration')) === 1,
    photometric: textOf(get('PhotometricInterpretation')),
  };
}

/** PS3.5-2013 8.1.1 and 8.2: the bytes of one native frame. Chroma that is subsampled horizontally takes two thirds. */
export function frameSize({ rows, columns, samples, bitsAllocated, photometric }: FrameShape): number {
  const full = (rows * columns * samples * bitsAllocated) / 8;
  return photometric === 'YBR_FULL_422' ? (full * 2) / 3 : full;
}

/**
 * The frames of a data set as uncompressed little endian bytes; null where it has no pixel data, or pixel data that is neither native nor RLE,
 * or pixels that do not fill whole bytes.
 */
export function nativeFrames(dataSet: DataSet, transferSyntax: string): readonly Uint8Array[] | null {
  const shape = frameShape(dataSet);
  const pixels = dataSet.get(tagOf('PixelData'));
  if (!shape || !pixels || shape.bitsAllocated % 8 !== 0) return null;
  if ('bytes' in pixels) {
    const size = frameSize(shape);
    return Array.from({ length: shape.frames }, (_, i) => plain(pixels.bytes.subarray(i * size, (i + 1) * size)));
  }
  if (!('fragments' in pixels) || transferSyntax !== rleLossless) return null;
  return pixels.fragments.map(fragment => decodeRle(fragment, shape));
}

/** PS3.5-2013 Annex G: an RLE frame as native little endian bytes, samples arranged as the shape says. */
export function decodeRle(frame: Uint8Array, shape: FrameShape): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const { rows, columns, samples, bitsAllocated, planar } = shape;
  const bytes = bitsAllocated / 8;
  const count = frame.length >= 64 ? view.getUint32(0, true) : 0;
  if (count !== samples * bytes) throw new RangeError(`an RLE frame with ${count} segments where ${samples * bytes} belong`);
  const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true));
  const pixels = rows * columns;
  const native = new Uint8Array(pixels * samples * bytes);
  for (const [i, start] of starts.entries()) {
    const plane = unpack(frame.subarray(start, starts[i + 1] ?? frame.length), pixels);
    // G.2: the most significant byte of a sample comes first.
    const sample = Math.floor(i / bytes);
    const byte = bytes - 1 - (i % bytes);
    for (let p = 0; p < pixels; p++) {
      const at = planar ? sample * pixels + p : p * samples + sample;
      native[at * bytes + byte] = plane[p] ?? 0;
    }
  }
  return native;
}

/** G.3.2: the PackBits decoder. */
function unpack(segment: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < segment.length && to < size; ) {
    const n = ((segment[at] ?? 0) << 24) >> 24;
    at += 1;
    if (n >= 0) {
      out.set(segment.subarray(at, at + Math.min(n + 1, size - to)), to);
      to += n + 1;
      at += n + 1;
    } else if (n !== -128) {
      out.fill(segment[at] ?? 0, to, to + 1 - n);
      to += 1 - n;
      at += 1;
    }
  }
  return out;
}

/** An instance as it was stored. */
export interface StoredInstance extends InstanceUids {
  readonly transferSyntax: string;
  readonly dataSet: DataSet;
}

/** The instances of a fixture study. */
export const instancesOf = (study: FixtureStudy): readonly StoredInstance[] => study.instances;

/** The instances of a fixture study that have pixel data. */
export const imagesOf = (study: FixtureStudy): readonly StoredInstance[] =>
  instancesOf(study).filter(({ dataSet }) => dataSet.has(tagOf('PixelData')));

/** The frames of a stored image as uncompressed bytes; null where they are not known without a decoder of images. */
export const framesOf = ({ dataSet, transferSyntax }: StoredInstance): readonly Uint8Array[] | null =>
  nativeFrames(dataSet, transferSyntax);

/** Whether decoded frames are those that a fixture was made of. */
export function areTheFrames(sent: readonly Uint8Array[] | null, { nativeFrames: made = [] }: FixtureInstance): boolean {
  return sent !== null && sent.length === made.length && made.every((frame, i) => Buffer.compare(frame, sent[i] ?? new Uint8Array()) === 0);
}
