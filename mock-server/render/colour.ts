import type { DataSet } from '../../schemas/data-set.ts';
import type { ImageShape } from '../pixels/frames.ts';
import { looked, lookupIn } from './lookup.ts';
import type { Picture } from './picture.ts';
import { storedValues } from './samples.ts';

/** Whether a frame is in colour (PS3.3-2013 C.7.6.3.1.2). */
export const isColour = ({ samplesPerPixel, photometric }: ImageShape): boolean => samplesPerPixel === 3 || photometric === 'PALETTE COLOR';

/** A native frame in colour as RGB of 8 bits: by pixel or by plane, RGB, YBR or palette. */
export function colourPicture(frame: Uint8Array, shape: ImageShape, image: DataSet): Picture {
  const { rows, columns, photometric, bitsStored } = shape;
  const samples = new Uint8Array(rows * columns * 3);
  const put = (pixel: number, red: number, green: number, blue: number) => samples.set([byte(red), byte(green), byte(blue)], 3 * pixel);
  const picture: Picture = { width: columns, height: rows, channels: 3, samples };
  if (photometric === 'PALETTE COLOR') {
    const palette = paletteOf(image, shape.isSigned);
    for (const [pixel, value] of storedValues(frame, shape, image).entries()) put(pixel, ...palette(value));
    return picture;
  }
  const values = photometric === 'YBR_FULL_422' ? unsubsampled(frame, rows * columns) : storedValues(frame, shape, image);
  const convert = photometric.startsWith('YBR') ? (photometric.startsWith('YBR_PARTIAL') ? fromPartial : fromFull) : asItIs;
  const scale = 255 / (2 ** bitsStored - 1);
  const pixels = rows * columns;
  const at = (pixel: number, sample: number) =>
    (values[shape.planar && photometric !== 'YBR_FULL_422' ? sample * pixels + pixel : 3 * pixel + sample] ?? 0) * scale;
  for (let pixel = 0; pixel < pixels; pixel += 1) put(pixel, ...convert(at(pixel, 0), at(pixel, 1), at(pixel, 2)));
  return picture;
}

const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

type Colour = readonly [number, number, number];
const asItIs = (red: number, green: number, blue: number): Colour => [red, green, blue];

/** C.7.6.3.1.2, YBR_FULL: the inverse of the equations there. */
function fromFull(y: number, cb: number, cr: number): Colour {
  return [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)];
}

/** C.7.6.3.1.2, YBR_PARTIAL: luminance from 16 to 235, chrominance from 16 to 240. */
function fromPartial(y: number, cb: number, cr: number): Colour {
  return fromFull(((y - 16) * 255) / 219, 128 + ((cb - 128) * 255) / 224, 128 + ((cr - 128) * 255) / 224);
}

/** C.7.6.3.1.2, YBR_FULL_422: two luminances, then the chrominances that both pixels have. */
function unsubsampled(frame: Uint8Array, pixels: number): Uint8Array {
  const values = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const pair = 4 * (pixel >> 1);
    values.set([frame[pair + (pixel & 1)] ?? 0, frame[pair + 2] ?? 0, frame[pair + 3] ?? 0], 3 * pixel);
  }
  return values;
}

/** C.7.9: the three tables of a palette, whose entries are brought to 8 bits. */
function paletteOf(image: DataSet, signed: boolean): (value: number) => Colour {
  const [red, green, blue] = ['Red', 'Green', 'Blue'].map(colour => {
    const lookup = lookupIn(image, signed, `${colour}PaletteColorLookupTableDescriptor`, `${colour}PaletteColorLookupTableData`);
    const bits = lookup && lookup.bits > 8 && lookup.entries.every(entry => entry < 256) ? 8 : (lookup?.bits ?? 8);
    return (value: number) => (lookup ? (looked(lookup, value) * 255) / (2 ** bits - 1) : 0);
  });
  return value => [red?.(value) ?? 0, green?.(value) ?? 0, blue?.(value) ?? 0];
}
