/** ITU-T T.81 Figure A.6: the order of the coefficients of a block, as indices of its rows. */
export const zigzag: readonly number[] = Array.from({ length: 64 }, (_, i) => i).sort((a, b) => place(a) - place(b));

/** Along anti-diagonals, upward on even ones. */
function place(index: number): number {
  const [row, column] = [index >> 3, index & 7];
  const diagonal = row + column;
  return diagonal * 8 + (diagonal % 2 === 0 ? column : row);
}

/** T.81 Table K.1 and K.2: quantization of luma and of chroma, by row. */
export const quantization: readonly (readonly number[])[] = [
  [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
    37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ],
  [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  ],
];

/** A Huffman table as it stands in a DHT segment: the number of codes of each length from 1 to 16, and the symbols. */
export interface HuffmanTable {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

const twelve = Array.from({ length: 12 }, (_, i) => i);

/** T.81 Table K.3 and K.4: differences of DC coefficients, for luma and for chroma. */
export const dcTables: readonly HuffmanTable[] = [
  { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: twelve },
  { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: twelve },
];

/** Runs of zeros and sizes: a code of eight bits for each of the 162 symbols that there can be (T.81 F.1.2.2.1), so that one table does for all. */
export const acTable: HuffmanTable = {
  counts: [0, 0, 0, 0, 0, 0, 0, 162, 0, 0, 0, 0, 0, 0, 0, 0],
  symbols: [0x00, 0xf0, ...Array.from({ length: 16 }, (_, run) => Array.from({ length: 10 }, (_, size) => run * 16 + size + 1)).flat()],
};

/** T.81 A.3.3: what a frequency, the index over 8, adds at a place, the rest, along one side of a block. */
export const cosines: readonly number[] = Array.from(
  { length: 64 },
  (_, i) => Math.cos(((2 * (i & 7) + 1) * (i >> 3) * Math.PI) / 16) * (i >> 3 === 0 ? Math.SQRT1_2 : 1) * 0.5,
);
