import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { attributeByTag, tagOf } from '../../schemas/dictionary.ts';
import {
  attributesOfAnyLevel,
  levelOf,
  type ResultRow,
  resultRows,
  type SearchLevel,
  searchLevels,
  uniqueKeys,
} from '../../schemas/search-attributes.ts';
import { compileKeys, type MatchingKey } from '../dicom/match.ts';
import type { Entities, Entity } from './entities.ts';

/** A search, understood. */
export interface SearchQuery {
  readonly level: SearchLevel;
  /** The study and series in the path, if any. */
  readonly study?: string;
  readonly series?: string;
  readonly keys: readonly MatchingKey[];
  /** Attributes to be returned besides those of the tables, by the outermost tag. */
  readonly include: readonly Tag[];
  /** includefield=all: whatever there is at the level. */
  readonly all: boolean;
  readonly limit?: number;
  readonly offset: number;
  /** fuzzymatching=true. */
  readonly fuzzy: boolean;
  /** TimezoneOffsetFromUTC of the request: the zone of its dates and times. */
  readonly zone?: string;
}

/** An entity that was found, and what is returned of it. */
export interface FoundEntity {
  readonly entity: Entity;
  readonly attributes: DataSet;
}

/** What a server allows and offers in searches. */
export interface SearchLimits {
  /** The most results of one search. */
  readonly maximumResults: number;
  /** The most matches that a search without limit may have; one with more is too broad. */
  readonly broadest: number;
  /** Whether person names can be matched by fuzzy semantic matching. */
  readonly fuzzyMatching: boolean;
}

/** What a search found: results in a stable order, whether the server's own maximum cut the list, and whether it was too broad to be answered. */
export interface SearchResult {
  readonly results: readonly FoundEntity[];
  readonly cut: boolean;
  readonly tooBroad: boolean;
}

/** PS3.18-2013 6.7.1.2: the entities that match, from offset + 1 on, as many as limit and the server's maximum allow. No further is looked than to tell. */
export function search(
  query: SearchQuery,
  entities: Entities,
  { maximumResults, broadest, fuzzyMatching }: SearchLimits,
  retrieveUrl: (entity: Entity) => string,
): SearchResult {
  const keys = query.keys.filter(key => atOrAbove(query.level, key.path[0] ?? ''));
  const matches = compileKeys(keys, { fuzzy: query.fuzzy && fuzzyMatching, ...(query.zone === undefined ? {} : { zone: query.zone }) });
  const wanted = query.limit ?? Number.POSITIVE_INFINITY;
  const enough = Math.max(query.offset + Math.min(wanted, maximumResults + 1), query.limit === undefined ? broadest + 1 : 0);
  const page: Entity[] = [];
  let found = 0;
  for (const entity of entities(query.level, keys, query.study, query.series)) {
    if (found >= enough) break;
    if (!matches(entity)) continue;
    found += 1;
    if (found > query.offset && page.length < Math.min(wanted, maximumResults)) page.push(entity);
  }
  return {
    results: page.map(entity => ({ entity, attributes: resultOf(query, keys, entity, retrieveUrl(entity)) })),
    cut: Math.min(wanted, found - query.offset) > maximumResults,
    tooBroad: query.limit === undefined && found > broadest,
  };
}

function atOrAbove(level: SearchLevel, tag: Tag): boolean {
  return attributesOfAnyLevel.includes(tag) || searchLevels.indexOf(levelOf(tag)) <= searchLevels.indexOf(level);
}

const specificCharacterSet = tagOf('SpecificCharacterSet');
const retrieveUrlTag = tagOf('RetrieveURL');

/** PS3.18-2013 6.7.1.2.2: the rows of the tables, those of the levels above that are not in the path, the matching keys and what includefield names. */
function resultOf(query: SearchQuery, keys: readonly MatchingKey[], entity: Entity, url: string): DataSet {
  const levels = searchLevels.slice(
    query.series !== undefined ? 2 : query.study !== undefined ? 1 : 0,
    searchLevels.indexOf(query.level) + 1,
  );
  const above = searchLevels.slice(0, searchLevels.indexOf(query.level));
  const tags = new Set<Tag>([
    ...levels.flatMap(level => resultRows[level].filter(row => isDue(row, entity)).map(row => row.tag)),
    ...above.map(level => uniqueKeys[level]),
    ...keys.flatMap(({ path }) => path.slice(0, 1)).filter(tag => entity.get(tag)),
    ...[...(query.all ? entity.tags().filter(tag => levelOf(tag) === query.level) : []), ...query.include].filter(
      tag => entity.get(tag) !== undefined && atOrAbove(query.level, tag) && tag !== specificCharacterSet,
    ),
  ]);
  tags.delete(specificCharacterSet);
  const elements = [...tags].map((tag): [Tag, Element] => [
    tag,
    tag === retrieveUrlTag ? { vr: 'UT', values: [url] } : (entity.get(tag) ?? emptyElement(tag)),
  ]);
  // Text is sent as UTF-8, so Specific Character Set says so where a value needs it.
  if (elements.some(([, element]) => needsCharacterSet(element)))
    elements.push([specificCharacterSet, { vr: 'CS', values: ['ISO_IR 192'] }]);
  return new Map(elements.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isDue({ tag, condition }: ResultRow, entity: Entity): boolean {
  switch (condition) {
    case 'always':
      return true;
    case 'value':
      return hasValue(entity.get(tag));
    case 'image':
    case 'multi-frame':
      return entity.get(tag) !== undefined;
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
