import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfInstance, dataSet, type FixtureInstance, fixtureInstance } from '../../fixtures/recipe.ts';
import type { Ask } from '../../suites/harness/trial.ts';
import { storing } from '../../suites/kit/store.ts';
import { inParts } from '../../suites/kit/store-metadata.ts';

/** What became of the rounds. */
export interface Crashed {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Requests that were under way when the process was killed. */
  readonly cutOff: number;
  /** Acknowledged instances that are not there, or are older than what was acknowledged. */
  readonly lost: readonly string[];
  /** Instances that are served with other bytes than any that were sent. */
  readonly torn: readonly string[];
  /** Files that the server would not load. */
  readonly refused: readonly string[];
}

/** What is known of an instance: the newest version that was acknowledged, and the digests of all that were sent, oldest first. */
interface Known {
  readonly uids: FixtureInstance;
  acknowledged: number;
  readonly sent: string[];
  /** While a request with it is under way: of two at once nobody knows which is the later. */
  busy: boolean;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const serverFile = fileURLToPath(new URL('server.ts', import.meta.url));
const [template] = studyNamed('ct').instances;

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Stores into a server that is killed at random moments, and looks after each new start whether what was acknowledged is there and whole. */
export async function crashRounds(rounds: number, seed = 1): Promise<Crashed> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const random = randomFrom(seed);
  const known = new Map<string, Known>();
  const [lost, torn, refused] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [acknowledged, cutOff, made] = [0, 0, 0];

  /** An image of its own, or one that was sent before with other pixels. */
  function next(): { readonly instance: FixtureInstance; readonly entry: Known; readonly version: number } {
    if (!template) throw new Error('the study ct is empty');
    const free = random() < 0.2 ? [...known.values()].filter(({ busy }) => !busy) : [];
    const before = free[Math.floor(random() * free.length)];
    made += 1;
    const of = before?.uids ?? copyOfInstance(template, made);
    const size = 8 + Math.floor(random() ** 3 * 400_000) * 2;
    const pixels = Buffer.alloc(size, made % 251);
    pixels.writeUInt32LE(Math.floor(random() * 2 ** 32), size - 4);
    const set = new Map([...of.dataSet, ...dataSet({ PixelData: { vr: 'OW', bytes: pixels } })]);
    const instance = fixtureInstance(of.name, set, of);
    const entry = before ?? { uids: of, acknowledged: -1, sent: [], busy: true };
    entry.busy = true;
    known.set(of.sopInstanceUID, entry);
    return { instance, entry, version: entry.sent.push(digest(instance.part10())) - 1 };
  }

  function request(): { readonly ask: Ask; readonly acknowledge: () => void; readonly end: () => void } {
    const posted = Array.from({ length: 1 + Math.floor(random() * 4) }, next);
    const instances = posted.map(({ instance }) => instance);
    const xml = random() < 0.25;
    const ask = xml
      ? storing(instances.flatMap(inParts), {
          contentType: boundary => `multipart/related; type="application/dicom+xml"; boundary=${boundary}`,
        })
      : storing(instances.map(each => each.part10()));
    return {
      ask,
      end() {
        for (const { entry } of posted) entry.busy = false;
      },
      acknowledge() {
        acknowledged += posted.length;
        for (const { entry, version } of posted) entry.acknowledged = Math.max(entry.acknowledged, version);
      },
    };
  }

  async function client(url: string, gone: () => boolean): Promise<void> {
    while (!gone()) {
      const { ask, acknowledge, end } = request();
      const headers = ask.headers as [string, string][];
      try {
        const response = await fetch(`${url}/${ask.to}`, { method: 'POST', headers, body: ask.body ?? null });
        const text = await response.text();
        if (response.status === 200) acknowledge();
        else throw new Error(`status ${response.status}: ${text}`);
      } catch (error) {
        if (!gone()) throw error;
        cutOff += 1;
      } finally {
        end();
      }
    }
  }

  async function look(url: string, entries: readonly Known[]): Promise<void> {
    for (const { uids, acknowledged: version, sent } of entries) {
      const bytes = await retrieve(url, uids);
      if (bytes === null) {
        if (version >= 0) lost.add(uids.sopInstanceUID);
        continue;
      }
      const at = sent.lastIndexOf(digest(bytes));
      if (at === -1) torn.add(uids.sopInstanceUID);
      else if (at < version) lost.add(uids.sopInstanceUID);
    }
  }

  try {
    for (let round = 0; round <= rounds; round += 1) {
      const server = await start(folder);
      for (const { file } of server.refused) refused.add(file);
      const all = [...known.values()];
      await look(server.url, round === rounds ? all : all.slice(-60));
      if (round === rounds) {
        await server.kill();
        break;
      }
      let killed = false;
      const clients = Array.from({ length: 4 }, () => client(server.url, () => killed));
      await new Promise(resolve => setTimeout(resolve, 20 + random() * 500));
      killed = true;
      await server.kill();
      await Promise.all(clients);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { rounds, acknowledged, cutOff, lost: [...lost], torn: [...torn], refused: [...refused] };
}

async function retrieve(url: string, uids: FixtureInstance): Promise<Uint8Array | null> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  const accept = `multipart/related; type="application/dicom"; transfer-syntax=${uids.transferSyntax}`;
  const path = `studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
  const response = await fetch(`${url}/${path}`, { headers: { Accept: accept } });
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status === 404) return null;
  if (response.status !== 200) throw new Error(`${path} is answered with ${response.status}: ${body.toString()}`);
  return body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'));
}

interface Started {
  readonly url: string;
  readonly refused: readonly { readonly file: string }[];
  kill(): Promise<void>;
}

async function start(folder: string): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', serverFile, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  if (!child.stdout) throw new Error('the server has no output');
  for await (const line of createInterface({ input: child.stdout })) return { ...(JSON.parse(line) as Omit<Started, 'kill'>), kill };
  throw new Error('the server ended before it said its URL');
}

const [, script = '', rounds] = process.argv;
if (script === fileURLToPath(import.meta.url)) console.log(await crashRounds(Number(rounds ?? 200), Date.now() % 1_000_000));
