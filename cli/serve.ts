import { stat } from 'node:fs/promises';
import { createMockServer, endpointsAt, type MockServer, roots } from '../mock-server/index.ts';
import { listen } from '../mock-server/mount/node.ts';
import { terminalReport } from '../reports/terminal.ts';
import { count } from '../reports/text.ts';
import { type Edition, homeEdition } from '../schemas/editions.ts';
import type { Check } from '../suites/harness/check.ts';
import { type ClientJudge, clientJudge, shownTo } from '../suites/harness/client.ts';
import { loadChecks, loadClientChecks } from '../suites/harness/load.ts';
import { exitStatus } from '../suites/harness/result.ts';
import { editionOf } from '../suites/kit/kill.ts';
import { print, say, screenOf } from './output.ts';
import { reportFolder, writeReports } from './reports.ts';
import { didYouMean } from './selection.ts';
import { Unable, UsageError } from './usage.ts';

/** The options of `conformance serve`. */
export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly edition?: Edition;
  readonly data?: string;
  readonly fault?: string;
  readonly judgeClients?: true;
  readonly out?: string;
}

/** Serves the fixtures, and a folder of files besides, until it is interrupted; with a fault, wrong in exactly one way. */
export async function serveCommand({ port, host, edition: named, data, fault, judgeClients, out }: ServeFlags): Promise<number> {
  if (out !== undefined && !judgeClients) throw new UsageError('--out goes with --judge-clients, whose reports it takes.');
  const check = fault === undefined ? null : await checkNamed(fault);
  const edition = named ?? (check ? editionOf(check) : homeEdition);
  const server = data === undefined ? createMockServer({ edition }) : await keeping(edition, data);
  const clients = judgeClients ? await clientsOf(edition) : null;
  if (out !== undefined) await reportFolder(out);
  const right = check ? check.fault(server.fetch) : server.fetch;
  const { origin, close } = await listen(clients ? shownTo(clients.see, right) : right, { port, host }).catch((error: unknown) => {
    throw new Unable(whyNot(error, port, host));
  });
  const ended = interrupted();
  const { rs, 'wado-uri': wadoUri, 'wado-ws': wadoWs } = endpointsAt(origin);
  await print(`RESTful services: ${rs}\nWADO-URI: ${wadoUri}\nWADO-WS: ${wadoWs}\n`);
  if (check) say(`This server is wrong, for the check ${check.id} to find: ${check.title}.`);
  say('Ctrl-C ends it.');
  await ended;
  await close();
  if (!clients) return 0;
  const report = clients.report(rs);
  if (out !== undefined) await writeReports(out, report);
  await print(terminalReport(report, screenOf(process.stdout)));
  return exitStatus(report);
}

async function clientsOf(edition: Edition): Promise<ClientJudge> {
  say('The requests of clients are judged; the verdicts come at the end.');
  return clientJudge({ checks: await loadClientChecks(), edition, roots });
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

async function keeping(edition: Edition, folder: string): Promise<MockServer> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory())
    throw new UsageError(`--data takes a folder of DICOM files, and "${folder}" is ${found ? 'a file' : 'not there'}.`);
  try {
    const server = createMockServer({ edition, data: folder });
    tellLoaded(server, folder);
    return server;
  } catch (error) {
    throw new Unable(`Nothing can be kept in "${folder}": ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function tellLoaded({ loaded: { loaded, refused } }: MockServer, folder: string): void {
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
