import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Check, isCheck } from './check.ts';
import { type ClientCheck, isClientCheck } from './client.ts';

const suites = fileURLToPath(new URL('..', import.meta.url));
const withoutChecks = new Set(['harness', 'kit', 'client-requests', 'right-servers']);

/** Client checks are in files of this name, so that nobody loads what is not asked for. */
const ofClients = /^client-/;

/** Every check that a file under suites/ exports, sorted by id; two checks with one id are refused. */
export const loadChecks = (): Promise<readonly Check[]> => load(isCheck, name => !ofClients.test(name));

/** Every client check that a file `client-….ts` under suites/ exports, sorted by id. */
export const loadClientChecks = (): Promise<readonly ClientCheck[]> => load(isClientCheck, name => ofClients.test(name));

async function load<T extends { readonly id: string }>(
  is: (value: unknown) => value is T,
  mayHold: (file: string) => boolean,
): Promise<readonly T[]> {
  const extension = extname(import.meta.url);
  const files: string[] = [];
  for (const folder of await readdir(suites, { withFileTypes: true })) {
    if (!folder.isDirectory() || withoutChecks.has(folder.name)) continue;
    const names = await readdir(join(suites, folder.name), { recursive: true });
    const own = names.filter(n => n.endsWith(extension) && !/\.(test|d)\.[jt]s$/.test(n) && mayHold(basename(n)));
    files.push(...own.map(n => join(suites, folder.name, n)));
  }
  const modules: Record<string, unknown>[] = await Promise.all(files.map(file => import(pathToFileURL(file).href)));
  const checks = modules.flatMap(module => Object.values(module).filter(is)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = checks.find(({ id }, i) => checks[i + 1]?.id === id);
  if (twice) throw new Error(`two checks have the id ${twice.id}`);
  return checks;
}
