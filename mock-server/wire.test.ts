import { setupServer } from 'msw/node';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('each mount gives the same answer', async () => {
  worker.use(...(await server.handlers('http://viewer.example')));
  const { origin, close } = await server.listen();
  const init = accept('application/json');
  const bodies = await Promise.all(
    [
      fetch(`http://viewer.example${search}`, init),
      fetch(origin + search, init),
      server.fetch(new Request(`http://any.example${search}`, init)),
    ].map(async response => (await response).text()),
  );
  const [first, ...others] = bodies.map(body => body.replaceAll(/http:\/\/[^/]+/g, 'http://host'));
  expect(first).toContain('CONFTEST');
  expect(others).toEqual([first, first]);
  await close();
});
