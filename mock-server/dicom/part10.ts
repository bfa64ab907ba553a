import { inflateRawSync } from 'node:zlib';
import { type DataSet, type Element, type Tag, type Vr, vrKinds } from '../../schemas/data-set.ts';
import { inMemory, type Octets } from '../storage/octets.ts';
import { elementOfBytes, implicitVr, inLittleEndian } from './part10-values.ts';

/** Bytes that are no PS3.10 object, or not a whole one; with the File Meta Information where that could be read. */
export class MalformedObject extends Error {
  readonly fileMeta: DataSet | null;
  constructor(message: string, fileMeta: DataSet | null = null) {
    super(message);
    this.fileMeta = fileMeta;
  }
}

/** A PS3.10 object: its File Meta Information and its data set; byte values are views of the file, or read from it when they are asked for. */
export interface Part10Object {
  readonly fileMeta: DataSet;
  readonly transferSyntax: string;
  readonly dataSet: DataSet;
}

interface Encoding {
  readonly explicit: boolean;
  readonly little: boolean;
}

interface Scope {
  readonly terms: readonly string[];
  readonly signed: boolean;
  readonly depth: number;
}

const undefinedLength = 0xffffffff;
const deepest = 64;
const mostInflated = 512 * 1024 * 1024;
const longForm = new Set<string>(['OB', 'OD', 'OF', 'OW', 'SQ', 'UN', 'UT', 'UC', 'UR', 'OL', 'OV', 'SV', 'UV']);
const everyVr = new Set<string>(Object.values(vrKinds).flat());
const isBytes = (vr: Vr) => vrKinds.bytes.some(each => each === vr);

const encodings: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2': { explicit: false, little: true },
  '1.2.840.10008.1.2.2': { explicit: true, little: false },
};
const deflated = '1.2.840.10008.1.2.1.99';

/** Reads a PS3.10 object (PS3.10-2013 7.1); throws MalformedObject with the place and what is wrong there. */
export function readPart10(file: Uint8Array | Octets): Part10Object {
  const octets = file instanceof Uint8Array ? inMemory(file) : file;
  if (octets.length < 132 || Buffer.from(octets.slice(128, 132)).toString('latin1') !== 'DICM') {
    throw new MalformedObject('the bytes are no PS3.10 object: there is no DICM at offset 128');
  }
  const meta = new Reader(octets, { explicit: true, little: true });
  const fileMeta = meta.elements(132, octets.length, { terms: [], signed: false, depth: 0 }, tag => tag >= '00030000');
  const transferSyntax = textOf(fileMeta, '00020010');
  if (transferSyntax === '') throw new MalformedObject('the File Meta Information names no transfer syntax (0002,0010)', fileMeta);
  try {
    return { fileMeta, transferSyntax, dataSet: dataSetAfter(octets, meta.end, transferSyntax) };
  } catch (error) {
    throw error instanceof MalformedObject ? new MalformedObject(error.message, fileMeta) : error;
  }
}

function dataSetAfter(octets: Octets, metaEnd: number, transferSyntax: string): DataSet {
  const encoding = encodings[transferSyntax] ?? { explicit: true, little: true };
  const body = transferSyntax === deflated ? inMemory(inflate(octets.slice(metaEnd, octets.length))) : octets;
  const start = transferSyntax === deflated ? 0 : metaEnd;
  return new Reader(body, encoding).elements(start, body.length, { terms: [], signed: false, depth: 0 });
}

function inflate(stream: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(stream, { maxOutputLength: mostInflated });
  } catch (error) {
    throw new MalformedObject(`the deflated data set cannot be inflated: ${error instanceof Error ? error.message : error}`);
  }
}

function textOf(dataSet: DataSet, tag: Tag): string {
  const element = dataSet.get(tag);
  return element && 'values' in element ? String(element.values[0] ?? '') : '';
}

class Reader {
  /** Where reading stopped. */
  end = 0;
  readonly octets: Octets;
  readonly encoding: Encoding;
  constructor(octets: Octets, encoding: Encoding) {
    this.octets = octets;
    this.encoding = encoding;
  }

  private tagAt(at: number): Tag {
    const { little } = this.encoding;
    const view = this.octets.view(at, 4);
    return (view.getUint16(0, little) * 0x10000 + view.getUint16(2, little)).toString(16).toUpperCase().padStart(8, '0');
  }

  private lengthAt(at: number): number {
    return this.octets.view(at, 4).getUint32(0, this.encoding.little);
  }

  private need(at: number, length: number, limit: number, what: string): void {
    if (at + length > limit)
      throw new MalformedObject(`${what} at offset ${at} needs ${length} bytes where ${Math.max(0, limit - at)} are left`);
  }

  /** The elements from `at` to `limit`, or to an item delimiter. */
  elements(at: number, limit: number, outer: Scope, stop?: (tag: Tag) => boolean): DataSet {
    if (outer.depth > deepest) throw new MalformedObject(`sequences are nested more than ${deepest} deep at offset ${at}`);
    const found: [Tag, Element][] = [];
    let scope = outer;
    let here = at;
    while (here < limit) {
      // PS3.5-2013 7.1: nothing but zeros may follow as padding of a deflated or truncated stream.
      this.need(here, 8, limit, 'an element');
      const tag = this.tagAt(here);
      if (stop?.(tag)) break;
      if (tag === 'FFFEE00D') {
        here += 8;
        break;
      }
      if (tag.startsWith('FFFE'))
        throw new MalformedObject(`(${tag.slice(0, 4)},${tag.slice(4)}) at offset ${here} stands where an element belongs`);
      const { vr, length, value } = this.header(tag, here, limit, scope);
      const [element, next] = this.element(tag, vr, length, value, limit, scope);
      here = next;
      if (tag.endsWith('0000')) continue;
      found.push([tag, element]);
      if (tag === '00080005' && 'values' in element) scope = { ...scope, terms: element.values.map(String) };
      if (tag === '00280103' && 'values' in element) scope = { ...scope, signed: Number(element.values[0]) === 1 };
    }
    this.end = here;
    if (found.some(([tag], i) => tag <= (found[i - 1]?.[0] ?? ''))) found.sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(found);
  }

  private header(tag: Tag, at: number, limit: number, scope: Scope): { vr: Vr; length: number; value: number } {
    const { explicit, little } = this.encoding;
    if (!explicit) return { vr: implicitVr(tag, scope.signed), length: this.lengthAt(at + 4), value: at + 8 };
    const view = this.octets.view(at + 4, 4);
    const name = String.fromCharCode(view.getUint8(0), view.getUint8(1));
    if (!/^[A-Z]{2}$/.test(name)) throw new MalformedObject(`(${tag.slice(0, 4)},${tag.slice(4)}) at offset ${at} has no VR`);
    const vr = (everyVr.has(name) ? name : 'UN') as Vr;
    if (!longForm.has(name)) return { vr, length: view.getUint16(2, little), value: at + 8 };
    this.need(at, 12, limit, 'an element');
    return { vr, length: this.lengthAt(at + 8), value: at + 12 };
  }

  private element(tag: Tag, vr: Vr, length: number, at: number, limit: number, scope: Scope): [Element, number] {
    const name = `(${tag.slice(0, 4)},${tag.slice(4)})`;
    if (length === undefinedLength) {
      if (tag === '7FE00010') return this.fragments(at, limit);
      if (vr === 'SQ') return this.items(at, limit, true, scope);
      // PS3.5-2013 6.2.2: an unknown element of undefined length is a sequence in Implicit VR Little Endian.
      if (vr === 'UN') {
        const inner = new Reader(this.octets, { explicit: false, little: true });
        return inner.items(at, limit, true, scope);
      }
      throw new MalformedObject(`${name} has an undefined length, which ${vr} cannot have`);
    }
    this.need(at, length, limit, `the value of ${name}`);
    if (vr === 'SQ') return this.items(at, at + length, false, scope);
    if (isBytes(vr) && this.octets.defers(length)) return [this.deferred(vr, at, length), at + length];
    return [elementOfBytes(vr, this.octets.slice(at, at + length), scope.terms, this.encoding.little), at + length];
  }

  /** A value that is read when somebody asks for it. */
  private deferred(vr: Vr, at: number, length: number): Element {
    const { octets } = this;
    const { little } = this.encoding;
    return {
      vr: vr as 'OB',
      get bytes() {
        return inLittleEndian(vr, octets.slice(at, at + length), little);
      },
      // A part of swapped words can begin within one, so that is cut out of the whole.
      ...(little ? { deferred: { length, slice: (start, end) => octets.slice(at + start, at + Math.min(end, length)) } } : {}),
    };
  }

  /** The items of a sequence (PS3.5-2013 7.5), from `at` to `limit` or to the sequence delimiter. */
  items(at: number, limit: number, open: boolean, scope: Scope): [Element, number] {
    const items: DataSet[] = [];
    let here = at;
    while (open || here < limit) {
      this.need(here, 8, limit, 'an item');
      const tag = this.tagAt(here);
      const length = this.lengthAt(here + 4);
      here += 8;
      if (tag === 'FFFEE0DD') return [{ vr: 'SQ', items }, here];
      if (tag !== 'FFFEE000')
        throw new MalformedObject(`(${tag.slice(0, 4)},${tag.slice(4)}) at offset ${here - 8} stands where an item belongs`);
      if (length !== undefinedLength) this.need(here, length, limit, 'an item');
      const end = length === undefinedLength ? limit : here + length;
      items.push(this.elements(here, end, { ...scope, depth: scope.depth + 1 }));
      here = length === undefinedLength ? this.end : end;
    }
    return [{ vr: 'SQ', items }, here];
  }

  /** Encapsulated Pixel Data (PS3.5-2013 A.4). */
  private fragments(at: number, limit: number): [Element, number] {
    const found: (readonly [start: number, end: number])[] = [];
    for (let here = at; ; ) {
      this.need(here, 8, limit, 'a fragment');
      const tag = this.tagAt(here);
      const length = this.lengthAt(here + 4);
      here += 8;
      if (tag === 'FFFEE0DD') return [this.encapsulated(found), here];
      if (tag !== 'FFFEE000')
        throw new MalformedObject(`(${tag.slice(0, 4)},${tag.slice(4)}) at offset ${here - 8} stands where a fragment belongs`);
      this.need(here, length, limit, 'a fragment');
      found.push([here, here + length]);
      here += length;
    }
  }

  private encapsulated([first, ...rest]: readonly (readonly [start: number, end: number])[]): Element {
    const table = first ? this.octets.slice(...first) : new Uint8Array();
    const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
    const offsets = Array.from({ length: Math.floor(table.length / 4) }, (_, i) => view.getUint32(4 * i, true));
    const read = () => rest.map(place => this.octets.slice(...place));
    const size = rest.reduce((sum, [start, end]) => sum + end - start, 0);
    if (!this.octets.defers(size)) return { vr: 'OB', offsets, fragments: read() };
    return {
      vr: 'OB',
      offsets,
      get fragments() {
        return read();
      },
    };
  }
}
