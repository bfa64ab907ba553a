import type { Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type SearchLevel, uniqueKeys } from '../../schemas/search-attributes.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { type Exchange, type HeaderLine, headerValue } from '../harness/wire.ts';
import type { Attribute, Attributes } from './compare.ts';
import { acceptJson, acceptXml } from './media.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readJsonResults } from './read/json-model.ts';
import { readNativeXml } from './read/native-xml.ts';
import { ask, partsOf, type Telling } from './retrieve.ts';

/** The two forms of search results (PS3.18-2013 6.7.1.2.3). */
export type Form = 'json' | 'xml';

/** What a search found, in the order of the answer. */
export interface Found {
  readonly exchange: Exchange;
  readonly form: Form;
  readonly results: readonly Attributes[];
  /** What is wrong with the form of the results; judged by the checks of the models only. */
  readonly defects: readonly Defect[];
}

/** How a search is to be made and told. */
export interface Searching extends Telling {
  /** The form to ask for; when absent JSON, and XML from a target that has no JSON. */
  readonly form?: Form;
  readonly headers?: readonly HeaderLine[];
}

const under = (row: RequirementId | undefined) => (row === undefined ? {} : { row });

/** A resource and its query in words, without UIDs, which make sentences long. */
export function inWords(resource: string): string {
  const withoutUids = resource.replaceAll(/\d+(\.\d+){4,}/g, '{uid}').replaceAll(/2\.25\.\d+(\.\d+)*/g, '{uid}');
  try {
    return decodeURIComponent(withoutUids);
  } catch {
    return withoutUids;
  }
}

/** Sends a search and sees to redirects and to statuses that decide nothing; every other status is the caller's to judge. */
export async function sendSearch(t: Trial, resource: string, { form = 'json', headers = [] }: Searching = {}): Promise<Exchange> {
  return ask(t, resource, form === 'json' ? acceptJson(t.edition) : acceptXml, headers);
}

/** Searches, expects success and reads the results. A target that has one form only is asked for that, since the forms are judged by their own checks. */
export async function find(t: Trial, resource: string, searching: Searching = {}): Promise<Found> {
  return concluded(t, await sendSearch(t, resource, searching), resource, searching);
}

/** What a search finds, or null when it is refused with a status of 400 to 499 or 501. */
export async function foundUnlessRefused(t: Trial, resource: string, searching: Searching = {}): Promise<Found | null> {
  const exchange = await sendSearch(t, resource, searching);
  const { status } = exchange.response;
  return isRefusal(status) && status !== 406 ? null : concluded(t, exchange, resource, searching);
}

/** The results of a search, or null when it is refused. */
export async function findUnlessRefused(t: Trial, resource: string, searching: Searching = {}): Promise<readonly Attributes[] | null> {
  return (await foundUnlessRefused(t, resource, searching))?.results ?? null;
}

async function concluded(t: Trial, exchange: Exchange, resource: string, searching: Searching): Promise<Found> {
  const { form, what = `GET ${inWords(resource)}`, row } = searching;
  if (form !== undefined) return read(t, exchange, form, what, row);
  if (exchange.response.status !== 406 && readable(exchange)) return read(t, exchange, 'json', what, row);
  return read(t, await sendSearch(t, resource, { ...searching, form: 'xml' }), 'xml', what, row);
}

/** Whether a status says that the request is not to be had: the client's error, or not implemented. */
export const isRefusal = (status: number): boolean => (status >= 400 && status < 500) || status === 501;

/** The results of a relational search; skips where the target does not offer it, since only later editions oblige it to (PS3.18-2013 6.7.1.2.1.2). */
export async function findRelational(t: Trial, resource: string, searching: Searching = {}): Promise<readonly Attributes[]> {
  const results = await findUnlessRefused(t, resource, searching);
  if (results === null) t.skip(`the target does not offer the relational search ${inWords(resource)}, which edition 2013 leaves to it`);
  return results;
}

function read(t: Trial, exchange: Exchange, form: Form, what: string, row: RequirementId | undefined): Found {
  const { status, body } = exchange.response;
  t.expect(`the status of ${what}`, status, anyOf(200, 204), under(row));
  if (body.length === 0) return { exchange, form, results: [], defects: [] };
  try {
    if (form === 'json') {
      const { value, defects } = readJsonResults(body);
      return { exchange, form, results: value, defects };
    }
    const documents = partsOf(t, exchange, under(row)).map(part => readNativeXml(part.body));
    return { exchange, form, results: documents.map(({ value }) => value), defects: documents.flatMap(({ defects }) => defects) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect(
      `the body of the answer to ${what}`,
      error.message,
      `search results that can be read as ${form === 'json' ? 'JSON' : 'XML'}`,
      under(row),
    );
    return t.skip(`what cannot be read tells nothing: ${error.message}`);
  }
}

function readable({ response }: Exchange): boolean {
  if (response.body.length === 0 || response.status !== 200) return true;
  try {
    readJsonResults(response.body);
    return true;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

/** The attribute of a result with this keyword. */
export function attributeIn(result: Attributes, keyword: string): Attribute | undefined {
  const tag: Tag = tagOf(keyword);
  return result.find(attribute => attribute.tag === tag);
}

/** The values of an attribute of a result as text, empty ones left out. */
export function textsIn(result: Attributes, keyword: string): readonly string[] {
  const content = attributeIn(result, keyword)?.content;
  return content?.kind === 'values' ? content.values.map(value => String(value ?? '').trim()).filter(value => value !== '') : [];
}

/** The unique key of each result at a level, in the order of the answer; empty where a result has none. */
export function uidsOf(level: SearchLevel, results: readonly Attributes[]): readonly string[] {
  return results.map(result => {
    const content = result.find(({ tag }) => tag === uniqueKeys[level])?.content;
    return content?.kind === 'values' ? String(content.values[0] ?? '').trim() : '';
  });
}

/** The Warning header fields with code 299 of an answer, joined; empty when there is none. */
export function warning299({ response }: Exchange): string {
  const text = headerValue(response.headers, 'Warning') ?? '';
  return /(^|,|\s)299\s/.test(text) ? text : '';
}

/** A list that the target did not cut by a maximum of its own; skips where it did, since what is missing then tells nothing. */
export function notCut(t: Trial, found: Found): Found {
  if (/exceeded/i.test(warning299(found.exchange)))
    t.skip(
      `the target sends no more than ${found.results.length} results at once, too few for this check: see to its maximum number of results`,
    );
  return found;
}
