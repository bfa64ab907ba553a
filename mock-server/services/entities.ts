import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { attributesOfAnyLevel, levelOf, type SearchLevel, searchLevels } from '../../schemas/search-attributes.ts';
import type { MatchingKey } from '../dicom/match.ts';
import type { Store, StoredInstance } from '../storage/store.ts';
import { createStudyIndex, type StudyIndex } from './study-index.ts';

/** Something that a search can find: what it is described by, at its level and the levels above. */
export interface Entity {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
  /** An attribute, stored or known. */
  get(tag: Tag): Element | undefined;
  /** The tags of all attributes, in ascending order. */
  tags(): readonly Tag[];
}

/** The studies, series or instances among which a search looks, in the order in which they were stored; those that the keys leave out of question may be left out. */
export type Entities = (level: SearchLevel, keys: readonly MatchingKey[], study?: string, series?: string) => Iterable<Entity>;

const text = (vr: 'CS' | 'IS' | 'UI', ...values: string[]): Element => ({ vr, values });

/** The distinct values that an attribute has in instances, in order of appearance. */
function distinct(instances: readonly StoredInstance[], tag: Tag): string[] {
  const values = instances.flatMap(({ dataSet }) => {
    const element = dataSet.get(tag);
    return element && 'values' in element ? element.values.map(String) : [];
  });
  return [...new Set(values.filter(value => value !== ''))];
}

/** What is not stored in a study but known of it (PS3.4-2013 C.3.4, PS3.18-2013 6.7.1.2.2), by tag. */
type Known = ReadonlyMap<Tag, (uids: Uids) => Element>;
type Uids = Pick<Entity, 'studyInstanceUID' | 'seriesInstanceUID' | 'sopInstanceUID'>;

function knownOf(store: Store, index: StudyIndex): Readonly<Record<SearchLevel, Known>> {
  const number = (of: Iterable<number>) => {
    let sum = 0;
    for (const each of of) sum += each;
    return text('IS', String(sum));
  };
  const patient = (study: string): Iterable<string> => {
    const id = store.first(study)?.dataSet.get(tagOf('PatientID'));
    const value = id && 'values' in id ? String(id.values[0] ?? '') : '';
    return value === '' ? [study] : index.ofPatient(value);
  };
  const studies = (study: string, count: (study: string) => number) => number([...patient(study)].map(count));

  const isOffLine = (uids: Uids) => store.isOffLine(uids.studyInstanceUID, uids.seriesInstanceUID ?? '', uids.sopInstanceUID ?? '');
  const availability = (offLine: boolean) => text('CS', offLine ? 'OFFLINE' : 'ONLINE');

  const ofStudy: readonly (readonly [string, (study: string) => Element])[] = [
    ['ModalitiesInStudy', study => text('CS', ...distinct(store.find(study), tagOf('Modality')))],
    ['SOPClassesInStudy', study => text('UI', ...distinct(store.find(study), tagOf('SOPClassUID')))],
    ['NumberOfStudyRelatedSeries', study => number([store.series(study).length])],
    ['NumberOfStudyRelatedInstances', study => number([store.find(study).length])],
    ['NumberOfPatientRelatedStudies', study => studies(study, () => 1)],
    ['NumberOfPatientRelatedSeries', study => studies(study, each => store.series(each).length)],
    ['NumberOfPatientRelatedInstances', study => studies(study, each => store.find(each).length)],
    // PS3.4-2013 C.4.1.1.3.2: that of the least available instance.
    ['InstanceAvailability', study => availability(store.find(study).some(isOffLine))],
  ];
  // Results of one study follow each other, so what was made for the last one is kept.
  let made = new Map<Tag, Element>();
  let last = '';
  store.watch(() => {
    last = '';
  });
  const study: Known = new Map(
    ofStudy.map(([keyword, make]) => {
      const tag = tagOf(keyword);
      return [
        tag,
        ({ studyInstanceUID }: Uids) => {
          if (studyInstanceUID !== last) made = new Map();
          last = studyInstanceUID;
          const element = made.get(tag) ?? make(studyInstanceUID);
          made.set(tag, element);
          return element;
        },
      ];
    }),
  );
  const series: Known = new Map([
    ...study,
    [
      tagOf('NumberOfSeriesRelatedInstances'),
      ({ studyInstanceUID, seriesInstanceUID = '' }: Uids) => number([store.instances(studyInstanceUID, seriesInstanceUID).length]),
    ],
  ]);
  const instance: Known = new Map([...series, [tagOf('InstanceAvailability'), (uids: Uids) => availability(isOffLine(uids))]]);
  return { study, series, instance };
}

/** The studies, series and instances of a store, described. */
export function createEntities(store: Store): Entities {
  const index = createStudyIndex(store);
  const known = knownOf(store, index);

  function* below(level: SearchLevel, studyInstanceUID: string, only?: string): Iterable<Entity> {
    const first = store.first(studyInstanceUID);
    if (!first) return;
    if (level === 'study') {
      yield described(level, { studyInstanceUID }, first.dataSet, known.study);
      return;
    }
    for (const seriesInstanceUID of store.series(studyInstanceUID)) {
      if (only !== undefined && seriesInstanceUID !== only) continue;
      for (const { sopInstanceUID, dataSet } of store.instances(studyInstanceUID, seriesInstanceUID)) {
        const uids = { studyInstanceUID, seriesInstanceUID };
        yield described(level, level === 'series' ? uids : { ...uids, sopInstanceUID }, dataSet, known[level]);
        // What describes a series is that of its first instance.
        if (level === 'series') break;
      }
    }
  }

  return function* (level, keys, study, series) {
    const studies = study === undefined ? (index.candidates(keys) ?? store.studies()) : [study];
    for (const each of studies) yield* below(level, each, series);
  };
}

const ofEveryLevel: ReadonlySet<Tag> = new Set(attributesOfAnyLevel);

function described(level: SearchLevel, uids: Uids, dataSet: DataSet, known: Known): Entity {
  const last = searchLevels.indexOf(level);
  const describes = (tag: Tag) => searchLevels.indexOf(levelOf(tag)) <= last || ofEveryLevel.has(tag);
  return {
    ...uids,
    get: tag => known.get(tag)?.(uids) ?? (describes(tag) ? dataSet.get(tag) : undefined),
    tags: () => [...new Set([...[...dataSet.keys()].filter(describes), ...known.keys()])].sort(),
  };
}
