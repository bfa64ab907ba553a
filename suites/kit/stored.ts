import type { CorpusName } from '../../fixtures/corpus.ts';
import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfStudy, type FixtureInstance, type FixtureStudy } from '../../fixtures/recipe.ts';
import type { Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { anyOf } from '../harness/expected.ts';
import type { Given } from '../harness/given.ts';
import type { Ask, Trial } from '../harness/trial.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import type { Attributes } from './compare.ts';
import { valueIn } from './documents.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readJsonResults } from './read/json-model.ts';
import { readNativeXml } from './read/native-xml.ts';
import { undecided } from './retrieve.ts';
import { type StoreOptions, type StorePart, storing } from './store.ts';

/** What a response module says of one instance: an item of Failed or Referenced SOP Sequence. */
export interface Reported {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly attributes: Attributes;
}

/** The answer to a store request, read leniently: everything about its form is left to the checks of the form. */
export interface StoreAnswer {
  readonly exchange: Exchange;
  readonly status: number;
  /** The Store Instances Response Module (PS3.18-2013 Table 6.6.1-2), or null with the reason in `why`. */
  readonly module: Attributes | null;
  readonly why: string;
  /** What the body looks like. */
  readonly form: 'xml' | 'json' | 'nothing' | 'something else';
  readonly defects: readonly Defect[];
  readonly stored: readonly Reported[];
  readonly failed: readonly Reported[];
}

const copies: Given<{ next(): number }> = {
  key: 'numbers of copies',
  async provide(t) {
    let made = 0;
    return { next: () => t.runNumber + made++ };
  },
};

/** A copy of a fixture study under UIDs that nobody has used before; the first `most` instances of it. */
export async function freshStudy(t: Trial, name: CorpusName, most = Number.POSITIVE_INFINITY): Promise<FixtureStudy> {
  const study = copyOfStudy(studyNamed(name), (await t.given(copies)).next());
  return { ...study, instances: study.instances.slice(0, most) };
}

/** Sends a store request and reads the answer; statuses that decide nothing skip. */
export async function send(t: Trial, ask: Ask): Promise<StoreAnswer> {
  const exchange = await t.send(ask);
  undecided(t, exchange.response.status);
  return readAnswer(exchange);
}

/** Stores instances, or parts as they are to stand in the message. */
export async function store(t: Trial, what: readonly (FixtureInstance | StorePart)[], options: StoreOptions = {}): Promise<StoreAnswer> {
  return send(
    t,
    storing(
      what.map(each => ('part10' in each ? each.part10() : each)),
      options,
    ),
  );
}

/** Reads the answer to a store request. */
export function readAnswer(exchange: Exchange): StoreAnswer {
  const { status, body } = exchange.response;
  const text = Buffer.from(body)
    .toString('latin1')
    .replace(/^(\xef\xbb\xbf|\xfe\xff|\xff\xfe)/, '')
    .replaceAll('\0', '')
    .trimStart();
  const form = text === '' ? 'nothing' : text.startsWith('<') ? 'xml' : /^[[{]/.test(text) ? 'json' : 'something else';
  const none = (why: string): StoreAnswer => ({ exchange, status, module: null, why, form, defects: [], stored: [], failed: [] });
  if (form === 'nothing') return none('the body is empty');
  if (form === 'something else') return none(`the body is ${headerValue(exchange.response.headers, 'Content-Type') ?? 'of no type'}`);
  try {
    const { value: module, defects } = form === 'xml' ? readNativeXml(body) : firstOf(body);
    // From 2019b a failure may come with a status report of any form.
    if (!module.some(({ tag }) => ofModule.includes(tag))) return none('the body has no attribute of Table 6.6.1-2');
    return {
      exchange,
      status,
      module,
      why: '',
      form,
      defects,
      stored: itemsIn(module, 'ReferencedSOPSequence'),
      failed: itemsIn(module, 'FailedSOPSequence'),
    };
  } catch (error) {
    if (error instanceof Unreadable) return none(error.message);
    throw error;
  }
}

/** PS3.18-2013 Table 6.6.1-2, and Other Failures Sequence of 2016a. */
const ofModule: readonly Tag[] = [...['RetrieveURL', 'FailedSOPSequence', 'ReferencedSOPSequence'].map(tagOf), '0008119A'];

/** The JSON object of a module; some servers send an array of one. */
function firstOf(body: Uint8Array): { readonly value: Attributes; readonly defects: readonly Defect[] } {
  const text = Buffer.from(body).toString('utf8').trim();
  const { value, defects } = readJsonResults(Buffer.from(text.startsWith('[') ? text : `[${text}]`));
  const [first] = value;
  if (!first) throw new Unreadable('the JSON array is empty');
  return { value: first, defects };
}

function itemsIn(module: Attributes, keyword: string): readonly Reported[] {
  const content = module.find(({ tag }) => tag === tagOf(keyword))?.content;
  if (content?.kind !== 'items') return [];
  return content.items.map(attributes => ({
    sopClassUID: valueIn(attributes, 'ReferencedSOPClassUID'),
    sopInstanceUID: valueIn(attributes, 'ReferencedSOPInstanceUID'),
    attributes,
  }));
}

/** The names of the instances that the module lists under one of the sequences. */
export function namesOf(instances: readonly FixtureInstance[], listed: readonly Reported[]): readonly string[] {
  return instances.filter(({ sopInstanceUID }) => listed.some(item => item.sopInstanceUID === sopInstanceUID)).map(({ name }) => name);
}

/** The instances that were stored without a warning. From 2019b on 200 says no more than that all were stored. */
export function withoutWarning(instances: readonly FixtureInstance[], { status, stored }: StoreAnswer): readonly FixtureInstance[] {
  const warned = stored.filter(({ attributes }) => valueIn(attributes, 'WarningReason') !== '');
  return status === 200 ? instances.filter(each => namesOf([each], warned).length === 0) : [];
}

/** PS3.18-2013 6.6.1.3.2.1.2: Failure Reason of an item as a number; NaN when it has none. */
export const reasonOf = ({ attributes }: Reported): number => Number(valueIn(attributes, 'FailureReason') || 'none');

/** 6.6.1.3.2.1.1: B000, B006 and B007, however they are spelt. */
export const warningReasons = ['45056', '45062', '45063', 'B000', 'B006', 'B007'];

/** 6.6.1.3.2.1.2: A7xx. */
export const isOutOfResources = (item: Reported): boolean => reasonOf(item) >> 8 === 0xa7;

/** Skips when an instance failed for want of room: nothing else can be said of it then. */
export function skipWhenFull(t: Trial, { failed }: StoreAnswer, what: string): void {
  if (failed.some(isOutOfResources)) t.skip(`the target was out of resources for ${what}: make room there, and run again`);
}

/** Expects that everything was stored, with or without warnings; skips when the target was out of resources. */
export function expectStored(t: Trial, answer: StoreAnswer, what: string, { row }: { readonly row?: RequirementId } = {}): void {
  const options = row === undefined ? {} : { row };
  skipWhenFull(t, answer, what);
  t.expect(`the status of storing ${what}`, answer.status, anyOf(200, 202), options);
  t.expect(`the Failure Reasons for ${what}`, answer.failed.map(reasonOf), [], options);
}

/** Skips where such instances are not stored as DICOM files either, be it for their SOP Class; they have UIDs of their own. */
export async function skipUnlessStored(t: Trial, instances: readonly FixtureInstance[], what: string): Promise<void> {
  const { status, failed } = await store(t, instances);
  if (failed.length > 0 || ![200, 202].includes(status)) t.skip(`the target stores no ${what} as a DICOM file either (status ${status})`);
}

/** Whether a plain CT image is stored. */
export const stores: Given<FixtureInstance> = {
  key: 'stores CT images',
  async provide(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) throw new Error('the fixture study ct is empty');
    const { status, failed } = await store(t, [instance]);
    if (![200, 202].includes(status) || failed.length > 0)
      t.skip(`the target did not store a plain CT image (status ${status}${failed[0] ? `, Failure Reason ${reasonOf(failed[0])}` : ''})`);
    return instance;
  },
};
