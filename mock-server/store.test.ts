import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { copyOfInstance, copyOfStudy, dataSet, type FixtureInstance, fixtureInstance } from '../fixtures/recipe.ts';
import { tagOf } from '../schemas/dictionary.ts';
import { toJsonModel } from './dicom/json-model.ts';
import { toNativeXml } from './dicom/native-xml.ts';
import { readPart10 } from './dicom/part10.ts';
import { createMockServer, type MockServer, type MockServerOptions } from './index.ts';

// In one file, though a long one: what becomes of a store request, from its octets to what is kept and told, shares its senders.

const base = 'http://mock.example/dicom-web';
const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'store-test-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

type Part = readonly [headers: string, body: Uint8Array | string];

function bodyOf(parts: readonly Part[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(([headers, body]) => [Buffer.from(`\r\n--bound\r\n${headers}\r\n\r\n`), Buffer.from(body as Uint8Array)]),
    Buffer.from('\r\n--bound--\r\n'),
  ]);
}

async function post(
  server: MockServer,
  type: string,
  parts: readonly Part[],
  path = '/studies',
): Promise<{ status: number; text: string }> {
  const headers = { 'Content-Type': `multipart/related; type="${type}"; boundary=bound` };
  const response = await server.fetch(new Request(base + path, { method: 'POST', headers, body: bodyOf(parts) }));
  return { status: response.status, text: await response.text() };
}

const dicom = 'application/dicom';
const objects = (instances: readonly FixtureInstance[]): Part[] => instances.map(each => [`Content-Type: ${dicom}`, each.part10()]);
const study = copyOfStudy(studyNamed('ct'), 1);
const [first, second] = study.instances as [FixtureInstance, FixtureInstance];
const urlOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: FixtureInstance) =>
  `${base}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;

async function fetched(server: MockServer, instance: FixtureInstance): Promise<Buffer | number> {
  const accept = `multipart/related; type="${dicom}"; transfer-syntax=${instance.transferSyntax}`;
  const response = await server.fetch(new Request(urlOf(instance), { headers: { Accept: accept } }));
  if (response.status !== 200) return response.status;
  const body = Buffer.from(await response.arrayBuffer());
  return body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'));
}

const server = (options: MockServerOptions = {}) => createMockServer({ content: 'nothing', ...options });
const reasonIn = (text: string) => Number(/FailureReason"[^>]*><Value number="1">(\d+)/.exec(text)?.[1]);
const warningIn = (text: string) => Number(/WarningReason"[^>]*><Value number="1">(\d+)/.exec(text)?.[1]);

const cases: readonly (readonly [string, MockServerOptions['store'] & object, number, number])[] = [
  ['refused SOP Classes', { refusedSopClasses: [first.sopClassUID] }, 409, 0x0122],
  ['refused transfer syntaxes', { refusedTransferSyntaxes: [first.transferSyntax] }, 409, 0xc122],
  ['no room', { capacity: 100 }, 503, 0xa700],
];
test.each(cases)('%s: status and Failure Reason', async (_, store, status, reason) => {
  const own = server({ store });
  const { status: got, text } = await post(own, dicom, objects([first]));
  expect([got, reasonIn(text)]).toEqual([status, reason]);
  expect(await fetched(own, first)).toBe(404);
});

test.each([401, 403, 503] as const)('a server that denies with %d stores nothing', async denies => {
  const own = server({ store: { denies } });
  const { status } = await post(own, dicom, objects([first]));
  expect([status, await fetched(own, first)]).toEqual([denies, 404]);
});

test('room for one of two instances: 202, and the other one with A700', async () => {
  const own = server({ store: { capacity: first.part10().length } });
  const { status, text } = await post(own, dicom, objects([first, second]));
  expect([status, reasonIn(text)]).toEqual([202, 0xa700]);
  expect(await fetched(own, second)).toBe(404);
});

test('what is discarded is gone and told with B006', async () => {
  const own = server({ store: { discarded: ['PatientID'] } });
  const { status, text } = await post(own, dicom, objects([first]));
  expect([status, warningIn(text)]).toEqual([202, 0xb006]);
  expect(readPart10((await fetched(own, first)) as Buffer).dataSet.has(tagOf('PatientID'))).toBe(false);
});

test('what is coerced is told with B000 and in the object', async () => {
  const own = server({ store: { coerced: { PatientID: 'ANOTHER' } } });
  const { status, text } = await post(own, dicom, objects([first]));
  expect([status, warningIn(text)]).toEqual([202, 0xb000]);
  expect(text).toContain('OriginalAttributesSequence');
  const { dataSet } = readPart10((await fetched(own, first)) as Buffer);
  expect(dataSet.get(tagOf('PatientID'))).toMatchObject({ values: ['ANOTHER'] });
  const item = dataSet.get(tagOf('OriginalAttributesSequence'));
  const modified = item && 'items' in item ? item.items[0]?.get(tagOf('ModifiedAttributesSequence')) : undefined;
  expect(modified && 'items' in modified ? modified.items[0]?.get(tagOf('PatientID')) : undefined).toEqual(
    first.dataSet.get(tagOf('PatientID')),
  );
});

test.each([
  ['accept', 200, Number.NaN, Number.NaN],
  ['warn', 202, 0xb007, Number.NaN],
  ['refuse', 409, Number.NaN, 0xa900],
] as const)('an image without Rows by the policy "%s"', async (nonconforming, status, warning, failure) => {
  const own = server({ store: { nonconforming } });
  const xml = toNativeXml(new Map([...first.dataSet].filter(([tag]) => tag !== tagOf('Rows'))));
  const { status: got, text } = await post(own, 'application/dicom+xml', [['Content-Type: application/dicom+xml', xml]]);
  expect([got, warningIn(text), reasonIn(text)]).toEqual([status, warning, failure]);
});

test('a duplicate is refused with 0111 where that is the policy, and replaced otherwise', async () => {
  const strict = server({ store: { duplicates: 'refuse' } });
  expect((await post(strict, dicom, objects([first]))).status).toBe(200);
  const again = await post(strict, dicom, objects([first]));
  expect([again.status, reasonIn(again.text)]).toEqual([409, 0x0111]);
  const free = server();
  for (let i = 0; i < 2; i += 1) expect((await post(free, dicom, objects([first]))).status).toBe(200);
});

test('a file that breaks off fails with Cxxx, and an unreadable part has its sequence from 2016a on', async () => {
  const cut: Part = [`Content-Type: ${dicom}`, second.part10().subarray(0, -31)];
  const { status, text } = await post(server(), dicom, [...objects([first]), cut]);
  expect([status, reasonIn(text)]).toEqual([202, 0xc000]);
  const garbage: Part = [`Content-Type: ${dicom}`, 'garbage'];
  for (const [edition, there] of [
    ['2013', false],
    ['2016a', true],
  ] as const) {
    const answer = await post(server({ edition }), dicom, [...objects([first]), garbage]);
    expect([answer.status, answer.text.includes('0008119A')]).toEqual([202, there]);
  }
});

const pixels = tagOf('PixelData');
const native = (instance: FixtureInstance): Uint8Array => {
  const element = instance.dataSet.get(pixels);
  return element && 'bytes' in element ? element.bytes : new Uint8Array();
};
const byReference = (uri: string) => ({
  bulkDataUri: (path: readonly unknown[]) => (path.length === 1 && path[0] === pixels ? uri : null),
});
const xmlPart = (instance: FixtureInstance, uri: string): Part => [
  'Content-Type: application/dicom+xml; transfer-syntax=1.2.840.10008.1.2.1',
  toNativeXml(instance.dataSet, byReference(uri)),
];
const bulkPart = (uri: string, bytes: Uint8Array, type = 'application/octet-stream'): Part => [
  `Content-Type: ${type}\r\nContent-Location: ${uri}`,
  bytes,
];
const xml = 'application/dicom+xml';

test('metadata and bulk data in any order make the object that was sent', async () => {
  const own = server();
  const parts = [
    xmlPart(first, 'b/1'),
    bulkPart(`${base}/b/2`, native(second)),
    xmlPart(second, '/dicom-web/b/2'),
    bulkPart('b/1', native(first)),
  ];
  const { status, text } = await post(own, xml, parts);
  expect([status, text.match(/<Item /g)?.length]).toEqual([200, 2]);
  for (const each of [first, second]) expect((await fetched(own, each)) as Buffer).toEqual(Buffer.from(each.part10()));
});

test.each([
  ['a part is missing', [xmlPart(first, 'b/1'), xmlPart(second, 'b/2'), bulkPart('b/1', native(first))]],
  ['a part is too many', [xmlPart(first, 'b/1'), bulkPart('b/1', native(first)), bulkPart('b/2', native(second))]],
  ['two parts have one place', [xmlPart(first, 'b/1'), bulkPart('b/1', native(first)), bulkPart('b/1', native(second))]],
  ['bulk data come first', [bulkPart('b/1', native(first)), xmlPart(first, 'b/1')]],
  ['a part has no Content-Location', [xmlPart(first, 'b/1'), ['Content-Type: application/octet-stream', native(first)]]],
  ['the XML is cut off', [[`Content-Type: ${xml}`, toNativeXml(first.dataSet).slice(0, -40)]]],
  ['the root element is another', [[`Content-Type: ${xml}`, '<NativeDicom/>']]],
] as readonly (readonly [string, readonly Part[]])[])('of a message in which %s nothing is stored', async (_, parts) => {
  const own = server();
  const { status, text } = await post(own, xml, parts);
  expect(status, text).toBe(400);
  for (const each of [first, second]) expect(await fetched(own, each)).toBe(404);
});

test('JSON is stored from edition 2014a on, under its name of the edition', async () => {
  const parts = (type: string): Part[] => [
    [
      `Content-Type: ${type}; transfer-syntax=1.2.840.10008.1.2.1`,
      `[${[first, second].map((each, i) => toJsonModel(each.dataSet, byReference(`b/${i}`))).join(',')}]`,
    ],
    bulkPart('b/1', native(second)),
    bulkPart('b/0', native(first)),
  ];
  const status = async (edition: string, type: string) => (await post(server({ edition }), type, parts(type))).status;
  expect(await status('2013', 'application/json')).toBe(400);
  expect(await status('2014a', 'application/json')).toBe(200);
  expect(await status('2016b', 'application/dicom+json')).toBe(415);
  const own = server({ edition: '2016c' });
  expect((await post(own, 'application/dicom+json', parts('application/dicom+json'))).status).toBe(200);
  expect((await fetched(own, second)) as Buffer).toEqual(Buffer.from(second.part10()));
});

const stream = Buffer.from('ffd8ffe000104a46', 'hex');
const video = { ...first, dataSet: new Map([...first.dataSet, [tagOf('NumberOfFrames'), { vr: 'IS', values: ['3'] }] as const].sort()) };

test.each([
  ['image/dicom+jpeg', first, '1.2.840.10008.1.2.4.70'],
  ['image/dicom+jpeg; transfer-syntax=1.2.840.10008.1.2.4.50', first, '1.2.840.10008.1.2.4.50'],
  ['image/dicom+rle', first, '1.2.840.10008.1.2.5'],
  ['image/dicom+jp2', first, '1.2.840.10008.1.2.4.90'],
  ['image/dicom+jpx', video, '1.2.840.10008.1.2.4.92'],
  ['video/mpeg; transfer-syntax=1.2.840.10008.1.2.4.100', video, '1.2.840.10008.1.2.4.100'],
  ['video/mp4; transfer-syntax=1.2.840.10008.1.2.4.102', video, '1.2.840.10008.1.2.4.102'],
] as const)('bulk data of type %s are encapsulated in one fragment', async (type, image, transferSyntax) => {
  const own = server();
  const { status, text } = await post(own, xml, [xmlPart(image, 'b'), bulkPart('b', stream, type)]);
  expect(status, text).toBe(200);
  const file = readPart10((await fetched(own, { ...image, transferSyntax })) as Buffer);
  expect(file.transferSyntax).toBe(transferSyntax);
  expect(file.dataSet.get(pixels)).toEqual({ vr: 'OB', offsets: [], fragments: [stream] });
});

test.each([
  ['image/jpeg', first, stream, 0xc122],
  ['video/mpeg', video, stream, 0xc122],
  ['image/dicom+jpeg', video, stream, 0xa900],
  ['image/dicom+jp2', first, Buffer.from('0000000c6a502020', 'hex'), 0xc000],
] as const)('bulk data of type %s are refused where it does not fit', async (type, image, bytes, reason) => {
  const { status, text } = await post(server(), xml, [xmlPart(image, 'b'), bulkPart('b', bytes, type)]);
  expect([status, reasonIn(text)]).toEqual([409, reason]);
});

test('a thousand small instances and more, and several requests with the same one at once, are kept in a folder', async () => {
  const data = folder();
  const own = server({ data });
  const small = new Map([...first.dataSet].filter(([tag]) => tag !== pixels));
  const many = Array.from({ length: 1200 }, (_, i) => copyOfInstance(fixtureInstance('small', small, first), i + 2));
  expect((await post(own, dicom, objects(many))).status).toBe(200);
  const versions = Array.from({ length: 6 }, (_, i) =>
    fixtureInstance('v', new Map([...small, ...dataSet({ InstanceNumber: i })].sort()), first),
  );
  const answers = await Promise.all(versions.map(each => post(own, dicom, objects([each]))));
  expect(answers.map(({ status }) => status)).toEqual(versions.map(() => 200));
  const kept = await fetched(own, first);
  const again = server({ data });
  expect(again.loaded).toEqual({ loaded: 1201, refused: [] });
  expect(await fetched(again, first)).toEqual(kept);
});

test('a body that ends too soon stores nothing and leaves nothing behind', async () => {
  const data = folder();
  const own = server({ data });
  const { origin, close } = await own.listen();
  const body = bodyOf(objects([first, second]));
  await new Promise<void>(resolve => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write(
        `POST /dicom-web/studies HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\nContent-Type: multipart/related; type="${dicom}"; boundary=bound\r\n\r\n`,
      );
      socket.write(body.subarray(0, body.length - 10), () => socket.destroy());
    });
    socket.on('close', () => setTimeout(resolve, 200));
  });
  expect(await fetched(own, first)).toBe(404);
  expect(readdirSync(join(data, '.incoming'))).toEqual([]);
  await close();
});

test.each([
  ['as it was sent', {}],
  ['with another patient', { coerced: { PatientID: 'ANOTHER' } }],
] as const)('frames of an image in a folder, kept %s, come from its file', async (_, store) => {
  const own = server({ data: folder(), store });
  const large = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251));
  const set = new Map([...first.dataSet, ...dataSet({ Rows: 250, Columns: 200, PixelData: { vr: 'OW', bytes: large } })].sort());
  const image = fixtureInstance('large', set, first);
  expect((await post(own, dicom, objects([image]))).status).toBeLessThan(300);
  const accept = { Accept: 'multipart/related; type="application/octet-stream"' };
  const response = await own.fetch(new Request(`${urlOf(image)}/frames/1`, { headers: accept }));
  const body = Buffer.from(await response.arrayBuffer());
  expect(body.includes(large)).toBe(true);
});

test('what a folder was given is there for the next server, and what is torn or was never acknowledged is not', async () => {
  const data = folder();
  const before = server({ data });
  expect((await post(before, dicom, objects([first, second]))).status).toBe(200);
  expect((await post(before, dicom, objects([first]))).status).toBe(200);
  const refused = await post(before, dicom, [...objects([first]), [`Content-Type: ${dicom}`, 'cut']]);
  expect(refused.status).toBe(202);
  expect((await fetched(before, first)) as Buffer).toEqual(Buffer.from(first.part10()));
  writeFileSync(join(data, '.incoming', '1-1'), first.part10().subarray(0, 400));
  writeFileSync(join(data, 'torn.dcm'), second.part10().subarray(0, -10));
  const after = server({ data });
  expect([after.loaded.loaded, after.loaded.refused.map(({ file }) => file)]).toEqual([2, [join(data, 'torn.dcm')]]);
  for (const each of [first, second]) expect((await fetched(after, each)) as Buffer).toEqual(Buffer.from(each.part10()));
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.dcm'));
  expect(files.length, files.join()).toBe(3);
  after.remove(study.studyInstanceUID);
  expect(server({ data }).loaded.loaded).toBe(0);
});
