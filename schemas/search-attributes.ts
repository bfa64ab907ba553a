import type { Tag } from './data-set.ts';
import { tagOf } from './dictionary.ts';

/** What a search finds, from the top of the hierarchy down. */
export type SearchLevel = 'study' | 'series' | 'instance';

/** The levels from the top down. */
export const searchLevels: readonly SearchLevel[] = ['study', 'series', 'instance'];

/** A matching key that every server has to support: the tags from the outermost sequence to the attribute. */
export interface RequiredKey {
  readonly path: readonly Tag[];
  /** The same in keywords, joined by dots. */
  readonly keywords: string;
}

const key = (keywords: string): RequiredKey => ({ path: keywords.split('.').map(tagOf), keywords });

/** PS3.18-2013 Tables 6.7.1-1, 6.7.1-1a and 6.7.1-1b: the required matching keys; relational searches need those of the higher levels too. */
export const requiredMatchingKeys: Readonly<Record<SearchLevel, readonly RequiredKey[]>> = {
  study: [
    'StudyDate',
    'StudyTime',
    'AccessionNumber',
    'ModalitiesInStudy',
    'ReferringPhysicianName',
    'PatientName',
    'PatientID',
    'StudyInstanceUID',
    'StudyID',
  ].map(key),
  series: [
    'Modality',
    'SeriesInstanceUID',
    'SeriesNumber',
    'PerformedProcedureStepStartDate',
    'PerformedProcedureStepStartTime',
    // Table 6.7.1-1a misprints the keyword as RequestAttributeSequence.
    'RequestAttributesSequence',
    'RequestAttributesSequence.ScheduledProcedureStepID',
    'RequestAttributesSequence.RequestedProcedureID',
  ].map(key),
  instance: ['SOPClassUID', 'SOPInstanceUID', 'InstanceNumber'].map(key),
};

/**
 * When a row is in a result: `always` (empty if there is no value); `value`: may be absent if there is no value; `characters`: if a
 * returned value needs it; `image` and `multi-frame`: only for image and for multi-frame image instances.
 */
export type RowCondition = 'always' | 'value' | 'characters' | 'image' | 'multi-frame';

/** A row of Tables 6.7.1-2 to 6.7.1-2b. */
export interface ResultRow {
  readonly tag: Tag;
  readonly keyword: string;
  readonly condition: RowCondition;
  /** For sequences: the attributes in each item. */
  readonly items?: readonly Tag[];
}

const rows = (condition: RowCondition, ...keywords: string[]): ResultRow[] =>
  keywords.map(keyword => ({ tag: tagOf(keyword), keyword, condition }));

/** PS3.18-2013 Tables 6.7.1-2, 6.7.1-2a and 6.7.1-2b: the attributes of each result; relational searches return those of the higher levels too. */
export const resultRows: Readonly<Record<SearchLevel, readonly ResultRow[]>> = {
  study: [
    ...rows('characters', 'SpecificCharacterSet'),
    ...rows('always', 'StudyDate', 'StudyTime', 'AccessionNumber', 'InstanceAvailability', 'ModalitiesInStudy', 'ReferringPhysicianName'),
    ...rows('value', 'TimezoneOffsetFromUTC'),
    ...rows('always', 'RetrieveURL', 'PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex', 'StudyInstanceUID', 'StudyID'),
    ...rows('always', 'NumberOfStudyRelatedSeries', 'NumberOfStudyRelatedInstances'),
  ],
  series: [
    ...rows('characters', 'SpecificCharacterSet'),
    // Table 6.7.1-2a misprints the tag of Modality as (0008,0056).
    ...rows('always', 'Modality'),
    ...rows('value', 'TimezoneOffsetFromUTC', 'SeriesDescription'),
    ...rows('always', 'RetrieveURL', 'SeriesInstanceUID', 'SeriesNumber', 'NumberOfSeriesRelatedInstances'),
    ...rows('value', 'PerformedProcedureStepStartDate', 'PerformedProcedureStepStartTime'),
    {
      tag: tagOf('RequestAttributesSequence'),
      keyword: 'RequestAttributesSequence',
      condition: 'value',
      items: [tagOf('ScheduledProcedureStepID'), tagOf('RequestedProcedureID')],
    },
  ],
  instance: [
    ...rows('characters', 'SpecificCharacterSet'),
    ...rows('always', 'SOPClassUID', 'SOPInstanceUID', 'InstanceAvailability'),
    ...rows('value', 'TimezoneOffsetFromUTC'),
    ...rows('always', 'RetrieveURL', 'InstanceNumber'),
    ...rows('image', 'Rows', 'Columns', 'BitsAllocated'),
    ...rows('multi-frame', 'NumberOfFrames'),
  ],
};

/** The unique key of each level (PS3.4-2013 C.6). */
export const uniqueKeys: Readonly<Record<SearchLevel, Tag>> = {
  study: tagOf('StudyInstanceUID'),
  series: tagOf('SeriesInstanceUID'),
  instance: tagOf('SOPInstanceUID'),
};

/** The attributes of the Patient and Study IEs (PS3.3-2013 C.7.1 and C.7.2) and the additional ones of PS3.4-2013 C.3.4 that describe a study. */
const studyAttributes = `
  ReferencedPatientSequence PatientName PatientID IssuerOfPatientID TypeOfPatientID IssuerOfPatientIDQualifiersSequence
  PatientBirthDate PatientBirthTime PatientSex QualityControlSubject OtherPatientIDs OtherPatientNames OtherPatientIDsSequence
  EthnicGroup PatientSpeciesDescription PatientSpeciesCodeSequence PatientBreedDescription PatientBreedCodeSequence
  BreedRegistrationSequence ResponsiblePerson ResponsiblePersonRole ResponsibleOrganization PatientComments
  PatientIdentityRemoved DeidentificationMethod DeidentificationMethodCodeSequence
  ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolName ClinicalTrialSiteID ClinicalTrialSiteName
  ClinicalTrialSubjectID ClinicalTrialSubjectReadingID ClinicalTrialProtocolEthicsCommitteeName
  ClinicalTrialProtocolEthicsCommitteeApprovalNumber
  StudyInstanceUID StudyDate StudyTime ReferringPhysicianName ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers
  ReferringPhysicianIdentificationSequence StudyID AccessionNumber IssuerOfAccessionNumberSequence StudyDescription
  PhysiciansOfRecord PhysiciansOfRecordIdentificationSequence NameOfPhysiciansReadingStudy
  PhysiciansReadingStudyIdentificationSequence RequestingServiceCodeSequence ReferencedStudySequence ProcedureCodeSequence
  ReasonForPerformedProcedureCodeSequence
  AdmittingDiagnosesDescription AdmittingDiagnosesCodeSequence PatientAge PatientSize PatientSizeCodeSequence PatientWeight
  MedicalAlerts Allergies Occupation SmokingStatus AdditionalPatientHistory PregnancyStatus LastMenstrualDate PatientSexNeutered
  AdmissionID IssuerOfAdmissionIDSequence SpecialNeeds ServiceEpisodeID ServiceEpisodeDescription
  IssuerOfServiceEpisodeIDSequence PatientState
  ClinicalTrialTimePointID ClinicalTrialTimePointDescription ConsentForClinicalTrialUseSequence
  ModalitiesInStudy SOPClassesInStudy NumberOfPatientRelatedStudies NumberOfPatientRelatedSeries NumberOfPatientRelatedInstances
  NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances
`;

/** The attributes of the Series IE and of the IEs that are one for a series, Frame of Reference and Equipment (PS3.3-2013 C.7.3 to C.7.5, C.8.9.1, C.8.11.1). */
const seriesAttributes = `
  Modality SeriesInstanceUID SeriesNumber Laterality SeriesDate SeriesTime PerformingPhysicianName
  PerformingPhysicianIdentificationSequence ProtocolName SeriesDescription SeriesDescriptionCodeSequence OperatorsName
  OperatorIdentificationSequence ReferencedPerformedProcedureStepSequence RelatedSeriesSequence AnatomicalOrientationType
  BodyPartExamined PatientPosition SmallestPixelValueInSeries LargestPixelValueInSeries RequestAttributesSequence
  PerformedProcedureStepID PerformedProcedureStepStartDate PerformedProcedureStepStartTime PerformedProcedureStepEndDate
  PerformedProcedureStepEndTime PerformedProcedureStepDescription PerformedProtocolCodeSequence
  CommentsOnThePerformedProcedureStep PresentationIntentType
  ClinicalTrialCoordinatingCenterName ClinicalTrialSeriesID ClinicalTrialSeriesDescription
  FrameOfReferenceUID PositionReferenceIndicator
  Manufacturer InstitutionName InstitutionAddress StationName InstitutionalDepartmentName ManufacturerModelName
  DeviceSerialNumber SoftwareVersions GantryID SpatialResolution DateOfLastCalibration TimeOfLastCalibration
  Units CountsSource SeriesType ReprojectionMethod NumberOfRRIntervals NumberOfTimeSlots NumberOfTimeSlices NumberOfSlices
  CorrectedImage RandomsCorrectionMethod AttenuationCorrectionMethod DecayCorrection ReconstructionMethod
  DetectorLinesOfResponseUsed ScatterCorrectionMethod AxialMash TransverseMash
  NumberOfSeriesRelatedInstances
`;

const tags = (keywords: string) => keywords.trim().split(/\s+/).map(tagOf);
const levels = new Map<Tag, SearchLevel>([
  ...tags(studyAttributes).map(tag => [tag, 'study'] as const),
  ...tags(seriesAttributes).map(tag => [tag, 'series'] as const),
]);

/** The attributes that describe every entity, whatever its level: SpecificCharacterSet, InstanceAvailability, TimezoneOffsetFromUTC and RetrieveURL. */
export const attributesOfAnyLevel: readonly Tag[] = [
  'SpecificCharacterSet',
  'InstanceAvailability',
  'TimezoneOffsetFromUTC',
  'RetrieveURL',
].map(tagOf);

/** The level of the IE that an attribute belongs to (PS3.18-2013 6.7.1.1); attributes of no other IE are those of the Composite Instance IE. */
export function levelOf(tag: Tag): SearchLevel {
  return levels.get(tag) ?? 'instance';
}
