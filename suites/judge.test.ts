import { describe, expect, test } from 'vitest';
import { type Check, serviceOf } from './harness/check.ts';
import { loadChecks } from './harness/load.ts';
import { exitStatus, type Report } from './harness/result.ts';
import { run } from './harness/run.ts';
import { overTcp } from './harness/transport.ts';
import { editionOf } from './kit/kill.ts';
import { offers } from './kit/offers.ts';
import { embeddedTarget, oracle } from './kit/oracle.ts';

const checks = await loadChecks();
const claims = Object.keys(offers);
const started = new Date('2026-01-01T00:00:00Z');
const common = { offers, claims, started, seed: 7, mayWrite: true } as const;

const verdictsOf = (report: Report) => report.results.map(({ id, verdict, reason }) => `${id}: ${verdict}${reason ? `: ${reason}` : ''}`);

// The whole suite takes a few seconds, and more where other things are under way.
const wholeSuite = { timeout: 120_000 };

test('the mock server passes every check', wholeSuite, async () => {
  const report = await run({ ...common, checks, target: embeddedTarget() });
  expect(verdictsOf(report).filter(line => !/: (pass|skip)/.test(line))).toEqual([]);
  expect(exitStatus(report)).toBe(0);
});

// The editions in which media types, statuses, resources or result rows change.
test.each(['2014a', '2014c', '2016c', '2019b', '2020c'])('the mock server passes every check of edition %s', wholeSuite, async edition => {
  const report = await run({ ...common, checks, edition, target: embeddedTarget(edition) });
  expect(verdictsOf(report).filter(line => !/: (pass|skip)/.test(line))).toEqual([]);
});

const byService = new Map<string, Check[]>();
for (const check of checks) byService.set(serviceOf(check), [...(byService.get(serviceOf(check)) ?? []), check]);

// `npx vitest run suites/judge.test.ts -t qido-rs` tries the checks of one service.
describe.each([...byService])('%s', (service, ofService) => {
  const sentences = new Map<string, string>();

  test.concurrent.each(ofService.map(check => [check.id, check] as const))('%s is killed by its fault', async (id, check) => {
    const edition = editionOf(check);
    const { results } = await run({ ...common, checks: [check], edition, target: embeddedTarget(edition, check.fault) });
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
