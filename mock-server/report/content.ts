import type { DataSet } from '../../schemas/data-set.ts';
import { itemsOf, numbersOf, textOf, textsOf } from '../dicom/values.ts';

/** A content item of a structured report in words (PS3.3-2013 C.17.3). */
export interface ContentItem {
  /** The meaning of the Concept Name; empty when there is none. */
  readonly concept: string;
  /** What is said; empty for containers. */
  readonly value: string;
  readonly isHeading: boolean;
  /** How it is related to the item above, in words; empty for what it simply contains. */
  readonly relation: string;
  readonly children: readonly ContentItem[];
}

/** A structured report in words. */
export interface Report {
  readonly title: string;
  /** Who and what it is about, by label. */
  readonly header: readonly (readonly [label: string, value: string])[];
  readonly content: readonly ContentItem[];
}

/** Reads the document of a data set with an SR Document Content module. */
export function reportOf(dataSet: DataSet): Report {
  const header: readonly (readonly [string, string])[] = [
    ['Patient', personName(textOf(dataSet, 'PatientName'))],
    ['Patient ID', textOf(dataSet, 'PatientID')],
    ['Born', day(textOf(dataSet, 'PatientBirthDate'))],
    ['Sex', textOf(dataSet, 'PatientSex')],
    ['Study', [day(textOf(dataSet, 'StudyDate')), textOf(dataSet, 'StudyDescription')].filter(Boolean).join(', ')],
    ['Accession number', textOf(dataSet, 'AccessionNumber')],
    ['Referring physician', personName(textOf(dataSet, 'ReferringPhysicianName'))],
    ['Written', [day(textOf(dataSet, 'ContentDate')), clock(textOf(dataSet, 'ContentTime'))].filter(Boolean).join(' ')],
    ['State', [textOf(dataSet, 'CompletionFlag'), textOf(dataSet, 'VerificationFlag')].filter(Boolean).join(', ').toLowerCase()],
  ];
  return {
    title: meaning(dataSet, 'ConceptNameCodeSequence') || 'Report',
    header: header.filter(([, value]) => value !== ''),
    content: itemsOf(dataSet, 'ContentSequence').map(itemOf),
  };
}

const relations: Readonly<Record<string, string>> = {
  'HAS OBS CONTEXT': 'context',
  'HAS ACQ CONTEXT': 'acquisition',
  'HAS CONCEPT MOD': 'modifier',
  'HAS PROPERTIES': 'property',
  'INFERRED FROM': 'inferred from',
  'SELECTED FROM': 'selected from',
};

function itemOf(item: DataSet): ContentItem {
  const type = textOf(item, 'ValueType');
  const pointer = numbersOf(item, 'ReferencedContentItemIdentifier');
  return {
    concept: meaning(item, 'ConceptNameCodeSequence'),
    value: pointer.length > 0 ? `see content item ${pointer.join('.')}` : (values[type]?.(item) ?? ''),
    isHeading: type === 'CONTAINER',
    relation: relations[textOf(item, 'RelationshipType')] ?? '',
    children: itemsOf(item, 'ContentSequence').map(itemOf),
  };
}

const referred = (item: DataSet): string =>
  itemsOf(item, 'ReferencedSOPSequence')
    .map(each => {
      const frames = numbersOf(each, 'ReferencedFrameNumber');
      return `${textOf(each, 'ReferencedSOPInstanceUID')}${frames.length > 0 ? `, frame ${frames.join(', ')}` : ''}`;
    })
    .join('; ');

/** The value types of PS3.3-2013 Table C.17.3-7. */
const values: Readonly<Record<string, (item: DataSet) => string>> = {
  TEXT: item => textOf(item, 'TextValue'),
  CODE: item => meaning(item, 'ConceptCodeSequence'),
  NUM: numeric,
  DATETIME: item => dateTime(textOf(item, 'DateTime')),
  DATE: item => day(textOf(item, 'Date')),
  TIME: item => clock(textOf(item, 'Time')),
  UIDREF: item => textOf(item, 'UID'),
  PNAME: item => personName(textOf(item, 'PersonName')),
  SCOORD: item => `${textOf(item, 'GraphicType').toLowerCase()} at ${numbersOf(item, 'GraphicData').join(', ')}`,
  SCOORD3D: item => `${textOf(item, 'GraphicType').toLowerCase()} at ${numbersOf(item, 'GraphicData').join(', ')}`,
  TCOORD: item =>
    `${textOf(item, 'TemporalRangeType').toLowerCase()} ${[...textsOf(item, 'ReferencedTimeOffsets'), ...textsOf(item, 'ReferencedDateTime'), ...textsOf(item, 'ReferencedSamplePositions')].join(', ')}`,
  IMAGE: item => `image ${referred(item)}`,
  WAVEFORM: item => `waveform ${referred(item)}`,
  COMPOSITE: item => `object ${referred(item)}`,
};

function numeric(item: DataSet): string {
  const [measured] = itemsOf(item, 'MeasuredValueSequence');
  if (!measured) return meaning(item, 'NumericValueQualifierCodeSequence') || 'no value';
  const [unit] = itemsOf(measured, 'MeasurementUnitsCodeSequence');
  const code = unit ? textOf(unit, 'CodeValue') : '';
  return [textOf(measured, 'NumericValue'), code === '1' ? '' : code].filter(Boolean).join(' ');
}

function meaning(dataSet: DataSet, sequence: string): string {
  const [code] = itemsOf(dataSet, sequence);
  return code ? textOf(code, 'CodeMeaning') || textOf(code, 'CodeValue') : '';
}

/** PS3.5-2013 6.2.1: family name, given names, prefix and suffix of each group, as they are spoken. */
function personName(text: string): string {
  return text
    .split('=')
    .map(group => {
      const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group.split('^');
      return [prefix, given, middle, family, suffix].filter(Boolean).join(' ');
    })
    .filter(Boolean)
    .join(' / ');
}

const day = (text: string): string => text.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
const clock = (text: string): string =>
  text.replace(/^(\d\d)(\d\d)(\d\d)?.*$/, (_, hour, minute, second) => [hour, minute, second].filter(Boolean).join(':'));
const dateTime = (text: string): string => [day(text.slice(0, 8)), clock(text.slice(8))].filter(Boolean).join(' ');
