import sharp, { type Sharp } from 'sharp';
import { codecs } from '../pixels/codecs.ts';
import { jp2File } from './jp2.ts';
import type { Picture } from './picture.ts';

/** Pictures of one size, shown one after the other. */
export interface RenderedFrames {
  readonly frames: readonly Picture[];
  /** How long each is shown, in milliseconds. */
  readonly frameTime: number;
}

/** How pictures are encoded. */
export interface EncodeOptions {
  /** 1 to 100, for what is compressed with loss (PS3.18-2013 8.2.8); 90 when absent. */
  readonly quality?: number;
}

type Encode = (rendered: RenderedFrames, options: EncodeOptions) => Promise<Uint8Array>;

/** The quality of what is compressed with loss, unless another one is asked for. */
export const defaultQuality = 90;

const firstOf = ({ frames }: RenderedFrames): Picture => {
  const [first] = frames;
  if (!first) throw new RangeError('there is no frame to encode');
  return first;
};

function asImage({ width, height, channels, samples }: Picture): Sharp {
  return sharp(samples, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
}

/** 7.1.2: the baseline process, 8 bits, Huffman coded. */
const jpeg: Encode = async (rendered, { quality = defaultQuality }) =>
  asImage(firstOf(rendered)).jpeg({ quality, progressive: false, chromaSubsampling: '4:4:4' }).toBuffer();

const png: Encode = async rendered => asImage(firstOf(rendered)).png({ palette: false }).toBuffer();

/** All frames, played endlessly, where there are several. */
const gif: Encode = async ({ frames, frameTime }) => {
  const [first] = frames;
  if (!first) throw new RangeError('there is no frame to encode');
  const { width, height, channels } = first;
  const raw = { width, height: height * frames.length, channels, pageHeight: height };
  return sharp(Buffer.concat(frames.map(({ samples }) => samples)), { raw })
    .gif({ dither: 0, effort: 10, ...(frames.length > 1 ? { loop: 0, delay: Math.round(frameTime) } : {}) })
    .toBuffer();
};

/** ISO/IEC 15444-1 Annex I: a codestream in its file format. */
const jp2: Encode = async rendered => {
  const { width, height, channels, samples } = firstOf(rendered);
  const shape = { rows: height, columns: width, samplesPerPixel: channels, bitsAllocated: 8, bitsStored: 8, isSigned: false } as const;
  const codestream = await codecs['1.2.840.10008.1.2.4.90']?.encode?.({ ...shape, bytes: samples });
  if (!codestream) throw new Error('there is no encoder of JPEG 2000');
  return jp2File(codestream, { width, height, channels });
};

const encoders: Readonly<Record<string, Encode>> = { 'image/jpeg': jpeg, 'image/png': png, 'image/gif': gif, 'image/jp2': jp2 };

/** The media types that pictures can be encoded in, the preferred one first. */
export const pictureTypes: readonly string[] = Object.keys(encoders);

/** Encodes pictures as a media type of `pictureTypes`; all but image/gif hold the first one only. */
export async function encodePictures(rendered: RenderedFrames, type: string, options: EncodeOptions = {}): Promise<Uint8Array> {
  const encode = encoders[type];
  if (!encode) throw new RangeError(`pictures cannot be encoded as ${type}`);
  const key = `${type} ${options.quality ?? defaultQuality}`;
  const known = encoded.get(rendered) ?? new Map<string, Promise<Uint8Array>>();
  encoded.set(rendered, known);
  const picture = known.get(key) ?? encode(rendered, options);
  known.set(key, picture);
  return picture;
}

/** What renderings were encoded as, as long as they are kept. */
const encoded = new WeakMap<RenderedFrames, Map<string, Promise<Uint8Array>>>();
