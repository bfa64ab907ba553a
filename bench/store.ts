import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { studyNamed } from '../fixtures/corpus.ts';
import { copyOfInstance, dataSet, fixtureInstance } from '../fixtures/recipe.ts';
import { missing, startOrthanc } from '../lab/orthanc/start.ts';
import type { Ask } from '../suites/harness/trial.ts';
import { storing } from '../suites/kit/store.ts';

/** Store of a CT study of 100 slices of 512 by 512, in one request: MB/s and peak memory of the mock server, in memory and in a folder, beside Orthanc. */
const slices = 100;
const rounds = 5;
const [template] = studyNamed('ct').instances;
if (!template) throw new Error('the study ct is empty');

/** The study under new UIDs: no server has seen it before. */
function study(round: number): Ask {
  const pixels = Buffer.alloc(512 * 512 * 2);
  for (let i = 0; i < pixels.length; i += 2) pixels.writeUInt16LE((i * 7 + round) % 4096, i);
  const image = dataSet({ Rows: 512, Columns: 512, PixelData: { vr: 'OW', bytes: pixels } });
  const files = Array.from({ length: slices }, (_, i) => {
    const of = copyOfInstance(template as NonNullable<typeof template>, round * 1000 + i + 1);
    return fixtureInstance(of.name, new Map([...of.dataSet, ...image].sort(([a], [b]) => (a < b ? -1 : 1))), of).part10();
  });
  return storing(files);
}

interface Measured {
  readonly 'MB/s, median': number;
  readonly 'MB/s, best': number;
  readonly 'peak memory, MB': number;
}

async function measure(url: string, pid: number): Promise<Measured> {
  const speeds: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const { to, headers, body } = study(round);
    const from = performance.now();
    const answer = await request(`${url}/${to}`, { method: 'POST', headers: (headers as [string, string][]).flat(), body: body ?? null });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
    speeds.push((body?.length ?? 0) / 1e3 / (performance.now() - from));
  }
  const [peak = '0'] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.slice(1) ?? [];
  const sorted = speeds.sort((a, b) => a - b);
  return {
    'MB/s, median': Math.round(sorted[Math.floor(rounds / 2)] ?? 0),
    'MB/s, best': Math.round(sorted.at(-1) ?? 0),
    'peak memory, MB': Math.round(Number(peak) / 1024),
  };
}

/** The mock server in a process of its own, with a folder or without. */
async function mockServer(folder: string): Promise<{ readonly url: string; readonly pid: number; stop(): void }> {
  const file = fileURLToPath(new URL('store-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout }))
    return { url: line, pid: child.pid ?? 0, stop: () => child.kill('SIGTERM') };
  throw new Error('the server ended before it said its URL');
}

const rows: Record<string, Measured | string> = {};
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
for (const [name, data] of [
  ['mock server, in memory', ''],
  ['mock server, in a folder, with fsync', folder],
] as const) {
  const server = await mockServer(data);
  rows[name] = await measure(server.url, server.pid);
  server.stop();
}
await rm(folder, { recursive: true, force: true });
if (missing === null) {
  const orthanc = await startOrthanc();
  rows.Orthanc = await measure(orthanc.url, orthanc.pid);
  await orthanc.stop();
} else console.log(missing);
console.table(rows);
