import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Octets that are read where they are needed: in memory, or in a file that may be larger than memory. */
export interface Octets {
  readonly length: number;
  /** The octets from `start` to `end`. */
  slice(start: number, end: number): Uint8Array;
  /** The octets from `at` on for reading numbers, at least `length` of them; a short one at the end. */
  view(at: number, length: number): DataView;
  /** Whether a slice of this many octets had better be read when it is asked for. */
  defers(length: number): boolean;
}

/** Octets in memory; slices are views of them. */
export function inMemory(bytes: Uint8Array): Octets {
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    length: bytes.length,
    slice: (start, end) => bytes.subarray(start, end),
    view: (at, length) => new DataView(whole.buffer, whole.byteOffset + at, Math.max(0, Math.min(length, whole.byteLength - at))),
    defers: () => false,
  };
}

const pageSize = 16 * 1024;

/** The octets of a file; it may get another name, and never other content. */
export interface FileOctets extends Octets {
  /** Says that the file has another name from now on. */
  movedTo(path: string): void;
}

/** The octets of a file that never changes: pages of it are read as they are needed, and values of more than a page on demand. */
export function inFile(name: string): FileOctets {
  const { size } = statSync(name);
  let path = name;
  let page: Uint8Array = new Uint8Array();
  let pageAt = 0;
  /** The octets from `at` on, out of one page; a page never changes, so what is cut out of it may be kept. */
  const inPage = (at: number, length: number): Uint8Array => {
    if (at < pageAt || at + length > pageAt + page.length) {
      page = readRange(path, at, Math.min(size, at + Math.max(pageSize, length)));
      pageAt = at;
    }
    return page.subarray(at - pageAt, at - pageAt + length);
  };
  return {
    length: size,
    slice: (start, end) => (end - start > pageSize ? readRange(path, start, end) : Uint8Array.from(inPage(start, end - start))),
    view(at, length) {
      const { buffer, byteOffset, byteLength } = inPage(at, length);
      return new DataView(buffer, byteOffset, byteLength);
    },
    defers: length => length > pageSize,
    movedTo(other) {
      path = other;
    },
  };
}

/** The octets of a file from `start` to `end`; throws when it has fewer. */
export function readRange(path: string, start: number, end: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
  const file = openSync(path, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(file, bytes, done, Math.min(bytes.length - done, 1 << 30), start + done);
      if (read === 0) throw new Error(`${path} ends at ${start + done}, before ${end}`);
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}
