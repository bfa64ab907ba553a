import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { pixels } from '../fixtures/pixels.ts';
import { type FixtureInstance, study } from '../fixtures/recipe.ts';
import { missing, startOrthanc } from '../lab/orthanc/start.ts';
import { createMockServer } from '../mock-server/index.ts';
import { acceptDicom } from '../suites/kit/media.ts';
import { storing } from '../suites/kit/store.ts';
import { load } from './load.ts';

/**
 * MB/s and peak memory of retrieving a CT study of 100 slices of 512 by 512 pixels, 52 MB: the mock server beside a bare node server that sends the same bytes and beside
 * Orthanc. Each node server is a process of its own, so that its memory can be told: `npx tsx bench/retrieve.ts`; `--serve mock` or `bare` is how it starts them.
 */
const slices = 100;

function ctStudy(): readonly FixtureInstance[] {
  return study({
    name: 'bench',
    number: 98,
    about: 'A CT study of 100 slices.',
    attributes: { PatientName: 'CONFTEST^Bench', PatientID: 'CONFTEST-BENCH', StudyDate: '20130704' },
    series: [
      {
        sopClass: 'CT Image Storage',
        attributes: { Modality: 'CT' },
        // UIDs of instances go to 99 in a series.
        instances: Array.from({ length: slices - 1 }, (_, i) => slice(i)),
      },
      { sopClass: 'CT Image Storage', attributes: { Modality: 'CT' }, instances: [slice(slices - 1)] },
    ],
  }).instances;
}

function slice(number: number) {
  const shape = { rows: 512, columns: 512, bits: 16, signed: true } as const;
  return { name: `slice-${number + 1}`, pixels: pixels(shape, 1, ({ row, column }) => ((row * 7 + column * 13 + number) % 4096) - 1024) };
}

async function serve(kind: string): Promise<void> {
  const server = createMockServer({ content: 'nothing' });
  for (const instance of ctStudy()) server.add(instance.part10());
  if (kind === 'mock') {
    process.send?.((await server.listen()).url);
    return;
  }
  const path = `http://bare/dicom-web/studies/${ctStudy()[0]?.studyInstanceUID}`;
  const bytes = new Uint8Array(await (await server.fetch(new Request(path, { headers: { Accept: acceptDicom } }))).arrayBuffer());
  const bare = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1', () => {
    const address = bare.address();
    process.send?.(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
  });
}

/** The most memory that a process ever had, in MB; Linux only. */
const peakOf = (pid: number | undefined): number | string => {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return 'unknown';
  }
};

interface Row {
  readonly server: string;
  readonly 'MB/s, one client': number;
  readonly 'MB/s, four clients': number;
  readonly 'peak memory, MB': number | string;
}

async function measured(server: string, url: string, pid: number | undefined): Promise<Row> {
  const one = await load(url, acceptDicom, { connections: 1 });
  const four = await load(url, acceptDicom, { connections: 4 });
  return {
    server,
    'MB/s, one client': one.megabytesPerSecond,
    'MB/s, four clients': four.megabytesPerSecond,
    'peak memory, MB': peakOf(pid),
  };
}

async function ofProcess(kind: 'mock' | 'bare', path: string): Promise<Row> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), '--serve', kind], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const base = await new Promise<string>((resolve, reject) => {
    child.once('message', message => resolve(String(message)));
    child.once('exit', code => reject(new Error(`the ${kind} server ended with status ${code}`)));
  });
  const row = await measured(kind === 'mock' ? 'mock server' : 'bare node', kind === 'mock' ? `${base}/${path}` : base, child.pid);
  child.kill();
  return row;
}

const [flag, kind = ''] = process.argv.slice(2);
if (flag === '--serve') await serve(kind);
else {
  const instances = ctStudy();
  const path = `studies/${instances[0]?.studyInstanceUID}`;
  const rows = [await ofProcess('mock', path), await ofProcess('bare', path)];
  if (missing === null) {
    const orthanc = await startOrthanc();
    for (let i = 0; i < instances.length; i += 20) {
      const { to, headers, body } = storing(instances.slice(i, i + 20).map(each => each.part10()));
      const lines = (headers as readonly (readonly [string, string])[]).map(([name, value]): [string, string] => [name, value]);
      await fetch(`${orthanc.url}/${to}`, { method: 'POST', headers: lines, body: body ?? null });
    }
    rows.push(await measured('Orthanc', `${orthanc.url}/${path}`, orthanc.pid));
    await orthanc.stop();
  }
  console.table(rows);
}
