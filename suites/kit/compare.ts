import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';

/** The content of an attribute in a metadata document, whatever its form. */
export type Content =
  | { readonly kind: 'empty' }
  | { readonly kind: 'values'; readonly values: readonly (string | number | null)[] }
  | { readonly kind: 'items'; readonly items: readonly Attributes[] }
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'reference'; readonly uri: string };

/** An attribute of a metadata document. */
export interface Attribute {
  readonly tag: Tag;
  readonly vr: string;
  readonly privateCreator?: string;
  readonly content: Content;
}

/** The attributes of a metadata document, in its order; private ones with 00 in place of their block number. */
export type Attributes = readonly Attribute[];

/** One way in which metadata and the stored object do not agree. */
export interface Difference {
  /** The requirement that it breaks. */
  readonly row: RequirementId;
  /** The attribute, with the items it lies in. */
  readonly where: string;
  readonly stored: unknown;
  readonly got: unknown;
}

/** An attribute in words: keyword and tag. */
export function nameOf(tag: Tag): string {
  const keyword = attributeByTag(tag)?.keyword;
  const printed = `(${tag.slice(0, 4)},${tag.slice(4)})`;
  return keyword ? `${keyword} ${printed}` : printed;
}

/** Specific Character Set tells how text was encoded in the object, so it may change; Data Set Trailing Padding means nothing. */
const notCompared = new Set(['00080005', 'FFFCFFFC']);
const isPrivateCreator = (tag: Tag) => isPrivate(tag) && /^....00[1-9A-F]/.test(tag);

/** How the metadata of an instance differ from what is stored, attribute by attribute; more attributes than stored are no difference. */
export function differences(stored: DataSet, model: Attributes, path = ''): readonly Difference[] {
  return [...stored].flatMap(([tag, element]): readonly Difference[] => {
    if (notCompared.has(tag) || isPrivateCreator(tag)) return [];
    const where = `${path}${nameOf(tag)}`;
    const found = isPrivate(tag) ? samePrivate(stored, tag, model) : model.find(attribute => attribute.tag === tag);
    if (!found) return [{ row: 'WADO-RS-6.5.6-09', where, stored: shown(element), got: 'no such attribute' }];
    return compared(element, found.content, where);
  });
}

/**
 * PS3.19-2013 Table A.1.5-2: a private attribute is told by its creator; the block number is left out of its tag. PS3.5-2013 7.8.1 lets a creator reserve several blocks, so
 * that attributes of theirs may look the same then: they are paired in their order.
 */
function samePrivate(stored: DataSet, tag: Tag, model: Attributes): Attribute | undefined {
  const shared = sharedTag(tag);
  const creator = creatorOf(stored, tag);
  const alike = [...stored.keys()].filter(each => sharedTag(each) === shared && creatorOf(stored, each) === creator);
  return model.filter(each => each.privateCreator?.trim() === creator && each.tag === shared)[alike.indexOf(tag)];
}

const sharedTag = (tag: Tag): Tag => `${tag.slice(0, 4)}00${tag.slice(6)}`;

function creatorOf(stored: DataSet, tag: Tag): string {
  const creator = stored.get(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`);
  return creator && 'values' in creator ? String(creator.values[0] ?? '').trim() : '';
}

function compared(stored: Element, got: Content, where: string): readonly Difference[] {
  const differs = (row: RequirementId): readonly Difference[] => [{ row, where, stored: shown(stored), got: told(got) }];
  if (isEmpty(stored)) return got.kind === 'empty' ? [] : differs('MODEL-XML-A.1.5-12');
  if (got.kind === 'empty') return differs('MODEL-XML-A.1.5-31');
  // What a reference leads to is compared where bulk data is retrieved.
  if (got.kind === 'reference') return [];
  if ('items' in stored) {
    if (got.kind !== 'items') return differs('MODEL-XML-A.1.5-17');
    if (got.items.length !== stored.items.length)
      return differs(stored.items.some(item => item.size === 0) ? 'MODEL-XML-A.1.5-19' : 'MODEL-XML-A.1.5-17');
    return stored.items.flatMap((item, i) => differences(item, got.items[i] ?? [], `${where} item ${i + 1} `));
  }
  if ('bytes' in stored) return got.kind === 'inline' && sameBytes(stored.bytes, got.bytes) ? [] : differs('MODEL-XML-A.1.5-30');
  if ('fragments' in stored) return got.kind === 'inline' ? [] : differs('MODEL-XML-A.1.5-31');
  // F.2.7 and Table A.1.5-2 name a US value as an example of inline binary.
  if (got.kind === 'inline') return [];
  if (got.kind !== 'values') return differs('MODEL-XML-A.1.5-13');
  if (got.values.length !== stored.values.length)
    return differs(stored.values.includes('' as never) ? emptyAmongSeveral(stored.vr) : 'MODEL-XML-A.1.5-13');
  const wrong = stored.values.some((value, i) => !sameValue(stored.vr, value, got.values[i] ?? ''));
  return wrong ? differs(rowFor(stored, got.values)) : [];
}

/** Table A.1.5-2 says it of values; of names it follows. */
const emptyAmongSeveral = (vr: string): RequirementId => (vr === 'PN' ? 'MODEL-XML-A.1.5-36' : 'MODEL-XML-A.1.5-14');

const isEmpty = (element: Element): boolean =>
  'items' in element
    ? element.items.length === 0
    : 'bytes' in element
      ? element.bytes.length === 0
      : 'values' in element && element.values.length === 0;

/** A value field is padded to even length; the pad may be left out of the model. */
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  const length = Math.min(a.length, b.length);
  return Math.abs(a.length - b.length) <= 1 && Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0;
};

function sameValue(vr: string, stored: string | number, got: string | number): boolean {
  if (typeof stored === 'number') {
    const number = Number(got);
    return vr === 'FL' ? Object.is(Math.fround(stored), Math.fround(number)) : Object.is(stored, number);
  }
  if (vr === 'DS' || vr === 'IS') return String(got).trim() === stored.trim() || (stored.trim() !== '' && Number(got) === Number(stored));
  if (vr === 'PN') return normalName(String(got)) === normalName(stored);
  return significant(vr, String(got)) === significant(vr, stored);
}

/** PS3.5-2013 6.2: trailing blanks mean nothing, leading ones only in the text VRs. */
const significant = (vr: string, text: string): string =>
  ['LT', 'ST', 'UT'].includes(vr) ? text.replace(/[ \0]+$/, '') : text.replace(/^ +|[ \0]+$/g, '');

/** PS3.5-2013 6.2.1: delimiters after the last component and group may be left out. */
const normalName = (name: string): string =>
  name
    .split('=')
    .map(group => group.trim().replace(/[\^ ]+$/, ''))
    .join('=')
    .replace(/=+$/, '');

/** Which requirement a wrong value breaks. */
function rowFor(stored: Extract<Element, { readonly values: unknown }>, got: readonly (string | number | null)[]): RequirementId {
  if (stored.vr === 'AT') return 'MODEL-XML-A.1.5-23';
  if (stored.values.some(value => typeof value === 'number')) return 'MODEL-XML-A.1.5-39';
  // What only white space tells apart is the least of faults: a line break of its own XML turns into another one (XML 1.0 2.11).
  const bare = (values: readonly unknown[]) => values.map(value => String(value ?? '').replaceAll(/\s/g, '')).join('\\');
  if (bare(stored.values) === bare(got)) return 'MODEL-XML-A.1.5-25';
  if (stored.values.some(value => /[^\x20-\x7e\s]/.test(String(value)))) return 'MODEL-XML-A.1.5-24';
  return stored.vr === 'PN' ? 'MODEL-XML-A.1.5-21' : 'WADO-RS-6.5.6-09';
}

const shown = (element: Element): unknown =>
  'items' in element
    ? `${element.items.length} items`
    : 'bytes' in element
      ? element.bytes
      : 'values' in element
        ? element.values
        : `${element.fragments.length} fragments`;

const told = (content: Content): unknown =>
  content.kind === 'values'
    ? content.values
    : content.kind === 'items'
      ? `${content.items.length} items`
      : content.kind === 'inline'
        ? content.bytes
        : content.kind;
