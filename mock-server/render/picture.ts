import sharp from 'sharp';

/** A picture of 8-bit samples, by pixel, row by row: gray or RGB. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly samples: Uint8Array;
  /** The window that its values went through (PS3.3-2013 C.11.2), where it was one. */
  readonly window?: { readonly center: number; readonly width: number };
}

/** An image that cannot be rendered; the message is a sentence that says why. */
export class NotRenderable extends Error {}

const mostPixels = 2 ** 26;

function bounded(width: number, height: number): void {
  if (width * height > mostPixels)
    throw new NotRenderable(`A picture of ${width} by ${height} is larger than the ${mostPixels} pixels that are made here.`);
}

/** A rectangle of pixels; it may reach beyond a picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture in the box; what lies outside of it is black. */
export function cropped(picture: Picture, { left, top, width, height }: Box): Picture {
  const { channels } = picture;
  bounded(width, height);
  const samples = new Uint8Array(width * height * channels);
  const from = Math.max(0, left);
  const to = Math.min(picture.width, left + width);
  for (let row = Math.max(0, top); from < to && row < Math.min(picture.height, top + height); row += 1) {
    const line = picture.samples.subarray((row * picture.width + from) * channels, (row * picture.width + to) * channels);
    samples.set(line, ((row - top) * width + from - left) * channels);
  }
  return { width, height, channels, samples };
}

/** The picture in another size. */
export async function resized(picture: Picture, width: number, height: number): Promise<Picture> {
  const { channels, samples } = picture;
  if (width === picture.width && height === picture.height) return picture;
  bounded(width, height);
  const { data } = await sharp(samples, { raw: { width: picture.width, height: picture.height, channels } })
    .resize(width, height, { fit: 'fill', kernel: width * height > picture.width * picture.height ? 'linear' : 'lanczos3' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, channels, samples: data };
}

/** PS3.18-2013 8.2.2 and 8.2.3: with one of them the other follows from the aspect ratio; with both, the largest size that stays within them. */
export function sizeWithin(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  rows?: number,
  columns?: number,
): { width: number; height: number } {
  if (rows === undefined && columns === undefined) return { width, height };
  const scale = Math.min((rows ?? Number.POSITIVE_INFINITY) / height, (columns ?? Number.POSITIVE_INFINITY) / width);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** PS3.3-2013 C.10.6: turned clockwise by a multiple of 90 degrees, then flipped horizontally. */
export function turned({ width, height, channels, samples }: Picture, degrees: number, flip: boolean): Picture {
  const quarter = (((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3;
  const [newWidth, newHeight] = quarter % 2 === 0 ? [width, height] : [height, width];
  const out = new Uint8Array(samples.length);
  for (let y = 0; y < newHeight; y += 1) {
    for (let x = 0; x < newWidth; x += 1) {
      const across = flip ? newWidth - 1 - x : x;
      const [fromX, fromY] = sourceOf(quarter, across, y, width, height);
      const from = (fromY * width + fromX) * channels;
      for (let channel = 0; channel < channels; channel += 1) out[(y * newWidth + x) * channels + channel] = samples[from + channel] ?? 0;
    }
  }
  return { width: newWidth, height: newHeight, channels, samples: out };
}

function sourceOf(quarter: 0 | 1 | 2 | 3, x: number, y: number, width: number, height: number): readonly [number, number] {
  if (quarter === 0) return [x, y];
  if (quarter === 1) return [y, height - 1 - x];
  if (quarter === 2) return [width - 1 - x, height - 1 - y];
  return [width - 1 - y, x];
}

/** The picture in RGB. */
export function inColour(picture: Picture): Picture {
  if (picture.channels === 3) return picture;
  const samples = new Uint8Array(picture.samples.length * 3);
  for (let i = 0; i < picture.samples.length; i += 1) samples.fill(picture.samples[i] ?? 0, 3 * i, 3 * i + 3);
  return { ...picture, channels: 3, samples };
}

/** Sets a pixel to a gray; pixels outside of the picture are left out. */
export function paint({ width, height, channels, samples }: Picture, x: number, y: number, gray: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  samples.fill(gray, (y * width + x) * channels, (y * width + x + 1) * channels);
}
