import type { DataSet } from '../../schemas/data-set.ts';
import { numberOf } from '../dicom/values.ts';
import type { ImageShape } from '../pixels/frames.ts';

/** Samples as whole numbers: 32 bits where they have at most 16, else of double precision. */
export type Samples = Int32Array | Float64Array;

/** What samples are stored in: bits, bytes or words, as unsigned numbers. */
export type Words = Uint8Array | Uint16Array | Uint32Array;

/** PS3.5-2013 8.1.1 and PS3.3-2013 C.7.6.3: what the samples of a native frame are stored in, and the value in each without the bits that are none of it. */
export function storedWords(
  frame: Uint8Array,
  { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, isSigned }: ImageShape,
  dataSet: DataSet,
): { readonly words: Words; sample(word: number): number } {
  const highBit = numberOf(dataSet, 'HighBit') ?? bitsStored - 1;
  const divisor = 2 ** Math.max(0, highBit + 1 - bitsStored);
  const range = 2 ** bitsStored;
  const half = isSigned ? range / 2 : range;
  return {
    words: words(frame, bitsAllocated, rows * columns * samplesPerPixel),
    sample(word) {
      const value = Math.floor(word / divisor) % range;
      return value >= half ? value - range : value;
    },
  };
}

/** The values of the samples of a native frame. */
export function storedValues(frame: Uint8Array, shape: ImageShape, dataSet: DataSet): Samples {
  const { words, sample } = storedWords(frame, shape, dataSet);
  return words instanceof Uint32Array ? Float64Array.from(words, sample) : Int32Array.from(words, sample);
}

/** The first `count` words of a frame as unsigned numbers; missing ones are 0. */
function words(frame: Uint8Array, bits: number, count: number): Words {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const there = Math.min(count, Math.floor((8 * frame.length) / bits));
  if (bits === 1) return Uint8Array.from({ length: count }, (_, i) => ((frame[i >> 3] ?? 0) >> (i & 7)) & 1);
  if (bits === 8) {
    const read = new Uint8Array(count);
    read.set(frame.subarray(0, there));
    return read;
  }
  if (bits === 16) {
    const read = new Uint16Array(count);
    for (let i = 0; i < there; i += 1) read[i] = view.getUint16(2 * i, true);
    return read;
  }
  if (bits === 32) {
    const read = new Uint32Array(count);
    for (let i = 0; i < there; i += 1) read[i] = view.getUint32(4 * i, true);
    return read;
  }
  throw new RangeError(`samples of ${bits} bits cannot be rendered`);
}
