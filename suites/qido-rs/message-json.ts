import { onAccept, sendsBytes, sendsText } from '../kit/faults.ts';
import { everyAttribute, type MessageRule, messageRule, recordReferences, specificCharacterSet } from '../kit/message-rows.ts';

/** PS3.18-2013 6.7.1.2.3.2: JSON results follow Annex F. One check for each of its rules, so that each breach is told. */
const rule = (
  claim: string,
  title: string,
  about: Pick<MessageRule, 'row' | 'model'> & Partial<Pick<MessageRule, 'also' | 'only' | 'look' | 'studies'>>,
  change: (text: string) => string,
) =>
  messageRule({
    studies: ['ct', 'empty-values'],
    ...about,
    id: `qido-rs/message-json/${claim}`,
    title,
    form: 'json',
    fault: onAccept(/json/, sendsText(change)),
  });

/** Rewrites the document; what is written from it keeps the order of members. */
const document =
  (change: (rows: Record<string, { vr?: unknown; Value?: unknown[] }>[]) => unknown) =>
  (text: string): string => {
    const rows = JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Parameters<typeof change>[0];
    return Buffer.from(JSON.stringify(change(rows))).toString('latin1');
  };

export const names = rule(
  'names-of-members',
  'The members of JSON results are named by eight upper-case hexadecimal digits',
  { row: 'QIDO-RS-6.7.1.2.3.2-06', model: ['MODEL-JSON-F.2.2-01'] },
  text => text.replaceAll('"0020000D"', '"0020000d"'),
);

export const order = rule(
  'order-of-members',
  'The members of JSON results are in ascending order, in items, too',
  { row: 'QIDO-RS-6.7.1.2.3.2-07', model: ['MODEL-JSON-F.2.2-02', 'MODEL-JSON-F.2.2-03'] },
  document(rows =>
    rows.map(row =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([tag]) => !/^[1-9]/.test(tag))
          .toReversed(),
      ),
    ),
  ),
);

export const groupLength = rule(
  'no-group-lengths',
  'JSON results have no group length attributes',
  { row: 'QIDO-RS-6.7.1.2.3.2-08', model: ['MODEL-JSON-F.2.2-04'] },
  text =>
    text
      .replaceAll('{"00080005"', '{"00080000":{"vr":"UL","Value":[10]},"00080005"')
      .replaceAll('{"00080008"', '{"00080000":{"vr":"UL","Value":[10]},"00080008"')
      .replaceAll('{"00080020"', '{"00080000":{"vr":"UL","Value":[10]},"00080020"'),
);

export const vr = rule(
  'vr',
  'Each attribute of JSON results has the VR that PS3.6 gives it',
  { row: 'QIDO-RS-6.7.1.2.3.2-09', model: ['MODEL-JSON-F.2.2-05', 'MODEL-JSON-F.2.2-06', 'MODEL-JSON-F.2.3-13'] },
  text => text.replaceAll('"0020000D":{"vr":"UI"', '"0020000D":{"VR":"UI"'),
);

export const oneContent = rule(
  'one-kind-of-content',
  'Each attribute of JSON results has at most one of Value, BulkDataURI and InlineBinary',
  {
    row: 'QIDO-RS-6.7.1.2.3.2-10',
    also: ['QIDO-RS-6.7.1.2.3.2-05'],
    model: ['MODEL-JSON-F.2.2-07'],
    studies: ['ct', 'limits'],
    look: recordReferences,
  },
  text => text.replaceAll(/("0020000D":\{"vr":"UI")/g, '$1,"InlineBinary":"AA=="'),
);

export const array = rule(
  'value-is-an-array',
  'Value is an array in JSON results, also for one value',
  { row: 'QIDO-RS-6.7.1.2.3.2-11', model: ['MODEL-JSON-F.2.2-10', 'MODEL-JSON-F.2.4-02'] },
  text => text.replaceAll(/("0020000D":\{"vr":"UI","Value":)\[("[\d.]+")\]/g, '$1$2'),
);

export const empty = rule(
  'attributes-without-value',
  'An attribute without value has nothing but its VR in JSON results',
  { row: 'QIDO-RS-6.7.1.2.3.2-12', model: ['MODEL-JSON-F.2.5-01', 'MODEL-JSON-F.2.5-03'] },
  text => text.replaceAll(/("00100030":\{"vr":"DA")\}/g, '$1,"Value":[]}'),
);

export const emptyAmongOthers = rule(
  'empty-values-among-others',
  'An empty value among others is null in JSON results',
  { row: 'QIDO-RS-6.7.1.2.3.2-13', model: ['MODEL-JSON-F.2.5-02'], studies: ['empty-values'] },
  text => text.replaceAll('"PRIMARY",null,"AXIAL"', '"PRIMARY","","AXIAL"'),
);

export const personNames = rule(
  'person-names',
  'A person name is an object with its component groups, those that are not empty, in JSON results',
  {
    row: 'QIDO-RS-6.7.1.2.3.2-14',
    model: ['MODEL-JSON-F.2.3-11', 'MODEL-JSON-PN-01', 'MODEL-JSON-PN-02', 'MODEL-JSON-PN-03', 'MODEL-JSON-PN-04'],
    studies: ['ct', 'charset-utf-8'],
  },
  text => text.replaceAll(/("00100010":\{"vr":"PN","Value":\[)\{"Alphabetic":("[^"]*")[^}]*\}/g, '$1$2'),
);

export const sequences = rule(
  'sequences',
  'The Value of a sequence is an array of objects in JSON results, an empty item is {}',
  { row: 'QIDO-RS-6.7.1.2.3.2-15', model: ['MODEL-JSON-F.2.3-12', 'MODEL-JSON-F.2.5-04'], studies: ['requests', 'nested'] },
  document(rows => rows.map(row => ('00400275' in row ? { ...row, '00400275': { vr: 'SQ', Value: ['0', '1'] } } : row))),
);

export const numbers = rule(
  'numbers',
  'Values of DS, IS and the binary number VRs are JSON numbers',
  { row: 'QIDO-RS-6.7.1.2.3.2-16', model: ['MODEL-JSON-F.2.3-01', 'MODEL-JSON-F.2.3-02', 'MODEL-JSON-F.2.3-03'] },
  text => text.replaceAll(/("00201208":\{"vr":"IS","Value":\[)(\d+)/g, '$1"$2"'),
);

export const strings = rule(
  'strings',
  'Values of text, code, date, time and UID VRs are JSON strings in the form of DICOM',
  { row: 'QIDO-RS-6.7.1.2.3.2-17', model: ['MODEL-JSON-F.2.3-08', 'MODEL-JSON-F.2.3-09'] },
  text => text.replaceAll(/("00080020":\{"vr":"DA","Value":\[)"(\d+)"/g, '$1$2'),
);

export const tags = rule(
  'attribute-tags-as-values',
  'Values of AT are strings of eight upper-case hexadecimal digits',
  { row: 'QIDO-RS-6.7.1.2.3.2-18', model: ['MODEL-JSON-F.2.3-07'], studies: ['multi-frame', 'every-vr'] },
  text => text.replaceAll(/("vr":"AT","Value":\[)"[0-9A-F]{8}"/g, '$1"(0020,9056)"'),
);

export const binary = rule(
  'binary-values',
  'A binary value is one base64 text in InlineBinary, where it is not given by reference',
  { row: 'QIDO-RS-6.7.1.2.3.2-19', model: ['MODEL-JSON-F.2.2-14', 'MODEL-JSON-F.2.6-02'], studies: ['every-vr', 'private'] },
  text => text.replaceAll(/"InlineBinary":("[^"]*")/g, '"InlineBinary":[$1]'),
);

// PS3.18-2013 F.2: the default character repertoire is UTF-8.
export const utf8 = messageRule({
  id: 'qido-rs/message-json/utf-8',
  title: 'JSON results are in UTF-8',
  row: 'QIDO-RS-6.7.1.2.3.2-20',
  form: 'json',
  model: ['MODEL-JSON-F.2-02'],
  studies: ['charset-latin-1'],
  fault: onAccept(
    /json/,
    sendsBytes(body => Buffer.from(body.toString('utf8'), 'latin1')),
  ),
});

export const characterSet = rule(
  'specific-character-set',
  'Specific Character Set in JSON results agrees with UTF-8',
  {
    row: 'QIDO-RS-6.7.1.2.3.2-21',
    also: ['QIDO-RS-6.7.1.2.2.1-01', 'QIDO-RS-6.7.1.2.2.2-01', 'QIDO-RS-6.7.1.2.2.3-01'],
    model: [],
    studies: ['charset-latin-1'],
    look: (t, { what, results }) => {
      t.record(
        'Specific Character Set (0008,0005) in results with text that is not ASCII',
        results.every(result => result.some(({ tag }) => tag === specificCharacterSet)) ? 'given' : 'not given',
      );
      const given = everyAttribute(results)
        .filter(({ tag, content }) => tag === specificCharacterSet && content.kind === 'values')
        .flatMap(({ content }) => (content.kind === 'values' ? content.values : []));
      t.expect(
        `the values of Specific Character Set (0008,0005) in the answer to ${what}`,
        [...new Set(given)].filter(term => term !== 'ISO_IR 192' && term !== 'ISO_IR 6'),
        [],
      );
    },
  },
  text => text.replaceAll('"ISO_IR 192"', '"ISO_IR 100"'),
);

export const privateBlocks = rule(
  'private-attributes',
  'Private attributes of JSON results have their block number, and their Private Creator stands beside them',
  { row: 'QIDO-RS-6.7.1.2.3.2-22', model: ['MODEL-JSON-F.2.2-15', 'MODEL-JSON-F.2.2-16'], studies: ['private'] },
  text => text.replaceAll(/"00110010":\{[^}]*\},/g, ''),
);
