import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpus } from '../fixtures/corpus.ts';
import { machineOutput } from '../schemas/machine-output.ts';
import { loadChecks } from '../suites/harness/load.ts';

// The built command line is tested, in a folder of its own, so that nothing old is. One file, longer than others, since it is built once for all of these tests.
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist', `test-${process.pid}`);
const main = join(dist, 'cli', 'main.js');
let folder = '';

beforeAll(async () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', dist], { cwd: root });
  folder = await mkdtemp(join(tmpdir(), 'conformance-'));
});

afterAll(async () => {
  for (const path of [dist, folder]) await rm(path, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(words: readonly string[]) {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', text => {
      said[name] += text;
    });
  }
  const ended = new Promise<Ended>(resolve => {
    child.once('close', status => resolve({ status, ...said }));
  });
  const heard = (pattern: RegExp) => expect.poll(() => said.stdout + said.stderr, { timeout: 10_000 }).toMatch(pattern);
  return { child, said, ended, heard };
}

const conformance = (...words: readonly string[]): Promise<Ended> => start(words).ended;

/** Puts a server on a free port for the time of `use`. */
async function served<T>(server: Server, use: (origin: string) => Promise<T>): Promise<T> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

const schemas = Object.fromEntries(
  Object.entries(machineOutput).map(([name, schema]) => {
    const ajv = new Ajv2020({ allErrors: true });
    addFormats.default(ajv);
    return [name, ajv.compile(schema)];
  }),
);

function document(name: keyof typeof machineOutput, text: string) {
  const value = JSON.parse(text);
  const valid = schemas[name];
  expect(valid?.(value), JSON.stringify(valid?.errors?.slice(0, 3))).toBe(true);
  return value;
}

const wrong: readonly (readonly [sentence: RegExp, line: string])[] = [
  [/Unknown option '--wirte' \(Did you mean --write\?\)/, '--wirte'],
  [/did you mean "coverage"\?/, 'coverge'],
  [/did you mean "qido-rs"\?/, 'qido-r'],
  [/command "list" has to be the first word/, 'http://127.0.0.1:1/ list'],
  [/Options come after the command: conformance coverage --json/, '--json coverage'],
  [/begins with http:\/\/ or https:\/\//, 'localhost:8042/dicom-web'],
  [/is not a URL/, 'http://'],
  [/without a query/, 'http://127.0.0.1:1/rs?x=1'],
  [/There is no edition "2031"/, '--edition 2031'],
  [/--concurrency takes a whole number from 1/, '--concurrency 0'],
  [/--timeout takes a number of seconds/, '--timeout soon'],
  [/--runs takes a whole number/, '--runs 1.5'],
  [/--header takes a name, a colon and a value/, '--header secret'],
  [/--study takes a Study Instance UID/, '--study abc'],
  [/--claim takes qido-rs/, '--claim qido'],
  [/Missing required argument 'id'/, 'explain'],
  [/did you mean "QIDO-RS-6.7-01"\?/, 'explain QIDO-RS-6.7.01'],
  [/did you mean "qido-rs"\?/, 'qido'],
  [/did you mean "wado-rs"\?/, 'explain WADO-R'],
  [/--wado-uri takes a URL without/, 'http://127.0.0.1:9/rs --wado-uri http://127.0.0.1:9/wado?x=1'],
  [/--claim wado-uri goes with the URL/, 'http://127.0.0.1:9/rs --claim wado-uri'],
  [/--wado-ws takes a URL without/, 'http://127.0.0.1:9/rs --wado-ws http://127.0.0.1:9/wado-ws?wsdl'],
  [/--claim wado-ws goes with the URL/, 'http://127.0.0.1:9/rs --claim wado-ws'],
  [/--claim rad-69 goes with the URL/, 'http://127.0.0.1:9/rs --claim rad-69'],
  [/--repository takes a UID/, 'http://127.0.0.1:9/rs --repository here'],
  [/goes with the base URL/, '--wado-uri http://127.0.0.1:9/wado'],
  [/--port takes a whole number from 0 to 65535/, 'serve --port 99999'],
  [/--data takes a folder/, 'serve --data /there/is/none'],
  [/--fault takes the id of a check/, 'serve --fault no/such/check'],
  [/--out goes with --judge-clients/, 'serve --out results'],
];

test.each(wrong)('wrong usage is told in one sentence, %s: %s', async (sentence, line) => {
  const { status, stdout, stderr } = await conformance(...line.split(' '));
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(stderr).not.toContain('secret');
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
});

test('a server that cannot be reached is told once, with status 2', async () => {
  const port = await served(createServer(), async origin => origin);
  const { status, stdout, stderr } = await conformance(`${port}/rs`, '--json');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `${port}/rs cannot be judged: nothing listens there (connection refused).\n`,
  });
});

test.each([
  ['never answers', createServer(), /no complete response within 0.5 s/],
  ['does not speak HTTP', createServer(socket => socket.end('220 mail\r\n')), /the answer is not HTTP/],
] as const)('a server that %s is told once, with status 2', async (_, server, sentence) => {
  const { status, stderr } = await served(server, origin => conformance(origin, '--timeout', '0.5'));
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(status).toBe(2);
});

test('a base URL where no service answers is not a success', async () => {
  const empty = createHttpServer((_, response) => response.writeHead(404).end());
  const { status, stderr } = await served(empty, origin => conformance(`${origin}/wrong`));
  expect(stderr).toContain('Next to nothing could be judged');
  expect(status).toBe(2);
});

test('the embedded server passes, and standard output is one document', async () => {
  const { status, stdout, stderr } = await conformance('--json', '--out', folder);
  const report = document('report', stdout);
  expect(report.summary, stderr).toMatchObject({ fail: 0, warn: 0, error: 0 });
  expect(report.summary.pass).toBeGreaterThan(20);
  expect({ status, complete: report.complete }).toEqual({ status: 0, complete: true });
  expect(stderr).toContain(`${report.summary.pass} pass`);
  expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toEqual(report);
  expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain('<testsuites>');
});

test('clients are judged while a folder keeps what they store, with status 1 for a wrong one', async () => {
  const data = await mkdtemp(join(folder, 'data-'));
  const out = join(folder, 'clients');
  const { child, said, ended, heard } = start(['serve', '--port', '0', '--data', data, '--judge-clients', '--out', out]);
  await heard(/dicom-web\n/);
  const url = /http\S+/.exec(said.stdout)?.[0] ?? '';
  const [instance] = corpus[0]?.instances ?? [];
  if (!instance) throw new Error('there are no fixtures');
  const body = Buffer.concat([
    Buffer.from('--b\r\nContent-Type: application/octet-stream\r\n\r\n'),
    instance.part10(),
    Buffer.from('\r\n--b\r\nContent-Type: application/dicom\r\n\r\n'),
    instance.part10(),
    Buffer.from('\r\n--b--'),
  ]);
  const headers = { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' };
  expect((await fetch(`${url}/studies`, { method: 'POST', headers, body })).status).toBe(202);
  child.kill('SIGINT');
  const { status, stdout } = await ended;
  expect(status).toBe(1);
  expect(stdout).toMatch(/FAIL +stow-rs\/client-files\/content-type-of-the-parts/);
  const report = document('report', await readFile(join(out, 'report.json'), 'utf8'));
  expect(report.summary).toMatchObject({ fail: 1, error: 0 });
  const kept = await readdir(data, { recursive: true });
  expect(kept.filter(name => name.endsWith('.dcm')).length).toBe(1);
});

test('a served fault is found, with status 1; Ctrl-C ends the server cleanly', async () => {
  const [id = ''] = (await loadChecks()).filter(({ id }) => id.startsWith('qido-rs/matching/')).map(({ id }) => id);
  const { child, said, ended, heard } = start(['serve', '--port', '0', '--fault', id]);
  await heard(/dicom-web\n/);
  const url = /http\S+/.exec(said.stdout)?.[0] ?? '';
  const { status, stdout } = await conformance(url, id);
  expect(stdout).toMatch(new RegExp(`(FAIL|WARN) +${id}`));
  expect(stdout).toContain('curl -sS');
  expect(status).toBe(stdout.includes('FAIL') ? 1 : 0);
  const taken = await conformance('serve', '--port', new URL(url).port);
  expect(taken).toMatchObject({ status: 2, stderr: expect.stringMatching(/^Port \d+ of 127.0.0.1 is in use: .*\n$/) });
  child.kill('SIGINT');
  expect((await ended).status).toBe(0);
});

test('Ctrl-C during a run reports what is there, with status 2', async () => {
  let answered = 0;
  const hanging = createHttpServer((_, response) => {
    answered += 1;
    if (answered === 1) response.writeHead(404).end();
  });
  const result = await served(hanging, async origin => {
    const { child, ended } = start([`${origin}/rs`, '--json', '--timeout', '60']);
    await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(1);
    child.kill('SIGINT');
    const result = await ended;
    hanging.closeAllConnections();
    return result;
  });
  const report = document('report', result.stdout);
  expect(report.complete).toBe(false);
  expect(result.status).toBe(2);
});

test('a reader that goes away ends the output quietly', async () => {
  const { child, ended } = start(['coverage', '--json']);
  child.stdout.destroy();
  const { stderr } = await ended;
  expect(stderr).toBe('');
});

test('coverage, list, explain, fixtures and help', async () => {
  const [coverage, list, check, clients, row, help, files] = await Promise.all([
    conformance('coverage', '--json'),
    conformance('list', 'qido-rs/matching', '--json'),
    conformance('explain', 'qido-rs/matching'),
    conformance('explain', 'stow-rs/client-files'),
    conformance('explain', 'qido-rs-6.7-01'),
    conformance('--help'),
    conformance('fixtures', join(folder, 'files')),
  ]);
  expect(Object.keys(document('coverage', coverage.stdout).services)).toContain('wado-ws');
  const listed = document('list', list.stdout);
  const checks = (await loadChecks()).filter(({ id }) => id.startsWith('qido-rs/matching/'));
  expect(listed.map((entry: { id: string }) => entry.id)).toEqual(checks.map(({ id }) => id));
  expect(listed.filter((entry: { killed: boolean }) => !entry.killed)).toEqual([]);
  for (const { id } of checks) expect(check.stdout).toContain(`conformance serve --fault ${id}`);
  expect(clients.stdout).toMatch(/one-file-in-each-part[\s\S]*serve --judge-clients/);
  expect(row.stdout).toMatch(/QIDO-RS-6.7-01[\s\S]*Broken by[\s\S]*Judged by/);
  expect(help.stdout).toContain('Examples:');
  expect(files.stdout).toContain(`${corpus.flatMap(({ instances }) => instances).length} files`);
  expect(await readdir(join(folder, 'files'))).toHaveLength(corpus.length);
  expect([coverage, list, check, clients, row, help, files].map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});
