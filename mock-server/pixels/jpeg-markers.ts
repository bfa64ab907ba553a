import { type Huffman, readHuffmanTables } from './jpeg-huffman.ts';

/** What the marker segments of a JPEG stream say before its first scan (ITU-T T.81 Annex B). */
export interface JpegHead {
  /** The low byte of the SOF marker: C0 baseline, C1 extended sequential, C3 lossless. */
  readonly process: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  /** The quantization table of each component. */
  readonly components: readonly { readonly quantization: number }[];
  /** Data units between restart markers; 0 for none. */
  readonly restart: number;
  /** By class and identifier in one byte: 0x for DC and lossless, 1x for AC. */
  readonly huffman: ReadonlyMap<number, Huffman>;
  /** In zigzag order, by identifier. */
  readonly quantization: ReadonlyMap<number, readonly number[]>;
  readonly scan: {
    /** Where its entropy-coded data begin. */
    readonly at: number;
    /** The DC and AC table of each component in one byte. */
    readonly tables: readonly number[];
    /** Ss: the selection value of the lossless process. */
    readonly selection: number;
    /** Al. */
    readonly pointTransform: number;
  };
}

const startOfScan = 0xffda;
const mostSamples = 2 ** 28;
const isStartOfFrame = (marker: number) => marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);

/** The marker segments of a stream before its first entropy-coded data (B.1.1.4), which end with that of a scan; nothing is given of one that is cut short. */
export function* segmentsOf(
  stream: Uint8Array,
): Generator<{ readonly marker: number; readonly segment: Uint8Array; readonly end: number }> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 2; at + 4 <= stream.length; ) {
    const marker = view.getUint16(at);
    // B.1.1.2: any number of fill bytes may stand before a marker.
    if (marker === 0xffff) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > stream.length) return;
    yield { marker, segment: stream.subarray(at + 4, end), end };
    if (marker === startOfScan) return;
    at = end;
  }
}

/** Whether the frame header says that samples have more than 8 bits (B.2.2). */
export function hasDeepSamples(stream: Uint8Array): boolean {
  for (const { marker, segment } of segmentsOf(stream)) if (isStartOfFrame(marker)) return (segment[0] ?? 0) > 8;
  return false;
}

/** Reads the marker segments up to the first scan; throws a sentence for what is no JPEG stream with all components in one scan. */
export function readJpegHead(stream: Uint8Array): JpegHead {
  const huffman = new Map<number, Huffman>();
  const quantization = new Map<number, readonly number[]>();
  let frame: Pick<JpegHead, 'process' | 'precision' | 'rows' | 'columns' | 'components'> | null = null;
  let restart = 0;
  for (const { marker, segment, end } of segmentsOf(stream)) {
    if (isStartOfFrame(marker)) {
      const [precision = 0, rows = 0, rowsLow = 0, columns = 0, columnsLow = 0, components = 0] = segment;
      frame = {
        process: marker & 0xff,
        precision,
        rows: (rows << 8) | rowsLow,
        columns: (columns << 8) | columnsLow,
        components: Array.from({ length: components }, (_, i) => ({ quantization: segment[8 + 3 * i] ?? 0 })),
      };
    } else if (marker === 0xffc4) readHuffmanTables(segment, huffman);
    else if (marker === 0xffdb) readQuantization(segment, quantization);
    else if (marker === 0xffdd) restart = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
    else if (marker === startOfScan) {
      const count = segment[0] ?? 0;
      if (!frame || count !== frame.components.length) break;
      if (frame.rows * frame.columns * count > mostSamples)
        throw new Error('the JPEG stream says that it is larger than what is decoded here');
      const scan = {
        at: end,
        tables: Array.from({ length: count }, (_, i) => segment[2 + 2 * i] ?? 0),
        selection: segment[1 + 2 * count] ?? 0,
        pointTransform: (segment[3 + 2 * count] ?? 0) & 15,
      };
      return { ...frame, restart, huffman, quantization, scan };
    }
  }
  throw new Error('the bytes are no JPEG stream with one interleaved scan');
}

/** B.2.4.1: 64 steps of 8 or 16 bits. */
function readQuantization(segment: Uint8Array, tables: Map<number, readonly number[]>): void {
  for (let at = 0; at < segment.length; ) {
    const wide = (segment[at] ?? 0) >> 4 !== 0;
    const start = at + 1;
    const step = (i: number) =>
      wide ? ((segment[start + 2 * i] ?? 0) << 8) | (segment[start + 2 * i + 1] ?? 0) : (segment[start + i] ?? 0);
    tables.set(
      (segment[at] ?? 0) & 15,
      Array.from({ length: 64 }, (_, i) => step(i)),
    );
    at = start + (wide ? 128 : 64);
  }
}
