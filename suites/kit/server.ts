import type { Target } from '../harness/target.ts';
import { defaultLimits, inProcess, overTcp, type Server } from '../harness/transport.ts';

/** The services that have an endpoint of their own beside the RESTful ones. */
export const otherEndpoints = ['wado-uri', 'wado-ws'] as const;
export type OtherEndpoint = (typeof otherEndpoints)[number];

/** How a server is spoken to; everything has a default. */
export interface ServerOptions {
  /** Header lines that go with every request to the server and are never shown. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The URLs of services that are not RESTful, by the name of the endpoint. */
  readonly endpoints?: Readonly<Partial<Record<OtherEndpoint, string>>>;
  /** The Repository Unique ID that WADO-WS requests name; it is found out when absent. */
  readonly repository?: string;
  /** Seconds for each exchange; 10 when absent. */
  readonly timeout?: number;
  /** Connections open at once; 4 when absent. */
  readonly concurrency?: number;
}

/** The base URL of RESTful services, or a function from request to response, as a target. The name and password of a URL become a header line (RFC 2617). */
export function targetOf(server: string | Server, options: ServerOptions = {}): Target {
  const {
    headers = [],
    endpoints = {},
    repository,
    timeout = defaultLimits.timeoutMs / 1000,
    concurrency = defaultLimits.connections,
  } = options;
  const more = { headers, ...(repository === undefined ? {} : { repository }) };
  const limits = { ...defaultLimits, timeoutMs: timeout * 1000, connections: concurrency };
  if (typeof server === 'function')
    return { endpoints: { rs: 'http://in.process/dicom-web', ...endpoints }, transport: inProcess(server, limits), ...more };
  const url = new URL(server);
  const own = url.username ? [['Authorization', `Basic ${basic(url)}`] as const, ...headers] : headers;
  url.username = '';
  url.password = '';
  return { endpoints: { rs: url.href.replace(/\/+$/, ''), ...endpoints }, transport: overTcp(limits), ...more, headers: own };
}

const basic = ({ username, password }: URL): string =>
  Buffer.from([username, password].map(decodeURIComponent).join(':')).toString('base64');
