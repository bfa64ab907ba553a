import type { Edition } from '../../schemas/editions.ts';
import type { Level } from '../../schemas/requirements/requirement.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Evidence } from './evidence.ts';
import type { Counterexample } from './trial.ts';

/** Who made a report. */
export const tool = { name: 'dicomweb-conformance', version: '0.1.0' } as const;

export const verdicts = ['pass', 'fail', 'warn', 'skip', 'error'] as const;

export type Verdict = (typeof verdicts)[number];

/** What is known about one check after a run. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** The level of the requirement that decided, or of the first one. */
  readonly level: Level | null;
  readonly service: string;
  readonly requires: readonly RequirementId[];
  readonly sections: readonly string[];
  /** One sentence: what was expected and what came, or why there is no verdict; empty for a pass. */
  readonly reason: string;
  readonly observations: readonly string[];
  readonly exchanges: readonly Evidence[];
  readonly counterexample: Counterexample | null;
  readonly ms: number;
}

/** One run of the suite: the document that `--json` prints. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: string;
  readonly edition: Edition;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly durationMs: number;
  readonly requests: number;
  readonly summary: Readonly<Record<Verdict, number>>;
  readonly results: readonly Result[];
  /** False when the run was broken off before every check had its turn. */
  readonly complete: boolean;
}

/** 0 nothing failed, 1 something failed, 2 something could not be judged. */
export function exitStatus(report: Pick<Report, 'summary' | 'complete'>): 0 | 1 | 2 {
  if (report.summary.error > 0 || !report.complete) return 2;
  return report.summary.fail > 0 ? 1 : 0;
}
