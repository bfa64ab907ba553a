import { XmlDocument } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { createMockServer } from '../index.ts';

const server = createMockServer();
const get = (path: string) => server.fetch(new Request(`http://x${path}`));
const post = (body: string, type: string) =>
  server.fetch(new Request('http://x/wado-ws', { method: 'POST', headers: { 'Content-Type': type }, body }));

test('the WSDL and every schema that it leads to can be had', async () => {
  const seen = new Set<string>();
  const follow = async (url: string): Promise<void> => {
    if (seen.has(url)) return;
    seen.add(url);
    const response = await server.fetch(new Request(url));
    expect(response.status, url).toBe(200);
    const document = XmlDocument.fromString(await response.text());
    for (const location of document.find('//@schemaLocation')) await follow(new URL(location.content, url).href);
  };
  await follow('http://x/wado-ws?wsdl');
  expect(seen.size).toBe(5);
});

test('what is no message is told so', async () => {
  const plain = await get('/wado-ws');
  expect([plain.status, plain.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS']);
  expect((await get('/wado-ws/other.xsd')).status).toBe(404);
  expect((await post('{}', 'application/json')).status).toBe(415);
  expect((await post('--b\r\n', 'multipart/related; boundary=b; start="<x>"')).status).toBe(400);
});

test('a SOAP 1.1 message is answered with the version that is spoken', async () => {
  const envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x/></s:Body></s:Envelope>';
  const response = await post(envelope, 'text/xml');
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/soap12:Upgrade.*soap12:SupportedEnvelope.*soap12:VersionMismatch/);
});

// PS3.18-2013 6.4.1.2.2: the URL in a JPIP referenced object leads to a server that says what it cannot do.
test('pixels are not streamed by JPIP, and that is said', async () => {
  const [slice] = studyNamed('ct').instances;
  expect((await get(`/wado-ws/jpip?target=${slice?.sopInstanceUID}&fsiz=200,200`)).status).toBe(501);
  expect((await get('/wado-ws/jpip?target=2.25.1')).status).toBe(404);
});

test('from 2017c on there is no WADO-WS', async () => {
  const later = createMockServer({ edition: '2017c' });
  expect((await later.fetch(new Request('http://x/wado-ws?wsdl'))).status).toBe(404);
});
