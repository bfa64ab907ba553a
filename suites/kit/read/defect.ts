import type { RequirementId } from '../../../schemas/requirements.ts';

/** One way in which a message breaks a rule, although its meaning can still be told. */
export interface Defect {
  readonly row: RequirementId;
  /** What is wrong and where, in words. */
  readonly what: string;
}

/** What was read, and the defects that were met on the way. */
export interface Read<T> {
  readonly value: T;
  readonly defects: readonly Defect[];
}

/** Thrown when a message means nothing; the message says why and where. */
export class Unreadable extends Error {
  /** The requirement that is broken, where the reader can tell. */
  readonly row: RequirementId | undefined;

  constructor(message: string, row?: RequirementId) {
    super(message);
    this.row = row;
  }
}
