import { loadChecks } from './suites/harness/load.ts';
import type { Report } from './suites/harness/result.ts';
import { type RunOptions, run } from './suites/harness/run.ts';
import { select } from './suites/harness/select.ts';
import type { Server } from './suites/harness/transport.ts';
import { offers } from './suites/kit/offers.ts';
import { type ServerOptions, targetOf } from './suites/kit/server.ts';

export type { Edition } from './schemas/editions.ts';
export type { RequirementId } from './schemas/requirements.ts';
export type { Check, Fault } from './suites/harness/check.ts';
export { loadChecks } from './suites/harness/load.ts';
export { exitStatus, type Report, type Result, type Verdict } from './suites/harness/result.ts';
export { type RunOptions, run } from './suites/harness/run.ts';
export { select } from './suites/harness/select.ts';
export type { Target } from './suites/harness/target.ts';
export type { Server } from './suites/harness/transport.ts';
export { offers } from './suites/kit/offers.ts';
export { type ServerOptions, targetOf } from './suites/kit/server.ts';

/** How a server is judged; everything has a default. */
export interface JudgeOptions
  extends ServerOptions,
    Pick<RunOptions, 'edition' | 'seed' | 'runs' | 'concurrency' | 'claims' | 'signal' | 'onResult'> {
  /** Checks by id or by the beginning of ids, such as `qido-rs` or `wado-rs/frames`; all of them when absent. */
  readonly select?: readonly string[];
  /** Allows storing on the target. */
  readonly write?: boolean;
  /** UIDs of studies of the server's own to read. */
  readonly studies?: readonly string[];
}

/** Judges a server by its checks: the base URL of its RESTful services, or a function from request to response. */
export async function judge(server: string | Server, options: JudgeOptions = {}): Promise<Report> {
  const { select: selections = [], write = false, studies = [], headers, timeout, ...rest } = options;
  const target = targetOf(server, options);
  try {
    return await run({ ...rest, target, checks: select(await loadChecks(), selections), offers, mayWrite: write, named: studies });
  } finally {
    await target.transport.close();
  }
}
