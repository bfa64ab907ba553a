import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { attributeByTag, tagOf } from '../../schemas/dictionary.ts';
import { levelOf, type ResultRow, resultRows, type SearchLevel, searchLevels, uniqueKeys } from '../../schemas/search-attributes.ts';
import { compileKeys, type MatchingKey } from '../dicom/match.ts';
import type { Entity } from './entities.ts';

/** A search, understood. */
export interface SearchQuery {
  readonly level: SearchLevel;
  /** The study and series in the path, if any. */
  readonly study?: string;
  readonly series?: string;
  readonly keys: readonly MatchingKey[];
  /** Attributes to be returned besides those of the tables, by the outermost tag. */
  readonly include: readonly Tag[] | 'all';
  readonly limit?: number;
  readonly offset: number;
  /** TimezoneOffsetFromUTC of the request: the zone of its dates and times. */
  readonly zone?: string;
}

/** An entity that was found, and what is returned of it. */
export interface FoundEntity {
  readonly entity: Entity;
  readonly attributes: DataSet;
}

/** What a search found: results in a stable order, and whether the server's own maximum cut the list. */
export interface SearchResult {
  readonly results: readonly FoundEntity[];
  readonly cut: boolean;
}

/** PS3.18-2013 6.7.1.2: the entities that match, from offset + 1 on, as many as limit and the server's maximum allow. */
export function search(
  query: SearchQuery,
  entities: readonly Entity[],
  maximum: number,
  retrieveUrl: (entity: Entity) => string,
): SearchResult {
  const keys = query.keys.filter(key => atOrAbove(query.level, key.path[0] ?? ''));
  const matches = compileKeys(keys, query.zone);
  const found = entities.filter(({ attributes }) => matches(attributes));
  const wanted = Math.min(query.limit ?? Number.POSITIVE_INFINITY, Math.max(0, found.length - query.offset));
  const page = found.slice(query.offset, query.offset + Math.min(wanted, maximum));
  return {
    results: page.map(entity => ({ entity, attributes: resultOf(query, keys, entity, retrieveUrl(entity)) })),
    cut: wanted > maximum,
  };
}

function atOrAbove(level: SearchLevel, tag: Tag): boolean {
  return searchLevels.indexOf(levelOf(tag)) <= searchLevels.indexOf(level);
}

const specificCharacterSet = tagOf('SpecificCharacterSet');
const retrieveUrlTag = tagOf('RetrieveURL');

/** PS3.18-2013 6.7.1.2.2: the rows of the tables, those of the levels above that are not in the path, the matching keys and what includefield names. */
function resultOf(query: SearchQuery, keys: readonly MatchingKey[], entity: Entity, url: string): DataSet {
  const { attributes } = entity;
  const levels = searchLevels.slice(
    query.series !== undefined ? 2 : query.study !== undefined ? 1 : 0,
    searchLevels.indexOf(query.level) + 1,
  );
  const above = searchLevels.slice(0, searchLevels.indexOf(query.level));
  const tags = new Set<Tag>([
    ...levels.flatMap(level => resultRows[level].filter(row => isDue(row, attributes)).map(row => row.tag)),
    ...above.map(level => uniqueKeys[level]),
    ...keys.flatMap(({ path }) => path.slice(0, 1)).filter(tag => attributes.has(tag)),
    ...(query.include === 'all' ? [...attributes.keys()].filter(tag => levelOf(tag) === query.level) : query.include).filter(
      tag => attributes.has(tag) && atOrAbove(query.level, tag) && tag !== specificCharacterSet,
    ),
  ]);
  tags.delete(specificCharacterSet);
  const elements = [...tags].map((tag): [Tag, Element] => [
    tag,
    tag === retrieveUrlTag ? { vr: 'UT', values: [url] } : (attributes.get(tag) ?? emptyElement(tag)),
  ]);
  // Text is sent as UTF-8, so Specific Character Set says so where a value needs it.
  if (elements.some(([, element]) => needsCharacterSet(element)))
    elements.push([specificCharacterSet, { vr: 'CS', values: ['ISO_IR 192'] }]);
  return new Map(elements.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isDue({ tag, condition }: ResultRow, attributes: DataSet): boolean {
  switch (condition) {
    case 'always':
      return true;
    case 'value':
      return hasValue(attributes.get(tag));
    case 'image':
    case 'multi-frame':
      return attributes.has(tag);
    case 'characters':
      return false;
  }
}

function hasValue(element: Element | undefined): boolean {
  if (!element) return false;
  if ('values' in element) return element.values.some(value => value !== '');
  return 'items' in element && element.items.length > 0;
}

function needsCharacterSet(element: Element): boolean {
  if ('values' in element) return element.values.some(value => /[^\x00-\x7f]/.test(String(value)));
  return 'items' in element && element.items.some(item => [...item.values()].some(needsCharacterSet));
}

/** An attribute without a value, by the VR of the dictionary. */
function emptyElement(tag: Tag): Element {
  const [vr = 'LO'] = attributeByTag(tag)?.vrs ?? [];
  return vr === 'SQ' ? { vr, items: [] } : ({ vr, values: [] } as Element);
}
