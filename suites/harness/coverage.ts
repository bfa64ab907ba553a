import { type Edition, homeEdition } from '../../schemas/editions.ts';
import { type RequirementId, requirement, requirementFiles, requirementIds } from '../../schemas/requirements.ts';
import type { Check } from './check.ts';

/** The requirements of one file, each in exactly one class. */
export interface ServiceCoverage {
  readonly judged: readonly { readonly id: RequirementId; readonly checks: readonly string[] }[];
  /** What nobody can judge from outside, and why. */
  readonly unjudgeable: readonly { readonly id: RequirementId; readonly reason: string }[];
  /** What could be judged and is not yet. */
  readonly open: readonly RequirementId[];
}

/** What the checks judge: the document that `coverage --json` prints. */
export interface Coverage {
  readonly edition: Edition;
  /** By the name of the file that holds the requirements. */
  readonly services: Readonly<Record<string, ServiceCoverage>>;
}

/** Sorts every requirement that a server can break, of all editions, into judged, not judgeable and open. */
export function coverageOf(checks: readonly Pick<Check, 'id' | 'requires'>[], edition: Edition = homeEdition): Coverage {
  const judges = new Map<RequirementId, string[]>();
  for (const { id, requires } of checks) {
    for (const row of new Set(requires)) judges.set(row, [...(judges.get(row) ?? []), id]);
  }
  const services = Object.entries(requirementFiles).map(([name, file]) => {
    const ids = requirementIds.filter(id => Object.hasOwn(file, id) && requirement(id).party !== 'client');
    const rest = ids.filter(id => !judges.has(id));
    const coverage: ServiceCoverage = {
      judged: ids.filter(id => judges.has(id)).map(id => ({ id, checks: judges.get(id) ?? [] })),
      unjudgeable: rest.flatMap(id => {
        const reason = requirement(id).unjudgeable;
        return reason === undefined ? [] : [{ id, reason }];
      }),
      open: rest.filter(id => requirement(id).unjudgeable === undefined),
    };
    return [name, coverage] as const;
  });
  return { edition, services: Object.fromEntries(services) };
}
