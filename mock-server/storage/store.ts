import type { DataSet, Tag } from '../../schemas/data-set.ts';
import { type Part10Object, readPart10 } from '../dicom/part10.ts';
import { inMemory, type Octets } from './octets.ts';

/** One stored instance: its PS3.10 file as it was received, and what the file says. Of a file on a disk large values are read when they are asked for. */
export interface StoredInstance {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntax: string;
  readonly file: Uint8Array;
  /** The same, to be read piece by piece. */
  readonly octets: Octets;
  /** The length of the file. */
  readonly size: number;
  readonly dataSet: DataSet;
}

/** Instances by study, series and SOP Instance UID, in the order in which they were stored. */
export interface Store {
  /** Keeps an instance; the same SOP Instance UID in the same series replaces it. */
  add(instance: StoredInstance): void;
  studies(): readonly string[];
  series(study: string): readonly string[];
  instances(study: string, series: string): readonly StoredInstance[];
  /** Everything below a study, a series or an instance; nothing when it does not exist. */
  find(study: string, series?: string, instance?: string): readonly StoredInstance[];
  /** Deletes what `find` finds; from then on it is known to have been deleted. */
  remove(study: string, series?: string, instance?: string): void;
  wasRemoved(study: string, series?: string, instance?: string): boolean;
  /** The length of all files together. */
  readonly bytes: number;
  /** Notes that what `find` finds is held on media that somebody has to bring; WADO-WS tells so. */
  takeOffLine(study: string, series?: string, instance?: string): void;
  isOffLine(study: string, series: string, instance: string): boolean;
  /** The first instance of a study: what describes the study is read from it. */
  first(study: string): StoredInstance | undefined;
  /** Calls back with the study after each change below it. */
  watch(changed: (study: string) => void): void;
}

type Series = Map<string, StoredInstance>;

/** A store in memory. */
export function createStore(): Store {
  const held = new Map<string, Map<string, Series>>();
  const removed = new Set<string>();
  const watchers: ((study: string) => void)[] = [];
  const tell = (study: string) => {
    for (const changed of watchers) changed(study);
  };
  const offLine = new Set<string>();
  let bytes = 0;

  const find = (study: string, series?: string, instance?: string): readonly StoredInstance[] => {
    const ofStudy = held.get(study);
    if (!ofStudy) return [];
    if (series === undefined) return [...ofStudy.values()].flatMap(each => [...each.values()]);
    const ofSeries = ofStudy.get(series);
    if (!ofSeries) return [];
    if (instance === undefined) return [...ofSeries.values()];
    const found = ofSeries.get(instance);
    return found ? [found] : [];
  };

  return {
    add(instance) {
      const ofStudy = held.get(instance.studyInstanceUID) ?? new Map<string, Series>();
      held.set(instance.studyInstanceUID, ofStudy);
      const ofSeries = ofStudy.get(instance.seriesInstanceUID) ?? new Map<string, StoredInstance>();
      ofStudy.set(instance.seriesInstanceUID, ofSeries);
      bytes += instance.size - (ofSeries.get(instance.sopInstanceUID)?.size ?? 0);
      ofSeries.set(instance.sopInstanceUID, instance);
      tell(instance.studyInstanceUID);
    },
    studies: () => [...held.keys()],
    series: study => [...(held.get(study)?.keys() ?? [])],
    instances: (study, series) => find(study, series),
    find,
    remove(study, series, instance) {
      for (const each of find(study, series, instance)) {
        const ofStudy = held.get(each.studyInstanceUID);
        const ofSeries = ofStudy?.get(each.seriesInstanceUID);
        if (ofSeries?.delete(each.sopInstanceUID)) bytes -= each.size;
        removed.add(pathOf(each.studyInstanceUID, each.seriesInstanceUID, each.sopInstanceUID));
        if (ofSeries?.size === 0 && ofStudy?.delete(each.seriesInstanceUID))
          removed.add(pathOf(each.studyInstanceUID, each.seriesInstanceUID));
        if (ofStudy?.size === 0 && held.delete(each.studyInstanceUID)) removed.add(pathOf(each.studyInstanceUID));
      }
      tell(study);
    },
    wasRemoved: (study, series, instance) =>
      [pathOf(study), pathOf(study, series), pathOf(study, series, instance)].some(path => removed.has(path)),
    get bytes() {
      return bytes;
    },
    takeOffLine(study, series, instance) {
      for (const each of find(study, series, instance))
        offLine.add(pathOf(each.studyInstanceUID, each.seriesInstanceUID, each.sopInstanceUID));
      tell(study);
    },
    isOffLine: (study, series, instance) => offLine.has(pathOf(study, series, instance)),
    first(study) {
      for (const ofSeries of held.get(study)?.values() ?? []) for (const instance of ofSeries.values()) return instance;
      return undefined;
    },
    watch: changed => {
      watchers.push(changed);
    },
  };
}

function pathOf(...uids: readonly (string | undefined)[]): string {
  return uids.filter(uid => uid !== undefined).join('/');
}

/** What is missing for an instance to be stored. */
export class NotStorable extends Error {}

/** Reads a PS3.10 file into what the store keeps; throws MalformedObject, or NotStorable when a UID is missing. */
export function storedInstance(file: Uint8Array | Octets): StoredInstance {
  const octets = file instanceof Uint8Array ? inMemory(file) : file;
  return instanceOf(readPart10(octets), octets);
}

/** What the store keeps of an object that has been read; throws NotStorable when a UID is missing. */
export function instanceOf({ dataSet, transferSyntax }: Part10Object, octets: Octets): StoredInstance {
  const uid = (tag: Tag, name: string) => {
    const element = dataSet.get(tag);
    const value = element && 'values' in element ? String(element.values[0] ?? '') : '';
    if (value === '') throw new NotStorable(`${name} is missing`);
    // It becomes a part of URLs and of the names of files.
    if (value.length > 64 || !/^\d+(\.\d+)*$/.test(value)) throw new NotStorable(`${name} is no UID`);
    return value;
  };
  return {
    studyInstanceUID: uid('0020000D', 'Study Instance UID (0020,000D)'),
    seriesInstanceUID: uid('0020000E', 'Series Instance UID (0020,000E)'),
    sopInstanceUID: uid('00080018', 'SOP Instance UID (0008,0018)'),
    sopClassUID: uid('00080016', 'SOP Class UID (0008,0016)'),
    transferSyntax,
    octets,
    size: octets.length,
    get file() {
      return octets.slice(0, octets.length);
    },
    dataSet,
  };
}
