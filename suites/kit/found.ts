import type { FixtureStudy } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import type { Trial } from '../harness/trial.ts';
import { foundUnlessRefused, inWords, notCut, type Searching, uidsOf } from './search.ts';
import { askable, notDecoded } from './values.ts';

/** How what is found is to be judged. */
export interface Wanted {
  readonly row?: RequirementId;
  /** Refusing the search is as good as finding nothing. */
  readonly mayRefuse?: boolean;
}

/** By level: which UID of a fixture instance names the entity. */
export const uidOf = {
  study: 'studyInstanceUID',
  series: 'seriesInstanceUID',
  instance: 'sopInstanceUID',
} as const satisfies Readonly<Record<SearchLevel, string>>;

/** The entities of fixture studies by their UID: a study by its name, a series by its first instance, an instance by its own name. */
export function namesOf(level: SearchLevel, studies: readonly FixtureStudy[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, instances } of studies) {
    for (const instance of instances) {
      const uid = instance[uidOf[level]];
      if (!names.has(uid)) names.set(uid, level === 'study' ? name : `${name}/${instance.name}`);
    }
  }
  return names;
}

/** The names of the entities of the fixture studies that a search finds, each once; others that the target holds are left out. Null when the search is refused; skips where the target cuts the list. */
export async function namesFound(
  t: Trial,
  level: SearchLevel,
  resource: string,
  studies: readonly FixtureStudy[],
  searching: Searching = {},
): Promise<ReadonlySet<string> | null> {
  if (!(await askable(t, resource))) t.skip(notDecoded);
  const found = await foundUnlessRefused(t, resource, searching);
  if (found === null) return null;
  const names = namesOf(level, studies);
  return new Set(uidsOf(level, notCut(t, found).results).flatMap(uid => names.get(uid) ?? []));
}

/** Expects that a search finds these of the fixtures and no other of them. */
export async function expectNames(
  t: Trial,
  level: SearchLevel,
  resource: string,
  studies: readonly FixtureStudy[],
  wanted: Iterable<string>,
  { row, mayRefuse = false }: Wanted = {},
): Promise<void> {
  const under = row === undefined ? {} : { row };
  const found = await namesFound(t, level, resource, studies, under);
  const names = new Set(wanted);
  const refused = mayRefuse && names.size === 0 && found === null;
  t.expect(`what GET ${inWords(resource)} finds of the fixtures`, refused ? names : (found ?? 'a refusal'), names, under);
}
