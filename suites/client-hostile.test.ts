import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientJudge } from './harness/client.ts';
import { loadClientChecks } from './harness/load.ts';

const checks = await loadClientChecks();

const words = ['studies', 'series', 'instances', 'frames', 'metadata', 'bulkdata', 'constructor', '__proto__'];
const segment = fc.constantFrom(...words, '1.2.3', '%', '%zz', '%2E', '1,1', 'Studies', 'study', '');
const path = fc.array(fc.oneof({ weight: 4, arbitrary: segment }, fc.string()), { maxLength: 9 });
const names = ['StudyDate', '00100010', 'includefield', 'fuzzymatching', '__proto__', 'constructor.x', '00400275.00400009', '%', 'accept'];
const query = fc.array(fc.tuple(fc.constantFrom(...names), fc.string()), { maxLength: 5 });
const contentTypes = [
  'application/soap+xml; action="x"',
  'multipart/related; type="application/xop+xml"; boundary=B',
  'text/xml',
  'a/b; ;=',
];
const accepts = [
  'multipart/related; type="video/mpeg"',
  'multipart/related; type="',
  '*/*',
  ',,;',
  ';type=;',
  '"',
  'multipart/related;type=;q=x',
];
const around = (text: string) =>
  `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header/><e:Body><RetrieveRenderedImagingDocumentSetRequest><StudyRequest>` +
  `<SeriesRequest>${text}<RenderedDocumentRequest><Region>${text}</Region><Rows/><Annotation/><ContentTypeList/></RenderedDocumentRequest>` +
  `</SeriesRequest></StudyRequest></RetrieveRenderedImagingDocumentSetRequest></e:Body></e:Envelope>`;
const body = fc.oneof(
  fc.string(),
  fc.string().map(around),
  fc.string().map(text => `--B\r\n\r\nRetrieveImagingDocumentSet${text}\r\n--B--`),
  fc.string().map(text => `--B\r\n\r\n${around(text)}\r\n--B--`),
);

test('whatever a client sends, the checks judge it or leave it alone', () => {
  const requests = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'),
    path,
    query,
    contentType: fc.oneof(fc.constantFrom(...contentTypes), fc.string()),
    accept: fc.oneof(fc.constantFrom(...accepts), fc.string()),
    body,
  });
  const holds = ({ method, path, query, contentType, accept, body }: typeof requests extends fc.Arbitrary<infer R> ? R : never) => {
    const judge = clientJudge({ checks, roots: { rs: '/dicom-web', 'wado-ws': '/wado-ws' } });
    const search = query.map(([name, value]) => `${name}=${value}`).join('&');
    const url = new URL(`http://client.invalid/dicom-web/${path.join('/').replaceAll(/[?#]/g, '')}?${search.replaceAll('#', '')}`).href;
    const headers = [['Content-Type', contentType] as const, ['Accept', accept] as const];
    const response = { status: 400, headers: [], body: new Uint8Array() };
    judge.see({ request: { method, url, headers, body: Buffer.from(body) }, response, ms: 1 });
    const errors = judge.report(url).results.filter(({ verdict }) => verdict === 'error');
    expect(errors.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  };
  fc.assert(fc.property(requests, holds), { numRuns: 1000 });
});
