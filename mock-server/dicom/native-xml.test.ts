import { expect, test } from 'vitest';
import { dataSet, privateBlock, type Recipe } from '../../fixtures/data-set.ts';
import type { Element } from '../../schemas/data-set.ts';
import { toNativeXml } from './native-xml.ts';

const body = (text: string) => text.replace(/^[\s\S]*?<NativeDicomModel [^>]*>|<\/NativeDicomModel>$/g, '');
const xml = (recipe: Recipe) => body(toNativeXml(dataSet(recipe)));
const ofElement = (element: Element) =>
  body(
    toNativeXml(
      new Map([
        ['00090010', { vr: 'LO', values: ['ACME'] }],
        ['00091001', element],
      ]),
    ),
  )
    .replace(`<DicomAttribute tag="00090001" privateCreator="ACME" vr="${element.vr}"`, '')
    .replace(/^>|<\/DicomAttribute>$/g, '');

// PS3.19-2013 Table A.1.5-1 and A.1.6.
test('the document has the root, the namespace and the white space rule of the model', () => {
  expect(toNativeXml(new Map())).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve"></NativeDicomModel>',
  );
});

test('attributes name their keyword, private ones their creator in place of the block', () => {
  expect(xml({ PatientID: 'x', ...privateBlock('ACME 1.0', 9, { 2: { vr: 'UN', bytes: Uint8Array.of(1, 2) } }, 0x42) })).toBe(
    '<DicomAttribute tag="00090002" privateCreator="ACME 1.0" vr="UN"><InlineBinary>AQI=</InlineBinary></DicomAttribute>' +
      '<DicomAttribute tag="00100020" keyword="PatientID" vr="LO"><Value number="1">x</Value></DicomAttribute>',
  );
});

// Table A.1.5-2.
test.each([
  [{ vr: 'CS', values: ['ORIGINAL', '', 'AXIAL'] }, '<Value number="1">ORIGINAL</Value><Value number="2"/><Value number="3">AXIAL</Value>'],
  [{ vr: 'SH', values: [] }, '/>'],
  [{ vr: 'SH', values: ['', ''] }, '<Value number="1"/><Value number="2"/>'],
  [{ vr: 'LT', values: ['  a\\b <c> & "d"\r\n'] }, '<Value number="1">  a\\b &lt;c&gt; &amp; &quot;d&quot;&#13;\n</Value>'],
  [{ vr: 'LT', values: ['a\u0000b\u001bc\fd'] }, '<Value number="1">abcd</Value>'],
  [{ vr: 'SS', values: [-1] }, '<Value number="1">-1</Value>'],
  [{ vr: 'DS', values: ['+001.50'] }, '<Value number="1">+001.50</Value>'],
  [
    { vr: 'SQ', items: [new Map(), new Map([['00080100', { vr: 'SH', values: [] }]])] },
    '<Item number="1"/><Item number="2"><DicomAttribute tag="00080100" keyword="CodeValue" vr="SH"/></Item>',
  ],
  [{ vr: 'OW', bytes: Uint8Array.of(0, 0, 1, 0) }, '<InlineBinary>AAABAA==</InlineBinary>'],
  [{ vr: 'OB', bytes: new Uint8Array() }, '/>'],
] as const satisfies readonly (readonly [Element, string])[])('%j is written as %s', (element, text) => {
  expect(ofElement(element)).toBe(text);
});

// Table 10.2-1.
test.each([
  [
    'Doe^Jane^Q^Dr^Jr',
    '<Alphabetic><FamilyName>Doe</FamilyName><GivenName>Jane</GivenName><MiddleName>Q</MiddleName><NamePrefix>Dr</NamePrefix><NameSuffix>Jr</NameSuffix></Alphabetic>',
  ],
  ['A^^C', '<Alphabetic><FamilyName>A</FamilyName><MiddleName>C</MiddleName></Alphabetic>'],
  ['=田中^花子', '<Ideographic><FamilyName>田中</FamilyName><GivenName>花子</GivenName></Ideographic>'],
])('the name %s is written in its components', (name, text) => {
  expect(ofElement({ vr: 'PN', values: [name] })).toBe(`<PersonName number="1">${text}</PersonName>`);
});

test('what goes by reference is one BulkData element', () => {
  const text = toNativeXml(new Map([['7FE00010', { vr: 'OW', bytes: Uint8Array.of(1, 2) }]]), {
    bulkDataUri: () => 'http://pacs.example/?a=1&b=2',
  });
  expect(body(text)).toBe(
    '<DicomAttribute tag="7FE00010" keyword="PixelData" vr="OW"><BulkData uri="http://pacs.example/?a=1&amp;b=2"/></DicomAttribute>',
  );
});
