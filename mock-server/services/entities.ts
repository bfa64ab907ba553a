import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { levelOf, type SearchLevel, searchLevels } from '../../schemas/search-attributes.ts';
import type { Store, StoredInstance } from '../storage/store.ts';

/** Something that a search can find: what it is described by, at its level and the levels above. */
export interface Entity {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
  readonly attributes: DataSet;
}

const text = (vr: 'CS' | 'IS' | 'UI', ...values: string[]): Element => ({ vr, values });

/** The distinct values that an attribute has in instances, in order of appearance. */
function distinct(instances: readonly StoredInstance[], tag: Tag): string[] {
  const values = instances.flatMap(({ dataSet }) => {
    const element = dataSet.get(tag);
    return element && 'values' in element ? element.values.map(String) : [];
  });
  return [...new Set(values.filter(value => value !== ''))];
}

/** PS3.4-2013 C.3.4 and PS3.18-2013 6.7.1.2.2: what is not stored in a study but known of it. */
function ofStudy(instances: readonly StoredInstance[]): readonly (readonly [string, Element])[] {
  return [
    ['ModalitiesInStudy', text('CS', ...distinct(instances, tagOf('Modality')))],
    ['SOPClassesInStudy', text('UI', ...distinct(instances, tagOf('SOPClassUID')))],
    ['NumberOfStudyRelatedSeries', text('IS', String(new Set(instances.map(each => each.seriesInstanceUID)).size))],
    ['NumberOfStudyRelatedInstances', text('IS', String(instances.length))],
    ['InstanceAvailability', text('CS', 'ONLINE')],
  ];
}

/** The elements of a data set that describe a level or one above it. */
function upTo(level: SearchLevel, dataSet: DataSet): (readonly [Tag, Element])[] {
  const last = searchLevels.indexOf(level);
  return [...dataSet].filter(([tag]) => searchLevels.indexOf(levelOf(tag)) <= last);
}

const ascending = (elements: readonly (readonly [Tag, Element])[]): DataSet =>
  new Map([...new Map(elements)].sort(([a], [b]) => (a < b ? -1 : 1)));
const byTag = (elements: readonly (readonly [string, Element])[]) =>
  elements.map(([keyword, element]) => [tagOf(keyword), element] as const);

/** The studies, series or instances of a store, described; made when first asked for and again after a change. */
export function createEntities(store: Store): (level: SearchLevel, study?: string, series?: string) => readonly Entity[] {
  let version = -1;
  let made = new Map<string, readonly Entity[]>();

  const studyEntity = (studyInstanceUID: string): Entity[] => {
    const instances = store.find(studyInstanceUID);
    const [first] = instances;
    return first ? [{ studyInstanceUID, attributes: ascending([...upTo('study', first.dataSet), ...byTag(ofStudy(instances))]) }] : [];
  };
  const seriesEntity = (studyInstanceUID: string, seriesInstanceUID: string): Entity[] => {
    const instances = store.instances(studyInstanceUID, seriesInstanceUID);
    const [first] = instances;
    if (!first) return [];
    const count = byTag([['NumberOfSeriesRelatedInstances', text('IS', String(instances.length))]]);
    const study = byTag(ofStudy(store.find(studyInstanceUID)));
    return [{ studyInstanceUID, seriesInstanceUID, attributes: ascending([...upTo('series', first.dataSet), ...study, ...count]) }];
  };
  const instanceEntities = (studyInstanceUID: string, seriesInstanceUID: string): Entity[] => {
    const instances = store.instances(studyInstanceUID, seriesInstanceUID);
    const count = byTag([['NumberOfSeriesRelatedInstances', text('IS', String(instances.length))]]);
    const study = byTag(ofStudy(store.find(studyInstanceUID)));
    return instances.map(({ sopInstanceUID, dataSet }) => ({
      studyInstanceUID,
      seriesInstanceUID,
      sopInstanceUID,
      attributes: ascending([...dataSet, ...study, ...count]),
    }));
  };

  return (level, study, series) => {
    if (version !== store.version) {
      version = store.version;
      made = new Map();
    }
    const key = [level, study ?? '', series ?? ''].join('/');
    const known = made.get(key);
    if (known) return known;
    const studies = study === undefined ? store.studies() : [study];
    const found = studies.flatMap(uid => {
      if (level === 'study') return studyEntity(uid);
      const ofOne = series === undefined ? store.series(uid) : store.series(uid).filter(each => each === series);
      return ofOne.flatMap(each => (level === 'series' ? seriesEntity(uid, each) : instanceEntities(uid, each)));
    });
    made.set(key, found);
    return found;
  };
}
