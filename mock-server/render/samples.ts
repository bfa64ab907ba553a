import type { DataSet } from '../../schemas/data-set.ts';
import { numberOf } from '../dicom/values.ts';
import type { ImageShape } from '../pixels/frames.ts';

/** PS3.5-2013 8.1.1 and PS3.3-2013 C.7.6.3: the stored values of a native frame of one sample a pixel, without the bits that are none of them. */
export function storedValues(frame: Uint8Array, shape: ImageShape, dataSet: DataSet): Float64Array {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, isSigned } = shape;
  const highBit = numberOf(dataSet, 'HighBit') ?? bitsStored - 1;
  const shift = Math.max(0, highBit + 1 - bitsStored);
  const range = 2 ** bitsStored;
  const divisor = 2 ** shift;
  const raw = reader(frame, bitsAllocated);
  const values = new Float64Array(rows * columns * samplesPerPixel);
  for (let i = 0; i < values.length; i += 1) {
    const value = Math.floor(raw(i) / divisor) % range;
    values[i] = isSigned && value >= range / 2 ? value - range : value;
  }
  return values;
}

/** How the words of a frame are read, as unsigned numbers; missing ones are 0. */
function reader(frame: Uint8Array, bits: number): (i: number) => number {
  if (bits === 1) return i => ((frame[i >> 3] ?? 0) >> (i & 7)) & 1;
  if (bits === 8) return i => frame[i] ?? 0;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bits === 16) return i => (2 * i + 2 <= frame.length ? view.getUint16(2 * i, true) : 0);
  if (bits === 32) return i => (4 * i + 4 <= frame.length ? view.getUint32(4 * i, true) : 0);
  throw new RangeError(`samples of ${bits} bits cannot be rendered`);
}
