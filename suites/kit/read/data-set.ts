import { type DataSet, type Element, type NumberVr, type Tag, type TextVr, type Vr, vrKinds } from '../../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../../schemas/dictionary.ts';
import { Unreadable } from './defect.ts';
import { decodeText } from './text.ts';

/** How a data set is written (PS3.5-2013 Annex A). */
export interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

/** What was found in a data set besides its elements. */
export interface Oddities {
  /** Tags that do not come in ascending order. */
  readonly disordered: Tag[];
  /** Elements of odd length. */
  readonly odd: Tag[];
  /** Elements with a VR that PS3.5-2013 does not have. */
  readonly unknownVr: Tag[];
  /** The terms of character sets that are not known. */
  readonly unknownCharacterSet: string[];
  /** How the encapsulated Pixel Data of the data set itself are written, one entry where there are any. */
  readonly encapsulation: Encapsulation[];
}

/** What the elements do not tell of encapsulated Pixel Data (PS3.5-2013 A.4). */
export interface Encapsulation {
  readonly vr: string;
  /** The length of the Sequence Delimitation Item; 0 as it has to be. */
  readonly delimiterLength: number;
  /** The numbers of fragments of odd length, counted from 1. */
  readonly oddFragments: readonly number[];
}

/** Nothing odd so far. */
export const noOddities = (): Oddities => ({ disordered: [], odd: [], unknownVr: [], unknownCharacterSet: [], encapsulation: [] });

interface Scope {
  readonly limit: number;
  readonly terms: readonly string[];
  readonly depth: number;
  readonly signed: boolean;
}

const undefinedLength = 0xffffffff;
const deepest = 100;
const shortVrs = new Set([
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FL',
  'FD',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'SL',
  'SS',
  'ST',
  'TM',
  'UI',
  'UL',
  'US',
]);
const knownVrs = new Set<string>(Object.values(vrKinds).flat());
const inOneValue = new Set<string>(['LT', 'ST', 'UT']);
const inSpecificCharacterSet = new Set<string>(['LO', 'LT', 'PN', 'SH', 'ST', 'UT']);
const widths: Readonly<Record<NumberVr, number>> = { FL: 4, FD: 8, SL: 4, SS: 2, UL: 4, US: 2 };
const words: Readonly<Partial<Record<Vr, number>>> = { OW: 2, OF: 4, OD: 8 };

/** A reader of elements in `bytes`; throws Unreadable with the byte where it cannot go on. */
export function dataSetReader(bytes: Uint8Array, { explicitVr, littleEndian }: Encoding, oddities: Oddities) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number) => view.getUint16(at, littleEndian);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const tagAt = (at: number): Tag => [u16(at), u16(at + 2)].map(half => half.toString(16).toUpperCase().padStart(4, '0')).join('');

  function need(at: number, length: number, limit: number, what: string): void {
    if (at + length > limit)
      throw new Unreadable(`${what} at byte ${at} would reach ${at + length - limit} bytes beyond the end of what holds it`);
  }

  /** The elements from `at` to the limit or an item delimiter, as long as `wanted` takes their tags; where it stopped. */
  function elements(at: number, scope: Scope, wanted: (tag: Tag) => boolean = () => true): { dataSet: DataSet; end: number } {
    if (scope.depth > deepest) throw new Unreadable(`sequences are nested more than ${deepest} deep at byte ${at}`);
    const found: [Tag, Element][] = [];
    let { terms, signed } = scope;
    let here = at;
    let before: Tag = '';
    while (here < scope.limit) {
      // What is too short for an element is told as bytes behind the data set.
      if (scope.depth === 0 && here + 8 > scope.limit) break;
      need(here, 8, scope.limit, 'an element');
      const tag = tagAt(here);
      if (!wanted(tag)) break;
      if (tag === 'FFFEE00D') {
        here += 8;
        break;
      }
      if (tag.startsWith('FFFE')) throw new Unreadable(`${named(tag)} stands at byte ${here} where an element belongs`);
      if (tag <= before) oddities.disordered.push(tag);
      before = tag;
      const { vr, length, value } = header(tag, here, { ...scope, signed });
      const read = readValue(tag, vr, length, value, { ...scope, terms, signed });
      here = read.end;
      if (tag.endsWith('0000') && !tag.startsWith('0002')) continue;
      found.push([tag, read.element]);
      if (tag === '00080005' && 'values' in read.element) terms = read.element.values.map(String);
      if (tag === '00280103' && 'values' in read.element) signed = Number(read.element.values[0]) === 1;
    }
    return { dataSet: new Map(found.sort(([a], [b]) => (a < b ? -1 : 1))), end: here };
  }

  /** PS3.5-2013 7.1.2 and 7.1.3. */
  function header(tag: Tag, at: number, scope: Scope): { vr: Vr; length: number; value: number } {
    if (!explicitVr) return { vr: vrOf(tag, scope.signed), length: u32(at + 4), value: at + 8 };
    const name = Buffer.from(bytes.subarray(at + 4, at + 6)).toString('latin1');
    if (!/^[A-Z]{2}$/.test(name)) throw new Unreadable(`${named(tag)} at byte ${at} has no VR`);
    if (!knownVrs.has(name)) oddities.unknownVr.push(tag);
    const vr = (knownVrs.has(name) ? name : 'UN') as Vr;
    if (shortVrs.has(name)) return { vr, length: u16(at + 6), value: at + 8 };
    need(at, 12, scope.limit, named(tag));
    return { vr, length: u32(at + 8), value: at + 12 };
  }

  function readValue(tag: Tag, vr: Vr, length: number, at: number, scope: Scope): { element: Element; end: number } {
    if (length === undefinedLength) {
      // PS3.5-2013 A.4 and 6.2.2: fragments, sequences, and unknown sequences in Implicit VR Little Endian.
      if (tag === '7FE00010') return fragments(at, vr, scope);
      if (vr === 'SQ') return items(at, { ...scope, limit: scope.limit }, true);
      if (vr === 'UN') return dataSetReader(bytes, { explicitVr: false, littleEndian: true }, oddities).items(at, scope, true);
      throw new Unreadable(`${named(tag)} with VR ${vr} at byte ${at} has an undefined length`);
    }
    need(at, length, scope.limit, named(tag));
    if (length % 2 === 1) oddities.odd.push(tag);
    const end = at + length;
    if (vr === 'SQ') return items(at, { ...scope, limit: end }, false);
    return { element: plainValue(vr, at, end, scope), end };
  }

  function plainValue(vr: Vr, at: number, end: number, scope: Scope): Element {
    const field = bytes.subarray(at, end);
    if (vr === 'AT') return { vr, values: Array.from({ length: field.length >> 2 }, (_, i) => tagAt(at + 4 * i)) };
    if (vr in widths) return { vr: vr as NumberVr, values: numbers(vr as NumberVr, at, end) };
    if ((vrKinds.text as readonly string[]).includes(vr)) return { vr: vr as TextVr, values: texts(vr, field, scope.terms) };
    return { vr: vr as 'OB', bytes: inLittleEndian(vr, field) };
  }

  function numbers(vr: NumberVr, at: number, end: number): number[] {
    const get = { FL: 'getFloat32', FD: 'getFloat64', SL: 'getInt32', SS: 'getInt16', UL: 'getUint32', US: 'getUint16' } as const;
    const width = widths[vr];
    return Array.from({ length: Math.floor((end - at) / width) }, (_, i) => view[get[vr]](at + i * width, littleEndian));
  }

  function texts(vr: Vr, field: Uint8Array, terms: readonly string[]): string[] {
    const decoded = inSpecificCharacterSet.has(vr) ? decodeText(field, terms, vr) : Buffer.from(field).toString('latin1');
    if (decoded === null) oddities.unknownCharacterSet.push(terms.join('\\'));
    return valuesOf(vr, decoded ?? Buffer.from(field).toString('latin1'));
  }

  /** PS3.5-2013 7.3: words of more than one byte are swapped in Big Endian. */
  function inLittleEndian(vr: Vr, field: Uint8Array): Uint8Array {
    const size = words[vr];
    if (littleEndian || size === undefined || field.length % size !== 0) return field;
    const swapped = new Uint8Array(field.length);
    for (let i = 0; i < field.length; i += 1) swapped[i] = field[i - (i % size) + (size - 1 - (i % size))] ?? 0;
    return swapped;
  }

  /** PS3.5-2013 7.5: items with a length or up to their delimiters. */
  function items(at: number, scope: Scope, delimited: boolean): { element: Element; end: number } {
    const found: DataSet[] = [];
    let here = at;
    while (delimited || here < scope.limit) {
      need(here, 8, scope.limit, 'an item');
      const [tag, length] = [tagAt(here), u32(here + 4)];
      here += 8;
      if (tag === 'FFFEE0DD') break;
      if (tag !== 'FFFEE000') throw new Unreadable(`${named(tag)} stands at byte ${here - 8} where an item belongs`);
      if (length !== undefinedLength) need(here, length, scope.limit, 'an item');
      const limit = length === undefinedLength ? scope.limit : here + length;
      const item = elements(here, { ...scope, limit, depth: scope.depth + 1 });
      found.push(item.dataSet);
      here = length === undefinedLength ? item.end : limit;
    }
    return { element: { vr: 'SQ', items: found }, end: here };
  }

  /** PS3.5-2013 A.4: the offset table, then fragments up to the delimiter. */
  function fragments(at: number, vr: Vr, { limit, depth }: Scope): { element: Element; end: number } {
    const found: Uint8Array[] = [];
    let here = at;
    let delimiterLength = 0;
    for (;;) {
      need(here, 8, limit, 'a fragment');
      const [tag, length] = [tagAt(here), u32(here + 4)];
      here += 8;
      if (tag === 'FFFEE0DD') {
        delimiterLength = length;
        break;
      }
      if (tag !== 'FFFEE000') throw new Unreadable(`${named(tag)} stands at byte ${here - 8} where a fragment belongs`);
      need(here, length, limit, 'a fragment');
      found.push(bytes.subarray(here, here + length));
      here += length;
    }
    const [table = new Uint8Array(), ...rest] = found;
    const oddFragments = rest.flatMap((fragment, i) => (fragment.length % 2 === 1 ? [i + 1] : []));
    if (depth === 0) oddities.encapsulation.push({ vr, delimiterLength, oddFragments });
    const inTable = new DataView(table.buffer, table.byteOffset, table.byteLength);
    const offsets = Array.from({ length: table.length >> 2 }, (_, i) => inTable.getUint32(4 * i, true));
    return { element: { vr: 'OB', offsets, fragments: rest }, end: here };
  }

  return { elements, items };
}

/** PS3.5-2013 6.2: the values of a text, without the padding that means nothing. */
function valuesOf(vr: Vr, text: string): string[] {
  const unpadded = text.replace(vr === 'UI' ? /\0+$/ : /[ \0]+$/, '');
  if (inOneValue.has(vr)) return unpadded === '' ? [] : [unpadded];
  if (unpadded === '') return [];
  return text.split('\\').map(value => (vr === 'PN' ? value.replace(/[ \0]+$/, '') : value.replace(/^ +|[ \0]+$/g, '')));
}

/** PS3.5-2013 A.1: the VR of an element that does not carry it. */
function vrOf(tag: Tag, signed: boolean): Vr {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivate(tag)) return /^....00[1-9A-F]/.test(tag) ? 'LO' : 'UN';
  const choices = attributeByTag(tag)?.vrs ?? ['UN'];
  if (choices.includes('OW')) return 'OW';
  if (choices.includes('SS') && choices.includes('US')) return signed ? 'SS' : 'US';
  return choices[0] ?? 'UN';
}

const named = (tag: Tag) => `(${tag.slice(0, 4)},${tag.slice(4)})`;
