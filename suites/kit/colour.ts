import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { type FrameShape, frameShape, frameSize } from './pixels.ts';

/** The first frame of native 8-bit colour, as red, green and blue by pixel, read as its attributes say (PS3.3-2013 C.7.6.3.1); a sentence where they do not fit the bytes. */
export function rgbOf(dataSet: DataSet): Uint8Array | string {
  const shape = frameShape(dataSet);
  const pixels = dataSet.get(tagOf('PixelData'));
  if (!shape || !pixels || !('bytes' in pixels)) return 'no native pixel data';
  const size = frameSize(shape);
  const excess = pixels.bytes.length - size * shape.frames;
  if (excess < 0 || excess > 1) return `${pixels.bytes.length} bytes of pixel data where the attributes make ${size * shape.frames}`;
  const count = shape.rows * shape.columns;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const samples = pixelAt(pixels.bytes, shape, i);
    if (typeof samples === 'string') return samples;
    rgb.set(samples, 3 * i);
  }
  return rgb;
}

function pixelAt(bytes: Uint8Array, { rows, columns, planar, photometric }: FrameShape, i: number): readonly number[] | string {
  const by = (...at: readonly number[]) => at.map(each => bytes[each] ?? 0);
  const count = rows * columns;
  const samples = planar ? by(i, count + i, 2 * count + i) : by(3 * i, 3 * i + 1, 3 * i + 2);
  if (photometric === 'RGB') return samples;
  if (photometric === 'YBR_FULL') return fromFullRange(samples);
  // Two luma samples, then the chroma of both.
  if (photometric === 'YBR_FULL_422') return fromFullRange(by(2 * (i - (i % 2)) + (i % 2), 2 * (i - (i % 2)) + 2, 2 * (i - (i % 2)) + 3));
  return `the Photometric Interpretation ${photometric}, which native pixel data of this image do not have`;
}

function fromFullRange([y = 0, b = 128, r = 128]: readonly number[]): readonly number[] {
  const clamp = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  return [y + 1.402 * (r - 128), y - 0.344136 * (b - 128) - 0.714136 * (r - 128), y + 1.772 * (b - 128)].map(clamp);
}
