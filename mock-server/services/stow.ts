import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { MalformedObject, type Part10Object, readPart10 } from '../dicom/part10.ts';
import type { Arrived, Batch } from '../storage/keeper.ts';
import { instanceOf, NotStorable, type Store, type StoredInstance, storedInstance } from '../storage/store.ts';
import { altered, lacking } from './coercion.ts';
import { failureReasons, type StorePolicy, warningReasons } from './store-policy.ts';

/** What became of one object of a store request. */
export type Outcome =
  | {
      readonly kind: 'stored';
      readonly sopClassUID: string;
      readonly sopInstanceUID: string;
      readonly studyInstanceUID: string;
      readonly seriesInstanceUID: string;
      readonly warning?: number;
      /** What was changed, as an item of the Original Attributes Sequence. */
      readonly original?: DataSet;
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

/** Where objects go, and what is made of them. */
export interface StoreOptions {
  readonly store: Store;
  readonly batch: Batch;
  readonly policy: StorePolicy;
  /** The study in the URL. */
  readonly study: string | undefined;
}

/** PS3.18-2013 6.6.1.2: stores a PS3.10 object; of another study than the one in the URL it is refused. */
export async function storeObject(arrived: Arrived, { store, batch, policy, study }: StoreOptions): Promise<Outcome> {
  let named = { sopClassUID: '', sopInstanceUID: '' };
  const failed = (reason: number, why: string): Outcome => ({ kind: 'failed', ...named, reason, why });
  let object: Part10Object;
  let sent: StoredInstance;
  try {
    object = readPart10(arrived.octets);
    named = namedIn(object.dataSet, object.fileMeta);
    if (named.sopClassUID === '' || named.sopInstanceUID === '')
      return { kind: 'unreadable', why: 'it names no SOP Class or no SOP Instance' };
    const syntax = object.transferSyntax;
    if (!transferSyntax(syntax)) return failed(failureReasons.transferSyntaxNotSupported, `the transfer syntax ${syntax} is not known`);
    sent = instanceOf(object, arrived.octets);
  } catch (error) {
    if (error instanceof NotStorable) return failed(failureReasons.doesNotFitItsClass, error.message);
    if (!(error instanceof MalformedObject)) throw error;
    named = namedIn(new Map(), error.fileMeta ?? new Map());
    if (named.sopClassUID === '' || named.sopInstanceUID === '') return { kind: 'unreadable', why: error.message };
    const syntax = textIn(error.fileMeta ?? new Map(), 'TransferSyntaxUID');
    // What is encoded in an unknown way cannot be read for that reason.
    if (syntax !== '' && !transferSyntax(syntax))
      return failed(failureReasons.transferSyntaxNotSupported, `the transfer syntax ${syntax} is not known`);
    return failed(failureReasons.cannotUnderstand, error.message);
  }
  const refusal = refusedBy(policy, sent, study, store, arrived.octets.length);
  if (refusal) return failed(...refusal);
  const { dataSet, changed, warning, original } = altered(object.dataSet, policy);
  const file = changed ? await rewritten(batch, dataSet, sent.transferSyntax) : arrived;
  await file.keep(sent);
  // What was changed is read again: its values are in its own file.
  const instance = changed ? storedInstance(file.octets) : sent;
  store.add(instance);
  const fits = lacking(dataSet).length === 0 || policy.nonconforming !== 'warn';
  const told = warning ?? (fits ? undefined : warningReasons.doesNotFitItsClass);
  const { studyInstanceUID, seriesInstanceUID } = instance;
  return {
    kind: 'stored',
    ...named,
    studyInstanceUID,
    seriesInstanceUID,
    ...(told === undefined ? {} : { warning: told }),
    ...(original ? { original } : {}),
  };
}

type Refusal = readonly [reason: number, why: string];

function refusedBy(policy: StorePolicy, sent: StoredInstance, study: string | undefined, store: Store, size: number): Refusal | null {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID } = sent;
  if (study !== undefined && studyInstanceUID !== study)
    return [failureReasons.processingFailure, 'it belongs to another study than the one in the URL'];
  if (policy.refusedSopClasses?.includes(sopClassUID))
    return [failureReasons.sopClassNotSupported, `the SOP Class ${sopClassUID} is not supported`];
  if (policy.refusedTransferSyntaxes?.includes(sent.transferSyntax))
    return [failureReasons.transferSyntaxNotSupported, `the transfer syntax ${sent.transferSyntax} is not supported`];
  const [missing] = policy.nonconforming === 'refuse' ? lacking(sent.dataSet) : [];
  if (missing !== undefined) return [failureReasons.doesNotFitItsClass, `an image needs ${missing}`];
  const [before] = store.find(studyInstanceUID, seriesInstanceUID, sopInstanceUID);
  if (policy.duplicates === 'refuse' && before) return [failureReasons.duplicate, 'the instance is there already'];
  if (policy.capacity !== undefined && store.bytes + size > policy.capacity)
    return [failureReasons.outOfResources, 'there is no room for it'];
  return null;
}

async function rewritten(batch: Batch, dataSet: DataSet, syntax: string): Promise<Arrived> {
  const incoming = batch.receive();
  await incoming.write(writePart10(dataSet, { transferSyntax: syntax }));
  return incoming.end();
}

function namedIn(dataSet: DataSet, fileMeta: DataSet): { readonly sopClassUID: string; readonly sopInstanceUID: string } {
  const uid = (keyword: string, metaKeyword: string) => textIn(dataSet, keyword) || textIn(fileMeta, metaKeyword);
  return {
    sopClassUID: uid('SOPClassUID', 'MediaStorageSOPClassUID'),
    sopInstanceUID: uid('SOPInstanceUID', 'MediaStorageSOPInstanceUID'),
  };
}

function textIn(dataSet: DataSet, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  return element && 'values' in element ? String(element.values[0] ?? '') : '';
}
