import loadCharls from '@cornerstonejs/codec-charls/wasmjs';
import loadLibJpeg from '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import { Decoder as LosslessDecoder } from 'jpeg-lossless-decoder-js';
import { rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { decodeRle, type FrameShape, frameSize } from './pixels.ts';
import { streamOf } from './read/stream.ts';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  delete(): void;
}

/** The settings of a module; the module takes the object over, so each one needs its own. */
const quiet = () => ({ print: () => {}, printErr: () => {} });

/** A decoder of a WebAssembly module, which is loaded once; after a stream that breaks it a fresh one is, so that no stream harms another. */
function decoderOf<M>(load: (settings: ReturnType<typeof quiet>) => Promise<M>, make: (module: M) => Decoder) {
  let loaded: Promise<M> | undefined;
  return async (stream: Uint8Array): Promise<Uint8Array> => {
    loaded ??= load(quiet());
    const mine = loaded;
    try {
      const decoder = make(await mine);
      decoder.getEncodedBuffer(stream.length).set(stream);
      decoder.decode();
      const decoded = Uint8Array.from(decoder.getDecodedBuffer());
      decoder.delete();
      return decoded;
    } catch (error) {
      if (loaded === mine) loaded = undefined;
      throw error;
    }
  };
}

const charls = decoderOf(loadCharls, ({ JpegLSDecoder }) => new JpegLSDecoder());
const openJpeg = decoderOf(loadOpenJpeg, ({ J2KDecoder }) => new J2KDecoder());
const libJpeg = decoderOf(loadLibJpeg, ({ JPEGDecoder }) => new JPEGDecoder());

function lossless(stream: Uint8Array, { bitsAllocated }: FrameShape): Uint8Array {
  const copy = Uint8Array.from(stream);
  const samples = new LosslessDecoder().decode(copy.buffer, 0, copy.length, bitsAllocated / 8);
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * The native bytes of an encoded frame, samples interleaved by pixel, colour as RGB; what kind of stream it is, its markers say. A sentence where it cannot be decoded, null
 * where nobody here can: JPEG of more than 8 bits, video.
 */
export async function decodeFrame(stream: Uint8Array, shape: FrameShape): Promise<Uint8Array | string | null> {
  try {
    const decoded = await nativeOf(stream, shape);
    const size = frameSize({ ...shape, photometric: 'RGB' });
    if (decoded === null || decoded.length >= size) return decoded?.subarray(0, size) ?? null;
    return `a stream that decodes to ${decoded.length} bytes instead of ${size}`;
  } catch (error) {
    return `a stream that does not decode: ${error instanceof Error ? error.message : 'the codec refuses it'}`;
  }
}

async function nativeOf(stream: Uint8Array, shape: FrameShape): Promise<Uint8Array | null> {
  const told = streamOf(stream);
  switch (told.kind) {
    case 'rle':
      return decodeRle(stream, { ...shape, planar: false });
    case 'jpeg-ls':
      return charls(stream);
    case 'jpeg-2000':
      return openJpeg(stream);
    case 'jpeg':
      if (told.frameMarker === 0xc3) return lossless(stream, shape);
      return shape.bitsAllocated === 8 ? libJpeg(stream) : null;
    default:
      return null;
  }
}

/** How near decoded samples are to the known ones, in decibels (peak signal-to-noise ratio); Infinity when they are the same. */
export function nearness(decoded: Uint8Array, known: Uint8Array, { bitsAllocated }: FrameShape, bitsStored = bitsAllocated): number {
  const samples = (bytes: Uint8Array): readonly number[] => [
    ...(bitsAllocated === 8 ? bytes : new Uint16Array(Uint8Array.from(bytes).buffer)),
  ];
  const [a, b] = [samples(decoded), samples(known)];
  const error = b.reduce((sum, value, i) => sum + (value - (a[i] ?? 0)) ** 2, 0) / b.length;
  return error === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((2 ** bitsStored - 1) ** 2 / error);
}

/** The transfer syntaxes whose frames are compared exactly. */
export const losslessStreams: readonly string[] = ['4.57', '4.70', '4.80', '4.90']
  .map(last => `1.2.840.10008.1.2.${last}`)
  .concat(rleLossless);
