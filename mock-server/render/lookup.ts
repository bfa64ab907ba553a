import type { DataSet } from '../../schemas/data-set.ts';
import { wordsOf } from '../dicom/values.ts';

/** A lookup table (PS3.3-2013 C.11.1 and C.11.2): entries from the first value mapped on, and their bits. */
export interface Lookup {
  readonly first: number;
  readonly entries: readonly number[];
  readonly bits: number;
}

/** The lookup table of an item, or null where it has none that can be used. */
export function lookupIn(item: DataSet, signed: boolean, descriptor = 'LUTDescriptor', data = 'LUTData'): Lookup | null {
  const [count, first, bits] = wordsOf(item, descriptor);
  const words = wordsOf(item, data);
  if (count === undefined || first === undefined || bits === undefined) return null;
  const length = count === 0 ? 0x10000 : count & 0xffff;
  // C.11.1.1: 8 bit entries may be packed two to a word.
  const entries = words.length >= length ? words : words.flatMap(word => [word & 0xff, word >> 8]);
  if (entries.length < length) return null;
  return { first: signed && first >= 0x8000 ? first - 0x10000 : first, entries: entries.slice(0, length), bits: bits || 16 };
}

/** What a table makes of a value; values outside of it get its first or its last entry. */
export function looked({ first, entries }: Lookup, value: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, Math.round(value) - first))] ?? 0;
}
