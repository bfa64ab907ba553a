import type { DataSet } from '../../schemas/data-set.ts';
import { numberOf } from '../dicom/values.ts';
import type { ImageShape } from '../pixels/frames.ts';

/** Samples as whole numbers: 32 bits where they have at most 16, else of double precision. */
export type Samples = Int32Array | Float64Array;

/** PS3.5-2013 8.1.1 and PS3.3-2013 C.7.6.3: the stored values of a native frame of one sample a pixel, without the bits that are none of them. */
export function storedValues(frame: Uint8Array, shape: ImageShape, dataSet: DataSet): Samples {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, isSigned } = shape;
  const highBit = numberOf(dataSet, 'HighBit') ?? bitsStored - 1;
  const shift = Math.max(0, highBit + 1 - bitsStored);
  const range = 2 ** bitsStored;
  const half = isSigned ? range / 2 : range;
  const raw = words(frame, bitsAllocated, rows * columns * samplesPerPixel);
  if (bitsAllocated > 16) {
    return Float64Array.from(raw, word => {
      const value = Math.floor(word / 2 ** shift) % range;
      return value >= half ? value - range : value;
    });
  }
  const values = new Int32Array(raw.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = ((raw[i] ?? 0) >> shift) & (range - 1);
    values[i] = value >= half ? value - range : value;
  }
  return values;
}

/** The first `count` words of a frame as unsigned numbers; missing ones are 0. */
function words(frame: Uint8Array, bits: number, count: number): Uint8Array | Uint16Array | Uint32Array {
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
