import type { Fault } from '../harness/check.ts';

/** What a fault looks at to decide whether it applies. */
export type When = RegExp | ((request: Request) => boolean);

/** Applies a fault only to the requests whose path and query match; the server stays right for all others. */
export function on(when: When, fault: Fault): Fault {
  return server => {
    const wrong = fault(server);
    return request => (applies(when, request) ? wrong(request) : server(request));
  };
}

/** Applies a fault only to the requests whose body, read as Latin-1 text, matches; the server stays right for all others. */
export function onBody(matches: RegExp, fault: Fault): Fault {
  return server => {
    const wrong = fault(server);
    return async request => {
      const text = request.body ? Buffer.from(await request.clone().arrayBuffer()).toString('latin1') : '';
      return matches.test(text) ? wrong(request) : server(request);
    };
  };
}

/** Applies a fault only to the requests whose Accept matches; the server stays right for all others. */
export function onAccept(matches: RegExp, fault: Fault): Fault {
  return on(request => matches.test(request.headers.get('Accept') ?? ''), fault);
}

/** Several faults at once. */
export function together(...faults: readonly Fault[]): Fault {
  return server => faults.reduce((wrong, fault) => fault(wrong), server);
}

/** A server that understands another URL than the one it was asked. */
export function hears(change: (url: URL) => void): Fault {
  return server => request => {
    const url = new URL(request.url);
    change(url);
    return server(url.href === request.url ? request : rewritten(request, url, request.headers));
  };
}

/** A server that reads another value of a query key, wherever the key is given. */
export function hearsKey(key: string, change: (value: string) => string): Fault {
  return hears(url => {
    const value = url.searchParams.get(key);
    if (value !== null) url.searchParams.set(key, change(value));
  });
}

/** A server that reads other header fields than the ones it was sent; null takes one away. */
export function hearsHeaders(change: Readonly<Record<string, string | null>> | ((headers: Headers) => void)): Fault {
  return server => request => {
    const headers = new Headers(request.headers);
    apply(headers, change);
    return server(rewritten(request, new URL(request.url), headers));
  };
}

/** A server that reads another body than the one it was sent. */
export function hearsBody(change: (body: Buffer, request: Request) => Uint8Array): Fault {
  return server => async request => {
    const { method, url, headers } = request;
    const body = change(Buffer.from(await request.arrayBuffer()), request);
    return server(new Request(url, { method, headers, body: method === 'GET' ? null : body }));
  };
}

/** A server that reads other text than the body it was sent, byte for byte outside of what the change touches. */
export function hearsText(change: (text: string) => string): Fault {
  return hearsBody(body => Buffer.from(change(body.toString('latin1')), 'latin1'));
}

/** A server whose whole answer is changed before it is sent. */
export function answers(change: (response: Response, request: Request) => Response | Promise<Response>): Fault {
  return server => async request => change(await server(request), request);
}

/** A server that answers with this status, and a body of plain text. */
export function status(code: number, text = 'The server says so.'): Fault {
  return () => async () =>
    new Response(code === 204 || code === 304 ? null : text, { status: code, headers: { 'Content-Type': 'text/plain' } });
}

/** A server that sends other header fields; null takes one away. */
export function sendsHeaders(change: Readonly<Record<string, string | null>> | ((headers: Headers) => void)): Fault {
  return answers(response => {
    const headers = new Headers(response.headers);
    apply(headers, change);
    return new Response(response.body, { status: response.status, headers });
  });
}

/** A server that sends another status and otherwise the same answer. */
export function sendsStatus(code: number): Fault {
  return answers(response => new Response(response.body, { status: code, headers: response.headers }));
}

/** A server that sends other bytes as the body; the multipart frame is part of them. Applies to successful answers with a body. */
export function sendsBytes(change: (body: Buffer, response: Response, request: Request) => Uint8Array): Fault {
  return answers(async (response, request) => {
    if (!response.ok || response.status === 204) return response;
    const body = change(Buffer.from(await response.arrayBuffer()), response, request);
    const headers = new Headers(response.headers);
    headers.delete('Content-Length');
    return new Response(body, { status: response.status, headers });
  });
}

/** A server that sends other text as the body, byte for byte outside of what the change touches. */
export function sendsText(change: (text: string, request: Request) => string): Fault {
  return sendsBytes((body, _, request) => Buffer.from(change(body.toString('latin1'), request), 'latin1'));
}

/** A server that sends another JSON document; answers that are not JSON stay as they are. */
export function sendsJson(change: (document: never, request: Request) => unknown): Fault {
  return answers(async (response, request) => {
    if (!response.ok || !/json/.test(response.headers.get('Content-Type') ?? '')) return response;
    const text = await response.text();
    if (text === '') return new Response(null, { status: response.status, headers: response.headers });
    const headers = new Headers(response.headers);
    headers.delete('Content-Length');
    return new Response(JSON.stringify(change(JSON.parse(text) as never, request)), { status: response.status, headers });
  });
}

/** One part of a multipart body in a fault's hands: its header lines and its payload, both to be changed at will. */
export interface LoosePart {
  headers: string[];
  body: Buffer;
}

/** A server that sends other parts in its multipart answers: fewer, more, in another order, with other headers or payloads. */
export function sendsParts(change: (parts: LoosePart[], request: Request) => LoosePart[]): Fault {
  return sendsBytes((body, response, request) => {
    const boundary = /boundary="?([^";]+)"?/i.exec(response.headers.get('Content-Type') ?? '')?.[1];
    return boundary === undefined ? body : joined(change(split(body, boundary), request), boundary);
  });
}

/** A server that receives other parts than the multipart body it was sent holds. */
export function hearsParts(change: (parts: LoosePart[], request: Request) => LoosePart[]): Fault {
  return hearsBody((body, request) => {
    const boundary = /boundary="?([^";]+)"?/i.exec(request.headers.get('Content-Type') ?? '')?.[1];
    return boundary === undefined ? body : joined(change(split(body, boundary), request), boundary);
  });
}

function applies(when: When, request: Request): boolean {
  if (typeof when === 'function') return when(request);
  const { pathname, search } = new URL(request.url);
  return when.test(pathname + search);
}

function apply(headers: Headers, change: Readonly<Record<string, string | null>> | ((headers: Headers) => void)): void {
  if (typeof change === 'function') {
    change(headers);
    return;
  }
  for (const [name, value] of Object.entries(change)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}

function rewritten(request: Request, url: URL, headers: Headers): Request {
  const { method, body } = request;
  return new Request(url, { method, headers, body, ...(body ? { duplex: 'half' as const } : {}) });
}

/** Takes well-formed multipart apart; enough for the answers of a right server. */
function split(body: Buffer, boundary: string): LoosePart[] {
  const delimiter = `--${boundary}`;
  const parts: LoosePart[] = [];
  for (let at = body.indexOf(delimiter); at !== -1; ) {
    const head = body.indexOf('\r\n', at) + 2;
    const next = body.indexOf(`\r\n${delimiter}`, head - 2);
    if (next === -1) break;
    const blank = body.indexOf('\r\n\r\n', head - 2);
    parts.push({ headers: body.toString('latin1', head, blank).split('\r\n').filter(Boolean), body: body.subarray(blank + 4, next) });
    at = next + 2;
  }
  return parts;
}

function joined(parts: readonly LoosePart[], boundary: string): Buffer {
  const pieces = parts.flatMap(({ headers, body }, i) => [
    Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${headers.map(line => `${line}\r\n`).join('')}\r\n`, 'latin1'),
    body,
  ]);
  return Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
