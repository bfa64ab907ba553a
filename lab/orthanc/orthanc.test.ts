import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { uidRoot } from '../../fixtures/uids.ts';
import { loadChecks } from '../../suites/harness/load.ts';
import type { Report, Verdict } from '../../suites/harness/result.ts';
import { run } from '../../suites/harness/run.ts';
import { offers } from '../../suites/kit/offers.ts';
import { targetOf } from '../../suites/kit/server.ts';
import { storing } from '../../suites/kit/store.ts';
import { missing, type Running, startOrthanc } from './start.ts';

/** By check: the verdict that is no pass, and whose fault it is by which clause. */
type Deviations = Readonly<Record<string, { readonly verdict: string; readonly because: string }>>;

const checks = await loadChecks();
const expectations = (name: string): Deviations => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Deviations;

async function judged(url: string, mayWrite: boolean, named: readonly string[] = []): Promise<Report> {
  const target = targetOf(url, { timeout: 30 });
  try {
    return await run({ target, checks, offers, mayWrite, named, seed: 7 });
  } finally {
    await target.transport.close();
  }
}

/** Each check whose verdict is not the expected one, with the sentence a reader is told; verdicts of `unasked` need not be expected. */
function deviations({ results }: Report, expected: Deviations, unasked: readonly Verdict[] = []): readonly string[] {
  return results
    .filter(({ id, verdict }) => id in expected || !unasked.includes(verdict))
    .filter(({ id, verdict }) => verdict !== (expected[id]?.verdict ?? 'pass'))
    .map(({ id, verdict, reason }) => `${id}: ${verdict} instead of ${expected[id]?.verdict ?? 'pass'}: ${reason}`);
}

const title = (text: string) => (missing === null ? text : `${text} (not run: ${missing})`);

describe.skipIf(missing !== null)(title('Orthanc'), () => {
  let orthanc: Running;
  beforeAll(async () => {
    orthanc = await startOrthanc();
  });
  afterAll(() => orthanc.stop());

  test('with --write it deviates where the expectation file says so, and nowhere else', async () => {
    const expected = expectations('expected.json');
    expect(deviations(await judged(orthanc.url, true), expected)).toEqual([]);
  });

  test('read only, with content that is not ours, it deviates where the expectation file says so', async () => {
    const other = await startOrthanc();
    try {
      await storeForeignStudies(other.url);
      expect(deviations(await judged(other.url, false), expectations('expected-read-only.json'), ['skip'])).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

/** Two studies under UIDs and names that are not those of the fixtures, as a server of somebody else would hold them. */
async function storeForeignStudies(url: string): Promise<void> {
  const files = corpus
    .filter(({ name }) => ['ct', 'mixed'].includes(name))
    .flatMap(study => study.instances.map(each => foreign(each.part10())));
  const { to, headers, body } = storing(files);
  const { status } = await fetch(`${url}/${to}`, { method: 'POST', headers: headers as [string, string][], body: body ?? null });
  if (status !== 200) throw new Error(`Orthanc answered ${status} to the foreign studies`);
}

const theirs = '1.3.6.1.4.1.5962.99.1.2280943358.716200484';

/** The file with another UID root and other names of the same length. */
function foreign(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file).toString('latin1');
  const renamed = text.replaceAll(uidRoot, theirs.padEnd(uidRoot.length, '1')).replaceAll('CONFTEST', 'EXAMPLES');
  return Buffer.from(renamed, 'latin1');
}

test('each deviation names a check and says whose fault it is', () => {
  const known = new Set(checks.map(({ id }) => id));
  for (const name of ['expected.json', 'expected-read-only.json']) {
    for (const [id, { verdict, because }] of Object.entries(expectations(name))) {
      expect(known, `${name} names ${id}`).toContain(id);
      expect(verdict).toMatch(/^(fail|warn|skip|error)$/);
      expect(because, `the reason of ${id}`).toMatch(/\w{3}.*\w{3}/);
    }
  }
});
