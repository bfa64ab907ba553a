import type { DataSet } from '../../schemas/data-set.ts';
import { dicomObjectType, nativeModelType } from '../../schemas/media-types.ts';
import { type Exchange, type HeaderLine, headerValue } from '../harness/wire.ts';
import type { Attributes } from './compare.ts';
import { allAttributes } from './documents.ts';
import { Unreadable } from './read/defect.ts';
import { type MediaType, readMediaType } from './read/header.ts';
import { readMultipart } from './read/multipart.ts';
import { readNativeXml } from './read/native-xml.ts';
import { readPart10 } from './read/part10.ts';

/** A part of a store request as a server sees it. */
export interface SentPart {
  readonly headers: readonly HeaderLine[];
  readonly mediaType: MediaType;
  readonly location: string | null;
  readonly body: Uint8Array;
}

/** A store request as a server sees it. */
export interface StoreRequest {
  readonly method: string;
  /** The study in the URL, or null. */
  readonly study: string | null;
  readonly contentType: MediaType;
  /** The parts, or why the body cannot be taken apart. */
  readonly parts: readonly SentPart[] | string;
}

/** PS3.18-2013 6.6.1.1: reads a request that stores, whatever its form; null for other requests. */
export function storeRequest({ request: { method, url, headers, body } }: Exchange): StoreRequest | null {
  const [, study] = /\/studies(?:\/([^/]*))?\/?$/.exec(new URL(url).pathname) ?? [null];
  const isStudies = /\/studies(\/[^/]*)?\/?$/.test(new URL(url).pathname);
  if (!isStudies || !['POST', 'PUT'].includes(method)) return null;
  const header = headerValue(headers, 'Content-Type') ?? '';
  return { method, study: study ?? null, contentType: readMediaType(header).value, parts: partsOf(header, body ?? new Uint8Array()) };
}

function partsOf(contentType: string, body: Uint8Array): readonly SentPart[] | string {
  try {
    return readMultipart(contentType, body).value.parts.map(part => ({
      headers: part.headers,
      mediaType: readMediaType(headerValue(part.headers, 'Content-Type') ?? '').value,
      location: headerValue(part.headers, 'Content-Location'),
      body: part.body,
    }));
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

/** The type parameter of a store request: what its parts are, or what its first part is. */
export const typeOf = ({ contentType }: StoreRequest): string => (contentType.parameters.get('type') ?? '').toLowerCase();

/** The parts of a request that announces DICOM files; null for others. */
export function filesIn(request: StoreRequest | null): readonly SentPart[] | null {
  return request && typeOf(request) === dicomObjectType && typeof request.parts !== 'string' ? request.parts : null;
}

/** The data set of a part that is a DICOM file, or why it is none. */
export function dataSetIn({ body }: SentPart): DataSet | string {
  try {
    return readPart10(body).value.dataSet;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

/** A part of XML metadata that was read. */
export interface SentMetadata {
  readonly part: SentPart;
  /** The data set, or why the document cannot be read. */
  readonly attributes: Attributes | string;
  readonly defects: readonly string[];
  /** The bulk data URIs that it names. */
  readonly uris: readonly string[];
}

/** The parts of a request that announces XML metadata: documents and the rest; null for other requests. */
export function metadataIn(
  request: StoreRequest | null,
): { readonly parts: readonly SentPart[]; readonly metadata: readonly SentMetadata[]; readonly bulk: readonly SentPart[] } | null {
  if (!request || typeOf(request) !== nativeModelType || typeof request.parts === 'string') return null;
  const isXml = ({ mediaType }: SentPart) => mediaType.type === nativeModelType;
  return {
    parts: request.parts,
    metadata: request.parts.filter(isXml).map(readMetadata),
    bulk: request.parts.filter(part => !isXml(part)),
  };
}

function readMetadata(part: SentPart): SentMetadata {
  try {
    const { value, defects } = readNativeXml(part.body);
    const uris = allAttributes(value).flatMap(({ content }) => (content.kind === 'reference' ? [content.uri.trim()] : []));
    return { part, attributes: value, defects: defects.map(({ what }) => what), uris };
  } catch (error) {
    if (error instanceof Unreadable) return { part, attributes: error.message, defects: [error.message], uris: [] };
    throw error;
  }
}
