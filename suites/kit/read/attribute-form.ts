import { type Tag, vrKinds } from '../../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../../schemas/dictionary.ts';

/** The VRs of the home edition and those of later ones, which no server is blamed for. */
const laterVrs = ['OL', 'OV', 'SV', 'UC', 'UR', 'UV'];
const vrs = new Set<string>([...Object.values(vrKinds).flat(), ...laterVrs]);

/** Whether a text is the name of a VR of any edition. */
export const isVr = (text: string): boolean => vrs.has(text);

/** VRs whose values are one field of bytes in both models (PS3.18-2013 F.2.2, PS3.19-2013 Table A.1.5-2). */
export const isBinaryVr = (vr: string): boolean => ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'].includes(vr);

/** VRs whose values are numbers by nature, not by text. */
export const isNumberVr = (vr: string): boolean => ['FL', 'FD', 'SL', 'SS', 'SV', 'UL', 'US', 'UV'].includes(vr);

/** PS3.18-2013 6.5.6 and F.2.2: VRs whose value may be given by reference; DS and UC came in later editions. */
export const mayBeReferred = (vr: string): boolean => isBinaryVr(vr) || isNumberVr(vr) || ['DS', 'IS', 'LT', 'ST', 'UC', 'UT'].includes(vr);

/** Whether PS3.6 gives this VR for the attribute, as far as anybody can tell: UN is legal for what a server does not know. */
export function vrFits(tag: Tag, vr: string): boolean {
  const known = attributeByTag(tag)?.vrs ?? [];
  if (isPrivate(tag) || known.length === 0 || vr === 'UN' || laterVrs.includes(vr)) return true;
  return known.some(each => each === vr || (bytesOrWords.includes(each) && bytesOrWords.includes(vr)));
}

/** PS3.5-2013 A: which of them is meant may depend on the transfer syntax. */
const bytesOrWords = ['OB', 'OW'];

/** Whether the VR is DT where PS3.6 has DA: the example of PS3.18-2013 F.4 has such attributes. */
export const isDateInExample = (tag: Tag, vr: string): boolean => vr === 'DT' && (attributeByTag(tag)?.vrs.includes('DA') ?? false);

/** Group length elements (gggg,0000), which both models leave out. */
export const isGroupLength = (tag: Tag): boolean => tag.endsWith('0000');

const isoForms: Readonly<Record<string, RegExp>> = {
  DA: /^\d{4}-\d\d-\d\d/,
  DT: /^\d{4}-\d\d-\d\d|^\d{8}T/,
  TM: /^\d\d:\d\d:\d\d.*[zZ]$|^T/,
};

/** Whether a date or time is written as ISO 8601 says and PS3.5-2013 6.2 does not. */
export const isIsoForm = (vr: string, value: string): boolean => isoForms[vr]?.test(value.trim()) ?? false;

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const anyBase64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** The bytes of a base64 text; `strict` tells whether it has the standard alphabet and its padding, `readable` whether it can be read in one alphabet or another. White space does not count. */
export function readBase64(text: string): { readonly bytes: Uint8Array; readonly strict: boolean; readonly readable: boolean } {
  const bare = text.replaceAll(/\s/g, '');
  const readable = anyBase64.test(bare) && bare.replace(/=+$/, '').length % 4 !== 1;
  return { bytes: new Uint8Array(Buffer.from(bare, 'base64')), strict: base64.test(bare), readable };
}

/** VRs in which a backslash separates values, so that none can hold one (PS3.5-2013 6.2). */
export const isSplitAtBackslash = (vr: string): boolean => ['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'SH', 'TM', 'UI'].includes(vr);

/** VRs that have one value at most (PS3.5-2013 6.2). */
export const isInOneValue = (vr: string): boolean => ['LT', 'ST', 'UT'].includes(vr);

/** Words for numbers that are not finite, for which 2013 has no form. */
export const isNotFinite = (text: string): boolean => /^\s*[+-]?(inf(inity)?|nan)\s*$/i.test(text);

/** The groups of a name in the order of PS3.5-2013 6.2.1. */
export const nameGroups = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/** A name as PS3.5-2013 6.2.1 writes it, from its groups. */
export function nameOfGroups(group: (name: (typeof nameGroups)[number]) => string): string {
  return nameGroups.map(group).join('=').replace(/=+$/, '');
}
