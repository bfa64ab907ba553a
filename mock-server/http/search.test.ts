import { expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { createMockServer, type MockServerOptions } from '../index.ts';

const json = { headers: { Accept: 'application/json' } };

async function answer(query: string, options: MockServerOptions = {}) {
  const response = await createMockServer(options).fetch(new Request(`http://mock.example/dicom-web/${query}`, json));
  const text = await response.text();
  const rows = response.ok ? (JSON.parse(text || '[]') as Record<string, { Value?: unknown[] }>[]) : [];
  const names = rows.map(row => (row['00100010']?.Value?.[0] as { Alphabetic?: string } | undefined)?.Alphabetic ?? '');
  return { status: response.status, warning: response.headers.get('Warning'), headers: response.headers, rows, names, text };
}

const found = async (query: string) => (await answer(query)).names.sort();

test.each([
  ['PatientName=conftest-smith^john', []],
  [
    'PatientName=conftest-smith^john&fuzzymatching=true',
    ['CONFTEST-SMITH^JOHN', 'CONFTEST-Smith^John', 'CONFTEST-Smith^John', 'CONFTEST-Smithe^Johnny^Q'],
  ],
  [
    'PatientName=Jon Smyth&fuzzymatching=true',
    ['CONFTEST-SMITH^JOHN', 'CONFTEST-Smith^John', 'CONFTEST-Smith^John', 'CONFTEST-Smithe^Johnny^Q'],
  ],
  ['PatientName=aneas&fuzzymatching=true', ['CONFTEST-Äneas^Rüdiger^É']],
  ['PatientName=Aneas&fuzzymatching=false', []],
  ['PatientName=Meyer&fuzzymatching=true', ['CONFTEST-Meier^Anna', 'CONFTEST-Meyer^Anna']],
  ['PatientName=*=王*', ['CONFTEST-Wang^XiaoDong', 'CONFTEST-Wang^XiaoDong']],
  ['PatientName=山田^太郎&AccessionNumber=CONFTEST-CS13', ['CONFTEST^Tarou']],
] as const)('%s', async (query, names) => {
  expect(await found(`studies?${query.replaceAll('^', '%5E').replaceAll(' ', '%20')}`)).toEqual(names);
});

test.each([
  // 01:30 at -0500 is 06:30 UTC.
  ['TimezoneOffsetFromUTC=%2B0000&StudyDate=20131101-20131101&StudyTime=0600-0700', 1],
  ['TimezoneOffsetFromUTC=%2B0000&StudyDate=20131101-20131101&StudyTime=0100-0200', 0],
  ['TimezoneOffsetFromUTC=-0800&StudyDate=20131031-20131031&StudyTime=2200-2300', 1],
  ['StudyDate=20131101-20131101&StudyTime=0100-0200', 1],
  ['StudyDate=20131031-20131102&StudyTime=2300-0100', 1],
])('%s', async (query, count) => {
  expect((await answer(`studies?${query}&AccessionNumber=CONFTEST-35`)).rows).toHaveLength(count);
});

test.each([
  ['studies?StudyDate=20130230', 'StudyDate'],
  ['studies?StudyTime=2561', 'StudyTime'],
  ['studies?StudyDate=abc', 'StudyDate'],
  ['studies?TimezoneOffsetFromUTC=CET', 'TimezoneOffsetFromUTC'],
  ['studies?fuzzymatching=maybe', 'fuzzymatching'],
  ['studies?limit=many', 'limit'],
  ['studies?PatientID=A&PatientID=B', 'PatientID'],
  ['studies?NotAKeyword=1', 'NotAKeyword'],
  ['studies?includefield=NotAKeyword', 'NotAKeyword'],
])('%s is refused with 400 and a sentence that names the key', async (query, key) => {
  const { status, text } = await answer(query);
  expect(status).toBe(400);
  expect(text).toContain(key);
});

test('fuzzy matching that is switched off is answered with its Warning, and literally', async () => {
  const { status, warning, names } = await answer('studies?PatientName=Smyth&fuzzymatching=true', { fuzzyMatching: false });
  expect([status, names]).toEqual([200, []]);
  expect(warning).toBe(
    '299 http://mock.example/dicom-web: "The fuzzymatching parameter is not supported. Only literal matching has been performed."',
  );
});

test('a list that the maximum cuts has a Warning, and goes on with offset', async () => {
  const { studyInstanceUID, instances } = studyNamed('ct');
  const resource = `studies/${studyInstanceUID}/instances`;
  const first = await answer(resource, { maximumResults: 10 });
  expect(first.rows).toHaveLength(10);
  expect(first.warning).toMatch(/^299 http:\/\/mock\.example\/dicom-web: "The number of results exceeded/);
  const rest = await answer(`${resource}?offset=10`, { maximumResults: 10 });
  expect([rest.rows.length, rest.warning]).toEqual([instances.length - 10, null]);
  const page = await answer(`${resource}?limit=5`, { maximumResults: 10 });
  expect([page.rows.length, page.warning]).toEqual([5, null]);
});

test('a search that is too broad is refused with 413, pages and narrower ones are not', async () => {
  const options = { broadestSearch: 5 };
  const { status, text } = await answer('studies', options);
  expect([status, text]).toEqual([
    413,
    'More than 5 results match: narrow the search with keys, or ask for pages with limit and offset.\n',
  ]);
  expect((await answer('studies?limit=7', options)).rows).toHaveLength(7);
  expect((await answer('studies?AccessionNumber=CONFTEST-35', options)).rows).toHaveLength(1);
});

test('results are not to be cached, and name their character set where they need one', async () => {
  const { headers, rows } = await answer('studies?AccessionNumber=CONFTEST-CS10');
  expect(headers.get('Cache-Control')).toBe('no-cache');
  expect(rows[0]?.['00080005']?.Value).toEqual(['ISO_IR 192']);
  expect((await answer('studies?AccessionNumber=CONFTEST-CT')).rows[0]).not.toHaveProperty('00080005');
});

test('counts of a patient are those of all its studies', async () => {
  const { rows } = await answer('studies?AccessionNumber=CONFTEST-36&includefield=00201200&includefield=NumberOfPatientRelatedInstances');
  expect([rows[0]?.['00201200']?.Value, rows[0]?.['00201204']?.Value]).toEqual([[2], [2]]);
});

test('a study is as available as its least available instance', async () => {
  const [slice] = studyNamed('ct').instances;
  if (!slice) return expect.unreachable();
  const server = createMockServer();
  server.takeOffLine(slice.studyInstanceUID, slice.seriesInstanceUID, slice.sopInstanceUID);
  const availability = async (resource: string) => {
    const response = await server.fetch(new Request(`http://mock.example/dicom-web/${resource}`, json));
    return ((await response.json()) as Record<string, { Value?: string[] }>[]).map(row => row['00080056']?.Value?.[0]);
  };
  const study = `studies/${slice.studyInstanceUID}`;
  expect(await availability(`studies?StudyInstanceUID=${slice.studyInstanceUID}`)).toEqual(['OFFLINE']);
  expect(await availability(`${study}/instances?limit=2`)).toEqual(['OFFLINE', 'ONLINE']);
});

test('includefield=all and an attribute of a level above come together', async () => {
  const { rows } = await answer(`studies/${studyNamed('ct').studyInstanceUID}/series?includefield=all&includefield=PatientID`);
  expect(rows.map(row => row['00100020']?.Value)).toEqual([['CONFTEST-CT'], ['CONFTEST-CT']]);
  expect(rows[0]?.['00180015']?.Value).toEqual(['CHEST']);
});
