import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { MalformedObject, readPart10 } from '../dicom/part10.ts';
import { NotStorable, type Store, storedInstance } from '../storage/store.ts';

/** PS3.18-2013 6.6.1.3.2.1.2: why an instance was not stored. */
export const failureReasons = {
  processingFailure: 0x0110,
  doesNotFitItsClass: 0xa900,
  cannotUnderstand: 0xc000,
  transferSyntaxNotSupported: 0xc122,
} as const;

/** What became of one object of a store request. */
export type Outcome =
  | {
      readonly kind: 'stored';
      readonly sopClassUID: string;
      readonly sopInstanceUID: string;
      readonly studyInstanceUID: string;
      readonly seriesInstanceUID: string;
    }
  | {
      readonly kind: 'failed';
      readonly sopClassUID: string;
      readonly sopInstanceUID: string;
      readonly reason: number;
      readonly why: string;
    }
  /** The bytes are no DICOM object, so there is no instance to speak of. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** PS3.18-2013 6.6.1.2: stores a PS3.10 object; of another study than the one in the URL it is refused. An instance that is there already is replaced. */
export function storeObject(store: Store, file: Uint8Array, study: string | undefined): Outcome {
  const seen = identify(file);
  if ('why' in seen) return { kind: 'unreadable', why: seen.why };
  const { sopClassUID, sopInstanceUID } = seen;
  const failed = (reason: number, why: string): Outcome => ({ kind: 'failed', sopClassUID, sopInstanceUID, reason, why });
  if (!transferSyntax(seen.transferSyntax))
    return failed(failureReasons.transferSyntaxNotSupported, `the transfer syntax ${seen.transferSyntax} is not known`);
  try {
    const instance = storedInstance(file);
    if (study !== undefined && instance.studyInstanceUID !== study)
      return failed(failureReasons.processingFailure, 'it belongs to another study than the one in the URL');
    store.add(instance);
    return { kind: 'stored', ...instance };
  } catch (error) {
    if (error instanceof NotStorable) return failed(failureReasons.doesNotFitItsClass, error.message);
    throw error;
  }
}

function identify(
  file: Uint8Array,
): { readonly sopClassUID: string; readonly sopInstanceUID: string; readonly transferSyntax: string } | { readonly why: string } {
  try {
    const { fileMeta, dataSet, transferSyntax: syntax } = readPart10(file);
    const uid = (keyword: string, metaKeyword: string) => text(dataSet, keyword) || text(fileMeta, metaKeyword);
    const [sopClassUID, sopInstanceUID] = [
      uid('SOPClassUID', 'MediaStorageSOPClassUID'),
      uid('SOPInstanceUID', 'MediaStorageSOPInstanceUID'),
    ];
    if (sopClassUID === '' || sopInstanceUID === '') return { why: 'it names no SOP Class or no SOP Instance' };
    return { sopClassUID, sopInstanceUID, transferSyntax: syntax };
  } catch (error) {
    if (error instanceof MalformedObject) return { why: error.message };
    throw error;
  }
}

function text(dataSet: DataSet, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  return element && 'values' in element ? String(element.values[0] ?? '') : '';
}

/** PS3.18-2013 Table 6.6.1-2: the Store Instances Response Module. Sequences are there only when they have items. */
export function responseModule(
  outcomes: readonly Outcome[],
  urls: { readonly study: (uid: string) => string; readonly instance: (of: Extract<Outcome, { kind: 'stored' }>) => string },
): DataSet {
  const stored = outcomes.filter(outcome => outcome.kind === 'stored');
  const failed = outcomes.filter(outcome => outcome.kind === 'failed');
  const studies = [...new Set(stored.map(({ studyInstanceUID }) => studyInstanceUID))];
  const reference = ({ sopClassUID, sopInstanceUID }: { readonly sopClassUID: string; readonly sopInstanceUID: string }) => ({
    ReferencedSOPClassUID: { vr: 'UI', values: [sopClassUID] } as const,
    ReferencedSOPInstanceUID: { vr: 'UI', values: [sopInstanceUID] } as const,
  });
  const url = (value: string | undefined): Element => ({ vr: 'UT', values: value === undefined ? [] : [value] });
  return dataSet({
    // Objects of several studies have no URL in common; type 2, so it is empty then.
    RetrieveURL: url(studies.length === 1 ? urls.study(studies[0] ?? '') : undefined),
    ...(failed.length === 0
      ? {}
      : { FailedSOPSequence: items(failed.map(each => ({ ...reference(each), FailureReason: { vr: 'US', values: [each.reason] } }))) }),
    ...(stored.length === 0
      ? {}
      : { ReferencedSOPSequence: items(stored.map(each => ({ RetrieveURL: url(urls.instance(each)), ...reference(each) }))) }),
  });
}

type Elements = Readonly<Record<string, Element>>;

const dataSet = (elements: Elements): DataSet =>
  new Map(
    Object.entries(elements)
      .map(([keyword, element]) => [tagOf(keyword), element] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const items = (each: readonly Elements[]): Element => ({ vr: 'SQ', items: each.map(dataSet) });
