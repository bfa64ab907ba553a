import { type BitReader, bitReader, decodedValue, extended, type Huffman } from './jpeg-huffman.ts';
import { readJpegHead } from './jpeg-markers.ts';

/**
 * Decodes JPEG Lossless, Non-Hierarchical (ISO/IEC 10918-1 Process 14, any selection value; PS3.5-2013 A.4.1) into native form: samples interleaved by pixel, 8 bits or
 * 16 bits little endian. Throws a sentence when the stream is no such stream.
 */
export function decodeJpegLossless(stream: Uint8Array): Uint8Array {
  const { process, rows, columns, precision, restart, huffman, scan, components: inFrame } = readJpegHead(stream);
  if (process !== 0xc3) throw new Error('the bytes are no stream of the lossless process');
  const components = inFrame.length;
  const bits = bitReader(stream, scan.at);
  const samples = new Uint16Array(rows * columns * components);
  const stride = columns * components;
  const start = 1 << (precision - scan.pointTransform - 1);
  const decoders = scan.tables.map(ids => huffman.get(ids >> 4));
  let sinceRestart = 0;
  let firstLine = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (restart > 0 && sinceRestart === restart) {
        bits.restart();
        sinceRestart = 0;
        firstLine = row;
      }
      for (let component = 0; component < components; component += 1) {
        const i = row * stride + column * components + component;
        const decoder = decoders[component];
        if (!decoder) throw new Error('the JPEG stream names a Huffman table that it does not define');
        const predicted = prediction(samples, i, {
          row: row - firstLine,
          column,
          step: components,
          stride,
          start,
          selection: scan.selection,
        });
        samples[i] = (predicted + difference(bits, decoder)) & 0xffff;
      }
      sinceRestart += 1;
    }
  }
  if (scan.pointTransform > 0) for (let i = 0; i < samples.length; i += 1) samples[i] = (samples[i] ?? 0) << scan.pointTransform;
  return precision <= 8 ? Uint8Array.from(samples) : new Uint8Array(samples.buffer);
}

interface Position {
  readonly row: number;
  readonly column: number;
  readonly step: number;
  readonly stride: number;
  readonly start: number;
  readonly selection: number;
}

/** Table H.1 and H.1.2.1: the first sample from the middle of the range, the first line from the left, the first column from above. */
function prediction(samples: Uint16Array, i: number, { row, column, step, stride, start, selection }: Position): number {
  if (row === 0) return column === 0 ? start : (samples[i - step] ?? 0);
  const above = samples[i - stride] ?? 0;
  if (column === 0) return above;
  const left = samples[i - step] ?? 0;
  const corner = samples[i - stride - step] ?? 0;
  switch (selection) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    case 7:
      return (left + above) >> 1;
    default:
      throw new Error(`the JPEG stream has the selection value ${selection}, which is none of the lossless process`);
  }
}

/** H.2.2: a category, then as many bits. */
function difference(bits: BitReader, table: Huffman): number {
  const category = decodedValue(bits, table);
  return category === 16 ? 32768 : extended(bits, category);
}
