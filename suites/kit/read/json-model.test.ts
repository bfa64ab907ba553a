import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import jsonModel from '../../../schemas/json/dicom-json-model.json' with { type: 'json' };
import { statedBySchema } from '../../qido-rs/json-model-schema.ts';
import { jsonSchemaDefects } from '../schemas.ts';
import { Unreadable } from './defect.ts';
import { readJsonResults } from './json-model.ts';

const read = (text: string) => readJsonResults(Buffer.from(text, 'utf8'));
const rowsOf = (text: string) => [...new Set(read(text).defects.map(({ row }) => row))];
const one = (members: string) => `[{${members}}]`;

/** For each requirement the smallest text that breaks it; what else is broken by it follows. */
const wrong: Readonly<Record<string, readonly string[]>> = {
  'MODEL-JSON-F.1-02': [
    one('"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}'),
    one('"00100020":{"vr":"LO","vr":"LO"}'),
    one('"00100010":{"vr":"PN","Value":[{"Alphabetic":"A","Alphabetic":"B"}]}'),
  ],
  'MODEL-JSON-F.2-03': ['\ufeff[]'],
  'MODEL-JSON-F.2.1-02': ['{"00100020":{"vr":"LO"}}', '{}'],
  'MODEL-JSON-F.2.2-01': [
    one('"0020000d":{"vr":"UI"}'),
    one('"0020,000D":{"vr":"UI"}'),
    one('"(0020,000D)":{"vr":"UI"}'),
    one('"StudyInstanceUID":{"vr":"UI"}'),
  ],
  'MODEL-JSON-F.2.2-02': [one('"00100020":{"vr":"LO"},"00080050":{"vr":"SH"}')],
  'MODEL-JSON-F.2.2-03': [one('"00081140":{"vr":"SQ","Value":[{"00100020":{"vr":"LO"},"00080050":{"vr":"SH"}}]}')],
  'MODEL-JSON-F.2.2-04': [one('"00080000":{"vr":"UL","Value":[8]}')],
  'MODEL-JSON-F.2.2-05': [
    one('"00100020":{"Value":["1"]}'),
    one('"00100020":"1"'),
    one('"00100020":{"vr":"lo"}'),
    one('"00100020":{"vr":1}'),
  ],
  'MODEL-JSON-F.2.2-06': [one('"00100010":{"vr":"LO"}'), one('"00280010":{"vr":"IS"}')],
  'MODEL-JSON-F.2.2-07': [one('"7FE00010":{"vr":"OW","InlineBinary":"AAA=","BulkDataURI":"http://pacs.example/1"}')],
  'MODEL-JSON-F.2.2-08': [one('"00100020":{"vr":"LO","value":["1"]}'), one('"7FE00010":{"vr":"OW","bulkDataUri":"http://pacs.example/1"}')],
  'MODEL-JSON-F.2.2-09': [one('"00100020":{"vr":"LO","Tag":"00100020"}'), one('"7FE00010":{"vr":"OB","DataFragment":[]}')],
  'MODEL-JSON-F.2.2-10': [one('"00100010":{"vr":"PN","Value":{"Alphabetic":"A"}}')],
  'MODEL-JSON-F.2.2-11': [
    one('"7FE00010":{"vr":"OW","BulkDataURI":{"uri":"http://pacs.example/1"}}'),
    one('"7FE00010":{"vr":"OW","BulkDataURI":""}'),
  ],
  'MODEL-JSON-F.2.2-12': [
    one('"00100010":{"vr":"PN","BulkDataURI":"http://pacs.example/1"}'),
    one('"00081140":{"vr":"SQ","BulkDataURI":"http://pacs.example/1"}'),
  ],
  'MODEL-JSON-F.2.2-13': [one('"00100020":{"vr":"LO","InlineBinary":"AAA="}')],
  'MODEL-JSON-F.2.2-14': [one('"7FE00010":{"vr":"OW","Value":[1,2,3]}')],
  'MODEL-JSON-F.2.2-15': [one('"00090002":{"vr":"UN"}'), one('"00090102":{"vr":"UN"}')],
  'MODEL-JSON-F.2.2-16': [one('"00091002":{"vr":"UN"}'), one('"00090010":{"vr":"LO","Value":["ACME"]},"00091102":{"vr":"UN"}')],
  'MODEL-JSON-F.2.3-01': [
    one('"00280010":{"vr":"US","Value":["512"]}'),
    one('"00189087":{"vr":"FD","Value":["0.1"]}'),
    one('"00280010":{"vr":"US","Value":[true]}'),
  ],
  'MODEL-JSON-F.2.3-02': [one('"00101030":{"vr":"DS","Value":["72.5"]}')],
  'MODEL-JSON-F.2.3-03': [one('"00200013":{"vr":"IS","Value":["007"]}')],
  'MODEL-JSON-F.2.3-07': [
    one('"00280009":{"vr":"AT","Value":[1577059]}'),
    one('"00280009":{"vr":"AT","Value":["(0018,1063)"]}'),
    one('"00280009":{"vr":"AT","Value":["7fe00010"]}'),
  ],
  'MODEL-JSON-F.2.3-08': [one('"00080020":{"vr":"DA","Value":[20130409]}'), one('"00100020":{"vr":"LO","Value":[{"a":1}]}')],
  'MODEL-JSON-F.2.3-09': [one('"00080020":{"vr":"DA","Value":["2013-04-09"]}'), one('"0008002A":{"vr":"DT","Value":["20130409T101530"]}')],
  'MODEL-JSON-F.2.3-10': [one('"0020000D":{"vr":"UI","Value":["1.2.3\\u0000"]}')],
  'MODEL-JSON-F.2.3-11': [one('"00100010":{"vr":"PN","Value":["Doe^Jane"]}')],
  'MODEL-JSON-F.2.3-12': [one('"00081140":{"vr":"SQ","Value":[[]]}')],
  'MODEL-JSON-F.2.3-13': [one('"7FE00010":{"vr":"OX"}'), one('"00280106":{"vr":"US or SS"}')],
  'MODEL-JSON-F.2.4-01': [one('"00080008":{"vr":"CS","Value":["ORIGINAL\\\\PRIMARY"]}')],
  'MODEL-JSON-F.2.4-02': [one('"00080060":{"vr":"CS","Value":"CT"}'), one('"00280010":{"vr":"US","Value":512}')],
  'MODEL-JSON-F.2.4-03': [one('"00204000":{"vr":"LT","Value":["a","b"]}')],
  'MODEL-JSON-F.2.4-04': [one('"00080060":{"vr":"CS","vm":"1","Value":["CT"]}')],
  'MODEL-JSON-F.2.5-01': [
    ...['[]', '[""]', '[null]', 'null'].map(value => one(`"00080050":{"vr":"SH","Value":${value}}`)),
    one('"7FE00010":{"vr":"OW","InlineBinary":""}'),
    one('"7FE00010":{"vr":"OW","Value":[]}'),
  ],
  'MODEL-JSON-F.2.5-02': [one('"00080008":{"vr":"CS","Value":["ORIGINAL","","AXIAL"]}')],
  'MODEL-JSON-F.2.5-03': [one('"00081140":{"vr":"SQ","Value":[]}')],
  'MODEL-JSON-F.2.5-04': [one('"00081140":{"vr":"SQ","Value":[{},null]}')],
  'MODEL-JSON-F.2.5-06': [one('"00081070":{"vr":"PN","Value":[{"Alphabetic":"A"},{},{"Alphabetic":"C"}]}')],
  'MODEL-JSON-F.2.6-02': [
    one('"7FE00010":{"vr":"OW","InlineBinary":["AAA="]}'),
    one('"7FE00010":{"vr":"OW","InlineBinary":"not base64!"}'),
  ],
  'MODEL-JSON-F.2.6-03': [
    one('"7FE00010":{"vr":"OW","InlineBinary":"-_8="}'),
    one('"7FE00010":{"vr":"OW","InlineBinary":"AA\\n=="}'),
    one('"7FE00010":{"vr":"OW","InlineBinary":"AAA"}'),
  ],
  'MODEL-JSON-F.4-01': [
    one('"00090010":{"vr":"LO","Value":["ACME"]},"00091002":{"vr":"UN","Value":["z0x9c8v7"]}'),
    one('"00080020":{"vr":"DT","Value":["20130409"]}'),
    one('"00281101":{"vr":"US","InlineBinary":"AAA="}'),
  ],
  'MODEL-JSON-PN-01': [
    one('"00100010":{"vr":"PN","Value":[{"SingleByte":"A"}]}'),
    one('"00100010":{"vr":"PN","Value":[{"alphabetic":"A"}]}'),
  ],
  'MODEL-JSON-PN-02': [
    one('"00100010":{"vr":"PN","Value":[{"Alphabetic":"A","Ideographic":""}]}'),
    one('"00100010":{"vr":"PN","Value":[{"Alphabetic":"A","Phonetic":null}]}'),
  ],
  'MODEL-JSON-PN-03': [one('"00100010":{"vr":"PN","Value":[{"Alphabetic":{"FamilyName":"A"}}]}')],
  'MODEL-JSON-PN-04': [one('"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B=C^D"}]}')],
  'MODEL-JSON-PN-05': [one('"00081070":{"vr":"PN","Value":[{"Alphabetic":"A^B\\\\C^D"}]}')],
  'MODEL-MAP-F.3.1-07': [one('"00100010":{"vr":"PN","keyword":"PatientName"}')],
};

/** What is told besides, where one mistake is two. */
const besides: readonly string[] = ['MODEL-JSON-F.2.2-09', 'MODEL-JSON-F.2.2-10', 'MODEL-JSON-F.2.2-05'];

test.each(Object.entries(wrong).flatMap(([row, texts]) => texts.map(text => [row, text] as const)))('%s is broken by %s', (row, text) => {
  const rows = rowsOf(text);
  expect(rows).toContain(row);
  expect(rows.filter(each => each !== row && !besides.includes(each))).toEqual([]);
});

test('there is an example for each requirement that the reader tells of', () => {
  const sources = ['json-model.ts', 'json-values.ts'].map(name => readFileSync(new URL(name, import.meta.url), 'utf8')).join('');
  const told = new Set([...sources.matchAll(/'(MODEL-[^']+)'/g)].map(([, row]) => row ?? ''));
  // These make the text unreadable, or need bytes.
  const others = ['MODEL-JSON-F.2-02', 'MODEL-JSON-F.2.1-01'];
  expect([...told].filter(row => !(row in wrong) && !others.includes(row))).toEqual([]);
});

/** What the schema does not tell, or tells by another requirement. */
const beyondTheSchema: readonly RegExp[] = [/"00080020":\{"vr":"DT"/, /"vr":"OX"/, /not base64!/, /"Value":null/];

// The schema is a second reading of the same rules, made by another reader.
test.each(
  Object.entries(wrong)
    .filter(([row]) => statedBySchema.some(each => each === row))
    .flatMap(([row, texts]) => texts.filter(text => !beyondTheSchema.some(each => each.test(text))).map(text => [row, text] as const)),
)('the schema, too, finds %s broken by %s', async (row, text) => {
  expect((await jsonSchemaDefects(JSON.parse(text))).map(defect => defect.row)).toContain(row);
});

// The kit takes this for granted, since telling so takes longer than all else it does with the schema.
test('the schema is one of JSON Schema 2020-12', () => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validateSchema(jsonModel), ajv.errorsText()).toBe(true);
});

test('the requirements that the schema names are those of the check', () => {
  const source = readFileSync(new URL('../../../schemas/json/dicom-json-model.json', import.meta.url), 'utf8');
  const named = new Set([...source.matchAll(/"\$comment": "([^"]+)"/g)].map(([, row]) => row ?? ''));
  expect([...named].sort()).toEqual([...statedBySchema].sort());
});

test('bytes that are no UTF-8 are told, other encodings of Unicode are read', () => {
  const latin = readJsonResults(Buffer.from(one('"00100020":{"vr":"LO","Value":["é"]}'), 'latin1'));
  expect(latin.defects.map(({ row }) => row)).toEqual(['MODEL-JSON-F.2-02']);
  const wide = readJsonResults(Buffer.from(one('"00100020":{"vr":"LO","Value":["é"]}'), 'utf16le'));
  expect(wide.defects.map(({ row }) => row)).toEqual(['MODEL-JSON-F.2-03']);
  expect(wide.value[0]?.[0]?.content).toEqual({ kind: 'values', values: ['é'] });
});

test.each(['1', '"a"', 'null', '[1]', '[[]]', '{"results":[]}'])('%s is no list of results', text => {
  expect(() => read(text)).toThrow(Unreadable);
});

test('what the digest of the standard calls right has no defect', async () => {
  const right = one(
    [
      '"00080008":{"vr":"CS","Value":["ORIGINAL","PRIMARY",null,"AXIAL"]}',
      '"00080050":{"vr":"SH"}',
      '"00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.4"]}},{}]}',
      '"00081150":{"vr":"UN"}',
      '"00090010":{"vr":"LO","Value":["ACME 1.0"]}',
      '"00091002":{"vr":"UN","InlineBinary":"AQI="}',
      '"00100010":{"vr":"PN","Value":[{"Alphabetic":"Tanaka^Hanako","Ideographic":"田中^花子"},null,{"Phonetic":"たなか"}]}',
      '"00100020":{"vr":"LO","Value":["padded "]}',
      '"00101030":{"vr":"DS","Value":[1.50]}',
      '"00189087":{"vr":"FD","Value":["NaN"]}',
      '"00204000":{"vr":"LT","Value":["a\\\\b"]}',
      '"00280009":{"vr":"AT","Value":["00181063"]}',
      '"00280106":{"vr":"SS","Value":[-1]}',
      '"00281201":{"vr":"OW","InlineBinary":"AAABAAIAAwA="}',
      '"7FE00010":{"vr":"OW","BulkDataURI":"http://pacs.example/rs/bulk/4711"}',
    ].join(','),
  );
  expect(read(right).defects).toEqual([]);
  expect(await jsonSchemaDefects(JSON.parse(right))).toEqual([]);
  expect(read('[]')).toEqual({ value: [], defects: [] });
});

test('a private attribute is known by its creator, whatever its block', () => {
  const { value } = read(one('"00090010":{"vr":"LO","Value":["ACME"]},"00091002":{"vr":"US","Value":[1]}'));
  expect(value[0]?.[1]).toEqual({ tag: '00090002', vr: 'US', privateCreator: 'ACME', content: { kind: 'values', values: [1] } });
});

test('names are put together as PS3.5 writes them', () => {
  const { value } = read(one('"00100010":{"vr":"PN","Value":[{"Ideographic":"田中^花子"}]}'));
  expect(value[0]?.[0]?.content).toEqual({ kind: 'values', values: ['=田中^花子'] });
});

test('nothing but Unreadable is thrown, whatever the bytes', () => {
  const attempt = (bytes: Uint8Array) => {
    try {
      readJsonResults(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Unreadable);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), attempt));
  const anything = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('value')),
      fc.dictionary(
        fc.constantFrom('vr', 'Value', 'BulkDataURI', 'InlineBinary', '00100010', '00091002', '00081140', 'Alphabetic'),
        tie('value'),
      ),
    ),
  })).value;
  const vrs = fc.constantFrom('PN', 'SQ', 'US', 'DS', 'AT', 'OW', 'UN', 'LT', '', 'XX');
  const attribute = fc
    .tuple(vrs, fc.constantFrom('Value', 'BulkDataURI', 'InlineBinary'), anything)
    .map(([vr, name, value]) => ({ vr, [name]: value }));
  fc.assert(
    fc.property(fc.array(attribute), values =>
      attempt(Buffer.from(JSON.stringify([Object.fromEntries(values.map((value, i) => [`0010${String(i).padStart(4, '0')}`, value]))]))),
    ),
  );
  fc.assert(fc.property(anything, value => attempt(Buffer.from(JSON.stringify(value) ?? ''))));
});
