/** Eight upper-case hexadecimal digits, group then element: `0020000D`. */
export type Tag = string;

/** The value representations of PS3.5-2013 Table 6.2-1, by the kind of value they carry. */
export const vrKinds = {
  text: ['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UI', 'UT'],
  number: ['FL', 'FD', 'SL', 'SS', 'UL', 'US'],
  bytes: ['OB', 'OD', 'OF', 'OW', 'UN'],
  items: ['SQ'],
} as const;

export type TextVr = (typeof vrKinds.text)[number];
export type NumberVr = (typeof vrKinds.number)[number];
export type BytesVr = (typeof vrKinds.bytes)[number];
export type Vr = TextVr | NumberVr | BytesVr | 'SQ';

/** Text values, unpadded and decoded, one member per value; an empty string is an empty value; no member means zero length. DS and IS keep their text, AT is eight hexadecimal digits. */
export interface TextElement {
  readonly vr: TextVr;
  readonly values: readonly string[];
}

/** Binary numbers, one member per value. */
export interface NumberElement {
  readonly vr: NumberVr;
  readonly values: readonly number[];
}

/** The whole Value Field, little endian, padded to even length. */
export interface BytesElement {
  readonly vr: BytesVr;
  readonly bytes: Uint8Array;
  /** Where the bytes are read when they are asked for: how many they are, and a part of them without the rest. */
  readonly deferred?: { readonly length: number; slice(start: number, end: number): Uint8Array };
}

/** A sequence of items, each a data set of its own. */
export interface SequenceElement {
  readonly vr: 'SQ';
  readonly items: readonly DataSet[];
}

/** Encapsulated Pixel Data (PS3.5-2013 A.4): the offsets of the Basic Offset Table, then the fragments. */
export interface EncapsulatedElement {
  readonly vr: 'OB';
  readonly offsets: readonly number[];
  readonly fragments: readonly Uint8Array[];
}

export type Element = TextElement | NumberElement | BytesElement | SequenceElement | EncapsulatedElement;

/** Elements by tag, in ascending order of tag, without group length; group 0002 is kept apart. */
export type DataSet = ReadonlyMap<Tag, Element>;
