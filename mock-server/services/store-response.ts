import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { failureReasons } from './store-policy.ts';
import type { Outcome } from './stow.ts';

type Stored = Extract<Outcome, { kind: 'stored' }>;
type Elements = Readonly<Record<string, Element>>;

export interface ModuleOptions {
  readonly study: (uid: string) => string;
  readonly instance: (of: Stored) => string;
  /** Whether failures that belong to no instance are listed, as from edition 2016a on. */
  readonly listsOtherFailures: boolean;
}

/** Other Failures Sequence; the dictionary of 2013 does not have it. */
const otherFailures = '0008119A';

/** PS3.18-2013 Table 6.6.1-2: the Store Instances Response Module. Sequences are there only when they have items. */
export function responseModule(outcomes: readonly Outcome[], { study, instance, listsOtherFailures }: ModuleOptions): DataSet {
  const stored = outcomes.filter(outcome => outcome.kind === 'stored');
  const failed = outcomes.filter(outcome => outcome.kind === 'failed');
  const unreadable = outcomes.filter(outcome => outcome.kind === 'unreadable');
  const studies = [...new Set(stored.map(({ studyInstanceUID }) => studyInstanceUID))];
  const reference = ({ sopClassUID, sopInstanceUID }: { readonly sopClassUID: string; readonly sopInstanceUID: string }) => ({
    ReferencedSOPClassUID: { vr: 'UI', values: [sopClassUID] } as const,
    ReferencedSOPInstanceUID: { vr: 'UI', values: [sopInstanceUID] } as const,
  });
  const url = (value: string | undefined): Element => ({ vr: 'UT', values: value === undefined ? [] : [value] });
  const number = (value: number): Element => ({ vr: 'US', values: [value] });
  return dataSet({
    // Objects of several studies have no URL in common; type 2, so it is empty then.
    RetrieveURL: url(studies.length === 1 ? study(studies[0] ?? '') : undefined),
    ...sequence(
      'FailedSOPSequence',
      failed.map(each => ({ ...reference(each), FailureReason: number(each.reason) })),
    ),
    ...sequence(
      'ReferencedSOPSequence',
      stored.map(each => ({
        RetrieveURL: url(instance(each)),
        ...(each.warning === undefined ? {} : { WarningReason: number(each.warning) }),
        ...reference(each),
        ...(each.original ? { OriginalAttributesSequence: { vr: 'SQ', items: [each.original] } } : {}),
      })),
    ),
    ...(listsOtherFailures
      ? sequence(
          otherFailures,
          unreadable.map(() => ({ FailureReason: number(failureReasons.cannotUnderstand) })),
        )
      : {}),
  });
}

const dataSet = (elements: Elements): DataSet =>
  new Map(
    Object.entries(elements)
      .map(([name, element]) => [name === otherFailures ? name : tagOf(name), element] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const sequence = (name: string, items: readonly Elements[]): Elements =>
  items.length === 0 ? {} : { [name]: { vr: 'SQ', items: items.map(dataSet) } };

/** 6.6.1.3.1: 200 everything stored without a warning, 409 nothing, 503 nothing for want of resources, 202 something in between. */
export function statusOf(outcomes: readonly Outcome[]): number {
  const stored = outcomes.filter(({ kind }) => kind === 'stored');
  if (stored.length === 0) {
    const full = outcomes.every(each => each.kind === 'failed' && each.reason === failureReasons.outOfResources);
    return full ? 503 : 409;
  }
  const warned = outcomes.some(each => each.kind === 'stored' && each.warning !== undefined);
  return stored.length === outcomes.length && !warned ? 200 : 202;
}

/** 6.6.1.3.1: the status code of DICOM and the reason for the first object that was not stored; null when all were. */
export function warningOf(outcomes: readonly Outcome[]): string | null {
  const lost = outcomes.filter(outcome => outcome.kind !== 'stored');
  const [first] = lost;
  if (!first) return null;
  const code = first.kind === 'failed' ? first.reason : failureReasons.cannotUnderstand;
  return `${code.toString(16).toUpperCase().padStart(4, '0')} ${lost.length} of ${outcomes.length} objects were not stored: ${first.why}`;
}
