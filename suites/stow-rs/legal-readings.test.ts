import { describe, expect, test, vi } from 'vitest';
import { createMockServer, endpointsAt } from '../../mock-server/index.ts';
import { asOf, editions, homeEdition } from '../../schemas/editions.ts';
import { type RequirementId, requirement } from '../../schemas/requirements.ts';
import type { Check } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { inProcess } from '../harness/transport.ts';
import { editionOf } from '../kit/kill.ts';
import { offers } from '../kit/offers.ts';
import { embeddedTarget } from '../kit/oracle.ts';
import { brokenStores, type LegalServer, legalStores } from '../right-servers/stow-rs.ts';

// Nobody waits here: a server that takes its time counts how often it is looked at.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

interface Finding {
  readonly id: string;
  readonly verdict: string;
  readonly reason: string;
}

/** What the checks find, and the requirements that they held against the server. */
const named = new Map<string, Set<RequirementId>>();
const onExpect = ({ id }: Check, row: RequirementId) => named.set(id, (named.get(id) ?? new Set()).add(row));
const checks = (await loadChecks()).filter(({ id }) => id.startsWith('stow-rs/'));
const common = { offers, claims: ['stow-rs'], seed: 7, mayWrite: true, runs: 2, concurrency: 8, onExpect } as const;

async function findings({
  options = {},
  differs = server => server,
  edition = homeEdition,
  credentials,
}: LegalServer): Promise<readonly Finding[]> {
  const mock = createMockServer({ edition, ...options });
  const target = {
    endpoints: endpointsAt('http://mock.invalid'),
    transport: inProcess(differs(mock.fetch, mock)),
    holdsFixtures: true,
    ...(credentials === undefined ? {} : { headers: [['Authorization', credentials] as const] }),
  };
  const { results } = await run({ ...common, checks, target, edition });
  return results.filter(({ verdict }) => !['pass', 'skip'].includes(verdict));
}

test.each(Object.entries(legalStores))('a server is not accused that %s', async (_, server) => {
  const { warned = [] } = server;
  const found = await findings(server);
  const accused = found.filter(({ id, verdict }) => verdict !== 'warn' || !warned.includes(id));
  expect(accused.map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`)).toEqual([]);
  expect(found.map(({ id }) => id)).toEqual(warned.toSorted());
});

test.each(Object.entries(brokenStores))('a server is told of one thing that %s', async (_, { failed, ...server }) => {
  const found = (await findings(server)).filter(({ verdict }) => verdict !== 'warn');
  expect(found.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual(failed.map(id => `${id}: fail`));
});

describe('every requirement that a check names is held against something', () => {
  // The servers above were judged before.
  test.each(['2013', '2016c', '2019b'])('on the right server of edition %s', async edition => {
    await run({ ...common, checks, target: embeddedTarget(edition), edition });
  });

  test('on the wrong server of each check', async () => {
    for (const check of checks) {
      const edition = editionOf(check);
      await run({ ...common, checks: [check], target: embeddedTarget(edition, check.fault), edition });
    }
  });

  test('so that none is left', () => {
    const isJudged = (row: RequirementId) =>
      editions.some(edition => ['shall', 'should'].includes(asOf(requirement(row).level, edition) ?? ''));
    const claimed = checks.flatMap(({ id, requires }) => requires.filter(isJudged).map(row => ({ id, row })));
    const left = claimed.filter(({ id, row }) => !named.get(id)?.has(row)).map(({ id, row }) => `${id} ${row}`);
    expect(left).toEqual([]);
  });

  test('and no check holds anything against a requirement that it does not name', () => {
    const strangers = checks.flatMap(({ id, requires }) =>
      [...(named.get(id) ?? [])].filter(row => !requires.includes(row)).map(row => `${id} ${row}`),
    );
    expect(strangers).toEqual([]);
  });
});
