import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { documents } from '../kit/documents.ts';
import { on, sendsText } from '../kit/faults.ts';
import { expectNoDefects } from '../kit/models.ts';
import { studiesAtHand, studyPath } from '../kit/retrieve.ts';
import { xmlSchemaDefects } from '../kit/schemas.ts';

/** A check that the Native DICOM Model documents of the metadata break none of these rows. */
function model(claim: string, title: string, requires: readonly [RequirementId, ...RequirementId[]], fault: Fault): Check {
  return check({
    id: `wado-rs/metadata-model/${claim}`,
    title,
    requires,
    given: { studies: studiesAtHand('ct', 'mixed', 'private', 'multi-frame') },
    fault: on(/\/metadata$/, fault),
    async run(t, { studies }) {
      for (const study of studies.slice(0, 6)) {
        const defects = (await documents(t, `${studyPath(study)}/metadata`)).flatMap(document => document.defects);
        for (const row of requires) {
          const found = [...new Set(defects.filter(defect => defect.row === row).map(defect => defect.what))];
          t.expect('the defects in the metadata documents', found.slice(0, 3), [], { row });
        }
      }
    },
  });
}

// PS3.19-2013 A.1.5, Table A.1.5-1: the root.
export const document = model(
  'document',
  'Each metadata document is well-formed XML with the root, namespace and white space rule of the model',
  ['MODEL-XML-A.1.5-01', 'MODEL-XML-A.1.1-01', 'MODEL-XML-A.1.5-02', 'MODEL-XML-A.1.5-03', 'MODEL-XML-A.1.5-04'],
  sendsText(text => text.replaceAll(/ xml:space="preserve"/g, '')),
);

// Table A.1.5-2: the attributes of DicomAttribute.
export const attributes = model(
  'attributes',
  'Each DicomAttribute has its tag, VR and keyword in the form of the model',
  ['MODEL-XML-A.1.5-05', 'MODEL-XML-A.1.5-09', 'MODEL-XML-A.1.5-10', 'MODEL-XML-A.1.5-08', 'MODEL-XML-A.1.1-03'],
  sendsText(text => text.replaceAll('tag="0020000D"', 'tag="0020000d"')),
);

export const privateAttributes = model(
  'private-attributes',
  'Private attributes name their creator and have 00 in place of the block number',
  ['MODEL-XML-A.1.5-06', 'MODEL-XML-A.1.5-07'],
  sendsText(text => text.replaceAll(/ privateCreator="[^"]*"/g, '')),
);

export const content = model(
  'content',
  'Each DicomAttribute has content of one kind, numbered from 1, that fits its VR',
  [
    'MODEL-XML-A.1.5-15',
    'MODEL-XML-A.1.5-11',
    'MODEL-XML-A.1.5-12',
    'MODEL-XML-A.1.5-16',
    'MODEL-XML-A.1.5-18',
    'MODEL-XML-A.1.5-22',
    'MODEL-XML-A.1.6-03',
  ],
  sendsText(text => text.replaceAll('<Value number="1"', '<Value number="0"')),
);

export const names = model(
  'person-names',
  'Names are split into groups and components with the names of the model',
  ['MODEL-XML-A.1.5-20', 'MODEL-XML-A.1.5-21', 'MODEL-XML-A.1.5-36'],
  sendsText(text => text.replaceAll('Alphabetic>', 'SingleByte>')),
);

export const values = model(
  'values',
  'Values keep the form of their VR',
  ['MODEL-XML-A.1.1-02', 'MODEL-XML-A.1.5-23', 'MODEL-XML-A.1.5-30', 'MODEL-XML-A.1.5-39'],
  sendsText(text => text.replaceAll(/(tag="00080020"[^>]*>\s*<Value number="1">)(\d{4})(\d\d)(\d\d)/g, '$1$2-$3-$4')),
);

export const bulkData = model(
  'bulk-data',
  'Each BulkData element has the URL of its value',
  ['WADO-RS-6.5.6-13', 'MODEL-XML-A.1.5-28', 'MODEL-XML-A.1.5-29', 'MODEL-XML-A.1.5-38', 'MODEL-XML-A.1.5-27'],
  sendsText(text => text.replaceAll(/<BulkData uri=/g, '<BulkData uuid=')),
);

export const order = model(
  'order',
  'The attributes stand in ascending order of their tags and nothing else stands in the document',
  ['MODEL-XML-A.1.5-32', 'MODEL-XML-A.1.6-01'],
  sendsText(text =>
    text.replaceAll(
      /(<DicomAttribute [^>]*>(?:(?!<\/?DicomAttribute)[\s\S])*<\/DicomAttribute>)(\s*)(<DicomAttribute [^>]*>(?:(?!<\/?DicomAttribute)[\s\S])*<\/DicomAttribute>)/g,
      '$3$2$1',
    ),
  ),
);

// PS3.19-2013 A.1.6: the schema; a validator of its own is a second reading.
export const valid = check({
  id: 'wado-rs/metadata-model/valid-against-the-schema',
  title: 'Metadata documents are valid against the schema of the Native DICOM Model',
  requires: ['MODEL-XML-A.1.6-01'],
  given: { studies: studiesAtHand('ct', 'mixed', 'private', 'empty-values') },
  fault: on(
    /\/metadata$/,
    sendsText(text => text.replaceAll(/ keyword="PatientID"/g, ' keyword="PatientID" vm="1"')),
  ),
  async run(t, { studies }) {
    for (const study of studies.slice(0, 6)) {
      const found = await documents(t, `${studyPath(study)}/metadata`);
      const defects = await Promise.all(found.slice(0, 20).map(({ part }) => xmlSchemaDefects(part.body)));
      expectNoDefects(t, 'GET metadata', ['MODEL-XML-A.1.6-01'], defects.flat());
    }
  },
});
