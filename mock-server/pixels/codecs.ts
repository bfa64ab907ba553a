import loadCharls from '@cornerstonejs/codec-charls/wasmjs';
import loadLibJpeg from '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { sopClasses } from '../../schemas/sop-classes.ts';
import { encodeJpegBaseline, type JpegColour } from './jpeg-baseline.ts';
import { decodeJpegExtended } from './jpeg-extended-decode.ts';
import { encodeJpegLossless, type NativeFrame } from './jpeg-lossless.ts';
import { decodeJpegLossless } from './jpeg-lossless-decode.ts';
import { hasDeepSamples } from './jpeg-markers.ts';

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
}

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  delete(): void;
}

interface Encoder {
  getDecodedBuffer(info: FrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  delete(): void;
}

export interface CharlsModule {
  readonly JpegLSDecoder: new () => Decoder;
  readonly JpegLSEncoder: new () => Encoder & { setNearLossless(error: number): void; setInterleaveMode(mode: 0 | 1 | 2): void };
}

export interface OpenJpegModule {
  readonly J2KDecoder: new () => Decoder;
  readonly J2KEncoder: new () => Encoder & { setQuality(lossless: boolean, quality: number): void; setDecompositions(count: number): void };
}

export interface LibJpegModule {
  readonly JPEGDecoder: new () => Decoder;
}

type Load<T> = (settings: { print(line: string): void; printErr(line: string): void }) => Promise<T>;

/**
 * Lends a WebAssembly module, which is loaded on first use and kept; what it would print on standard output is dropped. A module that fails is not used again: a stream that
 * makes it write where it should not must not harm the next one.
 */
function lender<T>(load: Load<T>): <R>(use: (module: T) => R) => Promise<R> {
  let loaded: Promise<T> | undefined;
  return async use => {
    loaded ??= load({ print: () => {}, printErr: () => {} });
    const mine = loaded;
    try {
      return use(await mine);
    } catch (error) {
      if (loaded === mine) loaded = undefined;
      // C++ exceptions come as the address of what was thrown.
      throw error instanceof Error ? error : new Error('the codec cannot do this');
    }
  };
}

const withCharls = lender(loadCharls);
const withOpenJpeg = lender(loadOpenJpeg);
const withLibJpeg = lender(loadLibJpeg);

function decodeWith(decoder: Decoder, stream: Uint8Array): Uint8Array {
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    return Uint8Array.from(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}

function encodeWith<E extends Encoder>(encoder: E, frame: CodedFrame, settings: (encoder: E) => void): Uint8Array {
  try {
    const info = {
      width: frame.columns,
      height: frame.rows,
      bitsPerSample: frame.bitsStored,
      componentCount: frame.samplesPerPixel,
      isSigned: frame.isSigned,
    };
    encoder.getDecodedBuffer(info).set(frame.bytes);
    settings(encoder);
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  } finally {
    encoder.delete();
  }
}

/** A native frame with what the codecs have to know of its samples. */
export interface CodedFrame extends NativeFrame {
  readonly bitsStored: number;
  readonly isSigned: boolean;
  /** 1 to 100, for transfer syntaxes with loss that know of it; the codec's own when absent. */
  readonly quality?: number;
  /** The Photometric Interpretation that the stream is to have, where the transfer syntax leaves a choice. */
  readonly colour?: string | undefined;
}

/** Brings one frame of a transfer syntax into native form: samples interleaved by pixel, little endian. */
export type DecodeFrame = (stream: Uint8Array) => Promise<Uint8Array>;

/** Encodes one native frame; a frame that the transfer syntax cannot hold is refused with an error. */
export type EncodeFrame = (frame: CodedFrame) => Promise<Uint8Array>;

const decodeJpegLs: DecodeFrame = stream => withCharls(({ JpegLSDecoder }) => decodeWith(new JpegLSDecoder(), stream));
const decodeJpeg2000: DecodeFrame = stream => withOpenJpeg(({ J2KDecoder }) => decodeWith(new J2KDecoder(), stream));
const decodeJpeg8: DecodeFrame = stream => withLibJpeg(({ JPEGDecoder }) => decodeWith(new JPEGDecoder(), stream));

const encodeJpegLs =
  (nearLossless: number): EncodeFrame =>
  frame =>
    withCharls(({ JpegLSEncoder }) =>
      encodeWith(new JpegLSEncoder(), frame, encoder => {
        encoder.setNearLossless(nearLossless);
        encoder.setInterleaveMode(frame.samplesPerPixel === 1 ? 0 : 2);
      }),
    );

const encodeJpeg2000 =
  (lossless: boolean): EncodeFrame =>
  frame =>
    withOpenJpeg(({ J2KEncoder }) =>
      encodeWith(new J2KEncoder(), frame, encoder => {
        // Five decompositions need 32 samples in either direction.
        encoder.setDecompositions(Math.max(0, Math.min(5, Math.floor(Math.log2(Math.min(frame.rows, frame.columns))))));
        encoder.setQuality(lossless, 0.001);
      }),
    );

/** A codec of a transfer syntax. */
export interface Codec {
  /** Used only when the transfer syntax is asked for by its UID. */
  readonly lossy: boolean;
  readonly decode: DecodeFrame;
  readonly encode?: EncodeFrame;
  /** Photometric Interpretation of RGB after encoding (PS3.5-2013 8.2), by the instance that it is of; absent where it stays RGB. */
  readonly colour?: (dataSet: DataSet) => string;
}

const jpegLossless: DecodeFrame = async stream => decodeJpegLossless(stream);

/**
 * PS3.3-2013 asks for YBR_FULL_422 where colour is compressed with loss (A.8.5.4, C.8.12.4.1.5), and leaves it free in Secondary Capture: there RGB, which PS3.5-2013 8.2.1 allows,
 * does not blur the edges between colours.
 */
function jpegColour(dataSet: DataSet): JpegColour {
  const element = dataSet.get(tagOf('SOPClassUID'));
  const isFree = element && 'values' in element && element.values[0] === sopClasses['Secondary Capture Image Storage'];
  return isFree ? 'RGB' : 'YBR_FULL_422';
}

/** The codecs by transfer syntax (PS3.5-2013 A.4). RLE depends on the shape of the frame and has a file of its own. */
export const codecs: Readonly<Record<string, Codec>> = {
  '1.2.840.10008.1.2.4.50': {
    lossy: true,
    decode: decodeJpeg8,
    encode: async frame => encodeJpegBaseline(frame, { ...frame, colour: frame.colour === 'RGB' ? 'RGB' : 'YBR_FULL_422' }),
    colour: jpegColour,
  },
  '1.2.840.10008.1.2.4.51': {
    lossy: true,
    decode: async stream => (hasDeepSamples(stream) ? decodeJpegExtended(stream) : decodeJpeg8(stream)),
  },
  '1.2.840.10008.1.2.4.57': { lossy: false, decode: jpegLossless },
  '1.2.840.10008.1.2.4.70': { lossy: false, decode: jpegLossless, encode: async frame => encodeJpegLossless(frame) },
  '1.2.840.10008.1.2.4.80': { lossy: false, decode: decodeJpegLs, encode: encodeJpegLs(0) },
  '1.2.840.10008.1.2.4.81': { lossy: true, decode: decodeJpegLs, encode: encodeJpegLs(2) },
  '1.2.840.10008.1.2.4.90': { lossy: false, decode: decodeJpeg2000, encode: encodeJpeg2000(true), colour: () => 'YBR_RCT' },
  '1.2.840.10008.1.2.4.91': { lossy: true, decode: decodeJpeg2000, encode: encodeJpeg2000(false), colour: () => 'YBR_ICT' },
};
