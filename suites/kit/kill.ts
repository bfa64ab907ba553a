import { asOf, type Edition, editions, homeEdition } from '../../schemas/editions.ts';
import { requirement } from '../../schemas/requirements.ts';
import type { Check } from '../harness/check.ts';
import { run } from '../harness/run.ts';
import { offers } from './offers.ts';
import { embeddedTarget } from './oracle.ts';

/** The edition in which a check is tried: the home edition where it is in force there, the first one that has it otherwise. */
export function editionOf(check: Pick<Check, 'requires' | 'since'>): Edition {
  const inForce = (edition: Edition) =>
    edition >= (check.since ?? '') && check.requires.some(row => asOf(requirement(row).level, edition) !== null);
  return inForce(homeEdition) ? homeEdition : (editions.find(inForce) ?? homeEdition);
}

/** Whether the check finds its own wrong server wrong: it is run against a mock server with its fault, and must fail or warn. */
export async function isKilled(check: Check): Promise<boolean> {
  const edition = editionOf(check);
  const { results } = await run({
    checks: [check],
    target: embeddedTarget(edition, check.fault),
    edition,
    offers,
    claims: Object.keys(offers),
    mayWrite: true,
  });
  const verdict = results[0]?.verdict;
  return verdict === 'fail' || verdict === 'warn';
}
