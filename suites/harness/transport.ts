import { Readable } from 'node:stream';
import type { Pool } from 'undici';
import { TransportTrouble } from './outcome.ts';
import type { HeaderLine, WireRequest, WireResponse } from './wire.ts';

/** Sends one request and brings back the complete response; throws TransportTrouble when there is none. */
export interface Transport {
  send(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

/** What the judge puts up with from a server. */
export interface Limits {
  /** The longest an exchange may take from start to end, in milliseconds. */
  readonly timeoutMs: number;
  /** The largest body that is read, in bytes. */
  readonly maxBodyBytes: number;
  /** How many requests may be under way at once. */
  readonly connections: number;
}

export const defaultLimits: Limits = { timeoutMs: 10_000, maxBodyBytes: 256 * 1024 * 1024, connections: 4 };

/** A server as a function; the mock server and every fault of it has this shape. */
export type Server = (request: Request) => Promise<Response>;

/** Reaches servers over TCP. Redirects are not followed, nothing is added to the headers but Host and the body's length. */
export function overTcp(limits: Limits = defaultLimits): Transport {
  const pools = new Map<string, Promise<Pool>>();
  const poolFor = (origin: string): Promise<Pool> => {
    const pool = pools.get(origin) ?? openPool(origin, limits);
    pools.set(origin, pool);
    return pool;
  };

  async function attempt(request: WireRequest): Promise<WireResponse> {
    const { origin, pathname, search } = new URL(request.url);
    const timeLimit = AbortSignal.timeout(limits.timeoutMs);
    const pool = await poolFor(origin);
    const response = await pool.request({
      method: request.method as 'GET',
      path: pathname + search,
      headers: request.headers.flat() as string[],
      body: request.body && request.chunkBytes ? Readable.from(piecesOf(request.body, request.chunkBytes)) : request.body,
      responseHeaders: 'raw',
      signal: timeLimit,
    });
    const body = await readBounded(response.body, limits.maxBodyBytes);
    return { status: response.statusCode, headers: pairs(response.headers as unknown as readonly string[]), body };
  }

  return {
    async send(request) {
      try {
        return await attempt(request);
      } catch (error) {
        // RFC 2616 8.1.4: a server may close an idle connection at any time, so one lost GET is repeated once.
        if (request.method === 'GET' && codeOf(error) === 'UND_ERR_SOCKET') {
          return await attempt(request).catch(again => Promise.reject(trouble(again, request, limits)));
        }
        throw trouble(error, request, limits);
      }
    },
    async close() {
      await Promise.all([...pools.values()].map(async pool => (await pool).destroy()));
    },
  };
}

/** Connections to one origin. The library is loaded when it is first needed: the embedded server is reached without it. */
async function openPool(origin: string, { connections }: Limits): Promise<Pool> {
  const { Pool } = await import('undici');
  return new Pool(origin, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
}

/** Calls a server function directly, without a socket. */
export function inProcess(server: Server, limits: Limits = defaultLimits): Transport {
  return {
    async send(request) {
      try {
        const { method, url, body } = request;
        const response = await within(
          limits.timeoutMs,
          server(
            body && request.chunkBytes
              ? inChunks(request, body, request.chunkBytes)
              : new Request(url, { method, headers: headersOf(request), body }),
          ),
        );
        const content = response.body ? await within(limits.timeoutMs, readBounded(response.body, limits.maxBodyBytes)) : new Uint8Array();
        return { status: response.status, headers: [...response.headers], body: content };
      } catch (error) {
        throw trouble(error, request, limits);
      }
    },
    close: async () => {},
  };
}

/** Hands requests over to what answers them, such as a server in another thread. */
export function handedTo(answer: (request: WireRequest) => Promise<WireResponse>, limits: Limits = defaultLimits): Transport {
  return {
    async send(request) {
      try {
        const response = await within(limits.timeoutMs, answer(request));
        if (response.body.length > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
        return response;
      } catch (error) {
        throw trouble(error, request, limits);
      }
    },
    close: async () => {},
  };
}

const headersOf = ({ headers }: WireRequest): [string, string][] => headers.map(([name, value]) => [name, value]);

/** RFC 2616 3.6.1, as a server sees it: the header says so, and there is no length. */
function inChunks(request: WireRequest, body: Uint8Array, size: number): Request {
  const { method, url } = request;
  const headers: [string, string][] = [...headersOf(request), ['Transfer-Encoding', 'chunked']];
  return new Request(url, { method, headers, body: Readable.toWeb(Readable.from(piecesOf(body, size))) as ReadableStream, duplex: 'half' });
}

function* piecesOf(body: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

const tooLarge = (limit: number) => new TransportTrouble(`its body is larger than ${limit} bytes, the most that is read`);

async function readBounded(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('', 'TimeoutError')), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function pairs(flat: readonly (string | Uint8Array)[]): HeaderLine[] {
  const text = (value: string | Uint8Array | undefined) =>
    typeof value === 'string' ? value : Buffer.from(value ?? []).toString('latin1');
  return Array.from({ length: flat.length / 2 }, (_, i) => [text(flat[2 * i]), text(flat[2 * i + 1])] as const);
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const wordsForCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while the request was being sent',
  UND_ERR_SOCKET: 'the connection was closed before the response was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body is not as long as its Content-Length says',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are larger than 16 KiB',
};

function trouble(error: unknown, request: WireRequest, limits: Limits): TransportTrouble {
  const name = error instanceof Error ? error.name : '';
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const timedOut = name === 'TimeoutError' || name === 'AbortError';
  const why = timedOut ? `no complete response within ${limits.timeoutMs / 1000} s` : wordsFor(cause);
  return new TransportTrouble(`${request.method} ${request.url}: ${why}`);
}

function wordsFor(cause: unknown): string {
  const code = codeOf(cause);
  const notHttp = code.startsWith('HPE_') || (cause instanceof Error && cause.name === 'HTTPParserError');
  return wordsForCode[code] ?? (notHttp ? 'the answer is not HTTP' : cause instanceof Error ? cause.message : String(cause));
}
