/** A Huffman table, ready to decode with. */
export interface Huffman {
  /** By code length: the first code, the last code and where its values begin. */
  readonly lengths: readonly { readonly first: number; readonly last: number; readonly at: number }[];
  readonly values: Uint8Array;
}

/** The bits of the entropy-coded data of a JPEG stream. */
export interface BitReader {
  next(): number;
  /** Goes on behind the next restart marker. */
  restart(): void;
}

/** The bits from a byte on; throws a sentence where there are no more. */
export function bitReader(stream: Uint8Array, from: number): BitReader {
  let at = from;
  let byte = 0;
  let left = 0;
  return {
    next() {
      if (left === 0) {
        byte = stream[at] ?? 0;
        if (at >= stream.length || (byte === 0xff && stream[at + 1] !== 0)) throw new Error('the JPEG stream ends before the last sample');
        // ITU-T T.81 F.1.2.3: a zero is stuffed after each FF.
        at += byte === 0xff ? 2 : 1;
        left = 8;
      }
      left -= 1;
      return (byte >> left) & 1;
    },
    restart() {
      left = 0;
      while (at < stream.length && !(stream[at] === 0xff && ((stream[at + 1] ?? 0) & 0xf8) === 0xd0)) at += 1;
      at += 2;
    },
  };
}

/** T.81 F.2.2.3: the value of the next code. */
export function decodedValue(bits: BitReader, { lengths, values }: Huffman): number {
  let code = 0;
  for (const { first, last, at } of lengths) {
    code = (code << 1) | bits.next();
    if (code <= last) return values[at + code - first] ?? 0;
  }
  throw new Error('the JPEG stream has a code that its Huffman table does not know');
}

/** T.81 F.2.2.1: the number that so many bits stand for, the lower half of them for negative ones. */
export function extended(bits: BitReader, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value = (value << 1) | bits.next();
  return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

/** T.81 B.2.4.2 and Annex C: the tables of a DHT segment, by class and identifier in one byte. */
export function readHuffmanTables(segment: Uint8Array, tables: Map<number, Huffman>): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    let code = 0;
    let index = 0;
    const lengths = Array.from(counts, count => {
      const entry = { first: code, last: code + count - 1, at: index };
      index += count;
      code = (code + count) << 1;
      return entry;
    });
    tables.set(segment[at] ?? 0, { lengths, values: segment.subarray(at + 17, at + 17 + index) });
    at += 17 + index;
  }
}
