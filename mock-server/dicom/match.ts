import type { DataSet, Element, Tag, Vr } from '../../schemas/data-set.ts';
import { fuzzyName, literalName } from './names.ts';
import { day, type Interval, intervalOf, isTimeVr, offsetOf, rangeOf } from './time.ts';
import { wildcard } from './wildcard.ts';

/** A matching key: the attribute as a path of tags, its VR and the values given for it. */
export interface MatchingKey {
  readonly path: readonly Tag[];
  readonly vr: Vr;
  readonly values: readonly string[];
}

/** How keys are to be read. */
export interface Reading {
  /** The offset from UTC of the dates and times of the keys, such as +0100 (PS3.18-2013 6.7.1.1). */
  readonly zone?: string;
  /** Whether person names match by fuzzy semantic matching. */
  readonly fuzzy?: boolean;
}

/** What keys are held against: attributes by tag. */
export type Attributes = Pick<DataSet, 'get'>;

/** PS3.4-2013 C.2.2.2.4: the VRs in which * and ? are wild cards. */
const wildcardVrs = new Set<Vr>(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UT']);

/** The attributes whose ranges make one interval of date and time (PS3.18-2013 6.7.1.2.1): a date and its time. */
export const dateTimePairs: readonly (readonly [date: Tag, time: Tag])[] = [
  ['00080020', '00080030'],
  ['00080021', '00080031'],
  ['00080022', '00080032'],
  ['00080023', '00080033'],
  ['00400244', '00400245'],
  ['00400002', '00400003'],
];

/** The keys as a predicate, so that what can be prepared is prepared once (PS3.4-2013 C.2.2.2). Keys below one sequence have to match within the same item (C.2.2.2.6). */
export function compileKeys(keys: readonly MatchingKey[], reading: Reading = {}): (attributes: Attributes) => boolean {
  const here = keys.filter(({ path }) => path.length === 1);
  const combined = combinedRanges(here, reading);
  const alone = here.filter(key => !combined.some(pair => pair.keys.includes(key)));
  const predicates = [...alone.map(key => single(key, reading)), ...combined.map(pair => pair.matches), ...sequences(keys, reading)];
  return attributes => predicates.every(matches => matches(attributes));
}

type Predicate = (attributes: Attributes) => boolean;

function single({ path, vr, values }: MatchingKey, reading: Reading): Predicate {
  const [tag = ''] = path;
  // C.2.2.2.3: zero length and a single asterisk match everything.
  if (values.every(value => value === '' || (value === '*' && wildcardVrs.has(vr)))) return () => true;
  if (vr === 'SQ') return attributes => hasItems(attributes.get(tag));
  const tests = values.filter(value => value !== '').map(value => compileText(vr, value, reading));
  return attributes => {
    const element = attributes.get(tag);
    if (element === undefined || !('values' in element)) return false;
    const offset = vr === 'DT' ? ownOffset(attributes) : null;
    // C.2.2.3: any of several values may match.
    return element.values.some(stored => stored !== '' && tests.some(test => test(String(stored), offset)));
  };
}

const hasItems = (element: Element | undefined): boolean => element !== undefined && 'items' in element && element.items.length > 0;

function sequences(keys: readonly MatchingKey[], reading: Reading): Predicate[] {
  const bySequence = new Map<Tag, MatchingKey[]>();
  for (const key of keys) {
    const [tag = '', ...rest] = key.path;
    if (rest.length > 0) bySequence.set(tag, [...(bySequence.get(tag) ?? []), { ...key, path: rest }]);
  }
  return [...bySequence].flatMap(([tag, inner]) => {
    if (inner.every(({ vr, values }) => values.every(value => value === '' || (value === '*' && wildcardVrs.has(vr))))) return [];
    const matches = compileKeys(inner, reading);
    return [
      (attributes: Attributes) => {
        const element = attributes.get(tag);
        return element !== undefined && 'items' in element && element.items.some(matches);
      },
    ];
  });
}

/** `offset` is that of the stored value's data set, in milliseconds, or null where it has none. */
type Test = (stored: string, offset: number | null) => boolean;

function compileText(vr: Vr, value: string, reading: Reading): Test {
  if (isTimeVr(vr)) return compileTime(vr, value, reading);
  if (vr === 'PN') return (reading.fuzzy ? fuzzyName : literalName)(value);
  if (wildcardVrs.has(vr) && /[*?]/.test(value)) return stored => wildcard(value, stored);
  // C.2.2.2.1: equality, case-sensitive; whether numbers compare by value it does not say.
  if (vr === 'IS' || vr === 'DS') return stored => stored === value || (value.trim() !== '' && Number(stored) === Number(value));
  if (['US', 'UL', 'SS', 'SL', 'FL', 'FD'].includes(vr)) return stored => value.trim() !== '' && Number(stored) === Number(value);
  return stored => stored === value;
}

/** C.2.2.2.1: a single date or time matches by meaning: what is stored lies within what was asked for. C.2.2.2.5: a range takes what meets it. */
function compileTime(vr: Vr, value: string, { zone }: Reading): Test {
  const asked = zone === undefined ? 0 : offsetOf(zone);
  const range = rangeOf(vr, value, asked);
  const wanted = intervalOf(vr, value, asked);
  return (stored, offset) => {
    const moment = intervalOf(vr, stored, offset ?? asked);
    if (!moment) return false;
    if (range) return (!range.first || moment.last >= range.first.first) && (!range.last || moment.first <= range.last.last);
    return wanted !== null && moment.first >= wanted.first && moment.first <= wanted.last;
  };
}

/** PS3.18-2013 6.7.1.2.1: a date range and a time range of the same form are one interval, from the first date and time to the last. */
function combinedRanges(keys: readonly MatchingKey[], { zone }: Reading): { keys: readonly MatchingKey[]; matches: Predicate }[] {
  return dateTimePairs.flatMap(([dateTag, timeTag]) => {
    const date = keys.find(({ path }) => path[0] === dateTag);
    const time = keys.find(({ path }) => path[0] === timeTag);
    const [days, hours] = [rangeOf('DA', date?.values[0] ?? ''), rangeOf('TM', time?.values[0] ?? '')];
    if (!date || !time || !days || !hours || days.form !== hours.form) return [];
    const first = days.first && hours.first ? days.first.first + hours.first.first : Number.NEGATIVE_INFINITY;
    const last = days.last && hours.last ? days.last.first + hours.last.last : Number.POSITIVE_INFINITY;
    const matches: Predicate = attributes => {
      const onDay = momentAt(attributes, dateTag, 'DA');
      if (!onDay) return false;
      const atTime = momentAt(attributes, timeTag, 'TM');
      const own = ownOffset(attributes);
      // The request's dates and times are in its zone; what is stored is in the zone that it names, if it does.
      const shift = onDay.first + (zone === undefined || own === null ? 0 : offsetOf(zone) - own);
      return shift + (atTime?.last ?? day - 1) >= first && shift + (atTime?.first ?? 0) <= last;
    };
    return [{ keys: [date, time], matches }];
  });
}

function momentAt(attributes: Attributes, tag: Tag, vr: 'DA' | 'TM'): Interval | null {
  const element = attributes.get(tag);
  return element && 'values' in element ? intervalOf(vr, String(element.values[0] ?? '')) : null;
}

/** Timezone Offset From UTC of a data set, in milliseconds. */
function ownOffset(attributes: Attributes): number | null {
  const element = attributes.get('00080201');
  const text = element && 'values' in element ? String(element.values[0] ?? '') : '';
  return text === '' ? null : offsetOf(text);
}
