import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { dataSet } from '../fixtures/data-set.ts';
import { writePart10 } from '../fixtures/part10/write.ts';
import { copyOfInstance, copyOfStudy, type FixtureInstance } from '../fixtures/recipe.ts';
import { compressedMediaTypes } from '../schemas/media-types.ts';
import { createMockServer, type MockServer } from './index.ts';

const base = 'http://mock.example/dicom-web';
const server = createMockServer();
const ct = studyNamed('ct');
const [slice] = ct.instances as [FixtureInstance];
const urlOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: FixtureInstance) =>
  `${base}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
const get = (url: string, accept: string | null, from: MockServer = server) =>
  from.fetch(new Request(url, { headers: accept === null ? {} : { Accept: accept } }));

/** The status, or the type on the first part with what it says of the transfer syntax. */
async function formOf(url: string, accept: string | null): Promise<string | number> {
  const response = await get(url, accept);
  const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return response.ok ? (/Content-Type: ([^\r]*)/.exec(text)?.[1] ?? 'no part') : response.status;
}

const related = (rest: string) => `multipart/related; ${rest}`;
const frame = `${urlOf(slice)}/frames/1`;
const rle = '1.2.840.10008.1.2.5';
const asRle = `image/dicom+rle; transfer-syntax=${rle}`;

// PS3.18-2013 6.5.1.1, RFC 2616 14.1, RFC 2387.
test.each([
  [null, 'application/octet-stream'],
  ['*/*', 'application/octet-stream'],
  ['multipart/*', 'application/octet-stream'],
  [related('type=application/octet-stream'), 'application/octet-stream'],
  [related('type="application/octet-stream"'), 'application/octet-stream'],
  ['MULTIPART/Related;TYPE="Application/Octet-Stream"', 'application/octet-stream'],
  ['multipart/related ;  type = "application/octet-stream" ', 'application/octet-stream'],
  [related('type="image/dicom+rle"'), asRle],
  [related(`type="image/dicom+rle"; transfer-syntax=${rle}`), asRle],
  [related(`transfer-syntax=${rle}; type="image/dicom+rle"`), asRle],
  [related(`type="image/dicom+rle"; transfer-syntax="${rle}"`), asRle],
  [related(`type="image/dicom+rle; transfer-syntax=${rle}"`), asRle],
  [related(`type=image/dicom+rle; transfer-syntax=${rle}`), asRle],
  [`image/png, ${related('type="image/dicom+rle"')}`, asRle],
  [`${related('type="image/dicom+rle"')};q=0.2, ${related('type="application/octet-stream"')};q=0.9`, 'application/octet-stream'],
  [`${related('type="application/octet-stream"')};q=0, */*`, 406],
  [`${related('type="application/octet-stream"')};q=0, ${related('type="image/dicom+rle"')};q=0.1`, asRle],
  [related('type="image/dicom+rle"; transfer-syntax=1.2.840.10008.1.2.4.50'), 406],
  [related('type="application/dicom"'), 406],
  ['application/octet-stream', 406],
  ['image/dicom+rle', 406],
  ['nonsense', 406],
  [',,;=/"', 406],
] as const)('a frame for Accept: %s', async (accept, expected) => {
  expect(await formOf(frame, accept)).toBe(expected);
});

const compressed = studyNamed('compressed');
const rows = (compressedMediaTypes['2013'] ?? []).filter(row => row.frames === 'single');

// Table 6.5-1: what is stored in a row's transfer syntax is had by the row's media type, and by the bare one where that stands for it.
test.each(
  compressed.instances.flatMap(each =>
    rows.filter(row => row.transferSyntax === each.transferSyntax).map(row => [each.name, each, row] as const),
  ),
)('%s as its media type', async (_, instance, { mediaType, transferSyntax, byDefault }) => {
  const frames = Array.from({ length: Number(textIn(instance, '00280008') ?? 1) }, (_, i) => i + 1).join(',');
  const expected = `${mediaType}; transfer-syntax=${transferSyntax}`;
  expect(await formOf(`${urlOf(instance)}/frames/${frames}`, related(`type="${mediaType}"; transfer-syntax=${transferSyntax}`))).toBe(
    expected,
  );
  const bare = await formOf(`${urlOf(instance)}/frames/${frames}`, related(`type="${mediaType}"`));
  if (byDefault) expect(bare).toBe(expected);
  else expect(bare).not.toBe(expected);
});

function textIn({ dataSet: set }: FixtureInstance, tag: string): string | undefined {
  const element = set.get(tag);
  return element && 'values' in element ? String(element.values[0]) : undefined;
}

test('what cannot all be had as asked is 206, and 406 when none of it can', async () => {
  const clips = studyNamed('video-clips');
  const explicit = related('type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1');
  expect((await get(`${base}/studies/${clips.studyInstanceUID}`, explicit)).status).toBe(206);
  const [clip] = clips.instances;
  expect(await formOf(urlOf(clip ?? expect.unreachable()), explicit)).toBe(406);
});

test('a busy server says when to come back', async () => {
  const own = createMockServer();
  own.busy(30);
  const response = await get(frame, null, own);
  expect([response.status, response.headers.get('Retry-After'), await response.text()]).toEqual([
    503,
    '30',
    'The server is busy; ask again later.\n',
  ]);
  own.busy(null);
  expect((await get(frame, null, own)).status).toBe(200);
});

test('what is off line is 404 for as long, what is deleted is 410', async () => {
  const own = createMockServer();
  own.takeOffLine(slice.studyInstanceUID, slice.seriesInstanceUID, slice.sopInstanceUID);
  const statuses = async () =>
    Promise.all(
      [frame, urlOf(slice), `${urlOf(slice)}/bulkdata/7FE00010`, `${base}/studies/${slice.studyInstanceUID}`].map(
        async url => (await get(url, null, own)).status,
      ),
    );
  expect(await statuses()).toEqual([404, 404, 404, 206]);
  own.remove(slice.studyInstanceUID, slice.seriesInstanceUID, slice.sopInstanceUID);
  expect(await statuses()).toEqual([410, 410, 410, 200]);
});

const folder = mkdtempSync(join(tmpdir(), 'retrieve-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const megabyte = 1024 ** 2;
const megabytesEach = 128;

/** A file of 128 MB, nearly all of it a hole: an image whose Pixel Data come last and are zero. */
function largeFile(copy: number): void {
  const { dataSet: set } = copyOfInstance(slice, copy);
  const { dataSet: ofStudy } = copyOfStudy(ct, 1).instances[0] ?? expect.unreachable();
  const large = new Map([
    ...set,
    ...[...ofStudy].filter(([tag]) => tag === '0020000D' || tag === '0020000E'),
    ...dataSet({ Rows: 8192, Columns: 8192 }),
  ]);
  const header = Buffer.from(
    writePart10(new Map([...large].filter(([tag]) => tag !== '7FE00010')), { transferSyntax: '1.2.840.10008.1.2.1' }),
  );
  const pixels = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  pixels.writeUInt32LE(megabytesEach * megabyte, 8);
  const file = openSync(join(folder, `${copy}.dcm`), 'w');
  writeSync(file, Buffer.concat([header, pixels]));
  ftruncateSync(file, header.length + pixels.length + megabytesEach * megabyte);
  closeSync(file);
}

test('a study of 2 GB goes out piece by piece, and the first bytes before anything large is read', { timeout: 120_000 }, async () => {
  const count = 16;
  for (let i = 1; i <= count; i += 1) largeFile(i);
  const own = createMockServer({ content: 'nothing' });
  expect(await own.loadFolder(folder)).toEqual({ loaded: count, refused: [] });
  const { studyInstanceUID } = copyOfStudy(ct, 1);
  const before = process.memoryUsage().rss;
  const response = await get(`${base}/studies/${studyInstanceUID}`, related('type="application/dicom"'), own);
  const reader = response.body?.getReader() ?? expect.unreachable();
  let [bytes, peak] = [0, 0];
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (bytes === 0) expect(chunk.value.length).toBeLessThan(2 * megabyte);
    bytes += chunk.value.length;
    peak = Math.max(peak, process.memoryUsage().rss - before);
  }
  expect(bytes).toBeGreaterThan(count * megabytesEach * megabyte);
  expect(peak).toBeLessThan(200 * megabyte);
});

test('a client that leaves lets go of everything', async () => {
  const own = createMockServer({ content: 'nothing' });
  largeFile(1);
  await own.loadFolder(folder);
  const { origin, close } = await own.listen();
  const leave = new AbortController();
  const url = `${origin}/dicom-web/studies/${copyOfStudy(ct, 1).studyInstanceUID}`;
  const response = await fetch(url, { headers: { Accept: related('type="application/dicom"') }, signal: leave.signal });
  const reader = response.body?.getReader() ?? expect.unreachable();
  expect((await reader.read()).done).toBe(false);
  leave.abort();
  await expect(reader.read()).rejects.toThrow();
  // The server goes on answering, and ends at once since nobody is being served.
  expect((await fetch(`${origin}/dicom-web/studies?limit=1`, { headers: { Accept: 'application/json' } })).status).toBe(200);
  await close();
});
