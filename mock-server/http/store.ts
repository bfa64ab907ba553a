import { asOf, type ByEdition } from '../../schemas/editions.ts';
import { dicomObjectType, jsonModelType, nativeModelType } from '../../schemas/media-types.ts';
import { toJsonModel } from '../dicom/json-model.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { failureReasons, type Outcome, responseModule, storeObject } from '../services/stow.ts';
import { acceptedRanges, covers } from './accept.ts';
import { baseUrl, type Call, resourceUrl } from './context.ts';
import { HttpError } from './errors.ts';
import { readParts, withParameters } from './multipart-request.ts';
import { isUid } from './resource.ts';

/** A media type that is not supported is bad syntax in Table 6.6.1-1 of 2013 and has a status of its own later. */
const unsupportedMediaType: ByEdition<number> = { '2013': 400, '2014a': 415 };

/** Whether the response may be JSON. */
const answersJson: ByEdition<true> = { '2014a': true };

/** PS3.18-2013 6.6.1: stores the PS3.10 objects of a multipart message and tells what became of each. */
export async function storeInstances(call: Call): Promise<Response> {
  const { request, context, path } = call;
  const { study } = path;
  if (study !== undefined && !isUid(study)) throw new HttpError(400, `"${study}" is no UID.`);
  const parts = readParts(await bodyOf(call), boundaryOf(call));
  if (parts.length === 0) throw new HttpError(400, 'The request has no part, so there is nothing to store.');
  const outcomes = parts.map((part, i): Outcome => {
    const { name } = withParameters(part.headers.get('content-type') ?? dicomObjectType);
    if (name !== dicomObjectType) return { kind: 'unreadable', why: `part ${i + 1} is labelled ${name}` };
    return storeObject(context.store, part.body, study);
  });
  const unreadable = outcomes.filter(outcome => outcome.kind === 'unreadable');
  if (unreadable.length === outcomes.length) throw new HttpError(400, `No part is a DICOM object: ${unreadable[0]?.why}.`);
  const module = responseModule(outcomes, {
    study: uid => resourceUrl(call, { studyInstanceUID: uid }),
    instance: each => resourceUrl(call, each),
  });
  const { type, body } = written(
    module,
    request,
    asOf(answersJson, context.edition) === true ? (asOf(jsonModelType, context.edition) ?? null) : null,
  );
  const headers = new Headers({ 'Content-Type': type });
  const warning = warningOf(outcomes);
  if (warning !== null) headers.set('Warning', `299 ${baseUrl(call)}: "${warning.replaceAll('"', "'")}"`);
  return new Response(body, { status: statusOf(outcomes), headers });
}

/** 6.6.1.3.1: the status code of DICOM and the reason for the first object that was not stored; null when all were. */
function warningOf(outcomes: readonly Outcome[]): string | null {
  const lost = outcomes.filter(outcome => outcome.kind !== 'stored');
  const [first] = lost;
  if (!first) return null;
  const code = first.kind === 'failed' ? first.reason : failureReasons.cannotUnderstand;
  return `${code.toString(16).toUpperCase().padStart(4, '0')} ${lost.length} of ${outcomes.length} objects were not stored: ${first.why}`;
}

/** 6.6.1.3.1: 200 everything stored, 409 nothing, 202 something in between. */
function statusOf(outcomes: readonly Outcome[]): number {
  const stored = outcomes.filter(({ kind }) => kind === 'stored').length;
  return stored === outcomes.length ? 200 : stored === 0 ? 409 : 202;
}

function written(module: Parameters<typeof toNativeXml>[0], request: Request, json: string | null): { type: string; body: string } {
  const wantsJson =
    json !== null &&
    acceptedRanges(request.headers.get('Accept')).some(range => !range.multipart && range.type !== '*/*' && covers(range, json));
  return wantsJson ? { type: json, body: toJsonModel(module) } : { type: nativeModelType, body: toNativeXml(module) };
}

function boundaryOf({ request, context }: Call): string {
  const { name, parameters } = withParameters(request.headers.get('Content-Type') ?? '');
  const refused = (sentence: string) => new HttpError(asOf(unsupportedMediaType, context.edition) ?? 400, sentence);
  if (name !== 'multipart/related') throw refused(`The Content-Type has to be multipart/related; type="${dicomObjectType}"; boundary=…`);
  const type = (parameters.get('type') ?? dicomObjectType).toLowerCase();
  if (type !== dicomObjectType) throw refused(`Parts of type ${type} cannot be stored, only ${dicomObjectType}.`);
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '' || boundary.length > 70) throw new HttpError(400, 'The Content-Type names no boundary of 1 to 70 characters.');
  return boundary;
}

/** The whole body; 413 as soon as it is larger than the limit. */
async function bodyOf({ request, context }: Call): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > context.maximumBody) throw new HttpError(413, `The body is larger than ${context.maximumBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
