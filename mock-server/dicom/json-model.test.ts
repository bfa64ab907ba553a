import { expect, test } from 'vitest';
import { dataSet, privateBlock, type Recipe } from '../../fixtures/data-set.ts';
import type { Element } from '../../schemas/data-set.ts';
import { toJsonModel } from './json-model.ts';

const json = (recipe: Recipe) => toJsonModel(dataSet(recipe));
const written = (element: Element) => toJsonModel(new Map([['00091001', element]])).replace(/^\{"00091001":|\}$/g, '');

// PS3.18-2013 F.2.2: what JSON.stringify of an object does not keep.
test('members are in ascending order, those with decimal digits alone too', () => {
  const text = json({ PresentationLUTShape: 'IDENTITY', SOPInstanceUID: '1.2', NumericValue: '1', PatientID: 'x', Rows: 1 });
  const tags = [...text.matchAll(/"([0-9A-F]{8})":/g)].map(([, tag]) => tag);
  expect(tags).toEqual(['00080018', '00100020', '00280010', '0040A30A', '20500020']);
});

// F.2.3, Table F.2.3-1, F.2.5 and F.2.7.
test.each([
  [{ vr: 'DS', values: ['+001.50', '.5', '5.', '1e3'] }, '{"vr":"DS","Value":[1.5,0.5,5,1000]}'],
  [{ vr: 'DS', values: ['1,5'] }, '{"vr":"DS","Value":["1,5"]}'],
  [{ vr: 'IS', values: ['007', '-2147483648'] }, '{"vr":"IS","Value":[7,-2147483648]}'],
  [{ vr: 'UL', values: [4294967295] }, '{"vr":"UL","Value":[4294967295]}'],
  [{ vr: 'SS', values: [-1] }, '{"vr":"SS","Value":[-1]}'],
  [{ vr: 'FD', values: [1.5, Number.NaN] }, '{"vr":"FD","Value":[1.5,null]}'],
  [{ vr: 'AT', values: ['00181063'] }, '{"vr":"AT","Value":["00181063"]}'],
  [{ vr: 'LT', values: ['a\\b "c"\r\n'] }, '{"vr":"LT","Value":["a\\\\b \\"c\\"\\r\\n"]}'],
  [{ vr: 'CS', values: ['ORIGINAL', 'PRIMARY', '', 'AXIAL'] }, '{"vr":"CS","Value":["ORIGINAL","PRIMARY",null,"AXIAL"]}'],
  [{ vr: 'SH', values: [] }, '{"vr":"SH"}'],
  [{ vr: 'SH', values: [''] }, '{"vr":"SH"}'],
  [{ vr: 'SH', values: ['', ''] }, '{"vr":"SH","Value":[null,null]}'],
  [{ vr: 'SQ', items: [] }, '{"vr":"SQ"}'],
  [
    { vr: 'SQ', items: [new Map(), new Map([['00080100', { vr: 'SH', values: ['x'] }]])] },
    '{"vr":"SQ","Value":[{},{"00080100":{"vr":"SH","Value":["x"]}}]}',
  ],
  [{ vr: 'OW', bytes: Uint8Array.of(0, 0, 1, 0, 2, 0, 3, 0) }, '{"vr":"OW","InlineBinary":"AAABAAIAAwA="}'],
  [{ vr: 'UN', bytes: new Uint8Array() }, '{"vr":"UN"}'],
] as const satisfies readonly (readonly [Element, string])[])('%j is written as %s', (element, text) => {
  expect(written(element)).toBe(text);
});

// F.2.2: the groups that are not empty.
test.each([
  ['Tanaka^Hanako=田中^花子=たなか^はなこ', '{"Alphabetic":"Tanaka^Hanako","Ideographic":"田中^花子","Phonetic":"たなか^はなこ"}'],
  ['=田中^花子', '{"Ideographic":"田中^花子"}'],
  ['A^B==', '{"Alphabetic":"A^B"}'],
  ['A^^C', '{"Alphabetic":"A^^C"}'],
])('the name %s is written as %s', (name, text) => {
  expect(written({ vr: 'PN', values: [name] })).toBe(`{"vr":"PN","Value":[${text}]}`);
});

test('private attributes keep their block, and its creator is one of them', () => {
  expect(json(privateBlock('ACME 1.0', 9, { 2: { vr: 'UN', bytes: Uint8Array.of(1, 2) } }))).toBe(
    '{"00090010":{"vr":"LO","Value":["ACME 1.0"]},"00091002":{"vr":"UN","InlineBinary":"AQI="}}',
  );
});

// F.2.6; PS3.18-2013 6.5.6 names the VRs that may go by reference.
test('what goes by reference is asked for by its path, where the VR allows it', () => {
  const paths: string[] = [];
  const item = new Map<string, Element>([['7FE00010', { vr: 'OW', bytes: Uint8Array.of(1, 2) }]]);
  const text = toJsonModel(
    new Map<string, Element>([
      ['00080018', { vr: 'UI', values: ['1.2'] }],
      ['00880200', { vr: 'SQ', items: [item] }],
    ]),
    {
      bulkDataUri: path => {
        paths.push(path.join('.'));
        return 'http://pacs.example/1';
      },
    },
  );
  expect(text).toBe(
    '{"00080018":{"vr":"UI","Value":["1.2"]},"00880200":{"vr":"SQ","Value":[{"7FE00010":{"vr":"OW","BulkDataURI":"http://pacs.example/1"}}]}}',
  );
  expect(paths).toEqual(['00880200.0.7FE00010']);
});
