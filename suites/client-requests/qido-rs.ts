import { studyNamed } from '../../fixtures/corpus.ts';
import type { Edition } from '../../schemas/editions.ts';
import type { Ask } from '../harness/trial.ts';

const ct = studyNamed('ct');
const [slice] = ct.instances;
const study = ct.studyInstanceUID;
const series = slice?.seriesInstanceUID ?? '';

/** By resource what a right client asks there; of a study only what is of it or of what is above it. */
const queries: Readonly<Record<string, readonly string[]>> = {
  studies: [
    '',
    '?limit=2&offset=1',
    '?PatientName=SMITH*&fuzzymatching=true',
    '?00100010=conf%5Etest&00080020=20130509-20130510&fuzzymatching=false',
    '?PatientName=M%C3%BCller&includefield=all',
    '?StudyDate=20130509&StudyTime=10-113015.5',
    '?StudyDate=-20130509&StudyTime=22:30',
    '?StudyDate=20130509-&StudyTime=',
    '?StudyDate=2013.05.09&PatientID=A%2CB&StudyDescription=a+b',
    `?StudyInstanceUID=${study}%2C1.2.3&includefield=StudyDescription&includefield=00100040&includefield=PatientBirthDate`,
    `?StudyInstanceUID=${study}&StudyInstanceUID=1.2.3&0020000d=1.2.4`,
    `?0020000D=${study}%5C1.2.3&ModalitiesInStudy=C%3F&AccessionNumber=*`,
    '?OtherPatientIDsSequence.PatientID=X&OtherPatientIDsSequence.00100021=Y&00101002.00100024.00400032=1.2',
    '?includefield=OtherPatientIDsSequence.IssuerOfPatientIDQualifiersSequence.UniversalEntityID',
    '?NumberOfStudyRelatedSeries=2&PatientAge=045Y&PatientSize=1.75&PatientWeight=%2B70e0',
    '?TimezoneOffsetFromUTC=%2B0100&includefield=NumberOfSeriesRelatedInstances&includefield=00080062',
    '?OtherPatientIDsSequence=&PatientBirthName=&RETRIEVEURL=x&_=1700000000&00091001=private',
  ],
  series: ['?Modality=CT&PatientName=*&SeriesNumber=1&limit=5', '?PerformedProcedureStepStartDate=20130101-&InstitutionName=A*'],
  [`studies/${study}/series`]: [
    '',
    '?RequestAttributesSequence.ScheduledProcedureStepID=A&00400275.00401001=B&includefield=StudyDescription',
    '?SeriesInstanceUID=1.2.3,1.2.4&includefield=FrameOfReferenceUID&includefield=Manufacturer',
  ],
  instances: [
    '?SOPClassUID=1.2.840.10008.5.1.4.1.1.2&Modality=CT&StudyDate=20130509',
    '?PatientID=A&AcquisitionDateTime=2013-20140101%2B0100',
  ],
  [`studies/${study}/instances`]: ['?InstanceNumber=1&includefield=Rows&includefield=SeriesDescription'],
  [`studies/${study}/series/${series}/instances`]: ['', '?Rows=512&PixelSpacing=0.5%5C0.5&ContentDate=20130509&includefield=PixelData'],
};

const headers = [
  ['Accept', 'multipart/related; type="application/dicom+xml"'],
  ['Cache-Control', 'no-cache'],
] as const;

/** The searches of a right client. */
export const searches = (edition: Edition): readonly Ask[] => [
  ...Object.entries(queries).flatMap(([resource, all]) => all.map(query => ({ to: resource + query, headers }))),
  { to: 'studies', headers: { Accept: 'application/json', 'Cache-Control': 'max-age=0, no-cache' } },
  ...(edition < '2016c' ? [] : [{ to: 'studies', headers: { Accept: 'application/dicom+json', 'Cache-Control': 'NO-CACHE' } }]),
  ...(edition < '2019b' ? [] : [{ to: 'studies?includefield=StudyDescription,00100040', headers }]),
];
