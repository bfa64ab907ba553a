import type { Tag, Vr } from '../../schemas/data-set.ts';
import { attributeByKeyword, attributeByTag, isPrivate } from '../../schemas/dictionary.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import type { MatchingKey } from '../dicom/match.ts';
import { isOffset, understandable } from '../dicom/time.ts';
import type { SearchQuery } from '../services/search.ts';
import { HttpError } from './errors.ts';

/** PS3.18-2013 6.7.1.1: what the query component of a search says; 400 with the key's name for what cannot be understood. */
export function readQuery(level: SearchLevel, parameters: URLSearchParams, study?: string, series?: string): SearchQuery {
  const keys = new Map<string, { path: readonly Tag[]; vr: Vr; values: string[] }>();
  const include: Tag[] = [];
  let all = false;
  for (const [name, value] of parameters) {
    if (name === '' || ['limit', 'offset', 'fuzzymatching'].includes(name)) continue;
    if (name === 'includefield') {
      // A list with commas is not defined in 2013 and understood all the same.
      for (const each of value.split(',')) {
        if (each === 'all') all = true;
        else include.push(attributePath(each, 'includefield')[0]?.tag ?? '');
      }
      continue;
    }
    const path = attributePath(name, name);
    const vr = path.at(-1)?.vr ?? 'UN';
    // 6.7.1.1: repeated keys are a list of UIDs; the example has commas, C-FIND has backslashes.
    const values = vr === 'UI' ? value.split(/[,\\]/) : [value];
    for (const each of values)
      if (!understandable(vr, each)) throw new HttpError(400, `The value "${each}" of ${name} is not a ${vr} value or a range of two.`);
    const known = keys.get(path.map(({ tag }) => tag).join('.'));
    if (known && vr !== 'UI') throw new HttpError(400, `The key ${name} is given more than once, which only UIDs may be.`);
    if (known) known.values.push(...values);
    else keys.set(path.map(({ tag }) => tag).join('.'), { path: path.map(({ tag }) => tag), vr, values });
  }
  const zone = keys.get('00080201')?.values[0];
  if (zone && !isOffset(zone))
    throw new HttpError(400, `The value "${zone}" of TimezoneOffsetFromUTC is no offset from UTC such as +0100.`);
  // Specific Character Set and the time zone say how to read the request; they never filter (PS3.4-2013 C.2.2.2, PS3.18-2013 6.7.1.2.1).
  const matching: MatchingKey[] = [...keys.values()].filter(({ path }) => !neverMatched.has(path[0] ?? ''));
  const limit = wholeNumber(parameters, 'limit');
  return {
    level,
    keys: matching,
    include,
    all,
    offset: Math.max(0, wholeNumber(parameters, 'offset') ?? 0),
    fuzzy: fuzzy(parameters),
    ...(study === undefined ? {} : { study }),
    ...(series === undefined ? {} : { series }),
    ...(limit === undefined ? {} : { limit: Math.max(0, limit) }),
    ...(zone ? { zone } : {}),
  };
}

/** Specific Character Set and Timezone Offset From UTC. */
const neverMatched: ReadonlySet<Tag> = new Set(['00080005', '00080201']);

function wholeNumber(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw new HttpError(400, `The value "${text}" of ${name} is not a whole number.`);
  return Number(text);
}

function fuzzy(parameters: URLSearchParams): boolean {
  const text = parameters.get('fuzzymatching') ?? 'false';
  if (text !== 'true' && text !== 'false') throw new HttpError(400, `The value "${text}" of fuzzymatching is neither true nor false.`);
  return text === 'true';
}

/** {attributeID}: tags and keywords, a dot for each step into a sequence. */
function attributePath(text: string, key: string): readonly { readonly tag: Tag; readonly vr: Vr }[] {
  return text.split('.').map(element => {
    const tag = /^[0-9a-f]{8}$/i.test(element) ? element.toUpperCase() : undefined;
    const attribute = tag === undefined ? attributeByKeyword(misprints[element] ?? element) : attributeByTag(tag);
    if (attribute) return { tag: tag ?? attribute.tag, vr: attribute.vrs[0] ?? 'UN' };
    if (tag !== undefined && isPrivate(tag)) return { tag, vr: 'LO' };
    throw new HttpError(
      400,
      `${key === text ? `The key ${key}` : `"${text}" in ${key}`} names no attribute: "${element}" is neither a tag nor a keyword of PS3.6.`,
    );
  });
}

/** Table 6.7.1-1a prints a keyword that PS3.6 spells otherwise. */
const misprints: Readonly<Record<string, string>> = { RequestAttributeSequence: 'RequestAttributesSequence' };
