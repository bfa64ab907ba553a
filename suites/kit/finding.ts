import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import type { Trial } from '../harness/trial.ts';
import { find, foundUnlessRefused, notCut, uidsOf } from './search.ts';
import { askable, notDecoded } from './values.ts';

/**
 * The UIDs that a search finds, in the order of the answer; null when the target refuses it and `mayRefuse` allows that. Everything of the answer but the UIDs is
 * left to other checks.
 */
export async function uidsFound(
  t: Trial,
  level: SearchLevel,
  resource: string,
  { mayRefuse = false, row }: { readonly mayRefuse?: boolean; readonly row?: RequirementId | undefined } = {},
): Promise<readonly string[] | null> {
  const options = row === undefined ? {} : { row };
  const found = mayRefuse ? await foundUnlessRefused(t, resource, options) : await find(t, resource, options);
  return found && uidsOf(level, notCut(t, found).results);
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
  /** Refusing the query is as good as finding nothing. */
  readonly mayRefuse?: boolean;
}

/**
 * Asks each query about one study only, named by Study Instance UID, and expects it to be found or not. What cannot be asked without percent-encoding is left out where the
 * target does not decode it, unless that is what is judged.
 */
export async function expectFinding(
  t: Trial,
  study: FixtureStudy,
  cases: readonly Case[],
  { judgesEncoding = false }: { readonly judgesEncoding?: boolean } = {},
): Promise<void> {
  let asked = 0;
  for (const { query, finds, row, mayRefuse = false } of cases) {
    if (!judgesEncoding && !(await askable(t, query))) continue;
    asked += 1;
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
  if (asked === 0) t.skip(notDecoded);
}
