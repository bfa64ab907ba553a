import type { ByEdition } from '../editions.ts';

/** How strongly the standard says it: a breach of `shall` fails, of `should` warns; `may` is recorded and never failed. */
export type Level = 'shall' | 'should' | 'may';

/** One testable statement of the standard, in our own words. */
export interface Requirement {
  /** The section of PS3.18-2013, or of the part that the source names. */
  readonly section: string;
  readonly transaction: string;
  readonly level: ByEdition<Level>;
  /** Who can break it. */
  readonly party: 'server' | 'client' | 'both';
  readonly statement: string;
  readonly observable: string;
  readonly violation: string;
  readonly precondition: string;
  readonly source: string;
  /** How the statement changed between editions, in prose. */
  readonly editions: string;
  /** Why nobody can judge it from outside over HTTP; absent when it can be judged. */
  readonly unjudgeable?: string;
}
