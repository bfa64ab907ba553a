import type { NativeFrame } from './jpeg-lossless.ts';
import { acTable, cosines, dcTables, type HuffmanTable, quantization, zigzag } from './jpeg-tables.ts';

/** The quantization of T.81 Annex K for a quality of 1 to 100, in the scale that the Independent JPEG Group made common; 95 leaves errors of a few gray levels. */
function quantizers(quality: number): readonly (readonly number[])[] {
  const percent = quality < 50 ? 5000 / Math.max(1, quality) : 200 - 2 * Math.min(100, quality);
  return quantization.map(table => table.map(step => Math.min(255, Math.max(1, Math.round((step * percent) / 100)))));
}

/** One component: its samples, and how many blocks of it lie side by side in a data unit. */
interface Component {
  readonly id: number;
  readonly samples: Float32Array;
  readonly columns: number;
  readonly across: 1 | 2;
  /** 0 for luma, 1 for chroma. */
  readonly table: 0 | 1;
}

/** How RGB is held: as luma and chroma of every second pixel (PS3.3-2013 C.7.6.3.1.2), or as it is, which takes more room and keeps sharp edges between colours. */
export type JpegColour = 'YBR_FULL_422' | 'RGB';

/** ITU-T T.81, baseline sequential: 8-bit gray, or RGB. */
export function encodeJpegBaseline(
  { rows, columns, samplesPerPixel, bitsAllocated, bytes }: NativeFrame,
  { quality = 95, colour = 'YBR_FULL_422' }: { readonly quality?: number; readonly colour?: JpegColour } = {},
): Uint8Array {
  const tables = quantizers(quality);
  if (bitsAllocated !== 8) throw new Error('JPEG Baseline holds 8 bit samples only');
  const asRgb = samplesPerPixel === 3 && colour === 'RGB';
  const components =
    samplesPerPixel === 1 ? [plain(bytes, columns, 1)] : asRgb ? inRgb(bytes, columns) : inLumaAndChroma(bytes, rows, columns);
  const across = Math.max(...components.map(component => component.across));
  const writer = bitWriter();
  const before = components.map(() => 0);
  for (let y = 0; y < rows; y += 8) {
    for (let x = 0; x < columns; x += 8 * across) {
      for (const [c, component] of components.entries()) {
        for (let b = 0; b < component.across; b += 1) {
          const left = (x * component.across) / across + 8 * b;
          before[c] = writeBlock(writer, coefficients(component, left, y, rows, tables), before[c] ?? 0, component.table);
        }
      }
    }
  }
  const used: readonly (0 | 1)[] = samplesPerPixel === 1 || asRgb ? [0] : [0, 1];
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    ...(asRgb ? [untransformed] : []),
    ...used.map(i => segment(0xdb, i, ...zigzag.map(at => tables[i]?.[at] ?? 1))),
    segment(0xc0, 8, ...u16(rows), ...u16(columns), components.length, ...components.flatMap(c => [c.id, c.across * 16 + 1, c.table])),
    ...used.flatMap(i => [huffman(i, dcTables[i] ?? acTable), huffman(0x10 + i, acTable)]),
    segment(0xda, components.length, ...components.flatMap(c => [c.id, c.table * 0x11]), 0, 63, 0),
    writer.end(),
    Buffer.of(0xff, 0xd9),
  ]);
}

const u16 = (value: number) => [value >> 8, value & 0xff];
const segment = (marker: number, ...content: number[]) => Buffer.from([0xff, marker, ...u16(content.length + 2), ...content]);
const huffman = (id: number, { counts, symbols }: HuffmanTable) => segment(0xc4, id, ...counts, ...symbols);

/** ITU-T T.872 6.5.3: the marker that tells decoders outside of DICOM, which take three components for luma and chroma, that they are none. */
const untransformed = segment(0xee, ...Buffer.from('Adobe', 'latin1'), ...u16(100), ...u16(0), ...u16(0), 0);

const plain = (samples: Iterable<number>, columns: number, id: number): Component => ({
  id,
  samples: Float32Array.from(samples),
  columns,
  across: 1,
  table: 0,
});

/** By their ids, too, the components are red, green and blue. */
const inRgb = (bytes: Uint8Array, columns: number): readonly Component[] =>
  [...'RGB'].map((name, sample) =>
    plain(
      bytes.filter((_, i) => i % 3 === sample),
      columns,
      name.charCodeAt(0),
    ),
  );

function inLumaAndChroma(bytes: Uint8Array, rows: number, columns: number): readonly Component[] {
  const half = Math.ceil(columns / 2);
  const [luma, blue, red] = [new Float32Array(rows * columns), new Float32Array(rows * half), new Float32Array(rows * half)];
  for (let i = 0; i < rows * columns; i += 1) {
    const [r, g, b] = [bytes[3 * i] ?? 0, bytes[3 * i + 1] ?? 0, bytes[3 * i + 2] ?? 0];
    const column = i % columns;
    const at = Math.floor(i / columns) * half + (column >> 1);
    const part = columns % 2 === 1 && column === columns - 1 ? 1 : 0.5;
    luma[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    blue[at] = (blue[at] ?? 0) + part * (128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
    red[at] = (red[at] ?? 0) + part * (128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
  }
  const chroma = (id: number, samples: Float32Array): Component => ({ id, samples, columns: half, across: 1, table: 1 });
  return [{ id: 1, samples: luma, columns, across: 2, table: 0 }, chroma(2, blue), chroma(3, red)];
}

/** T.81 A.3.3 and A.3.4: the quantized coefficients of a block in zigzag order; beyond the edges the last samples are repeated. */
function coefficients(
  { samples, columns, table }: Component,
  left: number,
  top: number,
  rows: number,
  tables: readonly (readonly number[])[],
): number[] {
  const block = Array.from({ length: 64 }, (_, i) => {
    const [row, column] = [Math.min(top + (i >> 3), rows - 1), Math.min(left + (i & 7), columns - 1)];
    return (samples[row * columns + column] ?? 0) - 128;
  });
  const sum = (values: (k: number) => number) => Array.from({ length: 8 }, (_, k) => values(k)).reduce((a, b) => a + b, 0);
  const byRow = block.map((_, i) => sum(k => (block[(i & 56) + k] ?? 0) * (cosines[(i & 7) * 8 + k] ?? 0)));
  const both = block.map((_, i) => sum(k => (byRow[k * 8 + (i & 7)] ?? 0) * (cosines[(i >> 3) * 8 + k] ?? 0)));
  return zigzag.map(at => Math.round((both[at] ?? 0) / (tables[table]?.[at] ?? 1)));
}

/** The code of each symbol and its length (T.81 C.2). */
function codesOf({ counts, symbols }: HuffmanTable): ReadonlyMap<number, readonly [code: number, length: number]> {
  const codes = new Map<number, readonly [number, number]>();
  let [code, next] = [0, 0];
  for (const [i, count] of counts.entries()) {
    for (let n = 0; n < count; n += 1) codes.set(symbols[next++] ?? 0, [code++, i + 1]);
    code <<= 1;
  }
  return codes;
}

const dcCodes = dcTables.map(codesOf);
const acCodes = codesOf(acTable);
type BitWriter = ReturnType<typeof bitWriter>;

/** T.81 F.1.2.1 and F.1.2.2: the difference of the DC coefficient, then runs of zeros; the DC coefficient comes back. */
function writeBlock(writer: BitWriter, values: readonly number[], before: number, table: 0 | 1): number {
  const [dc = 0, ...ac] = values;
  writer.value(dc - before, size => dcCodes[table]?.get(size));
  let run = 0;
  for (const value of ac) {
    if (value === 0) {
      run += 1;
      continue;
    }
    for (; run > 15; run -= 16) writer.code(acCodes.get(0xf0));
    const zeros = run;
    writer.value(value, size => acCodes.get(zeros * 16 + size));
    run = 0;
  }
  if (run > 0) writer.code(acCodes.get(0));
  return dc;
}

/** Bits into bytes; a byte of ones is followed by zeros, so that it is no marker (T.81 F.1.2.3). */
function bitWriter() {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i -= 1) {
      bits = (bits << 1) | ((value >> i) & 1);
      if (++held < 8) continue;
      bytes.push(bits);
      if (bits === 0xff) bytes.push(0);
      [bits, held] = [0, 0];
    }
  };
  const code = (found: readonly [number, number] | undefined) => {
    if (!found) throw new Error('a coefficient is too large for JPEG Baseline');
    put(...found);
  };
  return {
    code,
    /** A code for the number of bits, then the bits. */
    value(value: number, codeFor: (size: number) => readonly [number, number] | undefined) {
      const size = 32 - Math.clz32(Math.abs(value));
      code(codeFor(size));
      put(value < 0 ? value + 2 ** size - 1 : value, size);
    },
    end() {
      while (held > 0) put(1, 1);
      return Buffer.from(bytes);
    },
  };
}
