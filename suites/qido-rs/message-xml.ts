import { studyNamed } from '../../fixtures/corpus.ts';
import { nameOf } from '../kit/compare.ts';
import { onAccept, sendsText } from '../kit/faults.ts';
import { firstOf, textOf } from '../kit/finding.ts';
import { everyAttribute, type MessageRule, messageRule, recordReferences } from '../kit/message-rows.ts';
import { vrFits } from '../kit/read/attribute-form.ts';
import { textsIn, uidsOf } from '../kit/search.ts';

/** PS3.18-2013 6.7.1.2.3.1: XML results are Native DICOM Model documents (PS3.19-2013 A.1). One check for each of its rules, so that each breach is told. */
const rule = (
  claim: string,
  title: string,
  about: Pick<MessageRule, 'row' | 'model'> & Partial<Pick<MessageRule, 'also' | 'only' | 'look' | 'studies'>>,
  change: (text: string) => string,
) =>
  messageRule({
    studies: ['ct', 'empty-values'],
    ...about,
    id: `qido-rs/message-xml/${claim}`,
    title,
    form: 'xml',
    fault: onAccept(/dicom\+xml/, sendsText(change)),
  });

export const root = rule(
  'root-and-namespace',
  'The root of each XML result is NativeDicomModel in its namespace',
  { row: 'QIDO-RS-6.7.1.2.3.1-06', model: ['MODEL-XML-A.1.5-01', 'MODEL-XML-A.1.5-03'] },
  text => text.replaceAll('http://dicom.nema.org/PS3.19/models/NativeDICOM', 'http://dicom.nema.org/PS3.19/models/Native'),
);

export const tags = rule(
  'tags',
  'The tags of XML results are eight upper-case hexadecimal digits',
  { row: 'QIDO-RS-6.7.1.2.3.1-07', model: ['MODEL-XML-A.1.5-05'] },
  text => text.replaceAll('tag="0020000D"', 'tag="0020,000D"'),
);

export const keywords = rule(
  'keywords',
  'The attributes of XML results have the keyword of PS3.6',
  { row: 'QIDO-RS-6.7.1.2.3.1-08', model: ['MODEL-XML-A.1.5-10'] },
  text => text.replaceAll('keyword="PatientID"', 'keyword="Patient ID"'),
);

export const vrGiven = rule(
  'vr-is-given',
  'The attributes of XML results have their VR',
  { row: 'QIDO-RS-6.7.1.2.3.1-09', model: ['MODEL-XML-A.1.6-01'], only: /has no vr$/ },
  text => text.replaceAll(' vr="UI"', ''),
);

export const numbered = rule(
  'numbers-from-1',
  'Value, Item and PersonName of XML results are numbered from 1 in steps of 1',
  { row: 'QIDO-RS-6.7.1.2.3.1-10', model: ['MODEL-XML-A.1.5-15'], studies: ['ct', 'requests'] },
  text => text.replaceAll('<Value number="1"', '<Value number="0"'),
);

export const empty = rule(
  'attributes-without-value',
  'An attribute without value has no children in XML results',
  {
    row: 'QIDO-RS-6.7.1.2.3.1-11',
    also: ['QIDO-RS-6.7.1.2.3.1-05'],
    model: ['MODEL-XML-A.1.5-12'],
    studies: ['ct', 'empty-values', 'limits'],
    look: recordReferences,
  },
  text => text.replaceAll(/(<DicomAttribute tag="00100030"[^>]*)\/>/g, '$1><Value number="1"></Value></DicomAttribute>'),
);

export const personNames = rule(
  'person-names',
  'Person names are PersonName elements with groups and components in XML results',
  {
    row: 'QIDO-RS-6.7.1.2.3.1-12',
    model: ['MODEL-XML-A.1.5-16', 'MODEL-XML-A.1.5-20', 'MODEL-XML-A.1.5-21'],
    only: /vr PN|PersonName|group/,
    studies: ['ct', 'charset-utf-8'],
  },
  text => text.replaceAll(/(tag="00100010"[^>]*>)<PersonName.*?<\/PersonName>/g, '$1<Value number="1">CONFTEST^Ct</Value>'),
);

export const sequences = rule(
  'sequences',
  'Sequences have Item elements in XML results',
  { row: 'QIDO-RS-6.7.1.2.3.1-13', model: ['MODEL-XML-A.1.5-16', 'MODEL-XML-A.1.5-04'], only: /vr SQ|stands where/, studies: ['requests'] },
  text => text.replaceAll(/<(\/?)Item\b/g, '<$1Value'),
);

export const groupLength = rule(
  'no-group-lengths',
  'XML results have no group length attributes',
  { row: 'QIDO-RS-6.7.1.2.3.1-14', model: ['MODEL-XML-A.1.1-03'] },
  text =>
    text.replaceAll(
      '<DicomAttribute tag="00100010"',
      '<DicomAttribute tag="00100000" vr="UL" keyword="GenericGroupLength"/><DicomAttribute tag="00100010"',
    ),
);

export const privateAttributes = rule(
  'private-attributes',
  'Private attributes of XML results name their creator and have no block number; standard ones name none',
  {
    row: 'QIDO-RS-6.7.1.2.3.1-15',
    model: ['MODEL-XML-A.1.5-06', 'MODEL-XML-A.1.5-07', 'MODEL-XML-A.1.5-08'],
    studies: ['private', 'ct'],
  },
  text => text.replaceAll('tag="00110001"', 'tag="00111001"'),
);

export const space = rule(
  'white-space-is-preserved',
  'The root of each XML result has xml:space="preserve"',
  { row: 'QIDO-RS-6.7.1.2.3.1-16', model: ['MODEL-XML-A.1.5-02'] },
  text => text.replaceAll(' xml:space="preserve"', ''),
);

// PS3.19-2013 A.1.1: text is in the encoding of the document, whatever Specific Character Set says.
export const encoding = rule(
  'encoding-of-text',
  'Text that is not ASCII is right in XML results',
  {
    row: 'QIDO-RS-6.7.1.2.3.1-17',
    model: [],
    studies: ['charset-latin-1', 'charset-utf-8'],
    look: (t, { what, results }) => {
      for (const study of ['charset-latin-1', 'charset-utf-8'] as const) {
        const { studyInstanceUID, ...known } = studyNamed(study);
        const result = results.find(each => uidsOf('study', [each])[0] === studyInstanceUID);
        const [name] = result ? textsIn(result, 'PatientName') : [];
        if (name !== undefined)
          t.expect(`the Patient's Name in the answer to ${what}`, name, textOf(firstOf({ studyInstanceUID, ...known }), 'PatientName'));
      }
    },
  },
  text => text.replaceAll(/[\xc2\xc3]([\x80-\xbf])/g, '$1').replaceAll(/[\x80-\xff]/g, '?'),
);

export const vr = rule(
  'vr-of-the-dictionary',
  'The VR of an attribute of XML results is the one that PS3.6 gives it',
  {
    row: 'QIDO-RS-6.7.1.2.3.1-18',
    model: ['MODEL-XML-A.1.5-09'],
    look: (t, { what, results }) => {
      const wrong = everyAttribute(results).filter(each => !each.assumedVr && /^[A-Z]{2}$/.test(each.vr) && !vrFits(each.tag, each.vr));
      t.expect(
        `the VRs of other than PS3.6 in the answer to ${what}`,
        [...new Set(wrong.map(({ tag, vr: given }) => `${nameOf(tag)} ${given}`))].slice(0, 3),
        [],
      );
    },
  },
  text =>
    text
      .replaceAll(/(tag="00100020"[^>]*) vr="LO"/g, '$1 vr="PN"')
      .replaceAll(/vr="LO"( [^>]*)?tag="00100020"/g, 'vr="PN"$1tag="00100020"')
      .replaceAll(/(tag="00100020" keyword="PatientID" vr=)"LO"/g, '$1"PN"'),
);
