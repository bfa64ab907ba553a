import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { acceptJson } from './media.ts';

const uidKeywords = { study: 'StudyInstanceUID', series: 'SeriesInstanceUID', instance: 'SOPInstanceUID' } as const;

/** The levels of search (PS3.18-2013 6.7). */
export type SearchLevel = keyof typeof uidKeywords;

/** PS3.18-2013 Table 6.7-1 and RFC 2616 10.4: these leave a requirement undecided. */
const decidesNothing = [401, 403, 413, 429, 503];

/**
 * The UIDs that a search finds, in the order of the answer; null when the target refuses it with 400 and `mayRefuse` allows that. Everything of the answer but the UIDs is
 * left to other checks.
 */
export async function uidsFound(
  t: Trial,
  level: SearchLevel,
  resource: string,
  { mayRefuse = false, row }: { readonly mayRefuse?: boolean; readonly row?: RequirementId | undefined } = {},
): Promise<readonly string[] | null> {
  const { response } = await t.get(resource, { Accept: acceptJson(t.edition) });
  const { status, body } = response;
  if (decidesNothing.includes(status))
    t.skip(`the target would not answer ${readable(resource)} (status ${status}): see to its access control or its load, and run again`);
  if (mayRefuse && status === 400) return null;
  const options = row === undefined ? {} : { row };
  // A status of 204 for nothing found is judged where the empty result is judged.
  t.expect(`the status of GET ${readable(resource)}`, status, anyOf(200, 204), options);
  if (status === 204 || body.length === 0) return [];
  return rowsOf(Buffer.from(body).toString('utf8')).map(found => {
    const [uid] = found[tagOf(uidKeywords[level])]?.Value ?? [];
    return typeof uid === 'string' ? uid : '';
  });
}

type Row = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

function rowsOf(text: string): readonly Row[] {
  try {
    const document: unknown = JSON.parse(text);
    return Array.isArray(document) ? (document as Row[]) : [];
  } catch {
    return [];
  }
}

/** A resource in few words: UIDs of the fixtures are long and say nothing. */
function readable(resource: string): string {
  return decodeURIComponent(resource)
    .replaceAll(/\d+(\.\d+){6,}/g, 'UID')
    .replaceAll(/2\.25\.\d{8,}(\.\d+)*/g, 'UID');
}

/** The first value of an attribute of an instance, as text; empty when there is none. */
export function textOf({ dataSet }: FixtureInstance, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  const [first] = element && 'values' in element ? element.values : [];
  return first === undefined ? '' : String(first);
}

/** The first instance of a fixture study. */
export function firstOf(study: FixtureStudy): FixtureInstance {
  const [first] = study.instances;
  if (!first) throw new Error(`the fixture study ${study.name} has no instances`);
  return first;
}

/** One query and whether it has to find the study. */
export interface Case {
  /** Keys and values as they stand in the URL, without the key that names the study. */
  readonly query: string;
  readonly finds: boolean;
  readonly row?: RequirementId;
  /** Refusing the query with 400 is as good as finding nothing. */
  readonly mayRefuse?: boolean;
}

/** Asks each query about one study only, named by Study Instance UID, and expects it to be found or not. */
export async function expectFinding(t: Trial, study: FixtureStudy, cases: readonly Case[]): Promise<void> {
  for (const { query, finds, row, mayRefuse = false } of cases) {
    const found = await uidsFound(t, 'study', `studies?StudyInstanceUID=${study.studyInstanceUID}&${query}`, {
      row,
      mayRefuse: mayRefuse && !finds,
    });
    const seen = found?.includes(study.studyInstanceUID) ?? false;
    t.expect(
      `whether ${decodeURIComponent(query)} finds the study "${study.name}"`,
      seen ? 'found' : 'not found',
      finds ? 'found' : 'not found',
      row === undefined ? {} : { row },
    );
  }
}
