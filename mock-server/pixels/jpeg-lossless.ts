/** A native frame: samples interleaved by pixel, little endian, `bitsAllocated` 8 or 16 for each sample. */
export interface NativeFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: 8 | 16;
  readonly bytes: Uint8Array;
}

/**
 * Encodes a frame as JPEG Lossless, Non-Hierarchical, First-Order Prediction (ISO/IEC 10918-1 Process 14 Selection Value 1), which PS3.5-2013 8.2.1 and Table 6.5-1 of
 * PS3.18-2013 mean by 1.2.840.10008.1.2.4.70. The precision is Bits Allocated, so signed samples survive as their bit patterns.
 */
export function encodeJpegLossless(frame: NativeFrame): Uint8Array {
  const differences = predict(frame);
  const table = huffmanTable(categoryCounts(differences));
  const scan = entropyCode(differences, table);
  return Buffer.concat([Buffer.from(header(frame, table)), scan, Buffer.from([0xff, 0xd9])]);
}

/** ISO/IEC 10918-1 H.1.2.1: the first sample is predicted as 2^(P-1), the first of each further line by the one above, all others by their left neighbour; modulo 2^16. */
function predict({ rows, columns, samplesPerPixel: step, bitsAllocated, bytes }: NativeFrame): Int32Array {
  const samples =
    bitsAllocated === 8
      ? bytes
      : Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8));
  const stride = columns * step;
  const differences = new Int32Array(rows * stride);
  for (let i = 0; i < differences.length; i += 1) {
    const column = i % stride;
    const predicted = column >= step ? samples[i - step] : i >= stride ? samples[i - stride] : 1 << (bitsAllocated - 1);
    // H.1.2.2: differences are taken modulo 2^16, here brought into -32767 … 32768.
    const difference = ((samples[i] ?? 0) - (predicted ?? 0)) & 0xffff;
    differences[i] = difference > 0x8000 ? difference - 0x10000 : difference;
  }
  return differences;
}

/** Table H.2: the number of bits of a difference's magnitude, 0 to 16. */
function category(difference: number): number {
  return 32 - Math.clz32(Math.abs(difference));
}

function categoryCounts(differences: Int32Array): readonly number[] {
  const counts = new Array<number>(17).fill(0);
  for (const difference of differences) counts[category(difference)] = (counts[category(difference)] ?? 0) + 1;
  return counts;
}

interface HuffmanTable {
  /** How many codes there are of each length, 1 to 16. */
  readonly lengths: readonly number[];
  /** The categories in order of their codes. */
  readonly symbols: readonly number[];
  readonly codes: ReadonlyMap<number, { readonly code: number; readonly length: number }>;
}

/** ISO/IEC 10918-1 K.2: a Huffman table for these frequencies, no code longer than 16 bits and none of ones only. */
function huffmanTable(counts: readonly number[]): HuffmanTable {
  // The symbol 17 is reserved, so that its code of ones only is used by nothing.
  const groups = [...counts, 1].map((weight, symbol) => ({ weight, symbols: [symbol] })).filter(({ weight }) => weight > 0);
  const size = new Array<number>(18).fill(0);
  while (groups.length > 1) {
    groups.sort((a, b) => b.weight - a.weight || (a.symbols[0] ?? 0) - (b.symbols[0] ?? 0));
    const [second, first] = groups.splice(-2);
    if (!first || !second) break;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) size[symbol] = (size[symbol] ?? 0) + 1;
    groups.push({ weight: first.weight + second.weight, symbols });
  }
  // At most 18 symbols give codes of at most 17 bits; Figure K.3 brings the longest ones down to 16.
  const perLength = new Array<number>(33).fill(0);
  for (const length of size) if (length > 0) perLength[length] = (perLength[length] ?? 0) + 1;
  for (let i = 32; i > 16; i -= 1) {
    while ((perLength[i] ?? 0) > 0) {
      let j = i - 2;
      while ((perLength[j] ?? 0) === 0) j -= 1;
      perLength[i] = (perLength[i] ?? 0) - 2;
      perLength[i - 1] = (perLength[i - 1] ?? 0) + 1;
      perLength[j + 1] = (perLength[j + 1] ?? 0) + 2;
      perLength[j] = (perLength[j] ?? 0) - 1;
    }
  }
  const longest = perLength.findLastIndex(count => count > 0);
  perLength[longest] = (perLength[longest] ?? 0) - 1;
  const lengths = perLength.slice(1, 17);
  const symbols = [...counts.keys()].filter(symbol => (counts[symbol] ?? 0) > 0).sort((a, b) => (size[a] ?? 0) - (size[b] ?? 0) || a - b);
  const codes = new Map<number, { code: number; length: number }>();
  let code = 0;
  let next = 0;
  for (const [i, count] of lengths.entries()) {
    for (let k = 0; k < count; k += 1) codes.set(symbols[next++] ?? 0, { code: code++, length: i + 1 });
    code <<= 1;
  }
  return { lengths, symbols, codes };
}

/** H.1.2.2: each difference as the code of its category, then its low bits (of the difference minus one where it is negative); 0xFF is followed by a zero byte. */
function entropyCode(differences: Int32Array, table: HuffmanTable): Uint8Array {
  const out = Buffer.alloc(differences.length * 8 + 16);
  let at = 0;
  let pending = 0;
  let pendingBits = 0;
  const put = (value: number, bits: number) => {
    for (let left = bits; left > 0; ) {
      const take = Math.min(left, 8 - pendingBits);
      pending = (pending << take) | ((value >> (left - take)) & ((1 << take) - 1));
      pendingBits += take;
      left -= take;
      if (pendingBits < 8) continue;
      out[at++] = pending;
      if (pending === 0xff) out[at++] = 0;
      pending = 0;
      pendingBits = 0;
    }
  };
  for (const difference of differences) {
    const bits = category(difference);
    const { code, length } = table.codes.get(bits) ?? { code: 0, length: 0 };
    put(code, length);
    // Category 16 stands for 32768 alone and has no further bits.
    if (bits > 0 && bits < 16) put(difference > 0 ? difference : difference - 1 + (1 << bits), bits);
  }
  if (pendingBits > 0) put((1 << (8 - pendingBits)) - 1, 8 - pendingBits);
  return out.subarray(0, at);
}

/** B.2: SOI, frame header SOF3, Huffman table, scan header with selection value 1. */
function header({ rows, columns, samplesPerPixel: n, bitsAllocated }: NativeFrame, { lengths, symbols }: HuffmanTable): number[] {
  const word = (value: number) => [value >> 8, value & 0xff];
  const components = Array.from({ length: n }, (_, i) => i + 1);
  return [
    ...[0xff, 0xd8],
    ...[0xff, 0xc3, ...word(8 + 3 * n), bitsAllocated, ...word(rows), ...word(columns), n, ...components.flatMap(id => [id, 0x11, 0])],
    ...[0xff, 0xc4, ...word(19 + symbols.length), 0x00, ...lengths, ...symbols],
    ...[0xff, 0xda, ...word(6 + 2 * n), n, ...components.flatMap(id => [id, 0x00]), 1, 0, 0],
  ];
}
