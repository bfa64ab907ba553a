import { type Exchange, headerValue } from '../harness/wire.ts';

const retrieve = /\/studies\/[0-9.]+(\/series\/[0-9.]+(\/instances\/[0-9.]+(\/frames\/[^/]+)?)?)?(\/metadata)?$/;
const objects = /\/studies\/[0-9.]+(\/series\/[0-9.]+(\/instances\/[0-9.]+(\/frames\/[^/]+)?)?)?$/;
const search = /\/(studies|series|instances)$/;

const pathOf = ({ request }: Exchange) => new URL(request.url).pathname;

/** Whether it is a GET of a study, series, instance, frames or metadata. */
export function isRetrieve(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && retrieve.test(pathOf(exchange));
}

/** Whether it is a GET of a resource that PS3.18-2013 6.5 gives in several representations. */
export function negotiated(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && objects.test(pathOf(exchange));
}

/** Whether it is a GET of a search. */
export function isSearch(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && search.test(pathOf(exchange));
}

/** Whether it is a retrieve of WADO-RS, bulk data by their own URL included. */
export function isWadoRs(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && !isSearch(exchange) && !/[?&]requestType=/i.test(exchange.request.url);
}

/** Whether it is a successful answer of a RESTful service in multipart form that can be read as it is: RFC 2616 14.11, a coding that the client accepts stands around the message. */
export function isMultipart({ request, response }: Exchange): boolean {
  const type = headerValue(response.headers, 'Content-Type') ?? '';
  const coding = headerValue(response.headers, 'Content-Encoding') ?? 'identity';
  return (
    request.method === 'GET' &&
    [200, 206].includes(response.status) &&
    /^\s*multipart\//i.test(type) &&
    coding.trim().toLowerCase() === 'identity'
  );
}

/** The resource in few words, without the UIDs that make URLs long. */
export function resourceOf(exchange: Exchange): string {
  const [, last] = /\/(studies|series|instances|frames|metadata)(?:\/[^/]*)?$/.exec(pathOf(exchange)) ?? [];
  const words: Readonly<Record<string, string>> = {
    studies: 'study',
    series: 'series',
    instances: 'instance',
    frames: 'frames',
    metadata: 'metadata',
  };
  if (isSearch(exchange)) return 'search';
  return words[last ?? ''] ?? 'bulk data';
}
