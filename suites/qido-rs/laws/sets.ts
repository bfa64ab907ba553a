import type { RequirementId } from '../../../schemas/requirements.ts';
import type { SearchLevel } from '../../../schemas/search-attributes.ts';
import type { Trial } from '../../harness/trial.ts';
import { foundUnlessRefused, uidsOf, warning299 } from '../../kit/search.ts';

/** The UIDs that a search finds, in their order; null when it is refused or cut, so that sets cannot be compared. */
export async function wholeList(t: Trial, level: SearchLevel, resource: string, row?: RequirementId): Promise<readonly string[] | null> {
  const found = await foundUnlessRefused(t, resource, row === undefined ? {} : { row });
  return found === null || /exceeded/i.test(warning299(found.exchange)) ? null : uidsOf(level, found.results);
}

/** How two lists differ as sets: how many are in the one only, and in the other only. */
export function difference(some: readonly string[], others: readonly string[]): string {
  const [one, other] = [new Set(some), new Set(others)];
  const [more, fewer] = [[...one].filter(uid => !other.has(uid)).length, [...other].filter(uid => !one.has(uid)).length];
  return more === 0 && fewer === 0 ? 'the same' : `${fewer} missing, ${more} besides`;
}

/** Looks twice before a difference counts, since the content may change between two searches. */
export async function settled(look: () => Promise<string | null>, fine: string): Promise<string> {
  const first = await look();
  if (first === null || first === fine) return first ?? fine;
  return (await look()) ?? fine;
}
