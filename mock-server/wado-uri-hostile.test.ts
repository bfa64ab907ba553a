import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corpus } from '../fixtures/corpus.ts';
import { createMockServer } from './index.ts';

const server = createMockServer();
const instances = corpus.flatMap(study => study.instances);
const junk = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('', '-1', '0', '1e9', '99999999999', ' 7 ', '0.5,0.5', '0,0,1,1', '%00', ',', ';q=', 'NaN'),
);
const plausible: Readonly<Record<string, fc.Arbitrary<string>>> = {
  contentType: fc.constantFrom(
    'image/jpeg',
    'image/png',
    'image/gif',
    'image/jp2',
    'application/dicom',
    'text/html',
    'text/plain',
    'text/xml',
    '*/*',
  ),
  charset: fc.constantFrom('UTF-8', 'ISO-8859-1', 'ISO-2022-JP', 'x'),
  anonymize: fc.constant('yes'),
  annotation: fc.constantFrom('patient', 'technique', 'patient,technique'),
  rows: fc.integer({ min: 1, max: 300 }).map(String),
  columns: fc.integer({ min: 1, max: 300 }).map(String),
  region: fc.constantFrom('0,0,0.5,0.5', '0.9,0.9,1,1', '0.001,0,0.002,1'),
  windowCenter: fc.integer({ min: -2000, max: 2000 }).map(String),
  windowWidth: fc.integer({ min: 1, max: 4000 }).map(String),
  frameNumber: fc.integer({ min: 1, max: 6 }).map(String),
  imageQuality: fc.integer({ min: 1, max: 100 }).map(String),
  presentationUID: fc.constantFrom(...instances.slice(-20).map(each => each.sopInstanceUID)),
  presentationSeriesUID: fc.constantFrom(...instances.slice(-20).map(each => each.seriesInstanceUID)),
  transferSyntax: fc.constantFrom(
    '1.2.840.10008.1.2.1',
    '1.2.840.10008.1.2.5',
    '1.2.840.10008.1.2.4.50',
    '1.2.840.10008.1.2.4.90',
    '1.2.840.10008.1.2.4.100',
  ),
};
const parameter = fc
  .constantFrom(...Object.entries(plausible))
  .chain(([name, value]) => fc.tuple(fc.constant(name), fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: junk })));
const headers = fc.record(
  {
    Accept: fc.constantFrom('*/*', 'image/*', 'application/dicom', 'text/html;q=0.5', ',;q=x'),
    'Accept-Charset': fc.constantFrom('utf-8', 'x;q=0', ';'),
  },
  { requiredKeys: [] },
);

test('whatever is asked for, the server answers with an object or with a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...instances), fc.array(parameter, { maxLength: 6 }), headers, async (of, parameters, lines) => {
      const query = new URLSearchParams([
        ['requestType', 'WADO'],
        ['studyUID', of.studyInstanceUID],
        ['seriesUID', of.seriesInstanceUID],
        ['objectUID', of.sopInstanceUID],
        ...parameters,
      ]);
      const response = await server.fetch(new Request(`http://mock.example/wado?${query}`, { headers: lines as Record<string, string> }));
      const body = Buffer.from(await response.arrayBuffer());
      expect(response.status, body.toString('latin1', 0, 300)).toBeLessThan(500);
      expect(body.length).toBeGreaterThan(0);
      if (!response.ok) expect(body.toString()).toMatch(/^[A-Z"][\s\S]*[.…"]\n$/);
    }),
    { seed: 7, numRuns: 400 },
  );
}, 60_000);
