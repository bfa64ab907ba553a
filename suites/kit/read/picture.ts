import sharp from 'sharp';
import { Unreadable } from './defect.ts';
import { remembering } from './remember.ts';

/** A decoded picture in RGB of 8 bits. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `jpeg`, `png`, `gif` and the like. */
  readonly format: string;
  /** How many pictures the file holds. */
  readonly frames: number;
  /** Red, green and blue, by pixel, row by row. */
  readonly samples: Uint8Array;
}

/** Decodes the first picture of a JPEG, PNG or GIF file; Unreadable when it is none. */
export const readPicture = remembering(decode, 30);

async function decode(bytes: Uint8Array): Promise<Picture> {
  try {
    const image = sharp(bytes);
    const { format = '', pages = 1 } = await image.metadata();
    const { data, info } = await image
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, format, frames: pages, samples: inRgb(data, info.channels) };
  } catch (error) {
    throw new Unreadable(`the picture cannot be decoded: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

function inRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  return Uint8Array.from({ length: pixels * 3 }, (_, i) => data[Math.floor(i / 3) * channels] ?? 0);
}

/** Red, green and blue of a pixel. */
export function colourAt({ width, samples }: Picture, x: number, y: number): readonly [number, number, number] {
  const at = 3 * (y * width + x);
  return [samples[at] ?? 0, samples[at + 1] ?? 0, samples[at + 2] ?? 0];
}

/** The gray of a pixel: the mean of its colours. */
export function grayAt({ width, samples }: Picture, x: number, y: number): number {
  const at = 3 * (y * width + x);
  return ((samples[at] ?? 0) + (samples[at + 1] ?? 0) + (samples[at + 2] ?? 0)) / 3;
}

/** The mean gray of a rectangle, given in fractions of width and height; the whole picture when absent. */
export function meanGray(picture: Picture, [left, top, right, bottom]: readonly [number, number, number, number] = [0, 0, 1, 1]): number {
  let [sum, count] = [0, 0];
  for (let y = Math.floor(top * picture.height); y < Math.ceil(bottom * picture.height); y += 1) {
    for (let x = Math.floor(left * picture.width); x < Math.ceil(right * picture.width); x += 1) {
      sum += grayAt(picture, x, y);
      count += 1;
    }
  }
  return sum / count;
}

/** How far pictures of one size are apart: the largest and the mean difference of a sample, from 0 to 255. */
export function distance(a: Picture, b: Picture): { readonly largest: number; readonly mean: number } {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < a.samples.length; i += 1) {
    const difference = Math.abs((a.samples[i] ?? 0) - (b.samples[i] ?? 0));
    largest = Math.max(largest, difference);
    sum += difference;
  }
  return { largest, mean: a.samples.length === 0 ? 0 : sum / a.samples.length };
}

/** Whether pictures have one size and show the same but for what compression does to them. */
export function looksLike(a: Picture, b: Picture): boolean {
  if (a.width !== b.width || a.height !== b.height) return false;
  const { mean, largest } = distance(a, b);
  return mean <= 3 && largest <= 48;
}

/** The frame header of a JPEG stream (ISO/IEC 10918-1 B.2.2) and whether it has Huffman tables. */
export interface JpegFrame {
  /** The name of its marker: SOF0 for the baseline process. */
  readonly process: string;
  readonly precision: number;
  readonly huffman: boolean;
}

/** The frame header of a JPEG or JPEG-LS stream; Unreadable when there is none. */
export function readJpegFrame(bytes: Uint8Array): JpegFrame {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Unreadable('the stream does not begin with FF D8');
  let found: Omit<JpegFrame, 'huffman'> | null = null;
  let huffman = false;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xc4) huffman = true;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
      found = { process: `SOF${marker - 0xc0}`, precision: bytes[at + 4] ?? 0 };
    else if (marker === 0xf7) found = { process: 'JPEG-LS', precision: bytes[at + 4] ?? 0 };
    if (marker === 0xda) break;
    at += 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  }
  if (!found) throw new Unreadable('the stream has no frame header');
  return { ...found, huffman };
}
