import { type BitReader, bitReader, decodedValue, extended, type Huffman } from './jpeg-huffman.ts';
import { type JpegHead, readJpegHead } from './jpeg-markers.ts';
import { cosines, zigzag } from './jpeg-tables.ts';

/**
 * Decodes a stream of the extended sequential process with Huffman coding and one component (ITU-T T.81 Process 4; PS3.5-2013 A.4.1) into words of 16 bits, little endian. Throws a
 * sentence when the stream is no such stream. No package that is kept up decodes these without a second copy of all other codecs.
 */
export function decodeJpegExtended(stream: Uint8Array): Uint8Array {
  const head = readJpegHead(stream);
  const { process, precision, rows, columns, components, restart, scan } = head;
  if (process > 0xc1) throw new Error('the bytes are no stream of a sequential process');
  if (components.length !== 1)
    throw new Error(`a JPEG stream of ${precision} bits with ${components.length} components is not decoded here`);
  const read = blockReader(head, bitReader(stream, scan.at));
  const samples = new Uint16Array(rows * columns);
  const [middle, highest] = [2 ** (precision - 1), 2 ** precision - 1];
  const across = Math.ceil(columns / 8);
  // A.2.2: the blocks of the only component in a scan follow each other line by line.
  for (let unit = 0; unit < across * Math.ceil(rows / 8); unit += 1) {
    if (restart > 0 && unit > 0 && unit % restart === 0) read.restart();
    const block = samplesOf(read.next());
    const [top, left] = [8 * Math.floor(unit / across), 8 * (unit % across)];
    for (let i = 0; i < 64; i += 1) {
      const [row, column] = [top + (i >> 3), left + (i & 7)];
      if (row < rows && column < columns)
        samples[row * columns + column] = Math.min(highest, Math.max(0, Math.round((block[i] ?? 0) + middle)));
    }
  }
  return inLittleEndian(samples);
}

function inLittleEndian(samples: Uint16Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * samples.length));
  for (let i = 0; i < samples.length; i += 1) bytes.setUint16(2 * i, samples[i] ?? 0, true);
  return new Uint8Array(bytes.buffer);
}

/** F.2.2: the coefficients of one block after the other, dequantized, by row. */
function blockReader({ huffman, quantization, components, scan }: JpegHead, bits: BitReader) {
  const [tables = 0] = scan.tables;
  const steps = quantization.get(components[0]?.quantization ?? 0);
  const [dc, ac] = [huffman.get(tables >> 4), huffman.get(0x10 | (tables & 15))];
  if (!steps || !dc || !ac) throw new Error('the JPEG stream names a table that it does not define');
  let before = 0;
  return {
    restart() {
      bits.restart();
      before = 0;
    },
    next(): Float64Array {
      const coefficients = new Float64Array(64);
      before += extended(bits, decodedValue(bits, dc));
      coefficients[0] = before * (steps[0] ?? 1);
      readAc(bits, ac, (at, value) => {
        coefficients[zigzag[at] ?? 0] = value * (steps[at] ?? 1);
      });
      return coefficients;
    },
  };
}

/** F.2.2.2: runs of zeros in the high half of a code, the size of what follows them in the low one. */
function readAc(bits: BitReader, table: Huffman, put: (at: number, value: number) => void): void {
  for (let at = 1; at < 64; at += 1) {
    const code = decodedValue(bits, table);
    const [run, size] = [code >> 4, code & 15];
    if (size === 0 && run !== 15) return;
    at += run;
    if (at > 63) throw new Error('the JPEG stream has a block of more than 64 coefficients');
    if (size > 0) put(at, extended(bits, size));
  }
}

/** A.3.3: the samples of a block, around zero. */
function samplesOf(coefficients: Float64Array): Float64Array {
  const byRow = new Float64Array(64);
  const samples = new Float64Array(64);
  for (let i = 0; i < 64; i += 1) {
    let sum = 0;
    for (let k = 0; k < 8; k += 1) sum += (coefficients[(i & 56) + k] ?? 0) * (cosines[8 * k + (i & 7)] ?? 0);
    byRow[i] = sum;
  }
  for (let i = 0; i < 64; i += 1) {
    let sum = 0;
    for (let k = 0; k < 8; k += 1) sum += (byRow[8 * k + (i & 7)] ?? 0) * (cosines[8 * k + (i >> 3)] ?? 0);
    samples[i] = sum;
  }
  return samples;
}
