import { type Exchange, headerValue } from '../harness/wire.ts';

/** A WADO-URI request of a client, read as loosely as can be. */
export interface UriRequest {
  readonly method: string;
  /** The query as it stood in the URL, without the question mark. */
  readonly query: string;
  /** The decoded values of a parameter, by the exact spelling of its name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The first value of a parameter, or null. */
  value(name: string): string | null;
  readonly accept: string | null;
  readonly acceptCharset: string | null;
  /** Media types of contentType, in lower case, without their parameters. */
  readonly types: readonly string[];
  /** The media type of the answer, in lower case; empty when it was refused. */
  readonly answered: string;
}

/** PS3.18-2013 8: the parameters of URI mode. */
export const uriParameters: readonly string[] = [
  ...[
    'requestType',
    'studyUID',
    'seriesUID',
    'objectUID',
    'contentType',
    'charset',
    'anonymize',
    'annotation',
    'rows',
    'columns',
    'region',
  ],
  ...['windowCenter', 'windowWidth', 'frameNumber', 'imageQuality', 'presentationUID', 'presentationSeriesUID', 'transferSyntax'],
];

const tells = /(^|&)(requestType|objectUID)=/i;

/** The WADO-URI request of an exchange, or null for one of another kind: it has a requestType or an objectUID, however they are spelled. */
export function uriRequest({ request, response }: Exchange): UriRequest | null {
  const { search } = new URL(request.url);
  const query = search.slice(1);
  const form = request.body ? Buffer.from(request.body).toString('latin1') : '';
  if (request.method === 'OPTIONS' || !(tells.test(query) || (request.method === 'POST' && tells.test(form)))) return null;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  const value = (name: string) => values.get(name)?.[0] ?? null;
  const type = headerValue(response.headers, 'Content-Type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return {
    method: request.method,
    query,
    values,
    value,
    accept: headerValue(request.headers, 'Accept'),
    acceptCharset: headerValue(request.headers, 'Accept-Charset'),
    types: membersOf(value('contentType') ?? ''),
    answered: response.status === 200 ? type : '',
  };
}

/** The members of a list without their parameters, in lower case. */
export const membersOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map(member => (member.split(';')[0] ?? '').trim().toLowerCase())
    .filter(member => member !== '');

/** Whether an Accept header or a list like it covers a media type (RFC 2616 14.1). */
export const covers = (ranges: readonly string[], type: string): boolean =>
  ranges.some(range => range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1))));

/** Whether the client asks for a DICOM object and nothing else. */
export const wantsDicom = ({ types }: UriRequest): boolean => types.length > 0 && types.every(type => type === 'application/dicom');
