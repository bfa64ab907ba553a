import type { DataSet, Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { MatchingKey } from '../dicom/match.ts';
import { day, intervalOf, rangeOf } from '../dicom/time.ts';
import type { Store } from '../storage/store.ts';

/** Finds the studies that can match without looking at all of them. */
export interface StudyIndex {
  /** Studies among which are all that match the keys, in the order in which they were stored; null when the keys narrow the search too little. */
  candidates(keys: readonly MatchingKey[]): readonly string[] | null;
  /** The studies of the patient with this Patient ID. */
  ofPatient(id: string): ReadonlySet<string>;
  /** How many studies there are. */
  readonly size: number;
}

const studyUid = tagOf('StudyInstanceUID');
const patientId = tagOf('PatientID');
const accessionNumber = tagOf('AccessionNumber');
const studyDate = tagOf('StudyDate');

/** What a study is filed under. */
interface Filed {
  readonly order: number;
  readonly from: object;
  readonly entries: readonly (readonly [Shelf, string | number])[];
}

/** An attribute's values, each with the studies that have it. */
type Shelf = Map<string | number, Set<string>>;

/** An index of a store by Study Instance UID, Patient ID, Accession Number and Study Date, kept up as instances come and go. */
export function createStudyIndex(store: Store): StudyIndex {
  const filed = new Map<string, Filed>();
  const patients: Shelf = new Map();
  const accessions: Shelf = new Map();
  const dates: Shelf = new Map();
  let ascending: number[] | null = null;
  let next = 0;

  const update = (study: string) => {
    const first = store.first(study);
    const known = filed.get(study);
    // What describes a study is that of its first instance.
    if (known?.from === first) return;
    for (const [shelf, value] of known?.entries ?? []) takeOut(shelf, value, study);
    if (!first) {
      filed.delete(study);
      return;
    }
    const entries = [
      ...textsAt(first.dataSet, patientId).map(value => [patients, value] as const),
      ...textsAt(first.dataSet, accessionNumber).map(value => [accessions, value] as const),
      ...textsAt(first.dataSet, studyDate).flatMap(value => {
        const moment = intervalOf('DA', value);
        return moment ? [[dates, moment.first] as const] : [];
      }),
    ];
    for (const [shelf, value] of entries) putIn(shelf, value, study);
    filed.set(study, { order: known?.order ?? next++, from: first, entries });
  };

  function putIn(shelf: Shelf, value: string | number, study: string): void {
    const studies = shelf.get(value);
    if (studies) studies.add(study);
    else {
      shelf.set(value, new Set([study]));
      if (shelf === dates) ascending = null;
    }
  }

  function takeOut(shelf: Shelf, value: string | number, study: string): void {
    const studies = shelf.get(value);
    studies?.delete(study);
    if (studies?.size === 0) {
      shelf.delete(value);
      if (shelf === dates) ascending = null;
    }
  }

  /** The sets of studies, one for each value that a key takes; null when the key does not narrow the search. */
  function setsFor({ path, vr, values }: MatchingKey): readonly Iterable<string>[] | null {
    if (path.length !== 1 || values.some(value => value === '')) return null;
    const [tag] = path;
    if (tag === studyUid) return [values.filter(value => filed.has(value))];
    if (tag === patientId || tag === accessionNumber) {
      const shelf = tag === patientId ? patients : accessions;
      return values.some(value => /[*?]/.test(value)) ? null : values.map(value => shelf.get(value) ?? []);
    }
    if (tag !== studyDate || vr !== 'DA') return null;
    return values.flatMap(value => {
      const range = rangeOf('DA', value);
      const alone = intervalOf('DA', value);
      // A time zone may move a date and its time by a day.
      const first = range ? (range.first ? range.first.first - day : Number.NEGATIVE_INFINITY) : (alone?.first ?? Number.NaN);
      const last = range ? (range.last ? range.last.first + day : Number.POSITIVE_INFINITY) : (alone?.first ?? Number.NaN);
      return within(first, last);
    });
  }

  function within(first: number, last: number): readonly Iterable<string>[] {
    ascending ??= [...dates.keys()].map(Number).sort((a, b) => a - b);
    let low = 0;
    let high = ascending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ascending[middle] ?? 0) < first) low = middle + 1;
      else high = middle;
    }
    const found: Iterable<string>[] = [];
    for (let i = low; i < ascending.length && (ascending[i] ?? 0) <= last; i += 1) found.push(dates.get(ascending[i] ?? 0) ?? []);
    return found;
  }

  for (const study of store.studies()) update(study);
  store.watch(update);

  return {
    candidates(keys) {
      let best: Set<string> | null = null;
      for (const key of keys) {
        const sets = setsFor(key);
        if (!sets) continue;
        // Many candidates cost more to gather and to put in order than to look at all studies.
        const most: number = best?.size ?? filed.size / narrow;
        const gathered = gather(sets, most);
        if (gathered) best = gathered;
      }
      const order = (study: string) => filed.get(study)?.order ?? 0;
      return best && [...best].sort((a, b) => order(a) - order(b));
    },
    ofPatient: id => patients.get(id) ?? new Set(),
    get size() {
      return filed.size;
    },
  };
}

/** An index pays where it leaves less than one study in so many. */
const narrow = 4;

/** All members of the sets, or null when there are more than so many. */
function gather(sets: readonly Iterable<string>[], most: number): Set<string> | null {
  const all = new Set<string>();
  for (const set of sets) {
    for (const study of set) all.add(study);
    if (all.size > most) return null;
  }
  return all;
}

function textsAt(dataSet: DataSet, tag: Tag): readonly string[] {
  const element = dataSet.get(tag);
  return element && 'values' in element ? element.values.map(String).filter(value => value !== '') : [];
}
