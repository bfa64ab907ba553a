import { expect, test } from 'vitest';
import type { Edition } from '../../schemas/editions.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { hears, hearsKey, type LoosePart, on, sendsBytes, sendsHeaders, sendsParts, status, together } from '../kit/faults.ts';
import { embeddedTarget } from '../kit/oracle.ts';

const checks = (await loadChecks()).filter(({ id }) => id.startsWith('qido-rs/'));

const search = /\/(studies|series|instances)(\?|$)/;
const retrieve = /\/(studies|series|instances)\/[\d.]+(\/metadata|\/frames\/.*)?$/;
const relational = /\/dicom-web\/(series|instances)(\?|$)|\/studies\/[\d.]+\/instances/;
const optionalKeys = ['StudyDescription', 'PatientBirthDate', 'PatientSex', 'ContentDate', 'BodyPartExamined'];

type Row = Record<string, { vr: string; Value?: unknown[] }>;

/** PS3.18-2013 F.2.2: members by tag, which an object of JavaScript does not keep. */
function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map(name => `${JSON.stringify(name)}:${ordered((value as Row)[name])}`).join(',')}}`;
}

/** Other results, in both forms. */
const sendsResults = (json: (rows: Row[]) => Row[], xml: (parts: LoosePart[]) => LoosePart[]): Fault =>
  on(
    search,
    together(
      sendsBytes((body, response) =>
        /json/.test(response.headers.get('Content-Type') ?? '') ? Buffer.from(ordered(json(JSON.parse(body.toString('utf8'))))) : body,
      ),
      sendsParts(xml),
    ),
  );

/** Another attribute in every result; null leaves its value out, as for what is not known. */
const results = (tag: string, vr: string, value: string | null): Fault =>
  sendsResults(
    rows => rows.map(row => ({ ...row, [tag]: { vr, ...(value === null ? {} : { Value: [value] }) } })),
    parts =>
      parts.map(part => {
        const content = value === null ? '' : `<Value number="1">${value}</Value>`;
        const others = part.body.toString('utf8').replace(new RegExp(`<DicomAttribute tag="${tag}"[^>]*(/>|>.*?</DicomAttribute>)`), '');
        const behind = [...others.matchAll(/<DicomAttribute tag="(\w{8})"/g)].find(match => (match[1] ?? '') > tag);
        const at = behind?.index ?? others.indexOf('</NativeDicomModel>');
        const element = `<DicomAttribute tag="${tag}" vr="${vr}">${content}</DicomAttribute>`;
        return { ...part, body: Buffer.from(others.slice(0, at) + element + others.slice(at)) };
      }),
  );

/** All results, the last one first, and of those the page that is asked for. */
const lastFirst: Fault = server => async request => {
  const url = new URL(request.url);
  const [limit, offset] = ['limit', 'offset'].map(name => url.searchParams.get(name) ?? null);
  const isPage = [limit, offset].every(text => /^-?\d+$/.test(text ?? '0'));
  if (!search.test(request.url) || !isPage) return server(request);
  url.searchParams.delete('limit');
  url.searchParams.delete('offset');
  const from = Math.max(0, Number(offset ?? 0));
  const page = <T>(all: readonly T[]): T[] =>
    [...all].reverse().slice(from, limit === null ? undefined : from + Math.max(0, Number(limit)));
  const whole = sendsResults(page, page)(server);
  // A page without results has a form of its own.
  if (limit === '0' || (await found(server, url)) <= from) return server(request);
  return whole(new Request(url, request));
};

async function found(server: Parameters<Fault>[0], url: URL): Promise<number> {
  const response = await server(new Request(url, { headers: { Accept: 'application/json' } }));
  const text = response.ok ? await response.text() : '';
  return text === '' ? 0 : (JSON.parse(text) as unknown[]).length;
}

/** Every seventh request is too many at once. */
const busyNowAndThen: Fault = server => {
  let asked = 0;
  return async request => {
    asked += 1;
    return asked % 7 === 0 ? new Response('later', { status: 503, headers: { 'Retry-After': '1' } }) : server(request);
  };
};

/** Everything is at another path, where requests are led to. */
const moved: Fault = server => async request => {
  const url = new URL(request.url);
  if (!url.pathname.startsWith('/dicom-web/')) return server(new Request(request.url.replace('/elsewhere/', '/dicom-web/'), request));
  return new Response(null, { status: 307, headers: { Location: request.url.replace('/dicom-web/', '/elsewhere/') } });
};

/** Servers that are right in another way than the embedded one: none of them may be accused of anything. Those that it can be made into by an option are in judge.test.ts. */
const variants: Readonly<Record<string, Fault>> = {
  'without relational searches': on(relational, status(501)),
  // 6.7.1.1.1: what is not supported may be refused or left out of account.
  'that refuses keys it does not know': on(new RegExp(`(${optionalKeys.join('|')})=[^&]`), status(400)),
  'that ignores keys it does not know': hears(url => {
    for (const key of optionalKeys) if (url.searchParams.get(key)) url.searchParams.delete(key);
    for (const key of [...url.searchParams.keys()]) if (/^NotAKeyword$|^00ZZ|,/.test(key)) url.searchParams.delete(key);
  }),
  // PS3.4-2013 C.2.2.2.1: names may be matched whatever their case.
  'that finds names whatever their letter case': hears(url => {
    const name = url.searchParams.get('PatientName');
    if (name === name?.toLowerCase() && name?.includes('conftest-smith')) url.searchParams.set('PatientName', 'CONFTEST-Smith^John');
  }),
  'that asks for a login': server => async request =>
    request.headers.has('Authorization')
      ? server(request)
      : new Response('who?', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="test"' } }),
  // 6.7.1.2.2: a server may return more.
  'that returns all it has': on(
    search,
    hears(url => url.searchParams.append('includefield', 'all')),
  ),
  // Table 6.7.1-2: attributes that includefield names are returned where the server supports them.
  'that returns nothing but the tables': on(
    search,
    hears(url => url.searchParams.delete('includefield')),
  ),
  // Tables 6.7.1-2a and 6.7.1-2b: of the attributes of a level above it may support some.
  'that returns some attributes of the levels above': on(
    /\/studies\/[\d.]+\/(series|instances)/,
    hears(url => {
      const named = url.searchParams.getAll('includefield');
      url.searchParams.delete('includefield');
      for (const each of named) if (each !== 'StudyDate' && each !== 'Modality') url.searchParams.append('includefield', each);
    }),
  ),
  'that begins with the last result': lastFirst,
  // Tables 6.7.1-2 to 6.7.1-2b: empty where nothing can be had by WADO-RS.
  'without WADO-RS': together(results('00081190', 'UT', null), on(retrieve, status(501))),
  // PS3.18-2013 6.7.1.2.2.1: Specific Character Set where it is needed, and wherever else.
  'that always names its character set': results('00080005', 'CS', 'ISO_IR 192'),
  'that has other results nearline': results('00080056', 'CS', 'NEARLINE'),
  // RFC 2616 10.5.4.
  'that is busy now and then': busyNowAndThen,
  // RFC 2616 10.3.8.
  'that leads elsewhere': moved,
  // 6.7.1.2: malformed limits may be refused or left out of account.
  'that ignores a limit that is no number': hears(url => {
    for (const name of ['limit', 'offset']) if (!/^\d+$/.test(url.searchParams.get(name) ?? '0')) url.searchParams.delete(name);
  }),
  'with headers of its own': sendsHeaders({
    'Set-Cookie': 'session=1',
    'X-Powered-By': 'tests',
    'Strict-Transport-Security': 'max-age=1',
    'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
  }),
  // PS3.4-2013 C.2.2.2.1: an asterisk is universal matching, as an empty value is.
  'that takes an asterisk for no value': hearsKey('AccessionNumber', value => (value === '*' ? '' : value)),
};

async function findings(edition: Edition, other: Fault): Promise<readonly string[]> {
  const target = embeddedTarget(edition, other);
  const { results: judged } = await run({ checks, target, edition, claims: ['qido-rs'], mayWrite: true, seed: 3, runs: 50 });
  return judged
    .filter(({ verdict }) => !['pass', 'skip'].includes(verdict))
    .map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`);
}

const inTime = { timeout: 60_000 };

test.each(Object.entries(variants))('a right server %s is not accused', inTime, async (_, other) => {
  expect(await findings('2013', other)).toEqual([]);
});

// 2016a: nothing found is 204; 2019b: what is not known may be left out.
test.each<readonly [Edition, string, Fault]>([
  ['2014c', 'that begins with the last result', lastFirst],
  ['2016c', 'that tells its time zone nowhere and forbids to keep its answers', sendsHeaders({ 'Cache-Control': 'no-store' })],
  ['2019b', 'without WADO-RS', together(results('00081190', 'UR', null), on(retrieve, status(501)))],
])('a right server of edition %s %s is not accused', inTime, async (edition, _, other) => {
  expect(await findings(edition, other)).toEqual([]);
});
