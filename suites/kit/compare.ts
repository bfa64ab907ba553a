import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { sameBytes, sameValue } from './same.ts';

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
  /** The document does not give the VR, so it is that of the dictionary. */
  readonly assumedVr?: true;
  readonly privateCreator?: string;
  readonly content: Content;
}

/** The attributes of a metadata document, in its order; private ones with 00 in place of their block number. */
export type Attributes = readonly Attribute[];

/** In what metadata or a search result and the stored object do not agree. */
export type Kind =
  | 'absent'
  | 'empty'
  | 'lost'
  | 'items'
  | 'empty item'
  | 'count'
  | 'empty value'
  | 'bytes'
  | 'fragments'
  | 'tag'
  | 'number'
  | 'decimal'
  | 'characters'
  | 'white space'
  | 'name'
  | 'text';

/** Which requirement a difference breaks. */
export type RowOf = (kind: Kind, stored: Element) => RequirementId;

/** One way in which metadata and the stored object do not agree. */
export interface Difference {
  readonly kind: Kind;
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

const inXml: Readonly<Record<Kind, RequirementId>> = {
  absent: 'WADO-RS-6.5.6-09',
  empty: 'MODEL-XML-A.1.5-12',
  lost: 'MODEL-XML-A.1.5-31',
  items: 'MODEL-XML-A.1.5-17',
  'empty item': 'MODEL-XML-A.1.5-19',
  count: 'MODEL-XML-A.1.5-13',
  'empty value': 'MODEL-XML-A.1.5-14',
  bytes: 'MODEL-XML-A.1.5-30',
  fragments: 'MODEL-XML-A.1.5-31',
  tag: 'MODEL-XML-A.1.5-23',
  number: 'MODEL-XML-A.1.5-39',
  decimal: 'WADO-RS-6.5.6-09',
  characters: 'MODEL-XML-A.1.5-24',
  'white space': 'MODEL-XML-A.1.5-25',
  name: 'MODEL-XML-A.1.5-21',
  text: 'WADO-RS-6.5.6-09',
};

/** PS3.19-2013 Table A.1.5-2 says of values that empty ones keep their places; of names it follows. */
const rowInXml: RowOf = (kind, { vr }) => (kind === 'empty value' && vr === 'PN' ? 'MODEL-XML-A.1.5-36' : inXml[kind]);

/** How the metadata of an instance differ from what is stored, attribute by attribute; more attributes than stored are no difference. The requirements are those of XML metadata, if nothing else is said. */
export function differences(stored: DataSet, model: Attributes, path = '', rowOf: RowOf = rowInXml): readonly Difference[] {
  return [...stored].flatMap(([tag, element]): readonly Difference[] => {
    if (notCompared.has(tag) || isPrivateCreator(tag)) return [];
    const where = `${path}${nameOf(tag)}`;
    const found = isPrivate(tag) ? samePrivate(stored, tag, model) : model.find(attribute => attribute.tag === tag);
    if (!found) return [{ kind: 'absent', row: rowOf('absent', element), where, stored: shown(element), got: 'no such attribute' }];
    return compared(element, found.content, where, rowOf);
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

function compared(stored: Element, got: Content, where: string, rowOf: RowOf): readonly Difference[] {
  const differs = (kind: Kind): readonly Difference[] => [{ kind, row: rowOf(kind, stored), where, stored: shown(stored), got: told(got) }];
  if (isEmpty(stored)) return got.kind === 'empty' ? [] : differs('empty');
  // Several empty values and none are hard to tell apart for a server that keeps values in a list.
  if (got.kind === 'empty') return 'values' in stored && stored.values.every(value => value === '') ? [] : differs('lost');
  // What a reference leads to is compared where bulk data is retrieved.
  if (got.kind === 'reference') return [];
  if ('items' in stored) {
    if (got.kind !== 'items') return differs('items');
    if (got.items.length !== stored.items.length) return differs(stored.items.some(item => item.size === 0) ? 'empty item' : 'items');
    return stored.items.flatMap((item, i) => differences(item, got.items[i] ?? [], `${where} item ${i + 1} `, rowOf));
  }
  // The example of PS3.18-2013 F.4 has UN with a Value, which says nothing about its bytes.
  if ('bytes' in stored && stored.vr === 'UN' && got.kind === 'values') return [];
  if ('bytes' in stored) return got.kind === 'inline' && sameBytes(stored.bytes, got.bytes) ? [] : differs('bytes');
  if ('fragments' in stored) return got.kind === 'inline' ? [] : differs('fragments');
  // F.2.7 and Table A.1.5-2 name a US value as an example of inline binary.
  if (got.kind === 'inline') return [];
  if (got.kind !== 'values') return differs('count');
  if (got.values.length !== stored.values.length) return differs(stored.values.includes('' as never) ? 'empty value' : 'count');
  const wrong = stored.values.some((value, i) => !sameValue(stored.vr, value, got.values[i] ?? ''));
  return wrong ? differs(kindOf(stored, got.values)) : [];
}

const isEmpty = (element: Element): boolean =>
  'items' in element
    ? element.items.length === 0
    : 'bytes' in element
      ? element.bytes.length === 0
      : 'values' in element && element.values.length === 0;

/** In what a wrong value is wrong. */
function kindOf(stored: Extract<Element, { readonly values: unknown }>, got: readonly (string | number | null)[]): Kind {
  if (stored.vr === 'AT') return 'tag';
  if (stored.values.some(value => typeof value === 'number')) return 'number';
  if (stored.vr === 'DS' || stored.vr === 'IS') return 'decimal';
  // What only white space tells apart is the least of faults: a line break of its own XML turns into another one (XML 1.0 2.11).
  const bare = (values: readonly unknown[]) => values.map(value => String(value ?? '').replaceAll(/\s/g, '')).join('\\');
  if (bare(stored.values) === bare(got)) return 'white space';
  if (stored.values.some(value => /[^\x20-\x7e\s]/.test(String(value)))) return 'characters';
  return stored.vr === 'PN' ? 'name' : 'text';
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
