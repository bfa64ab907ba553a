import type { CorpusName } from '../../fixtures/corpus.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { allAttributes } from '../kit/documents.ts';
import { onAccept, sendsParts, sendsText } from '../kit/faults.ts';
import { expectNoDefects, modelAnswers, readAnswer } from '../kit/models.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { studiesAtHand } from '../kit/retrieve.ts';
import { xmlSchemaDefects } from '../kit/schemas.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

/** A check that search results in XML, of fixtures and of whatever is there, break none of these rows. */
function model(claim: string, title: string, requires: Rows, names: readonly CorpusName[], change: (text: string) => string): Check {
  return check({
    id: `qido-rs/xml-model/${claim}`,
    title,
    requires,
    given: { studies: studiesAtHand(...names) },
    fault: inXml(sendsText(change)),
    async run(t, { studies }) {
      for await (const answer of modelAnswers(t, studies, 'xml')) {
        const { what, defects } = readAnswer(t, answer);
        expectNoDefects(t, what, requires, defects);
      }
    },
  });
}

const inXml = (fault: Fault): Fault => onAccept(/dicom\+xml/, fault);

// XML 1.0; PS3.19-2013 A.1.1: the encoding that the document declares.
export const text = check({
  id: 'qido-rs/xml-model/well-formed',
  title: 'Each XML result is a well-formed document in the encoding it declares',
  requires: ['MODEL-XML-A.1.1-01', 'MODEL-XML-A.1.5-26'],
  given: { studies: studiesAtHand('every-vr', 'charset-latin-1', 'ct') },
  fault: inXml(sendsText(body => body.replaceAll('&amp;', '&'))),
  async run(t, { studies }) {
    for await (const { what, read } of modelAnswers(t, studies, 'xml')) {
      const trouble = read instanceof Unreadable ? read.message : 'well-formed XML';
      const isMarkup = /entity|disallowed character|tag name/i.test(trouble);
      t.expect(`the documents in the answer to ${what}`, trouble, 'well-formed XML', {
        row: isMarkup ? 'MODEL-XML-A.1.5-26' : 'MODEL-XML-A.1.1-01',
      });
    }
  },
});

// PS3.19-2013 Table A.1.5-1 and A.1.6: the root, one for each result.
export const root = model(
  'root',
  'Each XML result is one NativeDicomModel in the namespace of the model',
  ['MODEL-XML-A.1.5-01', 'MODEL-XML-A.1.5-03', 'MODEL-XML-A.1.5-04', 'MODEL-XML-A.1.6-02', 'MODEL-XML-A.1.5-02'],
  ['ct', 'mixed'],
  body => body.replaceAll('NativeDicomModel', 'DicomNativeModel'),
);

// Table A.1.5-2: the attributes of DicomAttribute.
export const attributes = model(
  'attributes',
  'Each DicomAttribute of an XML result has its tag, VR and keyword in the form of the model',
  ['MODEL-XML-A.1.5-05', 'MODEL-XML-A.1.5-08', 'MODEL-XML-A.1.5-09', 'MODEL-XML-A.1.5-10', 'MODEL-XML-A.1.1-03', 'MODEL-XML-A.1.5-32'],
  ['ct', 'every-vr', 'sr'],
  body => body.replaceAll('keyword="PatientName"', 'keyword="PatientsName"'),
);

export const privateAttributes = check({
  id: 'qido-rs/xml-model/private-attributes',
  title: 'Private attributes of an XML result name their creator and have 00 in place of the block number',
  requires: ['MODEL-XML-A.1.5-06', 'MODEL-XML-A.1.5-07', 'MODEL-XML-A.1.5-33'],
  given: { studies: studiesAtHand('private', 'every-vr') },
  fault: inXml(sendsText(body => body.replaceAll(/ privateCreator="[^"]*"/g, ''))),
  async run(t, { studies }) {
    for await (const answer of modelAnswers(t, studies, 'xml')) {
      const { what, defects, results } = readAnswer(t, answer);
      expectNoDefects(t, what, ['MODEL-XML-A.1.5-06', 'MODEL-XML-A.1.5-07'], defects);
      const inPrivateGroups = results.flatMap(allAttributes).filter(({ tag }) => /^...[13579BDF]/.test(tag));
      if (inPrivateGroups.length === 0) continue;
      // The creator is conveyed by privateCreator; whether the element is repeated is told, and judged by nobody.
      const repeated = inPrivateGroups.some(({ tag, privateCreator }) => privateCreator === undefined && /^....00[1-9A-F]/.test(tag));
      t.record('Private Creator elements in XML results', repeated ? 'sent as attributes of their own' : 'not sent');
    }
  },
});

// Table A.1.5-2: content of one kind, numbered from 1.
export const content = model(
  'content',
  'The content of each DicomAttribute of an XML result is of one kind, numbered from 1, and fits its VR',
  [
    'MODEL-XML-A.1.5-15',
    'MODEL-XML-A.1.5-11',
    'MODEL-XML-A.1.5-12',
    'MODEL-XML-A.1.5-13',
    'MODEL-XML-A.1.5-16',
    'MODEL-XML-A.1.5-18',
    'MODEL-XML-A.1.5-22',
    'MODEL-XML-A.1.6-03',
  ],
  ['ct', 'empty-values', 'nested'],
  body => body.replaceAll('<Item number="2"', '<Item number="1"'),
);

export const names = model(
  'person-names',
  'Names in XML results are split into groups and components with the names of the model',
  ['MODEL-XML-A.1.5-20', 'MODEL-XML-A.1.5-21', 'MODEL-XML-A.1.5-36'],
  ['charset-japanese', 'every-vr', 'empty-values'],
  body => body.replaceAll(/<\/?(FamilyName|GivenName)>/g, ''),
);

export const values = model(
  'values',
  'Values in XML results keep the form of their VR',
  ['MODEL-XML-A.1.1-02', 'MODEL-XML-A.1.5-23', 'MODEL-XML-A.1.5-30', 'MODEL-XML-A.1.5-39'],
  ['ct', 'every-vr'],
  body => body.replaceAll('>00181063<', '>(0018,1063)<'),
);

// Table A.1.5-2 ties uri to metadata; PS3.18-2013 6.7.1.2.3.1 sends the client to the URL.
export const bulkData = check({
  id: 'qido-rs/xml-model/bulk-data',
  title: 'A BulkData element of an XML result stands for one whole value and has a uri or a uuid',
  requires: ['MODEL-XML-A.1.5-38', 'MODEL-XML-A.1.5-27', 'MODEL-XML-A.1.5-29', 'MODEL-XML-A.1.5-37'],
  given: { studies: studiesAtHand('limits', 'multi-frame') },
  fault: inXml(sendsText(body => body.replaceAll('<BulkData uri=', '<BulkData uuid="1" uri='))),
  async run(t, { studies }) {
    let found = 0;
    for await (const answer of modelAnswers(t, studies, 'xml')) {
      const { what, defects, results } = readAnswer(t, answer);
      const references = results.flatMap(allAttributes).filter(({ content: each }) => each.kind === 'reference');
      found += references.length;
      expectNoDefects(t, what, ['MODEL-XML-A.1.5-38', 'MODEL-XML-A.1.5-27', 'MODEL-XML-A.1.5-29'], defects);
      const byUri = references.every(({ content: each }) => each.kind === 'reference' && each.uri !== '');
      if (references.length > 0) t.record('BulkData in XML results', byUri ? 'by uri' : 'by uuid');
    }
    if (found === 0) t.skip('the XML results of the target refer to no bulk data: everything in them is inline');
  },
});

// PS3.19-2013 A.1.6: the schema; a validator of its own is a second reading.
export const valid = check({
  id: 'qido-rs/xml-model/valid-against-the-schema',
  title: 'XML results are valid against the schema of the Native DICOM Model',
  requires: ['MODEL-XML-A.1.6-01'],
  given: { studies: studiesAtHand('ct', 'private', 'empty-values') },
  fault: inXml(
    sendsParts(parts =>
      parts.map(part => ({
        ...part,
        body: Buffer.from(
          part.body.toString('latin1').replaceAll(' keyword="PatientID"', ' keyword="PatientID" name="Patient ID"'),
          'latin1',
        ),
      })),
    ),
  ),
  async run(t, { studies }) {
    for await (const answer of modelAnswers(t, studies, 'xml')) {
      const { what, parts } = readAnswer(t, answer);
      const defects = await Promise.all(parts.map(({ body }) => xmlSchemaDefects(body)));
      expectNoDefects(t, what, ['MODEL-XML-A.1.6-01'], defects.flat());
    }
  },
});
