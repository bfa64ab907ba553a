import { createMockServer, endpointsAt, type MockServerOptions } from '../../mock-server/index.ts';
import { homeEdition } from '../../schemas/editions.ts';
import type { Check, Fault } from '../harness/check.ts';
import { run } from '../harness/run.ts';
import { inProcess, type Server } from '../harness/transport.ts';
import { offers } from '../kit/offers.ts';

/** What checks make of a server that follows the standard in another way than the mock server does. */
export interface Hearing {
  /** What is held against it, in words: nothing, if the checks are right. */
  readonly accusations: readonly string[];
  /** Whether it answered anything otherwise than the mock server: where it did not, nothing was shown. */
  readonly differs: boolean;
}

/** A mock server with other options, and PS3.10 files in place of the fixtures if some are given. */
export interface RightServer extends MockServerOptions {
  readonly holds?: readonly Uint8Array[];
}

/** Judges a right server by checks that only read. The answers of the mock server below are kept, since many variants of one server are judged. */
export async function hearing(
  checks: readonly Check[],
  variant: Fault,
  { edition = homeEdition, holds, ...options }: RightServer = {},
): Promise<Hearing> {
  const holdsFixtures = holds === undefined;
  const plain = holdsFixtures ? keptServer({ edition, ...options }) : holding({ edition, ...options, content: 'nothing' }, holds);
  const other = variant(plain);
  let differs = false;
  const server: Server = async request => {
    const [same, response] = differs ? [null, await other(request)] : [await plain(request.clone()), await other(request)];
    if (same && (await inWords(same)) !== (await inWords(response))) differs = true;
    return response;
  };
  const target = { endpoints: endpointsAt('http://mock.invalid'), transport: inProcess(server), holdsFixtures };
  const { results } = await run({ checks, target, edition, offers, claims: Object.keys(offers), seed: 7 });
  const accused = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
  return { accusations: accused.map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`), differs };
}

async function inWords(response: Response): Promise<string> {
  return JSON.stringify([response.status, [...response.headers], await response.clone().text()]);
}

function holding(options: MockServerOptions, files: readonly Uint8Array[]): Server {
  const server = createMockServer(options);
  for (const file of files) server.add(file);
  return server.fetch;
}

const keptServers = new Map<string, Server>();

/** A mock server whose answers to requests without a body are made once. */
function keptServer(options: MockServerOptions): Server {
  const key = JSON.stringify(options);
  const known = keptServers.get(key);
  if (known) return known;
  const { fetch } = createMockServer(options);
  const answers = new Map<string, Promise<readonly [number, Headers, ArrayBuffer]>>();
  const made = async (request: Request) => {
    const { status, headers, ...response } = await fetch(request).then(async r => ({
      status: r.status,
      headers: r.headers,
      body: await r.arrayBuffer(),
    }));
    return [status, headers, response.body] as const;
  };
  const server: Server = async request => {
    const asked = JSON.stringify([request.method, request.url, [...request.headers]]);
    const answer = answers.get(asked) ?? made(request);
    answers.set(asked, answer);
    const [status, headers, body] = await answer;
    return new Response(body.byteLength === 0 ? null : body.slice(0), { status, headers });
  };
  keptServers.set(key, server);
  return server;
}
