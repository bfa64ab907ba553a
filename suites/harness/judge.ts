import { asOf, type Edition } from '../../schemas/editions.ts';
import { requirement } from '../../schemas/requirements.ts';
import { type Check, serviceOf } from './check.ts';
import type { Redact } from './evidence.ts';
import { Skip, TransportTrouble, Unmet } from './outcome.ts';
import type { Result, Verdict } from './result.ts';
import type { Traces } from './trial.ts';
import type { Exchange } from './wire.ts';

/** How the making of a check ended: `end` is what it threw, or null when it came through. */
export interface Outcome {
  readonly check: Pick<Check, 'id' | 'title' | 'requires'>;
  readonly traces: Traces;
  readonly end: unknown;
  readonly ms: number;
}

const rank = (end: unknown): number => (end instanceof Unmet ? 3 : end === null ? 0 : end instanceof Skip ? 1 : 2);

/** The outcome of a check that looked at its own exchanges and at everybody's: what it found in either counts, and what it saw elsewhere makes up for a skip. */
export function mergeOutcome(own: Outcome, watched: Traces, end: unknown): Outcome {
  const seenElsewhere = own.end instanceof Skip && watched.observed > 0;
  const found = end !== null || watched.warnings.length > 0;
  return {
    ...own,
    end: seenElsewhere || rank(end) > rank(own.end) ? end : own.end,
    traces: {
      ...own.traces,
      exchanges: found ? watched.exchanges : own.traces.exchanges,
      warnings: [...own.traces.warnings, ...watched.warnings],
      observed: own.traces.observed + watched.observed,
      observations: new Set([...own.traces.observations, ...watched.observations]),
    },
  };
}

/** What a check threw and the level of the requirement decide the verdict (ARCHITECTURE.md, Verdicts). */
function verdictOf({ end, traces }: Outcome): { verdict: Verdict; reason: string; unmet: Unmet | null } {
  if (end instanceof Unmet) return { verdict: 'fail', reason: end.message, unmet: end };
  const [warning] = traces.warnings;
  if (end instanceof Skip && !warning) return { verdict: 'skip', reason: end.message, unmet: null };
  if (end instanceof TransportTrouble) return { verdict: 'error', reason: end.message, unmet: null };
  if (end !== null && !(end instanceof Skip))
    return {
      verdict: 'error',
      reason: `a defect of this suite, not of the server: ${end instanceof Error ? (end.stack?.split('\n').slice(0, 2).join(' ') ?? end.message) : String(end)}`,
      unmet: null,
    };
  if (warning) return { verdict: 'warn', reason: [...new Set(traces.warnings.map(w => w.message))].slice(0, 5).join('; '), unmet: warning };
  if (traces.observed === 0 && traces.notInForce.size > 0)
    return { verdict: 'skip', reason: `not in force in this edition: ${[...traces.notInForce].join(', ')}`, unmet: null };
  if (traces.observed === 0)
    return { verdict: 'error', reason: 'a defect of this suite, not of the server: the check made no observation', unmet: null };
  return { verdict: 'pass', reason: '', unmet: null };
}

/** The result of a check, safe to show. */
export function resultOf(
  e: Outcome,
  edition: Edition,
  evidence: (exchange: Exchange) => Result['exchanges'][number],
  redact: Redact,
): Result {
  const { verdict, reason, unmet } = verdictOf(e);
  const { check, traces } = e;
  const decided = unmet?.row ?? check.requires[0];
  const later = unmet?.later ? ` (${unmet.later})` : '';
  const shown = verdict === 'pass' || verdict === 'skip' ? [] : traces.exchanges.slice(-6);
  const { counterexample } = traces;
  return {
    id: check.id,
    title: check.title,
    verdict,
    level: asOf(requirement(decided).level, edition),
    service: serviceOf(check),
    requires: unmet ? [decided, ...check.requires.filter(row => row !== decided)] : check.requires,
    sections: [...new Set((unmet ? [decided] : check.requires).map(row => requirement(row).section))],
    reason: redact(reason + later),
    observations: [...traces.observations].map(redact),
    exchanges: shown.map(evidence),
    counterexample: counterexample && { ...counterexample, value: redact(counterexample.value) },
    ms: Math.round(e.ms),
  };
}
