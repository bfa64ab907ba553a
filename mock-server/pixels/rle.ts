/** What RLE has to know of a frame: samples by pixel or, `planar`, by plane; `bitsAllocated` is a multiple of 8. */
export interface RleShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly planar: boolean;
}

const headerBytes = 64;
const mostSegments = 15;

/** PS3.5-2013 Annex G: brings an RLE frame into native form, little endian. Throws when it does not fit the shape. */
export function decodeRle(stream: Uint8Array, shape: RleShape): Uint8Array {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const segments = stream.length < headerBytes ? 0 : view.getUint32(0, true);
  const wanted = (shape.samplesPerPixel * shape.bitsAllocated) / 8;
  if (segments !== wanted) throw new Error(`the RLE frame has ${segments} segments instead of ${wanted}`);
  const native = new Uint8Array(shape.rows * shape.columns * wanted);
  const starts = Array.from({ length: segments }, (_, i) => view.getUint32(4 + 4 * i, true));
  for (const [i, start] of starts.entries()) unpack(stream.subarray(start, starts[i + 1] ?? stream.length), places(shape, i), native);
  return native;
}

/** PS3.5-2013 Annex G: encodes a native frame; throws when the samples need more segments than there can be. */
export function encodeRle(native: Uint8Array, shape: RleShape): Uint8Array {
  const count = (shape.samplesPerPixel * shape.bitsAllocated) / 8;
  if (count > mostSegments) throw new Error(`RLE holds at most ${mostSegments} bytes for each pixel`);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(count, 0);
  let next = headerBytes;
  const segments = Array.from({ length: count }, (_, i) => {
    header.writeUInt32LE(next, 4 + 4 * i);
    const segment = pack(native, places(shape, i), shape);
    next += segment.length;
    return segment;
  });
  return Buffer.concat([header, ...segments]);
}

interface Places {
  readonly first: number;
  readonly step: number;
  readonly pixels: number;
}

/** G.2: the bytes of a segment in the native frame: one byte of one sample of every pixel, the most significant byte's segment first. */
function places({ rows, columns, samplesPerPixel, bitsAllocated, planar }: RleShape, segment: number): Places {
  const bytes = bitsAllocated / 8;
  const sample = Math.floor(segment / bytes);
  const byte = bytes - 1 - (segment % bytes);
  const pixels = rows * columns;
  return planar
    ? { first: sample * pixels * bytes + byte, step: bytes, pixels }
    : { first: sample * bytes + byte, step: samplesPerPixel * bytes, pixels };
}

/** G.3.2: up to 127 means that many bytes and one more as they stand, from 129 on the next byte 257 minus that many times. */
function unpack(segment: Uint8Array, { first, step, pixels }: Places, native: Uint8Array): void {
  let pixel = 0;
  for (let at = 0; at < segment.length && pixel < pixels; ) {
    const control = segment[at] ?? 0;
    at += 1;
    if (control === 128) continue;
    const literal = control < 128;
    const length = literal ? control + 1 : 257 - control;
    for (let i = 0; i < length && pixel < pixels; i += 1, pixel += 1) native[first + pixel * step] = segment[literal ? at + i : at] ?? 0;
    at += literal ? length : 1;
  }
  if (pixel < pixels) throw new Error('an RLE segment ends before the last pixel');
}

/** G.3.1: each row by itself; runs of two and more are told by their length, everything else as it stands. */
function pack(native: Uint8Array, { first, step }: Places, { rows, columns }: RleShape): Uint8Array {
  const packed: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const at = (column: number) => native[first + (row * columns + column) * step] ?? 0;
    for (let from = 0; from < columns; ) {
      let run = 1;
      while (run < 128 && from + run < columns && at(from + run) === at(from)) run += 1;
      if (run > 1) {
        packed.push(257 - run, at(from));
        from += run;
        continue;
      }
      let end = from + 1;
      while (end < columns && end - from < 128 && !(end + 1 < columns && at(end) === at(end + 1))) end += 1;
      packed.push(end - from - 1);
      for (let i = from; i < end; i += 1) packed.push(at(i));
      from = end;
    }
  }
  if (packed.length % 2 === 1) packed.push(0);
  return Uint8Array.from(packed);
}
