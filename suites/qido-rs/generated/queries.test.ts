import { expect, test } from 'vitest';
import { run } from '../../harness/run.ts';
import { embeddedTarget } from '../../kit/oracle.ts';
import { generated } from './queries.ts';
import { wrongMatchers } from './wrong-matchers.ts';

const keysIn = (query: string) =>
  new Set([...new URLSearchParams(query.split('?')[1] ?? '').keys()].filter(key => !['limit', 'offset', 'includefield'].includes(key)));

test('a right server passes a thousand generated queries', async () => {
  const { results } = await run({ checks: [generated], target: embeddedTarget(), claims: ['qido-rs'], seed: 1, runs: 1000 });
  expect(results.map(({ verdict, reason }) => `${verdict} ${reason}`)).toEqual(['pass ']);
}, 120_000);

const found = new Map<string, string>();

test.each(Object.entries(wrongMatchers))(
  '%s: found within 300 queries, by at most three keys',
  async (name, fault) => {
    const target = embeddedTarget('2013', fault);
    const { results } = await run({ checks: [generated], target, claims: ['qido-rs'], seed: 1, runs: 300 });
    const [result] = results;
    expect(result?.verdict, result?.reason).toMatch(/^(fail|warn)$/);
    const query = result?.counterexample?.value ?? '';
    expect(keysIn(query).size, query).toBeLessThanOrEqual(3);
    found.set(name, `${name}\n  ${result?.requires[0]} ${result?.verdict}: ${query}\n`);
  },
  60_000,
);

test('the smallest queries are the ones that were reviewed', async () => {
  await expect([...found.values()].join('')).toMatchFileSnapshot('./wrong-matchers.golden.txt');
});
