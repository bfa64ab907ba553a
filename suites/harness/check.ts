import type { Edition } from '../../schemas/editions.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Given, Givens, Provided } from './given.ts';
import type { Server } from './transport.ts';
import type { Trial } from './trial.ts';
import type { Exchange } from './wire.ts';

/** Makes a wrong server out of a right one. */
export type Fault = (server: Server) => Server;

/** One thing that is judged, and the wrong server that it must find wrong. */
export interface Check<G extends Givens = Givens> {
  /** `service/topic/claim`, in words; never renamed. */
  readonly id: string;
  /** The claim as a sentence. */
  readonly title: string;
  /** The requirements it judges; the first one is meant where an expectation names none. */
  readonly requires: readonly [RequirementId, ...RequirementId[]];
  /** The first edition that has what it looks at, where that is later than the first one of its requirements. */
  readonly since?: Edition;
  /** What the target must have for the check to be made. */
  readonly given?: G;
  /** It changes what is stored, so it runs after all checks that only read, and only with permission to write. */
  readonly writes?: true;
  readonly fault: Fault;
  run(t: Trial, given: Provided<G>): Promise<void>;
  /** Looks at every exchange of the whole run; `run` makes the ones that are needed when the check runs alone. */
  watch?(t: Trial, exchange: Exchange): void;
}

/** Declares a check; every exported check of a file under suites/ is found by itself. */
export function check<const G extends Record<string, Given<unknown>> = Record<string, never>>(record: Check<G>): Check {
  return record as unknown as Check;
}

/** The first part of a check's id, which is the folder it lives in. */
export function serviceOf(check: Pick<Check, 'id'>): string {
  return check.id.split('/')[0] ?? '';
}

/** Whether `value` is a check; used on the exports of the files under suites/. */
export function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'id' in value && 'requires' in value && 'fault' in value && 'run' in value;
}
