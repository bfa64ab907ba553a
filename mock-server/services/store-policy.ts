import type { Recipe } from '../../fixtures/data-set.ts';

/** What a server makes of what it is to store, where the standard leaves it free; each member provokes one of the answers of PS3.18-2013 6.6.1.3. */
export interface StorePolicy {
  /** SOP Classes that are not supported: Failure Reason 0122. */
  readonly refusedSopClasses?: readonly string[];
  /** Transfer syntaxes that are not supported, besides those that PS3.6 does not register: Failure Reason C122. */
  readonly refusedTransferSyntaxes?: readonly string[];
  /** Images without the attributes that every image has (PS3.3-2013 C.7.6.3): stored as they are, stored with Warning Reason B007, or refused with Failure Reason A900. */
  readonly nonconforming?: 'accept' | 'warn' | 'refuse';
  /** Attributes, by keyword or tag, that are not kept: Warning Reason B006. */
  readonly discarded?: readonly string[];
  /** Values, by keyword, that take the place of others: Warning Reason B000, and the Original Attributes Sequence in the stored object (6.6.1.2). */
  readonly coerced?: Recipe;
  /** Instances that are there already: replaced by what comes later, or refused with Failure Reason 0111 (PS3.7-2013 C.5.8). The standard leaves it open. */
  readonly duplicates?: 'replace' | 'refuse';
  /** How many bytes may be stored in all: beyond it Failure Reason A700, and 503 where nothing could be stored. */
  readonly capacity?: number;
  /** Every store request is answered with this status. */
  readonly denies?: 401 | 403 | 503;
}

/** PS3.18-2013 6.6.1.3.2.1.2: why an instance was not stored. */
export const failureReasons = {
  processingFailure: 0x0110,
  /** PS3.7-2013 C.5.8. */
  duplicate: 0x0111,
  sopClassNotSupported: 0x0122,
  outOfResources: 0xa700,
  doesNotFitItsClass: 0xa900,
  cannotUnderstand: 0xc000,
  transferSyntaxNotSupported: 0xc122,
} as const;

/** PS3.18-2013 6.6.1.3.2.1.1: what happened to an instance that was stored. */
export const warningReasons = { coerced: 0xb000, discarded: 0xb006, doesNotFitItsClass: 0xb007 } as const;
