import { setupServer } from 'msw/node';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { createMockServer } from './index.ts';

const ct = studyNamed('ct');
const server = createMockServer();
const base = 'http://mock.example/dicom-web';

const send = (path: string, init?: RequestInit) => server.fetch(new Request(base + path, init));
const accept = (type: string) => ({ headers: { Accept: type } });
const dicom = accept('multipart/related; type="application/dicom"');

test('a study comes as one part for each instance', async () => {
  const response = await send(`/studies/${ct.studyInstanceUID}`, dicom);
  expect(response.status).toBe(200);
  const boundary = /boundary=(\S+)/.exec(response.headers.get('Content-Type') ?? '')?.[1];
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  expect(body.split(`--${boundary}`).length - 2).toBe(ct.instances.length);
});

test.each([
  ['/studies/9.9', dicom, 404],
  ['/studies/0123', dicom, 400],
  ['/nothing', dicom, 404],
  [`/studies/${ct.studyInstanceUID}`, accept('image/png'), 406],
  ['/studies?limit=many', {}, 400],
  ['/studies?Nonsense=1', {}, 400],
  ['/studies', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } }, 400],
  ['/studies', { method: 'DELETE' }, 405],
] as const)('%s is answered with a status and a sentence', async (path, init, status) => {
  const response = await send(path, init);
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(/^[A-Z"][^\n]+\.\n$|^[A-Z"][^\n]+…\n$/);
});

test('what was deleted is gone', async () => {
  const own = createMockServer();
  own.remove(ct.studyInstanceUID);
  const response = await own.fetch(new Request(`${base}/studies/${ct.studyInstanceUID}`, dicom));
  expect(response.status).toBe(410);
});

test('the same request gives the same bytes', async () => {
  const bytes = async () => Buffer.from(await (await send(`/studies/${ct.studyInstanceUID}/metadata`)).arrayBuffer()).toString('base64');
  expect(await bytes()).toBe(await bytes());
});

test('JSON metadata and metadata of a series come with their editions', async () => {
  const series = ct.instances[0]?.seriesInstanceUID;
  const status = async (edition: string, path: string) => {
    const { fetch } = createMockServer({ edition });
    return (await fetch(new Request(`${base}/studies/${ct.studyInstanceUID}${path}`, accept('application/json')))).status;
  };
  expect([await status('2013', '/metadata'), await status('2014a', '/metadata')]).toEqual([406, 200]);
  expect([await status('2014a', `/series/${series}/metadata`), await status('2014c', `/series/${series}/metadata`)]).toEqual([404, 200]);
});

test('a client that leaves in the middle of a study leaves nothing running', async () => {
  const response = await send(`/studies/${ct.studyInstanceUID}`, dicom);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  await expect(reader?.cancel()).resolves.toBeUndefined();
});

const search = `/dicom-web/studies?StudyInstanceUID=${ct.studyInstanceUID}`;

test('on a port, URLs in answers follow the Host of the request', async () => {
  const { origin, close } = await server.listen();
  const found = await request(origin).get(search).set('Accept', 'application/json').set('Host', 'pacs.example:8080');
  expect(found.status).toBe(200);
  expect(found.body[0]['00081190'].Value[0]).toBe(`http://pacs.example:8080/dicom-web/studies/${ct.studyInstanceUID}`);
  const wrong = await request(origin).put('/dicom-web/studies');
  expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  const preflight = await request(origin)
    .options('/dicom-web/studies')
    .set('Origin', 'http://viewer.example')
    .set('Access-Control-Request-Method', 'GET');
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*']);
  await close();
});

const worker = setupServer();
beforeAll(() => worker.listen({ onUnhandledRequest: 'bypass' }));
afterAll(() => worker.close());

const [image] = ct.instances;
const ofImage = `/studies/${ct.studyInstanceUID}/series/${image?.seriesInstanceUID}/instances/${image?.sopInstanceUID}`;
const xml = 'multipart/related; type="application/dicom+xml"';
const octets = 'multipart/related; type="application/octet-stream"';

/** What is asked of every mount; each answer has to be the same, byte by byte. */
const exchanges: readonly (readonly [status: number, path: string, init: RequestInit])[] = [
  [200, `/studies?StudyInstanceUID=${ct.studyInstanceUID}`, accept('application/json')],
  [200, `/studies/${ct.studyInstanceUID}/instances?includefield=all`, accept(xml)],
  [200, `/studies/${ct.studyInstanceUID}`, dicom],
  [200, `/studies/${ct.studyInstanceUID}/metadata`, accept(xml)],
  [200, `${ofImage}/frames/1`, accept(octets)],
  [206, `${ofImage}/bulkdata/7FE00010`, { headers: { Accept: octets, Range: 'bytes=2-9' } }],
  [404, '/studies/9.9', dicom],
  [400, '/studies/0123', dicom],
  [404, '/nothing', {}],
  [406, `/studies/${ct.studyInstanceUID}`, accept('image/png')],
  [400, '/studies?limit=many', {}],
  [400, '/studies', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } }],
  [405, '/studies', { method: 'DELETE' }],
  [204, '/studies', { method: 'OPTIONS', headers: { Origin: 'http://viewer.example', 'Access-Control-Request-Method': 'GET' } }],
];

/** Status, the header fields that matter and the body, without the name of the host, which is the client's. */
async function seen(response: Response) {
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  const fields = ['content-type', 'content-range', 'allow', 'vary', 'warning', 'access-control-allow-origin'].map(name =>
    response.headers.get(name),
  );
  return JSON.parse(
    JSON.stringify([response.status, fields, body]).replaceAll(
      /http:\/\/(mock\.example|viewer\.example|127\.0\.0\.1:\d+|localhost:\d+)/g,
      'http://host',
    ),
  ) as readonly unknown[];
}

describe('each mount gives the same answer', () => {
  let port: Awaited<ReturnType<typeof server.listen>>;
  beforeAll(async () => {
    port = await server.listen();
    worker.use(...(await server.handlers('http://viewer.example')));
  });
  afterAll(() => port.close());

  test.each(exchanges)('%i to %s %j', async (status, path, init) => {
    const ours = await seen(await send(path, init));
    expect(ours[0]).toBe(status);
    expect(await seen(await fetch(`${port.origin}/dicom-web${path}`, init)), 'on a port').toEqual(ours);
    expect(await seen(await fetch(`http://viewer.example/dicom-web${path}`, init)), 'as MSW handlers').toEqual(ours);
  });
});
