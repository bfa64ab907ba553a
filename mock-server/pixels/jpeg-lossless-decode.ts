/**
 * Decodes JPEG Lossless, Non-Hierarchical (ISO/IEC 10918-1 Process 14, any selection value; PS3.5-2013 A.4.1) into native form: samples interleaved by pixel, 8 bits or
 * 16 bits little endian. Throws a sentence when the stream is no such stream.
 */
export function decodeJpegLossless(stream: Uint8Array): Uint8Array {
  const { frame, tables, scan } = readMarkers(stream);
  const bits = bitReader(stream, scan.at);
  const { rows, columns, components, precision } = frame;
  const samples = new Uint16Array(rows * columns * components);
  const stride = columns * components;
  const start = 1 << (precision - scan.pointTransform - 1);
  const decoders = scan.tables.map(id => tables.get(id));
  let sinceRestart = 0;
  let firstLine = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (frame.restart > 0 && sinceRestart === frame.restart) {
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

interface Huffman {
  /** By code length: the first code, the last code and where its values begin. */
  readonly lengths: readonly { readonly first: number; readonly last: number; readonly at: number }[];
  readonly values: Uint8Array;
}

/** H.2.2 and F.2.2.1: a category, then as many bits. */
function difference(bits: BitReader, { lengths, values }: Huffman): number {
  let code = 0;
  for (const { first, last, at } of lengths) {
    code = (code << 1) | bits.next();
    if (code > last) continue;
    const category = values[at + code - first] ?? 0;
    if (category === 0) return 0;
    if (category === 16) return 32768;
    let value = 0;
    for (let i = 0; i < category; i += 1) value = (value << 1) | bits.next();
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }
  throw new Error('the JPEG stream has a code that its Huffman table does not know');
}

interface BitReader {
  next(): number;
  restart(): void;
}

function bitReader(stream: Uint8Array, from: number): BitReader {
  let at = from;
  let byte = 0;
  let left = 0;
  return {
    next() {
      if (left === 0) {
        byte = stream[at] ?? 0;
        if (at >= stream.length || (byte === 0xff && stream[at + 1] !== 0)) throw new Error('the JPEG stream ends before the last sample');
        // F.1.2.3: a zero is stuffed after each FF.
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

interface Frame {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly precision: number;
  readonly restart: number;
}

/** Annex B: the marker segments up to the scan. */
function readMarkers(stream: Uint8Array): {
  frame: Frame;
  tables: ReadonlyMap<number, Huffman>;
  scan: { at: number; tables: readonly number[]; selection: number; pointTransform: number };
} {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const tables = new Map<number, Huffman>();
  let frame: Omit<Frame, 'restart'> | null = null;
  let restart = 0;
  for (let at = 2; at + 4 <= stream.length; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (at + 2 + length > stream.length) break;
    if (marker === 0xffc3) {
      frame = {
        precision: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    } else if (marker === 0xffc4) readTables(stream.subarray(at + 4, at + 2 + length), tables);
    else if (marker === 0xffdd) restart = view.getUint16(at + 4);
    else if (marker === 0xffda) {
      const count = view.getUint8(at + 4);
      if (!frame || count !== frame.components) break;
      const scan = {
        at: at + 2 + length,
        tables: Array.from({ length: count }, (_, i) => view.getUint8(at + 6 + 2 * i) >> 4),
        selection: view.getUint8(at + 5 + 2 * count),
        pointTransform: view.getUint8(at + 7 + 2 * count) & 15,
      };
      return { frame: { ...frame, restart }, tables, scan };
    }
    at += 2 + length;
  }
  throw new Error('the bytes are no JPEG Lossless stream with one interleaved scan');
}

/** B.2.4.2 and Annex C. */
function readTables(segment: Uint8Array, tables: Map<number, Huffman>): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const id = (segment[at] ?? 0) & 15;
    const counts = segment.subarray(at + 1, at + 17);
    let code = 0;
    let index = 0;
    const lengths = Array.from(counts, count => {
      const entry = { first: code, last: code + count - 1, at: index };
      index += count;
      code = (code + count) << 1;
      return entry;
    });
    tables.set(id, { lengths, values: segment.subarray(at + 17, at + 17 + index) });
    at += 17 + index;
  }
}
