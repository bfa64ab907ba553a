import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { namespaces, wsActions } from '../../schemas/wado-ws.ts';
import { createMockServer } from '../index.ts';

const server = createMockServer();
const [slice] = studyNamed('ct').instances;
if (!slice) throw new Error('the fixture ct is empty');

/** Counts who asks it for what no server may fetch. */
let fetched = 0;
const trap = createServer((_, response) => {
  fetched += 1;
  response.end('<!ENTITY x "fetched">');
});
let address = '';
beforeAll(async () => {
  await new Promise<void>(resolve => trap.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  await send(envelope(information('/')));
});
afterAll(() => {
  trap.close();
});

const information = (xpath: string) =>
  `<wado:RetrieveImagingDocumentSetInformationRequest xmlns:wado="${namespaces.wado}" xmlns:ihe="${namespaces.ihe}"><wado:StudyRequest studyInstanceUID="${slice.studyInstanceUID}"><wado:SeriesRequest seriesInstanceUID="${slice.seriesInstanceUID}"><wado:DocumentInformationRequest><ihe:DocumentUniqueId>${slice.sopInstanceUID}</ihe:DocumentUniqueId><wado:XPath>${xpath.replaceAll('<', '&lt;')}</wado:XPath></wado:DocumentInformationRequest></wado:SeriesRequest></wado:StudyRequest></wado:RetrieveImagingDocumentSetInformationRequest>`;

const envelope = (body: string, { before = '', headers = '' } = {}) =>
  `${before}<s:Envelope xmlns:s="${namespaces.soap12}" xmlns:a="${namespaces.wsa}"><s:Header><a:Action>${wsActions.information.request.action}</a:Action><a:MessageID>urn:uuid:1</a:MessageID>${headers}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;

const send = (body: string | Uint8Array, type = 'application/soap+xml') =>
  server.fetch(new Request('http://x/wado-ws', { method: 'POST', headers: { 'Content-Type': type }, body }));

/** Of this process's work since then, whatever else the machine does. */
function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

const times = (text: string, count: number) => text.repeat(count);
const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${times(`&l${i};`, 10)}">`).join('');

/** Messages that would hurt a reader who trusts them. */
const messages: Readonly<Record<string, () => string | Uint8Array>> = {
  'an entity bomb': () => envelope(information('&l9;'), { before: `<!DOCTYPE s [<!ENTITY l0 "lol">${levels}]>` }),
  'an entity bomb of one large entity': () =>
    envelope(information(times('&a;', 20_000)), { before: `<!DOCTYPE s [<!ENTITY a "${times('a', 60_000)}">]>` }),
  'an external entity of a file': () =>
    envelope(information('&x;'), { before: '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>' }),
  'an external entity of another server': () =>
    envelope(information('&x;'), { before: `<!DOCTYPE s [<!ENTITY x SYSTEM "${address}/x">]>` }),
  'an external DTD': () => envelope(information('/'), { before: `<!DOCTYPE s SYSTEM "${address}/x.dtd">` }),
  'an external parameter entity': () => envelope(information('/'), { before: `<!DOCTYPE s [<!ENTITY % x SYSTEM "${address}/x">%x;]>` }),
  'a stylesheet': () => envelope(information('/'), { before: `<?xml-stylesheet href="${address}/x.xsl"?>` }),
  'a deep message': () => envelope(times('<x>', 100_000)),
  'a deep header': () => envelope(information('/'), { headers: `${times('<x>', 5000)}${times('</x>', 5000)}` }),
  'a huge attribute': () => envelope(`<x y="${times('a', 1_900_000)}"/>`),
  'a huge name': () => envelope(`<${times('a', 1_900_000)}/>`),
  'a huge text': () => envelope(`<x>${times('a', 3_000_000)}</x>`),
  'many attributes': () => envelope(`<x ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
  'many namespaces': () => envelope(`<x ${Array.from({ length: 50_000 }, (_, i) => `xmlns:a${i}="u"`).join(' ')}/>`),
  'many elements': () => envelope(times('<x/>', 400_000)),
  'an endless comment': () => envelope(`<!--${times('a', 1_900_000)}`),
  'an attribute of ends of tags': () => envelope(`<x y="${times('>', 900_000)}"/>`),
  'a CDATA section of brackets': () => envelope(`<x><![CDATA[${times(']>', 450_000)}]]></x>`),
  'a comment of beginnings of tags': () => envelope(`<!--${times('<', 900_000)}-->`),
  'an unended CDATA section': () => envelope(`<![CDATA[${times(']', 1_900_000)}`),
  'a body of several gigabytes, from its beginning': () => new Uint8Array(6 * 1024 * 1024).fill(0x61),
  'bytes that are no UTF-8': () => Buffer.from(envelope(information('\xff')), 'latin1'),
  'half of a UTF-16 text': () => Buffer.from(`\ufeff${envelope(information('/'))}`, 'utf16le').subarray(0, 301),
  nothing: () => '',
  'a multipart message of nothing': () => '--b--',
};

describe('hostile messages are refused soon and in little memory', () => {
  test.each(Object.entries(messages))('%s', async (_, make) => {
    const body = make();
    const type = typeof body === 'string' && body.startsWith('--') ? 'multipart/related; boundary=b' : undefined;
    const [memory, start] = [process.memoryUsage().rss, process.cpuUsage()];
    const response = await send(body, type);
    const text = await response.text();
    expect(milliseconds(start)).toBeLessThan(100);
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * 1024 * 1024);
    expect([400, 413]).toContain(response.status);
    expect(text).toMatch(/<soap12:Fault>|^[A-Z].*\.$/m);
    expect(fetched).toBe(0);
  });
});

describe('hostile XPaths are errors of their document, soon', () => {
  test.each(
    [
      'count(//*[count(//*[count(//*)>0])>0])',
      '//*//*//*//*//*//*//*//*//*//*',
      '//*[//*[//*[//*[//x]]]]',
      `${times('(', 900)}1`,
      times('-', 999),
      `//*[${times('not(', 190)}1${times(')', 190)}]`,
      'document("file:///etc/hostname")',
      'unparsed-entity-uri("x")',
      'namespace::*',
      '//namespace::*',
      '$x',
      `"${times('a', 2000)}"`,
      'a:b',
      '1 | 2',
      'count(1)',
      '(1)[1]',
      '-//*[1] | //*',
      '//[',
      '',
    ].map(xpath => [xpath.slice(0, 60), xpath] as const),
  )('%s', async (_, xpath) => {
    const start = process.cpuUsage();
    const response = await send(envelope(information(xpath)));
    expect(milliseconds(start)).toBeLessThan(100);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/errorCode="urn:dicom:wado:XX12"|XPathResponse/);
  });
});
