import type { Tag, Vr } from '../../schemas/data-set.ts';
import { attributeByKeyword, attributeByTag } from '../../schemas/dictionary.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';

/** A name and a value of a query, decoded. A plus sign stays what it is: only forms make it a space. */
export interface QueryPair {
  readonly name: string;
  readonly value: string;
}

/** An attribute that a name in a query stands for. */
export interface NamedAttribute {
  /** The tags from the outermost sequence to the attribute. */
  readonly path: readonly Tag[];
  readonly vr: Vr;
  readonly vm: string;
}

/** A search as a server hears it (PS3.18-2013 6.7.1.1). */
export interface SearchRequest {
  readonly method: string;
  readonly level: SearchLevel;
  readonly path: string;
  /** The query as it stood in the URL, without the question mark. */
  readonly query: string;
  readonly pairs: readonly QueryPair[];
  /** Those of the pairs whose names stand for attributes. */
  readonly keys: readonly (QueryPair & NamedAttribute)[];
  readonly cacheControl: string;
}

const levels: ReadonlyMap<string, SearchLevel> = new Map([
  ['studies', 'study'],
  ['series', 'series'],
  ['instances', 'instance'],
]);
const stores = /^\s*(multipart\/|application\/dicom)/i;
const form = /^\s*application\/x-www-form-urlencoded/i;

/** The search of an exchange, or null for another request: a GET of one of the three resources, or a POST of them that does not store. */
export function searchRequest({ request: { method, url, headers } }: Exchange): SearchRequest | null {
  const { pathname, search } = new URL(url);
  const level = levels.get(pathname.slice(pathname.lastIndexOf('/') + 1));
  if (!level || !['GET', 'POST'].includes(method)) return null;
  const pairs = pairsOf(search.slice(1));
  const keys = pairs.flatMap(pair => {
    const attribute = attributeNamed(pair.name);
    return attribute ? [{ ...pair, ...attribute }] : [];
  });
  if (method === 'POST') {
    const type = headerValue(headers, 'Content-Type') ?? '';
    const searches = form.test(type) || level !== 'study' || keys.length > 0;
    if (stores.test(type) || !searches) return null;
  }
  return {
    method,
    level,
    path: pathname,
    query: search.slice(1),
    pairs,
    keys,
    cacheControl: headerValue(headers, 'Cache-Control') ?? 'none',
  };
}

function pairsOf(query: string): readonly QueryPair[] {
  return query.split('&').flatMap(text => {
    if (text === '') return [];
    const at = text.indexOf('=');
    return [{ name: decoded(at === -1 ? text : text.slice(0, at)), value: at === -1 ? '' : decoded(text.slice(at + 1)) }];
  });
}

/** Percent-decoded text; what cannot be decoded stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The attribute that an {attributeID} stands for: tags and keywords, a dot for each step into a sequence; null when it names none. */
export function attributeNamed(id: string): NamedAttribute | null {
  const path = id.split('.').map(step => {
    const tag = /^[0-9a-f]{8}$/i.test(step) ? step.toUpperCase() : undefined;
    const attribute = tag === undefined ? attributeByKeyword(step) : attributeByTag(tag);
    return attribute && { tag: tag ?? attribute.tag, vr: attribute.vrs[0] ?? 'UN', vm: attribute.vm };
  });
  const last = path.at(-1);
  if (!last) return null;
  const tags = path.flatMap(step => (step ? [step.tag] : []));
  return tags.length === path.length ? { path: tags, vr: last.vr, vm: last.vm } : null;
}

/** What is retrieved: the action of PS3.18-2013 6.5 that the resource belongs to. */
export type Retrieved = 'objects' | 'frames' | 'bulk data' | 'metadata';

/** A retrieve as a server hears it (PS3.18-2013 6.5). */
export interface RetrieveRequest {
  readonly method: string;
  readonly what: Retrieved;
  /** The path from the word for studies on, as it stood in the URL. */
  readonly resource: string;
  /** What stands where UIDs belong, decoded. */
  readonly uids: readonly string[];
  /** The frame list, decoded; null for other resources. */
  readonly frames: string | null;
  readonly accept: string | null;
  readonly pairs: readonly QueryPair[];
}

/** A path that means one of the six resources, however its words are spelled. */
const resources =
  /\/(stud(?:y|ies)\/([^/]+)(?:\/series?\/([^/]+))?(?:\/instances?\/([^/]+))?(?:\/(?:(metadata)|(frames?)\/([^/]+)|(bulkdata)\/[^/]+))?\/?)$/i;

/** The retrieve of an exchange, or null for another request: a GET of one of the resources, or a POST below a study that does not store. */
export function retrieveRequest({ request: { method, url, headers } }: Exchange): RetrieveRequest | null {
  const { pathname, search } = new URL(url);
  const [, resource, study, series, instance, metadata, isFrames, frames, bulk] = resources.exec(pathname) ?? [];
  if (resource === undefined || !['GET', 'POST'].includes(method)) return null;
  const below = [series, instance, metadata, isFrames, bulk].some(each => each !== undefined);
  if (method === 'POST' && (!below || stores.test(headerValue(headers, 'Content-Type') ?? ''))) return null;
  const accept = headers.filter(([name]) => name.toLowerCase() === 'accept').map(([, value]) => value);
  return {
    method,
    what: metadata ? 'metadata' : isFrames ? 'frames' : bulk ? 'bulk data' : 'objects',
    resource,
    uids: [study, series, instance].flatMap(uid => (uid === undefined ? [] : [decoded(uid)])),
    frames: frames === undefined ? null : decoded(frames),
    accept: accept.length === 0 ? null : accept.join(', '),
    pairs: pairsOf(search.slice(1)),
  };
}
