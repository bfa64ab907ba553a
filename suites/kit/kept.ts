import { setTimeout as pause } from 'node:timers/promises';
import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { isPrivate, tagOf } from '../../schemas/dictionary.ts';
import type { Given } from '../harness/given.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, type Content, type Difference, differences } from './compare.ts';
import { acceptDicom, acceptJson, acceptXml } from './media.ts';
import { objectsOf, type RetrievedObject } from './objects.ts';
import { frameShape, nativeFrames } from './pixels.ts';
import { ask, type InstanceUids, instancePath, seriesPath } from './retrieve.ts';
import { type StoreAnswer, stores, withoutWarning } from './stored.ts';

/** How a target shows what it holds. */
export type Way = 'retrieve' | 'search';

/** What is looked at to find an instance, and how long a target may take to show what it has just stored, in milliseconds. */
const patience = [0, 100, 300, 900];

async function shows(t: Trial, way: Way, uids: InstanceUids): Promise<boolean> {
  if (way === 'retrieve') return [200, 206].includes((await ask(t, instancePath(uids), acceptDicom)).response.status);
  // Not relational, so that every server with QIDO-RS has it (PS3.18-2013 6.7.1.1).
  const query = `${seriesPath(uids)}/instances?SOPInstanceUID=${uids.sopInstanceUID}`;
  for (const accept of [acceptJson(t.edition), acceptXml]) {
    const { status, body } = (await ask(t, query, accept)).response;
    if (status !== 406) return status === 200 && Buffer.from(body).toString('latin1').includes(uids.sopInstanceUID);
  }
  return false;
}

async function shownBy(t: Trial, ways: readonly Way[], uids: InstanceUids): Promise<readonly Way[]> {
  const seen: Way[] = [];
  for (const way of ways) if (await shows(t, way, uids)) seen.push(way);
  return seen;
}

async function eventually(t: Trial, ways: readonly Way[], uids: InstanceUids): Promise<readonly Way[]> {
  let seen: readonly Way[] = [];
  for (const wait of patience) {
    await pause(wait);
    seen = await shownBy(t, ways, uids);
    if (seen.length > 0) break;
  }
  return seen;
}

/** The ways in which the target shows an instance that it stored a moment ago; without one nothing can be said about what is stored. */
export const ways: Given<readonly Way[]> = {
  key: 'ways to see what is stored',
  async provide(t) {
    const seen = await eventually(t, ['retrieve', 'search'], await t.given(stores));
    if (seen.length === 0) t.skip('the target shows a stored CT image neither by WADO-RS nor by QIDO-RS, so what it keeps cannot be seen');
    return seen;
  },
};

/** The names of the instances that are not there, although the target was given time to show them. */
export async function missing(t: Trial, instances: readonly FixtureInstance[]): Promise<readonly string[]> {
  const known = await t.given(ways);
  const absent: string[] = [];
  for (const instance of instances) if ((await eventually(t, known, instance)).length === 0) absent.push(instance.name);
  return absent;
}

/** The names of the instances that are there. */
export async function present(t: Trial, instances: readonly (InstanceUids & { readonly name: string })[]): Promise<readonly string[]> {
  const known = await t.given(ways);
  const found: string[] = [];
  for (const instance of instances) if ((await shownBy(t, known, instance)).length > 0) found.push(instance.name);
  return found;
}

/** The object of an instance that was just stored, retrieved by WADO-RS; skips where the target has no WADO-RS, null where it does not give the object. */
export async function retrieved(t: Trial, instance: InstanceUids): Promise<RetrievedObject | null> {
  if (!(await t.given(ways)).includes('retrieve')) t.skip('the target has no WADO-RS, so stored objects cannot be compared');
  await eventually(t, ['retrieve'], instance);
  const exchange = await ask(t, instancePath(instance), acceptDicom);
  if (exchange.response.status !== 200) return null;
  return objectsOf(t, exchange).find(object => object.sopInstanceUID === instance.sopInstanceUID) ?? null;
}

/** What stands in place of an attribute that is not there any more. */
export const discarded = 'no such attribute';

/** How the retrieved object differs from the one that was stored, attribute by attribute and pixel by pixel. What a change of transfer syntax may do is no difference. */
export function changes(
  stored: FixtureInstance,
  { dataSet, transferSyntax }: Pick<RetrievedObject, 'dataSet' | 'transferSyntax'>,
): readonly Pick<Difference, 'where' | 'stored' | 'got'>[] {
  const others = new Map([...stored.dataSet].filter(([tag]) => tag !== tagOf('PixelData')));
  // A private attribute that went through Implicit VR has the VR UN.
  const lostItsVr = ({ stored: before, got }: Difference) => got instanceof Uint8Array && !(before instanceof Uint8Array);
  const inAttributes = differences(others, asAttributes(dataSet)).filter(each => !lostItsVr(each));
  const [before, after] = [pixelsOf(stored), nativeFrames(dataSet, transferSyntax)];
  const samePixels =
    before === null || after === null || (before.length === after.length && before.every((frame, i) => same(frame, after[i])));
  return samePixels
    ? inAttributes
    : [...inAttributes, { where: 'Pixel Data (7FE0,0010)', stored: before?.[0], got: after?.[0] ?? 'nothing' }];
}

/** What differs between instances that were stored without warning and what is retrieved: instance and attribute, in words. */
export async function changedInSilence(t: Trial, instances: readonly FixtureInstance[], answer: StoreAnswer): Promise<readonly string[]> {
  const found: string[] = [];
  for (const instance of withoutWarning(instances, answer)) {
    const object = await retrieved(t, instance);
    if (object) found.push(...changes(instance, object).map(({ where }) => `${instance.name}: ${where}`));
  }
  return found;
}

function pixelsOf({ nativeFrames: frames, dataSet, transferSyntax }: FixtureInstance): readonly Uint8Array[] | null {
  const shape = frameShape(dataSet);
  if (!shape || shape.bitsAllocated % 8 !== 0) return null;
  return nativeFrames(dataSet, transferSyntax) ?? frames ?? null;
}

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean => b !== undefined && Buffer.compare(a, b) === 0;

/** A data set in the form of a metadata document, so that the two compare. */
function asAttributes(dataSet: DataSet): Attributes {
  return [...dataSet].map(([tag, element]) => {
    if (!isPrivate(tag)) return { tag, vr: element.vr, content: contentOf(element) };
    const creator = dataSet.get(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`);
    const privateCreator = creator && 'values' in creator ? String(creator.values[0] ?? '') : '';
    const shared: Tag = `${tag.slice(0, 4)}00${tag.slice(6)}`;
    return { tag: shared, vr: element.vr, privateCreator, content: contentOf(element) };
  });
}

function contentOf(element: Element): Content {
  if ('items' in element) return element.items.length === 0 ? { kind: 'empty' } : { kind: 'items', items: element.items.map(asAttributes) };
  if ('bytes' in element) return element.bytes.length === 0 ? { kind: 'empty' } : { kind: 'inline', bytes: element.bytes };
  if ('fragments' in element) return { kind: 'inline', bytes: Buffer.concat(element.fragments) };
  return element.values.length === 0 ? { kind: 'empty' } : { kind: 'values', values: element.values };
}
