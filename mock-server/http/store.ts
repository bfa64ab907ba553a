import { asOf, type ByEdition } from '../../schemas/editions.ts';
import { dicomObjectType, jsonModelType, nativeModelType } from '../../schemas/media-types.ts';
import { toJsonModel } from '../dicom/json-model.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { isUid } from '../dicom/uid.ts';
import { responseModule, statusOf, warningOf } from '../services/store-response.ts';
import { type Outcome, type StoreOptions, storeObject } from '../services/stow.ts';
import { assembled, type BulkPart, InvalidMessage, type MetadataPart } from '../services/stow-metadata.ts';
import { acceptedRanges, covers } from './accept.ts';
import { baseUrl, type Call, resourceUrl } from './context.ts';
import { HttpError } from './errors.ts';
import { withParameters } from './multipart-request.ts';
import { type ReceivedPart, receive } from './store-body.ts';

/** A media type that is not supported is bad syntax in Table 6.6.1-1 of 2013 and has a status of its own later. */
const unsupportedMediaType: ByEdition<number> = { '2013': 400, '2014a': 415 };

/** The types of the first part that a store request may have (6.6.1.1); JSON came with 2014a and changed its name. */
const storable: ByEdition<readonly string[]> = {
  '2013': [dicomObjectType, nativeModelType],
  '2014a': [dicomObjectType, nativeModelType, 'application/json'],
  '2016c': [dicomObjectType, nativeModelType, 'application/dicom+json'],
};

/** Whether the response may be JSON. */
const answersJson: ByEdition<true> = { '2014a': true };

/** What is sent to a client that takes both. */
const preferredForm: ByEdition<'xml' | 'json'> = { '2013': 'xml', '2019b': 'json' };

/** Whether failures that belong to no instance have a sequence (Table 6.6.1-2). */
const listsOtherFailures: ByEdition<true> = { '2016a': true };

const denials = {
  401: 'Storing needs a login.',
  403: 'Storing is not allowed.',
  503: 'There is no room to store anything.',
} as const;

/** RFC 2046 5.1.1 has 70 characters; clients with more are in use. */
const longestBoundary = 256;

/** The largest document of metadata: it is read as a whole. */
const largestDocument = 64 * 1024 ** 2;

/** PS3.18-2013 6.6.1: stores the instances of a multipart message and tells what became of each. */
export async function storeInstances(call: Call): Promise<Response> {
  const { context, path } = call;
  const { study } = path;
  const batch = context.keeper.batch();
  try {
    const parts = await receive(call, batch, () => {
      const { denies } = context.storePolicy;
      if (denies) throw new HttpError(denies, denials[denies], denies === 401 ? { 'WWW-Authenticate': 'Basic realm="store"' } : {});
      if (study !== undefined && !isUid(study)) throw new HttpError(400, `"${study}" is no UID.`);
      return messageOf(call).boundary;
    });
    if (parts.length === 0) throw new HttpError(400, 'The request has no part, so there is nothing to store.');
    const options: StoreOptions = { store: context.store, batch, policy: context.storePolicy, study };
    const { type } = messageOf(call);
    const outcomes = type === dicomObjectType ? await storeObjects(parts, options) : await storeMetadata(call, type, parts, options);
    await batch.settle();
    return answer(call, outcomes);
  } catch (error) {
    throw isFull(error) ? new HttpError(503, denials[503]) : error;
  } finally {
    await batch.end();
  }
}

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));

/** 6.6.1.1.1: each part is one object. */
async function storeObjects(parts: readonly ReceivedPart[], options: StoreOptions): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, { headers, arrived }] of parts.entries()) {
    const { name } = withParameters(headers.get('content-type') ?? dicomObjectType);
    outcomes.push(
      name === dicomObjectType ? await storeObject(arrived, options) : { kind: 'unreadable', why: `part ${i + 1} is labelled ${name}` },
    );
  }
  return outcomes;
}

/** 6.6.1.1.2: metadata in the first part and perhaps in others, the rest bulk data. */
async function storeMetadata(call: Call, type: string, parts: readonly ReceivedPart[], options: StoreOptions): Promise<readonly Outcome[]> {
  const absolute = (uri: string): string => (URL.canParse(uri, call.url.href) ? new URL(uri, call.url).href : uri);
  const metadata: MetadataPart[] = [];
  const bulk: BulkPart[] = [];
  for (const [i, { headers, arrived }] of parts.entries()) {
    const { name, parameters } = withParameters(headers.get('content-type') ?? '');
    const syntax = parameters.get('transfer-syntax');
    const location = headers.get('content-location');
    // 2014a 6.6.1.1.3: JSON is in the first part only.
    if (name === type && (i === 0 || type === nativeModelType)) {
      if (arrived.octets.length > largestDocument) throw new HttpError(413, `Part ${i + 1} is larger than metadata may be.`);
      const document = arrived.octets.slice(0, arrived.octets.length);
      metadata.push({ form: type === nativeModelType ? 'xml' : 'json', document, transferSyntax: syntax });
    } else if (i === 0) throw new HttpError(400, `The first part has to be of type ${type}, not ${name || 'none'}.`);
    else if (name === '') throw new HttpError(400, `Part ${i + 1} has no Content-Type.`);
    else if (location === undefined) throw new HttpError(400, `Part ${i + 1} is bulk data and has no Content-Location.`);
    else bulk.push({ location: absolute(location), mediaType: name, transferSyntax: syntax, octets: arrived.octets });
  }
  const outcomes: Outcome[] = [];
  for (const instance of inOneMessage(() => assembled({ metadata, bulk, edition: call.context.edition, absolute }))) {
    if ('outcome' in instance) outcomes.push(instance.outcome);
    else {
      const incoming = options.batch.receive();
      await incoming.write(instance.file);
      outcomes.push(await storeObject(await incoming.end(), options));
    }
  }
  return outcomes;
}

/** What is wrong with a message as a whole is bad syntax (Table 6.6.1-1). */
function inOneMessage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof InvalidMessage ? new HttpError(400, error.message) : error;
  }
}

/** 6.6.1.3: the status, the response module, and a word on the first failure. */
function answer(call: Call, outcomes: readonly Outcome[]): Response {
  const { edition } = call.context;
  const unreadable = outcomes.filter(outcome => outcome.kind === 'unreadable');
  if (unreadable.length === outcomes.length)
    throw new HttpError(400, `No part is a DICOM object: ${unreadable[0]?.why ?? 'there is none'}.`);
  const module = responseModule(outcomes, {
    study: uid => resourceUrl(call, { studyInstanceUID: uid }),
    instance: each => resourceUrl(call, each),
    listsOtherFailures: asOf(listsOtherFailures, edition) === true,
  });
  const { type, body } = written(module, call);
  const headers = new Headers({ 'Content-Type': type });
  const warning = warningOf(outcomes);
  if (warning !== null) headers.set('Warning', `299 ${baseUrl(call)}: "${printable(warning)}"`);
  return new Response(body, { status: statusOf(outcomes), headers });
}

/** RFC 2616 2.2: what may stand in a quoted string of a header line. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, "'");

/** In JSON where the edition has it and the client prefers it; what a client that takes both gets is the edition's choice. */
function written(module: Parameters<typeof toNativeXml>[0], { request, context }: Call): { readonly type: string; readonly body: string } {
  const json = asOf(answersJson, context.edition) === true ? asOf(jsonModelType, context.edition) : null;
  const forms = acceptedRanges(request.headers.get('Accept')).flatMap(range => {
    const [takesJson, takesXml] = [json !== null && !range.multipart && covers(range, json), covers(range, nativeModelType)];
    if (takesJson && takesXml) return [asOf(preferredForm, context.edition) ?? 'xml'];
    return takesJson ? ['json'] : takesXml ? ['xml'] : [];
  });
  const inJson = json !== null && (forms[0] ?? asOf(preferredForm, context.edition)) === 'json';
  return inJson ? { type: json, body: toJsonModel(module) } : { type: nativeModelType, body: toNativeXml(module) };
}

/** The type of the parts and the boundary between them; 400 or 415 for a message that cannot be stored. */
function messageOf({ request, context }: Call): { readonly type: string; readonly boundary: string } {
  const { name, parameters } = withParameters(request.headers.get('Content-Type') ?? '');
  const types = asOf(storable, context.edition) ?? [];
  const refused = (sentence: string) => new HttpError(asOf(unsupportedMediaType, context.edition) ?? 400, sentence);
  if (name !== 'multipart/related') throw refused(`The Content-Type has to be multipart/related; type="${dicomObjectType}"; boundary=…`);
  const type = (parameters.get('type') ?? dicomObjectType).toLowerCase();
  if (!types.includes(type)) throw refused(`Parts of type ${type} cannot be stored, only ${types.join(', ')}.`);
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '' || boundary.length > longestBoundary) throw new HttpError(400, 'The Content-Type names no boundary.');
  return { type, boundary };
}
