import { attributeByTag, tagOf } from '../../../schemas/dictionary.ts';
import type { Fault } from '../../harness/check.ts';
import { hears } from '../../kit/faults.ts';

type Row = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] } | undefined>>;

const parameters = new Set(['limit', 'offset', 'includefield', 'fuzzymatching']);
const keywordOf = (name: string) => (/^[0-9A-F]{8}$/i.test(name) ? (attributeByTag(name.toUpperCase())?.keyword ?? name) : name);

async function rowsOf(answer: Response): Promise<Row[]> {
  return answer.ok ? ((await answer.json()) as Row[]) : [];
}

const answer = (rows: readonly Row[]) => new Response(JSON.stringify(rows), { headers: { 'Content-Type': 'application/json' } });

const request = (url: URL, { headers }: Request) => new Request(url, { headers });

/** The stored values of an attribute of a result as text. */
function texts(row: Row, keyword: string): readonly string[] {
  return (row[tagOf(keyword)]?.Value ?? []).map(value =>
    typeof value === 'object' && value !== null ? String((value as { Alphabetic?: string }).Alphabetic ?? '') : String(value),
  );
}

/** Sends the rows of a page. */
function paged(rows: readonly Row[], url: URL): readonly Row[] {
  const offset = Number(url.searchParams.get('offset') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? Number.POSITIVE_INFINITY);
  return rows.slice(offset, offset + limit);
}

const isSearch = (url: URL) => /\/(studies|series|instances)$/.test(url.pathname);

/** A server that matches some attributes in its own way: `test` is told the value of the key and the stored values; null leaves the key to the right server. */
export function matchesBy(keywords: readonly string[], test: (value: string, stored: readonly string[]) => boolean | null): Fault {
  return server => async original => {
    const url = new URL(original.url);
    const own = [...url.searchParams].filter(([name, value]) => keywords.includes(keywordOf(name)) && test(value, []) !== null);
    if (!isSearch(url) || own.length === 0) return server(original);
    const rest = new URL(url);
    rest.search = '';
    const isOwn = (name: string, value: string) => own.some(([n, v]) => n === name && v === value);
    for (const [name, value] of url.searchParams)
      if (!isOwn(name, value) && name !== 'limit' && name !== 'offset') rest.searchParams.append(name, value);
    for (const [name] of own) rest.searchParams.append('includefield', keywordOf(name));
    const rows = await rowsOf(await server(request(rest, original)));
    const found = rows.filter(row => own.every(([name, value]) => test(value, texts(row, keywordOf(name)))));
    return answer(paged(found, url));
  };
}

/** A server that answers several keys with what each of the groups finds by itself: what all find, or what any finds. Keys in no group are in all of them. */
export function apart(groups: (names: readonly string[]) => readonly (readonly string[])[], how: 'all' | 'any'): Fault {
  return server => async original => {
    const url = new URL(original.url);
    const names = [...new Set(url.searchParams.keys())].filter(name => !parameters.has(name));
    const split = groups(names);
    if (!isSearch(url) || split.length < 2) return server(original);
    const found = await Promise.all(
      split.map(async group => {
        const part = new URL(url);
        for (const name of [...names, 'limit', 'offset'])
          if (!group.includes(name) && (split.flat().includes(name) || parameters.has(name))) part.searchParams.delete(name);
        return rowsOf(await server(request(part, original)));
      }),
    );
    const [first = [], ...others] = found.map(rows => rows.map(row => JSON.stringify(row)));
    const rows =
      how === 'all' ? first.filter(row => others.every(other => other.includes(row))) : [...new Set([...first, ...others.flat()])];
    return answer(
      paged(
        rows.map(row => JSON.parse(row) as Row),
        url,
      ),
    );
  };
}

/** The patterns of PS3.4-2013 C.2.2.2.4 as a regular expression; `change` makes a wrong one. */
const pattern = (value: string, flags = '', change = (text: string) => text): RegExp =>
  new RegExp(
    `^${change(
      value
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.'),
    )}$`,
    flags,
  );

const ids = ['PatientID', 'AccessionNumber', 'StudyID'];
const hasPattern = (value: string) => /[*?]/.test(value);
const inRange = (value: string, stored: string, first: (a: string, s: string) => boolean, last: (b: string, s: string) => boolean) => {
  const [from = '', to = ''] = value.split('-');
  return (from === '' || first(from, stored)) && (to === '' || last(to, stored));
};
const atMost = (b: string, s: string) => s <= b;
const atLeast = (a: string, s: string) => s >= a;
/** Leaves everything but ranges to the right server. */
const dates = (test: (value: string, stored: string) => boolean, which = /-/): Fault =>
  matchesBy(['StudyDate', 'PerformedProcedureStepStartDate'], (value, stored) =>
    which.test(value) ? stored.some(each => test(value, each)) : null,
  );

const dateAndTime = (names: readonly string[], stem: string): readonly (readonly string[])[] => {
  const [date, time] = ['Date', 'Time'].map(each => names.find(name => keywordOf(name) === `${stem}${each}`));
  return date !== undefined && time !== undefined ? [[date], [time]] : [];
};
const below = (names: readonly string[], sequence: string) => names.filter(name => name.startsWith(`${sequence}.`)).map(name => [name]);

/** Wrong matchers, one rule of PS3.4-2013 C.2.2.2 or PS3.18-2013 6.7.1.2 each, for the generated queries to find. */
export const wrongMatchers: Readonly<Record<string, Fault>> = {
  'equality ignores letter case': matchesBy(ids, (value, stored) =>
    hasPattern(value) || value === '' ? null : stored.some(each => each.toLowerCase() === value.toLowerCase()),
  ),
  'patterns ignore letter case': matchesBy(ids, (value, stored) =>
    hasPattern(value) ? stored.some(each => pattern(value, 'i').test(each)) : null,
  ),
  'a value is a prefix': matchesBy(ids, (value, stored) => (hasPattern(value) ? null : stored.some(each => each.startsWith(value)))),
  'a value is a part': matchesBy(ids, (value, stored) => (hasPattern(value) ? null : stored.some(each => each.includes(value)))),
  'an underscore is any character': matchesBy(ids, (value, stored) =>
    value === '' ? null : stored.some(each => pattern(value.replaceAll('_', '?')).test(each)),
  ),
  '? is *': hears(url => {
    url.search = url.search.replaceAll('%3F', '*');
  }),
  '? is text': matchesBy(ids, (value, stored) => (value.includes('?') ? stored.includes(value) : null)),
  '? may be nothing': matchesBy(ids, (value, stored) =>
    value.includes('?') ? stored.some(each => pattern(value, '', text => text.replaceAll(/(?<!\\)\.(?!\*)/g, '.?')).test(each)) : null,
  ),
  '* is at least one character': matchesBy(ids, (value, stored) =>
    hasPattern(value) ? stored.some(each => pattern(value, '', text => text.replaceAll('.*', '.+')).test(each)) : null,
  ),
  '* is known at the end only': matchesBy(ids, (value, stored) => (/\*.+/.test(value) ? stored.includes(value) : null)),
  'a value of zero length finds nothing': matchesBy([...ids, 'StudyDate', 'Modality'], (value, stored) =>
    value === '' ? stored.includes(value) : null,
  ),
  'wild cards work in UIDs': matchesBy(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'], (value, stored) =>
    hasPattern(value) ? stored.some(each => pattern(value).test(each)) : null,
  ),
  'wild cards work in dates': dates((value, stored) => pattern(value).test(stored), /\*/),
  'wild cards work in numbers': matchesBy(['SeriesNumber', 'InstanceNumber'], (value, stored) =>
    hasPattern(value) ? stored.some(each => pattern(value).test(each)) : null,
  ),
  'a number is a prefix': matchesBy(['SeriesNumber', 'InstanceNumber'], (value, stored) =>
    hasPattern(value) || value === '' ? null : stored.some(each => each.startsWith(value)),
  ),
  'the first UID of a list counts': hears(url => {
    for (const name of [...url.searchParams.keys()]) {
      const [first] = url.searchParams.getAll(name);
      if (/UID$/.test(keywordOf(name)) && first !== undefined) url.searchParams.set(name, first);
    }
  }),
  'a date range is text': dates((value, stored) => value === stored),
  'the last date of a range is excluded': dates((value, stored) => inRange(value, stored, atLeast, (b, s) => s < b)),
  'the first date of a range is excluded': dates((value, stored) => inRange(value, stored, (a, s) => s > a, atMost)),
  'an open range excludes its date': dates(
    (value, stored) =>
      inRange(
        value,
        stored,
        (a, s) => s > a,
        (b, s) => s < b,
      ),
    /^-|-$/,
  ),
  'a range without an end is one date': dates((value, stored) => `${stored}-` === value, /-$/),
  'the last time of a range is excluded': matchesBy(['StudyTime', 'PerformedProcedureStepStartTime'], (value, stored) =>
    value.includes('-') ? stored.some(each => inRange(value, each.padEnd(6, '0'), atLeast, (b, s) => s < b)) : null,
  ),
  'times are looked at day by day': apart(names => dateAndTime(names, 'Study'), 'all'),
  'times of series are looked at day by day': apart(names => dateAndTime(names, 'PerformedProcedureStepStart'), 'all'),
  'the time zone is ignored': hears(url => {
    url.searchParams.delete('TimezoneOffsetFromUTC');
    url.searchParams.delete('00080201');
  }),
  'keys of a sequence match in any items': apart(names => below(names, '00400275'), 'all'),
  'the first value of several counts': matchesBy(['ModalitiesInStudy'], (value, stored) =>
    value === '' ? null : stored.slice(0, 1).some(each => pattern(value).test(each)),
  ),
  'names are compared by family name': matchesBy(['PatientName', 'ReferringPhysicianName'], (value, stored) =>
    value === '' ? null : stored.some(each => each.split('^')[0] === value.split('^')[0]),
  ),
  'names are never found': matchesBy(['PatientName'], value => (value === '' ? null : false)),
  'any key is enough': apart(names => names.map(name => [name]), 'any'),
  'keys named by tag are ignored': hears(url => {
    for (const name of [...url.searchParams.keys()]) if (/^[0-9A-F]{8}$/.test(name)) url.searchParams.delete(name);
  }),
  'a page is one too short': hears(url => {
    const limit = Number(url.searchParams.get('limit') ?? 0);
    if (limit > 1) url.searchParams.set('limit', String(limit - 1));
  }),
  'includefield filters': server => async original => {
    const url = new URL(original.url);
    const found = await server(original);
    if (!url.searchParams.has('includefield') || !isSearch(url)) return found;
    return answer((await rowsOf(found)).filter(row => row['00081030']?.Value));
  },
};
