import { expect, test } from 'vitest';
import { agreement } from './agreement.ts';
import { readJsonResults } from './read/json-model.ts';
import { readNativeXml } from './read/native-xml.ts';

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const inXml = (body: string) => readNativeXml(Buffer.from(`<NativeDicomModel xmlns="${namespace}">${body}</NativeDicomModel>`)).value;
const inJson = (body: string) => readJsonResults(Buffer.from(`[{${body}}]`)).value[0] ?? [];
const compare = (xml: string, json: string) => agreement(inXml(xml), inJson(json));
const element = (head: string, content: string) => `<DicomAttribute ${head}>${content}</DicomAttribute>`;
const values = (...all: readonly string[]) => all.map((value, i) => `<Value number="${i + 1}">${value}</Value>`).join('');
const name = (family: string, middle: string) =>
  element(
    'tag="00100010" vr="PN"',
    `<PersonName number="1"><Alphabetic><FamilyName>${family}</FamilyName><MiddleName>${middle}</MiddleName></Alphabetic></PersonName>`,
  );

// PS3.18-2013 Table F.3.1-1.
test.each([
  ['01', element('tag="00080020" vr="DA"', values('20130704')), '"00080020":{"vr":"LO","Value":["20130704"]}'],
  ['02', element('tag="00080008" vr="CS"', values('A', '', 'C')), '"00080008":{"vr":"CS","Value":["A","C"]}'],
  ['02', element('tag="00280010" vr="US"', values('512')), '"00280010":{"vr":"US","Value":[256]}'],
  ['03', name('A', 'C'), '"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^C"}]}'],
  ['04', element('tag="00081140" vr="SQ"', '<Item number="1"/><Item number="2"/>'), '"00081140":{"vr":"SQ","Value":[{}]}'],
  ['05', element('tag="7FE00010" vr="OW"', '<InlineBinary>AQI=</InlineBinary>'), '"7FE00010":{"vr":"OW","InlineBinary":"AgE="}'],
  [
    '06',
    ['ONE', 'TWO'].map(creator => element(`tag="00090002" vr="LO" privateCreator="${creator}"`, values('x'))).join(''),
    '"00090010":{"vr":"LO","Value":["ONE"]},"00091002":{"vr":"LO","Value":["x"]}',
  ],
  ['08', element('tag="00080050" vr="SH"', ''), '"00080050":{"vr":"SH","Value":["x"]}'],
])('MODEL-MAP-F.3.1-%s is broken', (row, xml, json) => {
  expect(compare(xml, json).disagreements.map(each => each.row)).toEqual([`MODEL-MAP-F.3.1-${row}`]);
});

test.each([
  ['decimals however they are written', element('tag="00101030" vr="DS"', values('+072.50')), '"00101030":{"vr":"DS","Value":[72.5]}'],
  ['numbers of fewer digits', element('tag="00189087" vr="FD"', values('0.333333')), '"00189087":{"vr":"FD","Value":[0.3333333333333333]}'],
  ['padding', element('tag="00100020" vr="LO"', values('x ')), '"00100020":{"vr":"LO","Value":["x"]}'],
  [
    'line breaks, which XML reads as line feeds',
    element('tag="00204000" vr="LT"', values('a\r\nb')),
    '"00204000":{"vr":"LT","Value":["a\\r\\nb"]}',
  ],
  ['an element without vr', element('tag="00280106"', values('1')), '"00280106":{"vr":"SS","Value":[1]}'],
  ['names with the delimiters left out', name('A', 'C'), '"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^^C^"}]}'],
  ['Specific Character Set', element('tag="00080005" vr="CS"', values('ISO_IR 100')), '"00080005":{"vr":"CS","Value":["ISO_IR 192"]}'],
  [
    'the creators, in JSON alone',
    element('tag="00090002" vr="LO" privateCreator="ONE"', values('x')),
    '"00090010":{"vr":"LO","Value":["ONE"]},"00091102":{"vr":"LO","Value":["x"]},"00090011":{"vr":"LO","Value":["ONE"]}',
  ],
  ['one URL', element('tag="7FE00010" vr="OW"', '<BulkData uri="/1"/>'), '"7FE00010":{"vr":"OW","BulkDataURI":"/1"}'],
])('%s are no disagreement', (_, xml, json) => {
  expect(compare(xml, json)).toEqual({ disagreements: [], unresolved: [], missing: [] });
});

test('values by reference are left to whoever can follow the reference', () => {
  const { unresolved } = compare(element('tag="7FE00010" vr="OW"', '<BulkData uri="/1"/>'), '"7FE00010":{"vr":"OW","InlineBinary":"AQI="}');
  expect(unresolved.map(({ xml, json }) => [xml.kind, json.kind])).toEqual([['reference', 'inline']]);
});

test('what one form lacks is said, and no disagreement', () => {
  const { disagreements, missing } = compare(element('tag="00100020" vr="LO"', values('x')), '"00080050":{"vr":"SH"}');
  expect(disagreements).toEqual([]);
  expect(missing).toEqual(['PatientID (0010,0020)', 'AccessionNumber (0008,0050)']);
});
