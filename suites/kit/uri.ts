import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import { urlOf } from '../harness/target.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange, HeaderLine } from '../harness/wire.ts';
import { fixture } from './givens/fixture.ts';
import type { RetrievedObject } from './objects.ts';
import { objectsOf } from './objects.ts';
import { Unreadable } from './read/defect.ts';
import { type Accept, anyInstance, ask, type InstanceUids, mediaTypeOf } from './retrieve.ts';
import { type UriParameters, uriQuery } from './uri-query.ts';

/** Sends a WADO-URI request with a query as it stands; redirects are followed, statuses that decide nothing skip. */
export function askAsItIs(t: Trial, query: string, accept: Accept = '*/*', more: readonly HeaderLine[] = []): Promise<Exchange> {
  return ask(t, urlOf(t.target, query, 'wado-uri'), accept, more);
}

/** Whether the target reads an escaped slash in contentType, as PS3.18-2013 Annex B writes it, or the slash itself only; the first is judged where requests are. */
const slash: Given<'%2F' | '/'> = {
  key: 'the slash of media types',
  async provide(t) {
    const of = await t.given(anyObject);
    for (const contentType of ['application/dicom', 'image/jpeg']) {
      const escaped = uriQuery(of, { contentType });
      if ((await askAsItIs(t, escaped)).response.status === 200) return '%2F';
      if ((await askAsItIs(t, escaped.replace('%2F', '/'))).response.status !== 200) return '%2F';
    }
    return '/';
  },
};

/** Sends a WADO-URI request in the spelling that the target reads; redirects are followed, statuses that decide nothing skip. */
export async function askUri(t: Trial, query: string, accept: Accept = '*/*', more: readonly HeaderLine[] = []): Promise<Exchange> {
  const spelling = query.includes('%2F') ? await t.given(slash) : '%2F';
  return askAsItIs(t, query.replaceAll('%2F', spelling), accept, more);
}

/** An object and what it is called in sentences. */
export interface UriObject extends InstanceUids {
  readonly name: string;
}

/** A CT image of the fixtures, or some object that the target holds: for what does not depend on the object. */
export const anyObject: Given<UriObject> = {
  key: 'any object by URI',
  async provide(t) {
    try {
      return instanceNamed(await t.given(fixture('ct')), 'slice-1');
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
      return { ...(await t.given(anyInstance)), name: 'some object' };
    }
  },
};

/** How an expectation about a WADO-URI request is to be told. */
export interface UriTelling {
  /** The requirement that is broken when the request does not succeed; the first one of the check when absent. */
  readonly row?: RequirementId;
  readonly accept?: Accept;
  readonly headers?: readonly HeaderLine[];
}

export const under = (row: RequirementId | undefined): { readonly row?: RequirementId } => (row === undefined ? {} : { row });

/** A request in words. */
export function inWords(of: UriObject, parameters: UriParameters): string {
  const list = Object.entries(parameters).map(([name, value]) => `${name}=${value}`.replaceAll(/2\.25\.[\d.]+/g, '…'));
  return `the object "${of.name}"${list.length > 0 ? ` with ${list.join(' and ')}` : ' with the four required parameters'}`;
}

/** Asks for an object and expects 200. */
export async function fetchedUri(
  t: Trial,
  of: UriObject,
  parameters: UriParameters = {},
  { row, accept = '*/*', headers = [] }: UriTelling = {},
): Promise<Exchange> {
  const exchange = await askUri(t, uriQuery(of, parameters), accept, headers);
  const { status } = exchange.response;
  t.expect(`the status of ${inWords(of, parameters)}`, status, 200, under(row));
  // What should be and is not warns and leaves nothing to look at.
  return status === 200 ? exchange : t.skip(`${inWords(of, parameters)} was answered with status ${status}`);
}

/** The media type that an object comes as, or the status of what is no success. */
export function uriType(exchange: Exchange): string {
  return exchange.response.status === 200 ? mediaTypeOf(exchange) || 'no media type' : `status ${exchange.response.status}`;
}

/** What an object comes as. */
export async function typeBy(t: Trial, of: InstanceUids, parameters: UriParameters = {}, accept: Accept = '*/*'): Promise<string> {
  return uriType(await askUri(t, uriQuery(of, parameters), accept));
}

/** Asks for an object as application/dicom and reads it. */
export async function dicomBy(t: Trial, of: UriObject, parameters: UriParameters = {}, telling: UriTelling = {}): Promise<RetrievedObject> {
  const exchange = await fetchedUri(t, of, { contentType: 'application/dicom', ...parameters }, telling);
  return readObject(t, exchange);
}

/** The one DICOM object of a successful answer. */
export function readObject(t: Trial, exchange: Exchange): RetrievedObject {
  try {
    const [object] = objectsOf(t, exchange);
    return object ?? t.skip('there is no object in the answer');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return t.skip(`the object cannot be read: ${error.message}`);
  }
}

/** The instance of a fixture study with this name. */
export function instanceNamed({ name: study, instances }: Pick<FixtureStudy, 'name' | 'instances'>, name: string): FixtureInstance {
  const found = instances.find(instance => instance.name === name);
  if (!found) throw new Error(`the fixture study ${study} has no ${name}`);
  return found;
}

/** Whether a status says that the request was wrong or asks for something that is not there. */
export const isRefusal = (status: number): boolean => status >= 400 && status < 500;
