import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unreadable } from './defect.ts';
import { readNativeXml } from './native-xml.ts';

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const head = `<NativeDicomModel xmlns="${namespace}" xml:space="preserve">`;
const model = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${head}${body}</NativeDicomModel>`;
const read = (text: string) => readNativeXml(Buffer.from(text, 'utf8'));
const rowsOf = (text: string) => [...new Set(read(text).defects.map(({ row }) => row))];

const element = (attributes: string, body: string) => model(`<DicomAttribute ${attributes}>${body}</DicomAttribute>`);
const id = (body: string) => element('tag="00100020" vr="LO" keyword="PatientID"', body);
const name = (body: string) => element('tag="00100010" vr="PN" keyword="PatientName"', body);
const words = (body: string) => element('tag="7FE00010" vr="OW" keyword="PixelData"', body);
const items = (body: string) => element('tag="00081140" vr="SQ" keyword="ReferencedImageSequence"', body);
const value = (text: string, number = 1) => `<Value number="${number}">${text}</Value>`;

/** For each requirement the smallest document that breaks it. */
const wrong: Readonly<Record<string, readonly string[]>> = {
  'MODEL-XML-A.1.1-02': [element('tag="00080020" vr="DA" keyword="StudyDate"', value('2013-04-09'))],
  'MODEL-XML-A.1.1-03': [element('tag="00080000" vr="UL"', value('8'))],
  'MODEL-XML-A.1.5-01': [`<dicom xmlns="${namespace}" xml:space="preserve"/>`],
  'MODEL-XML-A.1.5-02': [`<NativeDicomModel xmlns="${namespace}"/>`],
  'MODEL-XML-A.1.5-03': [
    '<NativeDicomModel xmlns="http://example.com/" xml:space="preserve"/>',
    model('<DicomAttribute xmlns="" tag="00100020" vr="LO" keyword="PatientID"/>'),
  ],
  'MODEL-XML-A.1.5-04': [model('<attr tag="00100020" vr="LO"/>')],
  'MODEL-XML-A.1.5-05': [
    element('tag="0010,0020" vr="LO" keyword="PatientID"', ''),
    element('tag="7fe00010" vr="OW" keyword="PixelData"', ''),
  ],
  'MODEL-XML-A.1.5-06': [element('tag="00091002" vr="UN" privateCreator="ACME"', '')],
  'MODEL-XML-A.1.5-07': [element('tag="00090002" vr="UN"', '')],
  'MODEL-XML-A.1.5-08': [element('tag="00100020" vr="LO" keyword="PatientID" privateCreator=""', '')],
  'MODEL-XML-A.1.5-09': [
    element('tag="00100020" vr="lo" keyword="PatientID"', ''),
    element('tag="00280106" vr="US or SS" keyword="SmallestImagePixelValue"', ''),
  ],
  'MODEL-XML-A.1.5-10': [
    element('tag="00100010" vr="PN"', ''),
    element('tag="00100010" vr="PN" keyword="PatientsName"', ''),
    element('tag="00280010" vr="US" keyword="Columns"', ''),
  ],
  'MODEL-XML-A.1.5-11': [words('<InlineBinary>AAA=</InlineBinary><BulkData uri="http://pacs.example/1"/>')],
  'MODEL-XML-A.1.5-12': [id('<Value number="1"/>'), words('<InlineBinary/>')],
  'MODEL-XML-A.1.5-13': [element('tag="00080008" vr="CS" keyword="ImageType"', value('ORIGINAL\\PRIMARY'))],
  'MODEL-XML-A.1.5-15': [id(value('a', 0)), id('<Value>a</Value>'), id(value('a') + value('b', 1)), items('<Item number="2"/>')],
  'MODEL-XML-A.1.5-16': [name(value('Doe^Jane')), items(value('a'))],
  'MODEL-XML-A.1.5-18': [words('<Item number="1"/>')],
  'MODEL-XML-A.1.5-20': [
    name('<PersonName number="1"><SingleByte><FamilyName>A</FamilyName></SingleByte></PersonName>'),
    name('<PersonName number="1">A^B</PersonName>'),
  ],
  'MODEL-XML-A.1.5-21': [
    name('<PersonName number="1"><Alphabetic>A^B</Alphabetic></PersonName>'),
    name('<PersonName number="1"><Alphabetic><NameSuffix>Jr</NameSuffix><NamePrefix>Dr</NamePrefix></Alphabetic></PersonName>'),
  ],
  'MODEL-XML-A.1.5-22': [id('<PersonName number="1"><Alphabetic><FamilyName>A</FamilyName></Alphabetic></PersonName>')],
  'MODEL-XML-A.1.5-23': [element('tag="00280009" vr="AT" keyword="FrameIncrementPointer"', value('(0018,1063)'))],
  'MODEL-XML-A.1.5-27': [words('<BulkData uri="http://pacs.example/1"/><BulkData uri="http://pacs.example/2"/>')],
  'MODEL-XML-A.1.5-28': [words('<BulkData uuid="1"/>')],
  'MODEL-XML-A.1.5-29': [words('<BulkData uri="file:///1"/>')],
  'MODEL-XML-A.1.5-30': [
    id('<InlineBinary>AAA=</InlineBinary>'),
    words('<InlineBinary>AA</InlineBinary><InlineBinary>AA</InlineBinary>'),
    words('<InlineBinary>no, not!</InlineBinary>'),
  ],
  'MODEL-XML-A.1.5-32': [
    model('<DicomAttribute tag="00100020" vr="LO" keyword="PatientID"/><DicomAttribute tag="00080050" vr="SH" keyword="AccessionNumber"/>'),
  ],
  'MODEL-XML-A.1.5-36': [
    element(
      'tag="00081070" vr="PN" keyword="OperatorsName"',
      [1, 3].map(n => `<PersonName number="${n}"><Alphabetic><FamilyName>A</FamilyName></Alphabetic></PersonName>`).join(''),
    ),
  ],
  'MODEL-XML-A.1.5-38': [words('<BulkData uri="http://pacs.example/1" uuid="1"/>'), words('<BulkData/>')],
  'MODEL-XML-A.1.5-39': [element('tag="00280010" vr="US" keyword="Rows"', value('0x200'))],
  'MODEL-XML-A.1.6-01': [
    '<NativeDicomModel xml:space="preserve"/>',
    element('tag="00100020" keyword="PatientID"', ''),
    element('tag="00100020" vr="LO" keyword="PatientID" vm="1"', ''),
    words('<BulkData URI="http://pacs.example/1"/>'),
    model('text of its own'),
    id('<Sequence/>'),
  ],
  'MODEL-XML-A.1.6-02': [model(`${head}</NativeDicomModel>${head}</NativeDicomModel>`)],
  'MODEL-XML-A.1.6-03': [id('<Value number="1"><Item number="1"/></Value>')],
  'WADO-RS-6.5.6-13': [words('<BulkData uuid="1"/>')],
};

/** What is told besides, where one mistake is two. */
const besides: Readonly<Record<string, readonly string[]>> = {
  'MODEL-XML-A.1.5-01': [],
  'MODEL-XML-A.1.5-20': ['MODEL-XML-A.1.6-01'],
  'MODEL-XML-A.1.5-28': ['WADO-RS-6.5.6-13'],
  'MODEL-XML-A.1.5-38': ['WADO-RS-6.5.6-13', 'MODEL-XML-A.1.5-28'],
  'WADO-RS-6.5.6-13': ['MODEL-XML-A.1.5-28'],
  'MODEL-XML-A.1.6-03': ['MODEL-XML-A.1.5-12'],
};

test.each(Object.entries(wrong).flatMap(([row, texts]) => texts.map(text => [row, text] as const)))('%s is broken by %s', (row, text) => {
  const rows = rowsOf(text);
  expect(rows).toContain(row);
  expect(rows.filter(each => each !== row && !besides[row]?.includes(each))).toEqual([]);
});

test('there is an example for each requirement that the reader tells of', () => {
  const sources = ['native-xml.ts', 'native-xml-content.ts'].map(file => readFileSync(new URL(file, import.meta.url), 'utf8')).join('');
  const told = new Set([...sources.matchAll(/'((?:MODEL|WADO-RS)-[^']+)'/g)].map(([, row]) => row ?? ''));
  expect([...told].filter(row => !(row in wrong))).toEqual([]);
});

test('what the digest of the standard calls right has no defect', () => {
  const right = model(`
    <DicomAttribute tag="00080008" vr="CS" keyword="ImageType"><Value number="1">ORIGINAL</Value><Value number="2"/><Value number="3">AXIAL</Value></DicomAttribute>
    <DicomAttribute tag="00080050" vr="SH" keyword="AccessionNumber"/>
    <DicomAttribute tag="00081140" vr="SQ" keyword="ReferencedImageSequence"><Item number="1"><DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID"><Value number="1">1.2.3.4</Value></DicomAttribute></Item><Item number="2"/></DicomAttribute>
    <DicomAttribute tag="00090010" vr="LO"><Value number="1">ACME 1.0</Value></DicomAttribute>
    <DicomAttribute tag="00090003" vr="UN" privateCreator="ACME 1.0"/>
    <DicomAttribute tag="00090000" vr="UN" privateCreator="ACME 1.0"><InlineBinary>AQI=</InlineBinary></DicomAttribute>
    <DicomAttribute tag="00090002" vr="UN" privateCreator="ACME 1.0"><InlineBinary>AQI=</InlineBinary></DicomAttribute>
    <DicomAttribute tag="00090002" vr="UN" privateCreator="ACME 2.0"/>
    <DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1"><Alphabetic><FamilyName>Tanaka</FamilyName><GivenName>Hanako</GivenName></Alphabetic><Ideographic><FamilyName>田中</FamilyName></Ideographic></PersonName><PersonName number="2"/></DicomAttribute>
    <DicomAttribute tag="00102160" vr="SH"/>
    <DicomAttribute tag="00189087" vr="FD" keyword="DiffusionBValue"><Value number="1">1.5e3</Value><Value number="2">NaN</Value></DicomAttribute>
    <DicomAttribute tag="00204000" vr="LT" keyword="ImageComments"><Value number="1">  a\\b &lt;c&gt;</Value></DicomAttribute>
    <DicomAttribute tag="00280009" vr="AT" keyword="FrameIncrementPointer"><Value number="1">00181063</Value></DicomAttribute>
    <DicomAttribute tag="7FE00010" vr="OW" keyword="PixelData"><BulkData uri="http://pacs.example/rs/bulk/4711"/></DicomAttribute>`);
  const { value: attributes, defects } = read(right);
  expect(defects).toEqual([]);
  const kinds = 'values empty items values empty inline inline empty values empty values values values reference';
  expect(attributes.map(({ content }) => content.kind).join(' ')).toBe(kinds);
  expect(attributes[8]?.content).toEqual({ kind: 'values', values: ['Tanaka^Hanako=田中', null] });
  expect(attributes[11]?.content).toEqual({ kind: 'values', values: ['  a\\b <c>'] });
});

test('a prefix for the namespace is as good as none', () => {
  const text = `<d:NativeDicomModel xmlns:d="${namespace}" xml:space="preserve"><d:DicomAttribute tag="00100020" vr="LO" keyword="PatientID"/></d:NativeDicomModel>`;
  expect(read(text).defects).toEqual([]);
});

test.each([
  ['<NativeDicomModel>', 'unclosed'],
  [model('a & b'), 'line 2'],
  [model('<DicomAttribute tag=1/>'), 'line 2'],
  [model('\u0001'), 'disallowed character'],
  [model('&undefined;'), 'entity'],
  ['<?xml version="1.0" xml:space="preserve"?><NativeDicomModel/>', 'line 1'],
  ['', 'document must contain a root element'],
])('%s is not well-formed, and the reader says where or why', (text, why) => {
  expect(() => read(text)).toThrow(Unreadable);
  expect(() => read(text)).toThrow(why);
});

test('the declared encoding counts, and bytes that it does not have are told', () => {
  const text = id(value('é')).replace('UTF-8', 'ISO-8859-1');
  expect(readNativeXml(Buffer.from(text, 'latin1')).value[0]?.content).toEqual({ kind: 'values', values: ['é'] });
  expect(() => readNativeXml(Buffer.from(id(value('é')), 'latin1'))).toThrow('bytes that are no');
});

test('nothing but Unreadable is thrown, whatever the bytes', () => {
  const attempt = (bytes: Uint8Array) => {
    try {
      readNativeXml(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Unreadable);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), attempt));
  const pieces = fc.constantFrom(
    '<DicomAttribute tag="00100010" vr="PN">',
    '<DicomAttribute>',
    '</DicomAttribute>',
    '<Value number="1">',
    '<Value number="-1"/>',
    '<Value number="1e9"/>',
    '</Value>',
    '<Item number="2">',
    '</Item>',
    '<PersonName number="x">',
    '</PersonName>',
    '<Alphabetic>',
    '</Alphabetic>',
    '<BulkData uri="%"/>',
    '<InlineBinary>=</InlineBinary>',
    'x',
    '&amp;',
    '<?pi?>',
    '<!--c-->',
    '<![CDATA[x]]>',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), parts => attempt(Buffer.from(model(parts.join(''))))),
    { numRuns: 500 },
  );
});
