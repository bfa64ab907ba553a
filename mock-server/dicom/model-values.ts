import { type DataSet, type Element, type NumberVr, type Tag, type TextVr, type Vr, vrKinds } from '../../schemas/data-set.ts';
import { attributeByTag } from '../../schemas/dictionary.ts';

/** Metadata that is no document of its model: nothing of it can be used. */
export class MalformedModel extends Error {}

/** A value that means nothing in its VR: the rest of the document can be used. */
export class NotUnderstood extends Error {}

/** What a reader of metadata needs to know, and what it leaves behind. */
export interface ModelContext {
  /** The element whose value a bulk data URI stands for, at the top of the data set or below; null when the URI cannot be used for it. */
  readonly bulk: (uri: string, tag: Tag, vr: Vr, top: boolean, terms: readonly string[]) => Element | null;
  /** What could not be understood, in words. */
  readonly problems: string[];
}

const everyVr: ReadonlySet<string> = new Set(Object.values(vrKinds).flat());
const numberVrs: ReadonlySet<string> = new Set(vrKinds.number);
const textVrs: ReadonlySet<string> = new Set(vrKinds.text);
/** VRs of later editions, by one of 2013 that holds the same. */
const later: Readonly<Record<string, Vr>> = { UR: 'UT', UC: 'UT', OL: 'OF', OV: 'OD', SV: 'OD', UV: 'OD' };

export const isNumberVr = (vr: Vr): vr is NumberVr => numberVrs.has(vr);
export const isTextVr = (vr: Vr): vr is TextVr => textVrs.has(vr);

/** The VR that metadata name, or the one of PS3.6 where they name none. */
export function vrOf(named: string | undefined, tag: Tag): Vr {
  if (named === undefined || named === '') return attributeByTag(tag)?.vrs[0] ?? 'UN';
  const vr = later[named] ?? named;
  if (!everyVr.has(vr)) throw new NotUnderstood(`${JSON.stringify(named)} is no VR`);
  return vr as Vr;
}

/** An element of values in text; an empty text is an empty value. */
export function elementOfTexts(vr: Vr, texts: readonly string[]): Element {
  if (isNumberVr(vr)) return { vr, values: texts.filter(text => text !== '').map(numberOf) };
  if (vr === 'SQ') return { vr, items: [] };
  if (!isTextVr(vr)) {
    if (texts.some(text => text !== '')) throw new NotUnderstood(`${vr} holds no values in text`);
    return { vr, bytes: new Uint8Array() };
  }
  const values = texts.map(text => (vr === 'UI' ? text.trim() : text));
  return { vr, values: values.every(value => value === '') ? [] : values };
}

function numberOf(text: string): number {
  const number =
    { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY }[text.trim()] ?? Number(text);
  if (text.trim() === '' || (Number.isNaN(number) && text.trim() !== 'NaN'))
    throw new NotUnderstood(`${JSON.stringify(text)} is no number`);
  return number;
}

/** Base64 (RFC 4648 4) as bytes. */
export function bytesOfBase64(text: string): Uint8Array {
  const bare = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare) || bare.length % 4 !== 0) throw new NotUnderstood('the inline binary is no base64');
  return Buffer.from(bare, 'base64');
}

/** Elements in ascending order of tag, those of group 0002 and group lengths left out. */
export function dataSetOf(elements: readonly (readonly [Tag, Element])[]): DataSet {
  const ofDataSet = elements.filter(([tag]) => tag >= '00080000' && !tag.endsWith('0000'));
  return new Map(ofDataSet.sort(([a], [b]) => (a < b ? -1 : 1)));
}
