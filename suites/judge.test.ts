import { describe, expect, test } from 'vitest';
import { createMockServer, endpointsAt, type MockServerOptions } from '../mock-server/index.ts';
import { type RequirementId, requirement } from '../schemas/requirements.ts';
import { sopClasses } from '../schemas/sop-classes.ts';
import { rleLossless } from '../schemas/transfer-syntaxes.ts';
import { type Check, serviceOf } from './harness/check.ts';
import { loadChecks } from './harness/load.ts';
import { exitStatus, type Report } from './harness/result.ts';
import { run } from './harness/run.ts';
import { inProcess, overTcp } from './harness/transport.ts';
import { editionOf } from './kit/kill.ts';
import { offers } from './kit/offers.ts';
import { embeddedTarget, oracle } from './kit/oracle.ts';

const checks = await loadChecks();
const claims = Object.keys(offers);
const started = new Date('2026-01-01T00:00:00Z');
const common = { offers, claims, started, seed: 7, mayWrite: true } as const;

/** By check the requirements that it held something against, on any server below. */
const heldAgainst = new Map<string, Set<RequirementId>>();
const onExpect = ({ id }: Check, row: RequirementId) => {
  heldAgainst.set(id, (heldAgainst.get(id) ?? new Set()).add(row));
};

const verdictsOf = (report: Report) => report.results.map(({ id, verdict, reason }) => `${id}: ${verdict}${reason ? `: ${reason}` : ''}`);

// The whole suite takes a few seconds, and more where other things are under way.
const wholeSuite = { timeout: 120_000 };

test('the mock server passes every check', wholeSuite, async () => {
  const report = await run({ ...common, checks, onExpect, target: embeddedTarget() });
  expect(verdictsOf(report).filter(line => !/: (pass|skip)/.test(line))).toEqual([]);
  expect(exitStatus(report)).toBe(0);
});

// The editions in which media types, statuses, resources or result rows change.
test.each(['2014a', '2014c', '2016c', '2019b', '2020c'])('the mock server passes every check of edition %s', wholeSuite, async edition => {
  const report = await run({ ...common, checks, edition, onExpect, target: embeddedTarget(edition) });
  expect(verdictsOf(report).filter(line => !/: (pass|skip)/.test(line))).toEqual([]);
});

/** Servers that are right in another way than the embedded one. */
const otherServers: Readonly<Record<string, MockServerOptions>> = {
  'without fuzzy matching': { fuzzyMatching: false },
  'with a maximum of its own': { maximumResults: 7 },
  'that refuses broad searches': { broadestSearch: 20 },
  'that does not anonymise': { anonymises: false },
  'that has little room': { store: { capacity: 60_000 } },
  'that has no room': { store: { capacity: 100 } },
  'that stores nothing now': { store: { denies: 503 } },
  'that lets nobody store': { store: { denies: 403 } },
  'that coerces': { store: { coerced: { PatientID: 'ANOTHER' } } },
  'that discards': { store: { discarded: ['PatientID', 'PatientComments'] } },
  'that warns of what does not fit': { store: { nonconforming: 'warn' } },
  'that refuses what does not fit': { store: { nonconforming: 'refuse' } },
  'that refuses a SOP Class': { store: { refusedSopClasses: [sopClasses['Key Object Selection Document Storage']] } },
  'that refuses a transfer syntax': { store: { refusedTransferSyntaxes: [rleLossless] } },
  'that refuses what it has': { store: { duplicates: 'refuse' } },
  'that takes small requests': { maximumBody: 5000 },
};

test.each(Object.entries(otherServers))('a right server %s is accused of nothing', wholeSuite, async (_, options) => {
  const transport = inProcess(createMockServer(options).fetch);
  const report = await run({
    ...common,
    checks,
    onExpect,
    target: { endpoints: endpointsAt('http://mock.invalid'), transport, holdsFixtures: true },
  });
  expect(verdictsOf(report).filter(line => !/: (pass|skip)/.test(line))).toEqual([]);
});

test('generated queries come to everything that they are about', wholeSuite, async () => {
  const generated = checks.filter(({ id }) => id === 'qido-rs/matching/generated-queries-find-what-the-reference-finds');
  const { summary } = await run({ ...common, checks: generated, runs: 4000, onExpect, target: embeddedTarget() });
  expect(summary.pass).toBe(1);
});

const byService = new Map<string, Check[]>();
for (const check of checks) byService.set(serviceOf(check), [...(byService.get(serviceOf(check)) ?? []), check]);

// `npx vitest run suites/judge.test.ts -t qido-rs` tries the checks of one service.
describe.each([...byService])('%s', (service, ofService) => {
  const sentences = new Map<string, string>();

  test.concurrent.each(ofService.map(check => [check.id, check] as const))('%s is killed by its fault', async (id, check) => {
    const edition = editionOf(check);
    const { results } = await run({ ...common, checks: [check], edition, onExpect, target: embeddedTarget(edition, check.fault) });
    const [result] = results;
    sentences.set(id, `${id}\n  ${result?.verdict}: ${result?.reason}\n`);
    expect(result?.verdict, result?.reason).toMatch(/^(fail|warn)$/);
  });

  test('the sentences a reader is told are the ones that were reviewed', async () => {
    // Of a part of the checks nothing is kept, or the file would lose the others.
    expect([...sentences.keys()].sort()).toEqual(ofService.map(({ id }) => id).sort());
    const text = [...sentences].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sentence]) => sentence);
    await expect(text.join('')).toMatchFileSnapshot(`${service}/sentences.golden.txt`);
  });
});

test('the verdicts are the same in process, over TCP, and at any concurrency', wholeSuite, async () => {
  const listening = await oracle().listen();
  const transport = overTcp();
  const overPort = { endpoints: listening.endpoints, transport, holdsFixtures: true };
  const options = [
    { target: embeddedTarget() },
    { target: overPort },
    { target: embeddedTarget(), concurrency: 1 },
    { target: embeddedTarget(), concurrency: 8 },
  ];
  const reports: Report[] = [];
  for (const each of options) reports.push(await run({ ...common, checks, ...each }));
  await transport.close();
  await listening.close();
  const [inProcess, ...others] = reports.map(verdictsOf);
  for (const other of others) expect(other).toEqual(inProcess);
});

/** Whether an edition has it as more than an option. */
const isJudged = (row: RequirementId) => Object.values(requirement(row).level).some(level => level === 'shall' || level === 'should');

// Much of STOW-RS is said of stores that refuse or change something, which are in stow-rs/legal-readings.test.ts.
const seenHere = checks.filter(check => serviceOf(check) !== 'stow-rs');

test('each requirement that a check names is held against something', () => {
  const idle = seenHere.flatMap(({ id, requires }) =>
    requires.filter(row => isJudged(row) && !heldAgainst.get(id)?.has(row)).map(row => `${id}: ${row}`),
  );
  expect(idle).toEqual([]);
});

test('no check holds anything against a requirement that it does not name', () => {
  const strangers = checks.flatMap(({ id, requires }) =>
    [...(heldAgainst.get(id) ?? [])].filter(row => !requires.includes(row)).map(row => `${id}: ${row}`),
  );
  expect(strangers).toEqual([]);
});
