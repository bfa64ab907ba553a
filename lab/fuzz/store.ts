import { fileURLToPath } from 'node:url';
import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfInstance, type FixtureInstance } from '../../fixtures/recipe.ts';
import { createMockServer, type MockServer } from '../../mock-server/index.ts';
import { storing } from '../../suites/kit/store.ts';
import { inParts } from '../../suites/kit/store-metadata.ts';
import { jsonModel } from '../../suites/kit/write/json-model.ts';

/** What became of the mutated bodies. */
export interface Fuzzed {
  readonly bodies: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Bodies that were answered with 5xx, or not at all. */
  readonly broken: readonly string[];
  /** Instances that are there although their request was refused, or that were not listed as stored. */
  readonly storedInSilence: readonly string[];
  /** Instances that were listed as stored and are not there. */
  readonly lost: readonly string[];
  /** Memory in use after the first tenth of the bodies and at the end, in MB. */
  readonly memory: readonly [early: number, late: number];
}

type Random = () => number;
type Mutation = (body: Buffer, random: Random, other: Buffer) => Buffer;

function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const at = (body: Buffer, random: Random): number => Math.floor(random() * (body.length + 1));
/** A place near the beginning, where delimiters, headers and markup are. */
const early = (body: Buffer, random: Random): number => Math.floor(random() ** 4 * body.length);

const mutations: readonly Mutation[] = [
  (body, random) => body.subarray(0, at(body, random)),
  (body, random) => body.subarray(at(body, random)),
  (body, random, other) => Buffer.concat([body.subarray(0, at(body, random)), other.subarray(at(other, random))]),
  (body, random) => {
    const [from, to] = [at(body, random), at(body, random)].sort((a, b) => a - b);
    return Buffer.concat([body.subarray(0, from), body.subarray(to)]);
  },
  (body, random) => {
    const [from, to] = [early(body, random), early(body, random)].sort((a, b) => a - b);
    return Buffer.concat([body.subarray(0, to), body.subarray(from)]);
  },
  (body, random) => {
    const copy = Buffer.from(body);
    for (let n = 1 + Math.floor(random() * 8); n > 0 && copy.length > 0; n -= 1)
      copy[early(copy, random) % copy.length] = Math.floor(random() * 256);
    return copy;
  },
  (body, random) => {
    const copy = Buffer.from(body);
    if (copy.length > 8) copy.writeUInt32LE(Math.floor(random() * 2 ** 32), early(copy, random) % (copy.length - 4));
    return copy;
  },
  (body, random) =>
    Buffer.concat([
      body.subarray(0, early(body, random)),
      Buffer.from(pick(insertions, random), 'latin1'),
      body.subarray(early(body, random)),
    ]),
  (body, random) => Buffer.from(body.toString('latin1').replace(pick(words, random), pick(insertions, random)), 'latin1'),
];

const insertions = [
  '',
  '\r\n',
  '\n',
  '\0',
  ':',
  '--',
  '\r\n--bound',
  '\r\n--bound\r\n',
  '\r\n--bound--',
  '\r\n\r\n',
  'é',
  '<',
  ']]>',
  '&x;',
  '[',
  '{}',
  '"',
  '\xff\xff\xff\xff',
  'A'.repeat(3000),
];
const words = [
  /Content-Type/,
  /Content-Location/,
  /application\/dicom\S*/,
  /bound/,
  /DICM/,
  /UI/,
  /SQ/,
  /OW/,
  /1\.2\.840[\d.]*/,
  /2\.25[\d.]*/,
  /<Item[^>]*>/,
  /number="\d+"/,
  /vr="\w+"/,
  /tag="\w+"/,
  /uri="[^"]*"/,
  /<\/[^>]*>/,
  /\[/,
  /"vr":"\w+"/,
];

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}

interface Seed {
  readonly type: string;
  readonly instances: readonly FixtureInstance[];
  readonly body: Buffer;
}

const edition = '2014a';
let copies = 0;

/** A right request with instances of its own. */
function seedOf(random: Random): Seed {
  copies += 1;
  const of = pick(
    [studyNamed('ct'), studyNamed('nested'), studyNamed('private'), studyNamed('transfer-syntaxes'), studyNamed('sr')],
    random,
  );
  const instances = of.instances.slice(0, 2).map(each => copyOfInstance(each, copies));
  const kind = pick(['dicom', 'dicom', 'xml', 'json'], random);
  const native = instances.every(({ dataSet }) => dataSet.has('7FE00010'));
  if (kind === 'dicom' || !native) {
    const body = storing(
      instances.map(each => each.part10()),
      { boundary: 'bound' },
    ).body;
    return { type: 'application/dicom', instances, body: Buffer.from(body ?? []) };
  }
  if (kind === 'xml')
    return {
      type: 'application/dicom+xml',
      instances,
      body: Buffer.from(storing(instances.flatMap(inParts), { boundary: 'bound' }).body ?? []),
    };
  const metadata = {
    headers: [['Content-Type', 'application/json']] as const,
    body: Buffer.from(`[${instances.map(each => jsonModel(each.dataSet)).join(',')}]`),
  };
  return { type: 'application/json', instances, body: Buffer.from(storing([metadata], { boundary: 'bound' }).body ?? []) };
}

const base = 'http://fuzz.invalid/dicom-web';

const urlOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: FixtureInstance): string =>
  `${base}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;

async function isThere(server: MockServer, url: string): Promise<boolean> {
  const response = await server.fetch(new Request(url, { method: 'HEAD', headers: { Accept: '*/*' } }));
  return response.status !== 404;
}

/** Sends mutated store bodies to a mock server, and looks after each whether the answer tells the truth. */
export async function fuzzStore(bodies: number, seed = 1): Promise<Fuzzed> {
  const random = randomFrom(seed);
  let server = createMockServer({ content: 'nothing', edition });
  const statuses: Record<string, number> = {};
  const [broken, storedInSilence, lost] = [[] as string[], [] as string[], [] as string[]];
  let memory = 0;
  for (let n = 0; n < bodies; n += 1) {
    const [{ type, instances, body }, other] = [seedOf(random), seedOf(random)];
    let mutated = body;
    for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) mutated = pick(mutations, random)(mutated, random, other.body);
    const headers = { 'Content-Type': `multipart/related; type="${type}"; boundary=bound`, Accept: 'application/dicom+xml' };
    const response = await server.fetch(new Request(`${base}/studies`, { method: 'POST', headers, body: mutated })).catch(() => null);
    const status = response?.status ?? 0;
    const text = (await response?.text()) ?? '';
    statuses[status] = (statuses[status] ?? 0) + 1;
    const what = `body ${n} of seed ${seed}: ${status} ${text.slice(0, 80)}`;
    if (status === 0 || status >= 500) broken.push(what);
    const [, listed = ''] = /keyword="ReferencedSOPSequence"([\s\S]*)$/.exec(text) ?? [];
    for (const instance of [...instances, ...other.instances])
      if ((await isThere(server, urlOf(instance))) && !listed.includes(`>${instance.sopInstanceUID}<`)) storedInSilence.push(what);
    // A mutation may have changed a UID, so the answer says where an instance is.
    for (const [, url = ''] of listed.matchAll(/keyword="RetrieveURL"[^>]*><Value number="1">([^<]*)</g))
      if (!(await isThere(server, url))) lost.push(what);
    // What was stored stays in memory, and that is no leak.
    if (n % 2000 === 1999) server = createMockServer({ content: 'nothing', edition });
    if (n === Math.floor(bodies / 10)) memory = inUse();
  }
  return { bodies, statuses, broken, storedInSilence, lost, memory: [memory, inUse()] };
}

function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1e6);
}

const [, script = '', bodies, seed] = process.argv;
if (script === fileURLToPath(import.meta.url)) console.log(await fuzzStore(Number(bodies ?? 100_000), Number(seed ?? 1)));
