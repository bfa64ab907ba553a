import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** ARCHITECTURE.md, The tree: what a layer may import besides itself. The longest prefix decides to which layer a file belongs. */
const layers: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  fixtures: ['schemas'],
  'mock-server': ['schemas', 'fixtures'],
  'suites/harness': ['schemas'],
  'suites/kit': ['suites/harness', 'schemas', 'fixtures'],
  'suites/kit/oracle.ts': ['suites/kit', 'suites/harness', 'schemas', 'fixtures', 'mock-server'],
  'suites/kit/kill.ts': ['suites/kit', 'suites/kit/oracle.ts', 'suites/harness', 'schemas', 'fixtures', 'mock-server'],
  suites: ['suites/kit', 'suites/harness', 'schemas', 'fixtures'],
  'suites/right-servers': ['suites', 'suites/kit', 'suites/harness', 'schemas', 'fixtures', 'mock-server'],
  reports: ['suites/harness', 'schemas'],
};
/** The one door to the mock server: only these pass it. */
const throughTheDoor = ['suites/kit/oracle.ts', 'suites/kit/kill.ts'];
const door = ['suites/kit/kill.ts', 'suites/qido-rs/generated/queries.ts'];
const wired = ['cli', 'bench', 'lab', 'index.ts', 'vitest.config.ts'];

const files = ['schemas', 'fixtures', 'mock-server', 'suites', 'reports', 'cli', 'bench', 'lab']
  .flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)))
  .filter(name => /(?<!\.test|\.vitest|\.d)\.ts$/.test(name));

const layerOf = (file: string) =>
  Object.keys(layers)
    .filter(layer => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];

const imports = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export|\}).*? from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, from, dynamic]) => from ?? dynamic ?? '',
  );

test('there is something to look at', () => expect(files.length).toBeGreaterThan(100));

test('every import goes to a layer that may be imported', () => {
  const forbidden = files
    .filter(file => !wired.some(free => file === free || file.startsWith(`${free}/`)))
    .flatMap(file => {
      const layer = layerOf(file) ?? '';
      return imports(file)
        .filter(path => path.startsWith('.'))
        .map(path => relative(root, resolve(root, dirname(file), path)))
        .filter(target => {
          const theirs = layerOf(target) ?? target;
          if (theirs === layer) return false;
          if (throughTheDoor.includes(theirs)) return !door.includes(file);
          return !(layers[layer] ?? []).includes(theirs);
        })
        .map(target => `${file} imports ${target}`);
    });
  expect(forbidden).toEqual([]);
});

test('every package that is imported is declared, and every declared one is imported', () => {
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const used = new Set(
    files
      .flatMap(imports)
      .filter(path => !path.startsWith('.') && !path.startsWith('node:'))
      .map(path =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  const declared = Object.keys({ ...dependencies, ...peerDependencies });
  expect([...used].filter(name => !declared.includes(name) && !(name in devDependencies))).toEqual([]);
  expect(Object.keys(dependencies).filter(name => !used.has(name))).toEqual([]);
});

test('client checks are in files client-….ts, and checks are in others', () => {
  const holding = (call: RegExp) =>
    files.filter(file => /^suites\/[^/]+\//.test(file) && call.test(readFileSync(join(root, file), 'utf8')));
  const isOfClients = (file: string) => /\/client-[^/]*$/.test(file);
  expect(holding(/= clientCheck\(/).filter(file => !isOfClients(file))).toEqual([]);
  expect(holding(/= check\(/).filter(isOfClients)).toEqual([]);
  expect(holding(/= clientCheck\(/).length).toBeGreaterThan(10);
});
