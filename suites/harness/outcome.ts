import type { RequirementId } from '../../schemas/requirements.ts';

/** Thrown when an expectation of the standard is not met: the server's doing. */
export class Unmet extends Error {
  readonly row: RequirementId;
  /** What later editions say of the answer, if they say something else. */
  readonly later: string | null;
  constructor(row: RequirementId, sentence: string, later: string | null = null) {
    super(sentence);
    this.row = row;
    this.later = later;
  }
}

/** Thrown when a check cannot be made here: nobody's fault. The message says why and what would lift it. */
export class Skip extends Error {}

/** Thrown when no complete HTTP response came: refused, reset, timed out, not HTTP, larger than the limit. */
export class TransportTrouble extends Error {}
