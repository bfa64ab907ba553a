import type { CorpusName } from '../../fixtures/corpus.ts';
import type { FixtureStudy } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { anyOf } from '../harness/expected.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import type { Trial } from '../harness/trial.ts';
import { type Exchange, type HeaderLine, headerValue } from '../harness/wire.ts';
import { fixture } from './givens/fixture.ts';
import { type HeldStudy, heldStudies } from './givens/holdings.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readMediaType } from './read/header.ts';
import { readMultipart } from './read/multipart.ts';

/** The UIDs of one instance and of what it belongs to. */
export interface InstanceUids {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

type UidsOf<K extends keyof InstanceUids> = Pick<InstanceUids, K>;

/** PS3.18-2013 6.5.1.1: the resource of a study, below the base URL. */
export const studyPath = (of: UidsOf<'studyInstanceUID'>): string => `studies/${of.studyInstanceUID}`;

/** PS3.18-2013 6.5.2.1: the resource of a series. */
export const seriesPath = (of: UidsOf<'studyInstanceUID' | 'seriesInstanceUID'>): string =>
  `${studyPath(of)}/series/${of.seriesInstanceUID}`;

/** PS3.18-2013 6.5.3.1: the resource of an instance. */
export const instancePath = (of: InstanceUids): string => `${seriesPath(of)}/instances/${of.sopInstanceUID}`;

/** An instance that the target holds, whatever it is, by the paths of its resources. */
export interface AnyInstance extends InstanceUids {
  readonly studyPath: string;
  readonly seriesPath: string;
  readonly instancePath: string;
  readonly metadataPath: string;
}

/** Studies that the target holds, whatever they are; where search finds none, those of the fixtures that can be had. */
export const someStudies: Given<readonly HeldStudy[]> = {
  key: 'some studies',
  async provide(t) {
    try {
      return await t.given(heldStudies);
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
      const known = await Promise.allSettled([t.given(fixture('mixed')), t.given(fixture('ct'))]);
      const studies = known.flatMap(each => (each.status === 'fulfilled' ? [asHeld(each.value)] : []));
      if (studies.length === 0) throw error;
      return studies;
    }
  },
};

function asHeld({ studyInstanceUID, instances }: FixtureStudy): HeldStudy {
  const uids = [...new Set(instances.map(instance => instance.seriesInstanceUID))];
  const inSeries = (uid: string) => instances.filter(({ seriesInstanceUID }) => seriesInstanceUID === uid);
  return {
    studyInstanceUID,
    series: uids.map(uid => ({ seriesInstanceUID: uid, sopInstanceUIDs: inSeries(uid).map(({ sopInstanceUID }) => sopInstanceUID) })),
  };
}

/** Some instance that the target holds. */
export const anyInstance: Given<AnyInstance> = {
  key: 'any instance',
  async provide(t) {
    for (const { studyInstanceUID, series } of await t.given(someStudies)) {
      for (const { seriesInstanceUID, sopInstanceUIDs } of series) {
        const [sopInstanceUID] = sopInstanceUIDs;
        if (sopInstanceUID === undefined) continue;
        const uids = { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
        const paths = { studyPath: studyPath(uids), seriesPath: seriesPath(uids), instancePath: instancePath(uids) };
        return { ...uids, ...paths, metadataPath: `${paths.studyPath}/metadata` };
      }
    }
    return t.skip(
      'the target holds no instance that search finds: name a study with --study UID, or allow storing the fixtures with --write',
    );
  },
};

/** Statuses that say that the server would not answer now, or not us. */
const decidesNothing = [401, 403, 413, 429, 503, 507];

/** Skips when the status leaves every requirement undecided. */
export function undecided(t: Trial, status: number): void {
  if (decidesNothing.includes(status))
    t.skip(`the target would not answer (status ${status}): see to its access control or its load, and run again`);
}

/** Statuses that say where else to ask. */
export const redirects: readonly number[] = [301, 302, 303, 307, 308];
const mostHops = 3;

/** What Accept a request is to carry: one line, several, or none. */
export type Accept = string | readonly string[] | null;

const linesOf = (accept: Accept): readonly string[] => (accept === null ? [] : [accept].flat());

/** GETs a resource. Redirects are followed; statuses that decide nothing skip. */
export async function ask(t: Trial, to: string, accept: Accept, more: readonly HeaderLine[] = []): Promise<Exchange> {
  const headers: readonly HeaderLine[] = [...linesOf(accept).map(line => ['Accept', line] as const), ...more];
  let exchange = await t.get(to, headers);
  for (let hop = 0; hop < mostHops && redirects.includes(exchange.response.status); hop++) {
    const location = headerValue(exchange.response.headers, 'Location');
    if (location === null) break;
    exchange = await t.get(new URL(location, exchange.request.url).href, headers);
  }
  undecided(t, exchange.response.status);
  return exchange;
}

/** How an expectation about the request itself is to be told. */
export interface Telling {
  /** The requirement that is broken when the request does not succeed; the first one of the check when absent. */
  readonly row?: RequirementId;
  readonly what?: string;
}

const under = (row: RequirementId | undefined) => (row === undefined ? {} : { row });

/** Asks, and expects success: 200, or 206 where what is missing is not at issue. */
export async function fetched(
  t: Trial,
  to: string,
  accept: Accept,
  { row, what = `GET ${shortPath(to)}` }: Telling = {},
): Promise<Exchange> {
  const exchange = await ask(t, to, accept);
  const asked = linesOf(accept).join(', ') || 'nothing';
  t.expect(`the status of ${what} with Accept: ${asked}`, exchange.response.status, anyOf(200, 206), under(row));
  return exchange;
}

/** A resource without its UIDs, which make sentences long. */
function shortPath(to: string): string {
  return to.replaceAll(/\d[\d.]{9,}/g, '…');
}

/** One part of a retrieve answer. */
export interface Part {
  readonly headers: readonly HeaderLine[];
  /** Type and subtype in lower case; empty when the part does not say. */
  readonly mediaType: string;
  /** Parameters of the Content-Type, by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Content-Location as an absolute URL, or null. */
  readonly location: string | null;
  readonly body: Uint8Array;
}

/** Type and subtype of the message, in lower case. */
export function mediaTypeOf({ response }: Exchange): string {
  return readMediaType(headerValue(response.headers, 'Content-Type') ?? '').value.type;
}

/** The parameters of the message's Content-Type, by lower-case name. */
export function parametersOf({ response }: Exchange): ReadonlyMap<string, string> {
  return readMediaType(headerValue(response.headers, 'Content-Type') ?? '').value.parameters;
}

/** The parts of a successful answer, read leniently: a message that is not multipart counts as one part, since other checks judge that. */
export function partsOf(t: Trial, exchange: Exchange, { row }: Telling = {}): readonly Part[] {
  const { request, response } = exchange;
  const type = headerValue(response.headers, 'Content-Type') ?? '';
  const raw = /^\s*multipart\//i.test(type) ? rawParts(t, exchange, type, row) : [{ headers: response.headers, body: response.body }];
  return raw.map(({ headers, body }) => {
    const { type: mediaType, parameters } = readMediaType(headerValue(headers, 'Content-Type') ?? '').value;
    return { headers, mediaType, parameters, location: absolute(headerValue(headers, 'Content-Location'), request.url), body: plain(body) };
  });
}

/** The same bytes without the class of their container, so that they compare. */
export const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

function rawParts(
  t: Trial,
  { response }: Exchange,
  type: string,
  row: RequirementId | undefined,
): readonly Pick<Part, 'headers' | 'body'>[] {
  try {
    return readMultipart(type, response.body).value.parts;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the multipart answer', error.message, 'a message that can be taken apart', under(row));
    return [];
  }
}

function absolute(location: string | null, base: string): string | null {
  try {
    return location === null ? null : new URL(location, base).href;
  } catch {
    return location;
  }
}

/** The defects of a multipart answer, each with the requirement that it breaks. */
export function multipartDefects({ response }: Exchange): readonly Defect[] {
  try {
    return readMultipart(headerValue(response.headers, 'Content-Type') ?? '', response.body).defects;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [{ row: 'WADO-RS-MIME-01', what: error.message }];
  }
}

/** Asks, expects success and reads the parts. */
export async function parts(t: Trial, to: string, accept: Accept, telling: Telling = {}): Promise<readonly Part[]> {
  return partsOf(t, await fetched(t, to, accept, telling), telling);
}

/** What was sent, in a word: the media type of the first part, or the status of what is no success. */
export function formOf(t: Trial, exchange: Exchange): string {
  const { status } = exchange.response;
  if (status !== 200 && status !== 206) return `status ${status}`;
  return partsOf(t, exchange)[0]?.mediaType || 'no media type';
}

/** The studies that the target holds, whatever they are, and those of the fixtures that can be had there. */
export function studiesAtHand(...names: readonly CorpusName[]): Given<readonly { readonly studyInstanceUID: string }[]> {
  return {
    key: `studies at hand: ${names.join(' ')}`,
    async provide(t) {
      const wanted: readonly Promise<readonly { readonly studyInstanceUID: string }[]>[] = [
        ...names.map(async name => [await t.given(fixture(name))]),
        t.given(someStudies),
      ];
      const found = (await Promise.allSettled(wanted)).flatMap(each => (each.status === 'fulfilled' ? each.value : []));
      if (found.length === 0)
        t.skip('the target holds no study that search finds: name one with --study UID, or allow storing the fixtures with --write');
      return [...new Map(found.map(study => [study.studyInstanceUID, study])).values()];
    },
  };
}
