import { describe, expect, test } from 'vitest';
import { loadChecks } from '../../suites/harness/load.ts';
import { missing } from './start.ts';
import { deviating, expectedOn, occasions } from './verdicts.ts';

const checks = await loadChecks();
const title = missing === null ? 'Orthanc' : `Orthanc (not run: ${missing})`;

describe.skipIf(missing !== null)(title, () => {
  test.each(occasions)('$title it deviates where the expectation file says so, and nowhere else', async occasion => {
    const expected = expectedOn(occasion);
    const found = deviating(await occasion.judge(checks), occasion, expected);
    expect(found.map(({ id, verdict, reason }) => `${id}: ${verdict} instead of ${expected[id]?.verdict ?? 'pass'}: ${reason}`)).toEqual(
      [],
    );
  });
});

test.each(occasions)('$title each deviation names a check and says whose fault it is', occasion => {
  const known = new Set(checks.map(({ id }) => id));
  for (const [id, { verdict, because }] of Object.entries(expectedOn(occasion))) {
    expect(known, `${occasion.file} names ${id}`).toContain(id);
    expect(verdict).toMatch(/^(fail|warn|skip)$/);
    expect(because, `the reason of ${id}`).toMatch(/^(?!\?\?).*\w{3}.*\w{3}/);
  }
});
