import { corpus, isCorpusName } from '../../../fixtures/corpus.ts';
import { uidRoot } from '../../../fixtures/uids.ts';
import { tagOf } from '../../../schemas/dictionary.ts';
import type { Given } from '../../harness/given.ts';
import type { Trial } from '../../harness/trial.ts';
import { acceptJson } from '../media.ts';
import { fixture } from './fixture.ts';

/** What a target holds, as far as the judge looked: studies with their series and instances, by UID. */
export interface HeldStudy {
  readonly studyInstanceUID: string;
  readonly series: readonly { readonly seriesInstanceUID: string; readonly sopInstanceUIDs: readonly string[] }[];
}

const mostStudies = 4;
const mostInstances = 500;

/**
 * Studies that the target holds, whatever they are: those the user named, else those that search finds. Whose data they are is unknown, so what identifies a patient is kept out of reports.
 */
export const heldStudies: Given<readonly HeldStudy[]> = {
  key: 'held studies',
  async provide(t) {
    // An empty server that may be written to holds the fixtures soon.
    if (t.named.length === 0 && t.mayWrite) await t.given(fixture('mixed'));
    const uids =
      t.named.length > 0
        ? t.named
        : (await rows(t, `studies?limit=${mostStudies}`)).map(row => text(row, 'StudyInstanceUID')).filter(uid => uid !== '');
    const studies = await Promise.all(uids.slice(0, mostStudies).map(uid => whole(t, uid)));
    const held = studies.filter(study => study.series.length > 0);
    if (held.length === 0)
      t.skip('the target holds no study that search finds: name one with --study UID, or allow storing the fixtures with --write');
    return held;
  },
};

/** What a study holds, once it is complete: those of the fixtures may be on their way to the target. */
async function whole(t: Trial, studyInstanceUID: string): Promise<HeldStudy> {
  const ours = corpus.find(study => study.studyInstanceUID === studyInstanceUID);
  if (ours && t.mayWrite && isCorpusName(ours.name)) await t.given(fixture(ours.name)).catch(() => {});
  return browse(t, studyInstanceUID);
}

async function browse(t: Trial, studyInstanceUID: string): Promise<HeldStudy> {
  const instances = await rows(t, `studies/${studyInstanceUID}/instances?limit=${mostInstances}`);
  const bySeries = new Map<string, string[]>();
  for (const row of instances) {
    const [series, instance] = [text(row, 'SeriesInstanceUID'), text(row, 'SOPInstanceUID')];
    // A result that does not tell what it is about is a matter of search.
    if (series !== '' && instance !== '') bySeries.set(series, [...(bySeries.get(series) ?? []), instance]);
  }
  return {
    studyInstanceUID,
    series: [...bySeries].map(([seriesInstanceUID, sopInstanceUIDs]) => ({ seriesInstanceUID, sopInstanceUIDs })),
  };
}

type Row = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** The rows of a search, read as loosely as can be; a target whose search cannot be read has nothing that is found by it. */
async function rows(t: Trial, resource: string): Promise<readonly Row[]> {
  const { response } = await t.get(resource, { Accept: acceptJson(t.edition) });
  if (response.status !== 200) return [];
  try {
    const document: unknown = JSON.parse(Buffer.from(response.body).toString('utf8'));
    const found = Array.isArray(document) ? (document as Row[]) : [];
    for (const row of found) concealPatient(t, row);
    return found;
  } catch {
    return [];
  }
}

const identifying = ['PatientName', 'PatientID', 'PatientBirthDate', 'AccessionNumber', 'ReferringPhysicianName', 'StudyID'].map(tagOf);

/** What stands for a patient of somebody else is kept out of reports; the patients of the fixtures are known. */
function concealPatient(t: Trial, row: Row): void {
  if (text(row, 'StudyInstanceUID').startsWith(uidRoot)) return;
  for (const tag of identifying) {
    for (const value of row[tag]?.Value ?? []) {
      const texts = typeof value === 'object' && value !== null ? Object.values(value) : [value];
      for (const part of texts) if (typeof part === 'string' && !part.startsWith('CONFTEST')) t.conceal(part);
    }
  }
}

function text(row: Row, keyword: string): string {
  const [value] = row[tagOf(keyword)]?.Value ?? [];
  return typeof value === 'string' ? value : '';
}
