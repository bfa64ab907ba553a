import { codecs } from './codecs.ts';

/** Whether it is one of the transfer syntaxes of JPEG 2000 Part 2 (PS3.5-2013 A.4.5), whose stream has a component for each frame. */
export const isPart2 = (uid: string): boolean => uid === '1.2.840.10008.1.2.4.92' || uid === '1.2.840.10008.1.2.4.93';

interface Frames {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly samplesPerPixel: number;
  readonly frames: number;
}

/** Where Rsiz and Csiz stand in a code stream (ISO/IEC 15444-1 A.5.1). */
const capabilities = 6;
const componentCount = 40;
/** ISO/IEC 15444-2 Table A.2: the marker segments of the multiple component extensions. */
const extensions = [0x74, 0x75, 0x76, 0x77, 0x78];

/** Whether each frame is a component that no transformation of Part 2 mixes with others, so that a decoder of Part 1 can read it. */
export function hasPlainComponents(stream: Uint8Array, { samplesPerPixel, frames }: Frames): boolean {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  if (samplesPerPixel !== 1 || bytes.length < 42 || bytes.readUInt16BE(componentCount) !== frames || (frames !== 1 && frames !== 3))
    return false;
  for (let at = 2; at + 4 <= bytes.length && bytes[at + 1] !== 0x90; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (extensions.includes(bytes[at + 1] ?? 0)) return false;
  }
  return true;
}

/** A frame, counted from 0: its component, taken out of the samples that lie side by side. */
export async function decodeComponent(
  stream: Uint8Array,
  { rows, columns, bitsAllocated, frames }: Frames,
  index: number,
): Promise<Uint8Array> {
  const part1 = Buffer.from(stream);
  part1.writeUInt16BE(0, capabilities);
  const together = await codecs['1.2.840.10008.1.2.4.90']?.decode(part1);
  const width = bitsAllocated / 8;
  return Uint8Array.from(
    { length: rows * columns * width },
    (_, i) => together?.[(Math.floor(i / width) * frames + index) * width + (i % width)] ?? 0,
  );
}
