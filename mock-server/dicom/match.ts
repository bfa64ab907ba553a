import type { DataSet, Element, Tag, Vr } from '../../schemas/data-set.ts';

/** A matching key: the attribute as a path of tags, its VR and the values given for it. */
export interface MatchingKey {
  readonly path: readonly Tag[];
  readonly vr: Vr;
  readonly values: readonly string[];
}

/** PS3.4-2013 C.2.2.2.4: the VRs in which * and ? are wild cards. */
const wildcardVrs = new Set<Vr>(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UT']);

/** The attributes whose ranges make one interval of date and time (PS3.18-2013 6.7.1.2.1): a date and its time. */
const dateTimePairs: readonly (readonly [date: Tag, time: Tag])[] = [
  ['00080020', '00080030'],
  ['00080021', '00080031'],
  ['00080022', '00080032'],
  ['00080023', '00080033'],
  ['00400244', '00400245'],
  ['00400002', '00400003'],
];

/** Whether a data set matches all keys (PS3.4-2013 C.2.2.2). Keys below one sequence have to match within the same item (C.2.2.2.6). */
export function matchesAll(keys: readonly MatchingKey[], dataSet: DataSet): boolean {
  return compileKeys(keys)(dataSet);
}

/** The keys as a predicate, so that what can be prepared is prepared once. `zone` is the offset from UTC of their dates and times, such as +0100. */
export function compileKeys(keys: readonly MatchingKey[], zone?: string): (dataSet: DataSet) => boolean {
  const here = keys.filter(({ path }) => path.length === 1);
  const combined = combinedRanges(here, zone);
  const alone = here.filter(key => !combined.some(pair => pair.keys.includes(key)));
  const predicates = [...alone.map(single), ...combined.map(pair => pair.matches), ...sequences(keys)];
  return dataSet => predicates.every(matches => matches(dataSet));
}

type Predicate = (dataSet: DataSet) => boolean;

function single({ path, vr, values }: MatchingKey): Predicate {
  const [tag = ''] = path;
  const matches = compileValue(vr, values);
  return dataSet => matches(dataSet.get(tag));
}

function sequences(keys: readonly MatchingKey[]): Predicate[] {
  const bySequence = new Map<Tag, MatchingKey[]>();
  for (const key of keys) {
    const [tag = '', ...rest] = key.path;
    if (rest.length > 0) bySequence.set(tag, [...(bySequence.get(tag) ?? []), { ...key, path: rest }]);
  }
  return [...bySequence].map(([tag, inner]) => {
    const matches = compileKeys(inner);
    const universal = inner.every(({ values }) => values.every(value => value === ''));
    return dataSet => {
      if (universal) return true;
      const element = dataSet.get(tag);
      return element !== undefined && 'items' in element && element.items.some(matches);
    };
  });
}

/** The predicate of one key's values on an element; an absent or empty element matches universal keys only. */
export function compileValue(vr: Vr, values: readonly string[]): (element: Element | undefined) => boolean {
  // C.2.2.2.3: zero length and a single asterisk match everything.
  if (values.every(value => value === '' || (value === '*' && wildcardVrs.has(vr)))) return () => true;
  if (vr === 'SQ') return element => element !== undefined && 'items' in element && element.items.length > 0;
  const tests = values.filter(value => value !== '').map(value => compileText(vr, value));
  return element => {
    if (element === undefined || !('values' in element)) return false;
    // C.2.2.3: any of several values may match.
    return element.values.some(stored => stored !== '' && tests.some(test => test(String(stored))));
  };
}

function compileText(vr: Vr, value: string): (stored: string) => boolean {
  if (vr === 'DA' || vr === 'TM' || vr === 'DT') return compileTime(vr, value);
  if (wildcardVrs.has(vr) && /[*?]/.test(value)) return stored => wildcard(value, stored);
  // C.2.2.2.1: numbers in text compare by value, which C.2.2.2.1 leaves open; all else is equality, case-sensitive.
  if (vr === 'IS' || vr === 'DS') return stored => stored === value || (value.trim() !== '' && Number(stored) === Number(value));
  if (vr === 'US' || vr === 'UL' || vr === 'SS' || vr === 'SL' || vr === 'FL' || vr === 'FD')
    return stored => Number(stored) === Number(value);
  if (vr === 'PN') return stored => stored.replace(/[\^=]+$/, '') === value.replace(/[\^=]+$/, '');
  return stored => stored === value;
}

/** C.2.2.2.4: * is any characters, ? exactly one; in time proportional to the product of the lengths, whatever the pattern. */
export function wildcard(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (p < pattern.length && pattern[p] !== '*' && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (pattern[p] === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (star !== -1) {
      resume += 1;
      t = resume;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

interface Interval {
  readonly first: number;
  readonly last: number;
}

const day = 86_400_000;

/** The moments that a date, time or date-time of any precision stands for, in milliseconds; null when it is none. */
function intervalOf(vr: Vr, text: string): Interval | null {
  if (vr === 'DA') {
    const [, y, m, d] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text.trim()) ?? [];
    if (!y) return null;
    const first = Date.UTC(Number(y), Number(m) - 1, Number(d));
    return { first, last: first + day - 1 };
  }
  if (vr === 'TM') return timeOf(text.trim().replaceAll(':', ''));
  const [, date, time = '', sign, zone] = /^(\d{4,8})(\d*(?:\.\d{1,6})?)(?:([+-])(\d{4}))?$/.exec(text.trim()) ?? [];
  if (!date) return null;
  const [y, m, d] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)];
  const first = Date.UTC(Number(y), m ? Number(m) - 1 : 0, d ? Number(d) : 1);
  const last = (m ? (d ? first + day : Date.UTC(Number(y), Number(m), 1)) : Date.UTC(Number(y) + 1, 0, 1)) - 1;
  const within = time === '' ? null : timeOf(time);
  const offset = zone ? (sign === '-' ? -1 : 1) * (Number(zone.slice(0, 2)) * 60 + Number(zone.slice(2))) * 60_000 : 0;
  return within
    ? { first: first + within.first - offset, last: first + within.last - offset }
    : { first: first - offset, last: last - offset };
}

function timeOf(text: string): Interval | null {
  const [, h, m, s, f] = /^(\d{2})(\d{2})?(\d{2})?(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (!h) return null;
  const first = Number(h) * 3_600_000 + Number(m ?? 0) * 60_000 + Number(s ?? 0) * 1000 + (f ? Number(`0.${f}`) * 1000 : 0);
  const unit = f ? 10 ** (3 - f.length) : s ? 1000 : m ? 60_000 : 3_600_000;
  return { first, last: first + unit - 0.001 };
}

/** C.2.2.2.5: the two ends of a range; null for a value that is none. */
function rangeOf(vr: Vr, value: string): { first: Interval | null; last: Interval | null } | null {
  const at = rangeHyphen(vr, value);
  if (at === -1) return null;
  const [from, to] = [value.slice(0, at), value.slice(at + 1)];
  return { first: from === '' ? null : intervalOf(vr, from), last: to === '' ? null : intervalOf(vr, to) };
}

/** In a DT value a hyphen may begin the offset from UTC. */
function rangeHyphen(vr: Vr, value: string): number {
  if (vr !== 'DT') return value.indexOf('-');
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] !== '-') continue;
    const offset = /^-\d{4}(?=-|$)/.test(value.slice(i)) && i >= 4 && Number(value.slice(i + 1, i + 5)) <= 1400;
    if (!offset) return i;
  }
  return -1;
}

/** Whether a DA, TM or DT key can be understood; a server answers 400 to what cannot. */
export function understandable(vr: Vr, value: string): boolean {
  if (value === '' || !['DA', 'TM', 'DT'].includes(vr)) return true;
  const at = rangeHyphen(vr, value);
  const parts = at === -1 ? [value] : [value.slice(0, at), value.slice(at + 1)];
  return value !== '-' && parts.every(part => part === '' || intervalOf(vr, part) !== null);
}

function compileTime(vr: Vr, value: string): (stored: string) => boolean {
  const range = rangeOf(vr, value);
  const wanted = intervalOf(vr, value);
  return stored => {
    const moment = intervalOf(vr, stored);
    if (!moment) return false;
    if (range) return (!range.first || moment.last >= range.first.first) && (!range.last || moment.first <= range.last.last);
    // C.2.2.2.1: by meaning: what is stored lies within what was asked for.
    return wanted !== null && moment.first >= wanted.first && moment.first <= wanted.last;
  };
}

const form = (value: string) => `${value.startsWith('-') ? '' : 'a'}-${value.endsWith('-') ? '' : 'b'}`;

/** PS3.18-2013 6.7.1.2.1: a date range and a time range of the same form are one interval. */
function combinedRanges(keys: readonly MatchingKey[], zone?: string): { keys: readonly MatchingKey[]; matches: Predicate }[] {
  return dateTimePairs.flatMap(([dateTag, timeTag]) => {
    const date = keys.find(({ path }) => path[0] === dateTag);
    const time = keys.find(({ path }) => path[0] === timeTag);
    const [dates = '', times = ''] = [date?.values[0], time?.values[0]];
    const [days, hours] = [rangeOf('DA', dates), rangeOf('TM', times)];
    if (!date || !time || !days || !hours || form(dates) !== form(times)) return [];
    const first = days.first && hours.first ? days.first.first + hours.first.first : Number.NEGATIVE_INFINITY;
    const last = days.last && hours.last ? days.last.first + hours.last.last : Number.POSITIVE_INFINITY;
    const matches: Predicate = dataSet => {
      const at = (tag: Tag, vr: Vr) => {
        const element = dataSet.get(tag);
        return element && 'values' in element ? intervalOf(vr, String(element.values[0] ?? '')) : null;
      };
      const [onDay, atTime] = [at(dateTag, 'DA'), at(timeTag, 'TM')];
      if (!onDay) return false;
      const shift = zoneShift(dataSet, zone);
      const moment = { first: onDay.first + (atTime?.first ?? 0) + shift, last: onDay.first + (atTime?.last ?? day - 1) + shift };
      return moment.last >= first && moment.first <= last;
    };
    return [{ keys: [date, time], matches }];
  });
}

/** PS3.18-2013 6.7.1.1: the request's dates and times are in its zone; what is stored is in the zone of Timezone Offset From UTC, if it says so. */
function zoneShift(dataSet: DataSet, zone: string | undefined): number {
  const stored = dataSet.get('00080201');
  const own = stored && 'values' in stored ? String(stored.values[0] ?? '') : '';
  return zone === undefined || own === '' ? 0 : minutes(zone) - minutes(own);
}

function minutes(offset: string): number {
  const [, sign, h, m] = /^([+-])(\d{2})(\d{2})$/.exec(offset.trim()) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(h ?? 0) * 60 + Number(m ?? 0)) * 60_000;
}
