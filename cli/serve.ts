import { stat } from 'node:fs/promises';
import { createMockServer, endpointsAt } from '../mock-server/index.ts';
import { listen } from '../mock-server/mount/node.ts';
import { count } from '../reports/text.ts';
import { type Edition, homeEdition } from '../schemas/editions.ts';
import type { Check } from '../suites/harness/check.ts';
import { loadChecks } from '../suites/harness/load.ts';
import { editionOf } from '../suites/kit/kill.ts';
import { print, say } from './output.ts';
import { didYouMean } from './selection.ts';
import { Unable, UsageError } from './usage.ts';

/** The options of `conformance serve`. */
export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly edition?: Edition;
  readonly data?: string;
  readonly fault?: string;
}

/** Serves the fixtures, and a folder of files besides, until it is interrupted; with a fault, wrong in exactly one way. */
export async function serveCommand({ port, host, edition, data, fault }: ServeFlags): Promise<number> {
  const check = fault === undefined ? null : await checkNamed(fault);
  if (data !== undefined) await expectFolder(data);
  const server = createMockServer({
    edition: edition ?? (check ? editionOf(check) : homeEdition),
    ...(data === undefined ? {} : { data }),
  });
  if (data !== undefined) tellLoaded(server, data);
  const { origin, close } = await listen(check ? check.fault(server.fetch) : server.fetch, { port, host }).catch((error: unknown) => {
    throw new Unable(whyNot(error, port, host));
  });
  const ended = interrupted();
  const { rs, 'wado-uri': wadoUri, 'wado-ws': wadoWs } = endpointsAt(origin);
  await print(`RESTful services: ${rs}\nWADO-URI: ${wadoUri}\nWADO-WS: ${wadoWs}\n`);
  if (check) say(`This server is wrong, for the check ${check.id} to find: ${check.title}.`);
  say('Ctrl-C ends it.');
  await ended;
  await close();
  return 0;
}

async function checkNamed(id: string): Promise<Check> {
  const checks = await loadChecks();
  const check = checks.find(each => each.id === id);
  if (!check)
    throw new UsageError(
      `--fault takes the id of a check, and none is "${id}"${didYouMean(
        id,
        checks.map(each => each.id),
      )}`,
    );
  return check;
}

async function expectFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory())
    throw new UsageError(`--data takes a folder of DICOM files, and "${folder}" is ${found ? 'a file' : 'not there'}.`);
}

function tellLoaded({ loaded: { loaded, refused } }: ReturnType<typeof createMockServer>, folder: string): void {
  say(`${count(loaded, 'instance')} loaded from ${folder}`);
  for (const { file, why } of refused) say(`not loaded: ${file}: ${why}`);
}

function whyNot(error: unknown, port: number, host: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use: take another one with --port, or --port 0 for any that is free.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user: take one from 1024 on with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `This machine has no address "${host}": take another one with --host, such as 127.0.0.1 or 0.0.0.0.`;
  return `The server cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}.`;
}

function interrupted(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
