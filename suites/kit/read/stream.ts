/** What the first markers of an encoded frame say of it. */
export type Stream =
  | {
      readonly kind: 'jpeg';
      /** The second byte of the start-of-frame marker: 0xC0 Baseline, 0xC1 Extended, 0xC3 Lossless (ITU-T T.81 Table B.1). */
      readonly frameMarker: number;
      /** The selection value of the predictor in lossless streams (T.81 B.2.3). */
      readonly predictor: number;
    }
  | { readonly kind: 'jpeg-ls'; readonly near: number }
  | {
      readonly kind: 'jpeg-2000';
      /** Whether it lies in the boxes of a JP2 file (ISO/IEC 15444-1 Annex I). */
      readonly boxed: boolean;
      readonly reversible: boolean;
      /** Whether the multiple component transformation is applied (15444-1 Table A.14). */
      readonly componentTransformation: boolean;
    }
  | { readonly kind: 'rle' | 'mpeg-2' | 'mpeg-4' | 'unknown' };

const unknown: Stream = { kind: 'unknown' };

/** Tells what kind of stream an encoded frame or video is, by its first markers. */
export function streamOf(stream: Uint8Array): Stream {
  // ITU-T T.81 B.1.1.2: fill bytes may stand before a marker.
  const filled = stream.findIndex(byte => byte !== 0xff);
  const bytes = filled > 1 ? stream.subarray(filled - 1) : stream;
  const at = (i: number) => bytes[i] ?? -1;
  if (at(0) === 0xff && at(1) === 0xd8) return jpeg(bytes);
  if (at(0) === 0xff && at(1) === 0x4f) return codeStream(bytes, 0, false);
  if (ascii(bytes, 4, 8) === 'jP  ') return codeStream(bytes, Math.max(0, indexOf(bytes, [0xff, 0x4f, 0xff, 0x51])), true);
  // ISO/IEC 13818-2 6.2.1 sequence header, 13818-1 pack header.
  if (at(0) === 0 && at(1) === 0 && at(2) === 1 && (at(3) === 0xb3 || at(3) === 0xba)) return { kind: 'mpeg-2' };
  if (ascii(bytes, 4, 8) === 'ftyp' || (at(0) === 0 && at(1) === 0 && (at(2) === 1 || (at(2) === 0 && at(3) === 1))))
    return { kind: 'mpeg-4' };
  if (at(0) === 0x47 && (bytes.length < 189 || at(188) === 0x47)) return { kind: 'mpeg-4' };
  if (bytes.length >= 64 && u32(bytes, 0) >= 1 && u32(bytes, 0) <= 15 && u32(bytes, 4) === 64) return { kind: 'rle' };
  return unknown;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number =>
  bytes.length < at + 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
const ascii = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
const indexOf = (bytes: Uint8Array, pattern: readonly number[]): number => Buffer.from(bytes).indexOf(Buffer.from(pattern));

/** ITU-T T.81 B.1.1 and T.87 C.1.1: marker segments up to the first scan. */
function jpeg(bytes: Uint8Array): Stream {
  let frameMarker = 0;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))) frameMarker = marker;
    if (marker === 0xda) {
      const afterComponents = bytes[at + 5 + 2 * (bytes[at + 4] ?? 0)] ?? 0;
      return frameMarker === 0xf7 ? { kind: 'jpeg-ls', near: afterComponents } : { kind: 'jpeg', frameMarker, predictor: afterComponents };
    }
    at += 2 + u16(bytes, at + 2);
  }
  return unknown;
}

/** ISO/IEC 15444-1 A.2 and A.6.1: the main header up to COD. */
function codeStream(bytes: Uint8Array, start: number, boxed: boolean): Stream {
  for (let at = start + 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + u16(bytes, at + 2)) {
    if (bytes[at + 1] !== 0x52) continue;
    return { kind: 'jpeg-2000', boxed, componentTransformation: bytes[at + 8] === 1, reversible: bytes[at + 13] === 1 };
  }
  return unknown;
}

type Kind = Stream['kind'];
const stills: readonly Kind[] = ['jpeg', 'jpeg-ls', 'jpeg-2000', 'rle'];
const families: readonly (readonly [RegExp, Kind])[] = [
  [/\.4\.(50|51|57|70)$/, 'jpeg'],
  [/\.4\.8[01]$/, 'jpeg-ls'],
  [/\.4\.9[0-3]$/, 'jpeg-2000'],
  [/\.2\.5$/, 'rle'],
];

/** Whether a stream is certainly of another kind of compression than the transfer syntax; which process of it was used is left aside. */
export function isOfOtherKind(uid: string, { kind }: Stream): boolean {
  const [, wanted] = families.find(([pattern]) => pattern.test(uid)) ?? [];
  return stills.includes(kind) && kind !== wanted;
}

const syntax = (last: string) => `1.2.840.10008.1.2.${last}`;

const wanted: Readonly<Record<string, (stream: Stream) => boolean>> = {
  [syntax('4.50')]: s => s.kind === 'jpeg' && s.frameMarker === 0xc0,
  // A decoder of the extended process reads baseline streams as well.
  [syntax('4.51')]: s => s.kind === 'jpeg' && (s.frameMarker === 0xc1 || s.frameMarker === 0xc0),
  [syntax('4.57')]: s => s.kind === 'jpeg' && s.frameMarker === 0xc3,
  [syntax('4.70')]: s => s.kind === 'jpeg' && s.frameMarker === 0xc3 && s.predictor === 1,
  [syntax('4.80')]: s => s.kind === 'jpeg-ls' && s.near === 0,
  [syntax('4.81')]: s => s.kind === 'jpeg-ls',
  [syntax('4.90')]: s => s.kind === 'jpeg-2000' && s.reversible,
  [syntax('4.91')]: s => s.kind === 'jpeg-2000',
  [syntax('4.92')]: s => s.kind === 'jpeg-2000' && s.reversible,
  [syntax('4.93')]: s => s.kind === 'jpeg-2000',
  [syntax('4.100')]: s => s.kind === 'mpeg-2' || s.kind === 'mpeg-4',
  [syntax('4.101')]: s => s.kind === 'mpeg-2' || s.kind === 'mpeg-4',
  [syntax('4.102')]: s => s.kind === 'mpeg-4',
  [syntax('4.103')]: s => s.kind === 'mpeg-4',
  [syntax('5')]: s => s.kind === 'rle',
};

/** Whether a stream is what the transfer syntax says; transfer syntaxes without streams have none. */
export const isStreamOf = (uid: string, stream: Stream): boolean => wanted[uid]?.(stream) ?? false;

/** A stream in words. */
export function streamInWords(stream: Stream): string {
  if (stream.kind === 'jpeg') {
    const names: Readonly<Record<number, string>> = { 192: 'JPEG Baseline', 193: 'JPEG Extended', 195: 'JPEG Lossless' };
    const name = names[stream.frameMarker] ?? `JPEG with frame marker ${stream.frameMarker.toString(16)}`;
    return stream.frameMarker === 0xc3 ? `${name} with predictor ${stream.predictor}` : name;
  }
  if (stream.kind === 'jpeg-ls') return stream.near === 0 ? 'JPEG-LS without loss' : `JPEG-LS with an error of up to ${stream.near}`;
  if (stream.kind === 'jpeg-2000')
    return `JPEG 2000, ${stream.reversible ? 'reversible' : 'irreversible'}${stream.boxed ? ', in a JP2 file' : ''}`;
  return { rle: 'RLE', 'mpeg-2': 'MPEG-2', 'mpeg-4': 'MPEG-4', unknown: 'no encoded stream' }[stream.kind];
}
