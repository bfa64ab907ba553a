import { asOf, type ByEdition } from '../../schemas/editions.ts';
import { jsonModelType, nativeModelType } from '../../schemas/media-types.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import type { ModelOptions } from '../dicom/bulk.ts';
import { toJsonModel } from '../dicom/json-model.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { search } from '../services/search.ts';
import { acceptedRanges, covers, refusedTypes } from './accept.ts';
import { bulkDataUris } from './bulk-url.ts';
import { baseUrl, type Call, resourceUrl } from './context.ts';
import { HttpError } from './errors.ts';
import { multipartRelated } from './multipart.ts';
import { readQuery } from './query.ts';

/** PS3.18-2013 6.7.1.3: nothing found is success; from 2016a on without a body. */
const statusWhenEmpty: ByEdition<number> = { '2013': 200, '2016a': 204 };

/** Whether XML or JSON is sent to a client that takes both: XML in 2013, JSON from 2016c on. */
const defaultForm: ByEdition<'xml' | 'json'> = { '2013': 'xml', '2016c': 'json' };

const warnings = {
  cut: 'The number of results exceeded the maximum supported by the server. Additional results can be requested.',
  fuzzy: 'The fuzzymatching parameter is not supported. Only literal matching has been performed.',
};

/** PS3.18-2013 6.7.1: the search for studies, series or instances. */
export function searchFor(level: SearchLevel): (call: Call) => Response {
  return call => {
    const { context, url, request, path } = call;
    const form = formOf(call, request.headers.get('Accept'));
    const query = readQuery(level, url.searchParams, path.study, path.series);
    const { results, cut, tooBroad } = search(query, context.entities, context.searches, entity => resourceUrl(call, entity));
    // Table 6.7-1.
    if (tooBroad)
      throw new HttpError(
        413,
        `More than ${context.searches.broadest} results match: narrow the search with keys, or ask for pages with limit and offset.`,
      );
    // 6.7.1.1: results are current, and nobody on the way is to keep them.
    const headers = new Headers({ Vary: 'Accept', 'Cache-Control': 'no-cache' });
    for (const [said, text] of [
      [cut, warnings.cut],
      [query.fuzzy && !context.searches.fuzzyMatching, warnings.fuzzy],
    ] as const) {
      if (said) headers.append('Warning', `299 ${baseUrl(call)}: "${text}"`);
    }
    const response = form.json === null ? xml(results, call) : json(results, call, form.json);
    if (results.length === 0) return empty(call, response, headers);
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  };
}

type Results = ReturnType<typeof search>['results'];

function formOf({ context }: Call, accept: string | null): { readonly json: string | null } {
  const named = asOf(jsonModelType, context.edition) ?? 'application/json';
  const refused = refusedTypes(accept);
  for (const range of acceptedRanges(accept)) {
    const takesXml =
      (range.multipart || range.type === '*/*' || range.type === 'multipart/*') &&
      covers(range, nativeModelType) &&
      !refused.has(nativeModelType);
    const takesJson =
      !range.multipart && ['application/json', 'application/dicom+json'].find(type => covers(range, type) && !refused.has(type));
    const preferred = asOf(defaultForm, context.edition) ?? 'xml';
    if (takesXml && (preferred === 'xml' || !takesJson)) return { json: null };
    if (takesJson) return { json: range.type === takesJson ? takesJson : named };
  }
  throw new HttpError(406, `Search results can be had as multipart/related; type="${nativeModelType}" and as ${named}.`);
}

/** Values of an instance that are long go by reference, as in its metadata; a study and a series have no values of their own to refer to. */
function inModel({ entity }: Results[number], call: Call): ModelOptions {
  return entity.sopInstanceUID === undefined ? {} : { bulkDataUri: bulkDataUris(call, entity) };
}

function xml(results: Results, call: Call): Response {
  const { url } = call;
  const parts = results.map(result => () => ({
    headers: [['Content-Type', nativeModelType] as const],
    body: Buffer.from(toNativeXml(result.attributes, inModel(result, call))),
  }));
  return multipartRelated(parts, nativeModelType, url.pathname + url.search);
}

function json(results: Results, call: Call, type: string): Response {
  const texts = results.map(result => toJsonModel(result.attributes, inModel(result, call)));
  return new Response(`[${texts.join(',')}]`, { headers: { 'Content-Type': type } });
}

/** 6.7.1.2.3: the XML body is empty, the JSON message is an empty array. */
function empty({ context }: Call, response: Response, headers: Headers): Response {
  const status = asOf(statusWhenEmpty, context.edition) ?? 200;
  const type = response.headers.get('Content-Type') ?? '';
  const isJson = type.includes('json');
  if (status !== 204 && isJson) headers.set('Content-Type', type);
  return new Response(status === 204 || !isJson ? null : '[]', { status, headers });
}
