import { describe, expect, test } from 'vitest';
import { asOf, type Edition, editions, homeEdition } from '../schemas/editions.ts';
import { type RequirementId, requirement } from '../schemas/requirements.ts';
import { searches } from './client-requests/qido-rs.ts';
import { stores } from './client-requests/stow-rs.ts';
import { retrieves } from './client-requests/wado-rs.ts';
import { uriRequests } from './client-requests/wado-uri.ts';
import { wsMessages } from './client-requests/wado-ws.ts';
import { type ClientCheck, clientJudge, shownTo } from './harness/client.ts';
import { loadClientChecks } from './harness/load.ts';
import type { Report, Result } from './harness/result.ts';
import type { Server } from './harness/transport.ts';
import type { Ask } from './harness/trial.ts';
import { oracle } from './kit/oracle.ts';

const base = 'http://client.invalid/dicom-web';
const checks = await loadClientChecks();

/** What a right client sends, in each form that the edition has. */
const rightIn = (edition: Edition): readonly Ask[] => [
  ...stores(edition),
  ...uriRequests(),
  ...searches(edition),
  ...retrieves(edition),
  ...wsMessages(),
];

/** By check the requirements that it held something against, with any client below. */
const heldAgainst = new Map<string, Set<RequirementId>>();

const editionOf = ({ requires }: ClientCheck) =>
  [homeEdition, ...editions].find(edition => requires.some(row => asOf(requirement(row).level, edition) !== null)) ?? homeEdition;

async function reportOn(
  only: readonly ClientCheck[],
  edition: string,
  wrong: (server: Server) => Server = server => server,
): Promise<Report> {
  const judge = clientJudge({
    checks: only,
    edition,
    roots: { rs: new URL(base).pathname, 'wado-ws': '/wado-ws' },
    started: new Date('2026-01-01T00:00:00Z'),
    onExpect: ({ id }, row) => heldAgainst.set(id, (heldAgainst.get(id) ?? new Set()).add(row)),
  });
  const server = wrong(shownTo(judge.see, oracle(edition).fetch));
  for (const { to, method = 'GET', headers, body } of rightIn(edition)) {
    await server(
      new Request(/^http/.test(to) ? to : `${base}/${to}`, {
        method,
        headers: Array.isArray(headers) ? headers : Object.entries(headers ?? {}),
        ...(body ? { body } : {}),
      }),
    );
  }
  return judge.report(base);
}

test('a right client passes every client check', async () => {
  for (const edition of [...new Set([...checks.map(editionOf), '2014c', '2016c', '2019b', '2020c'])]) {
    const { results } = await reportOn(checks, edition);
    // RAD-69 outlives WADO-WS, but a server without WADO-WS does not read its messages.
    const nothingToSee = ({ id, reason }: Result) =>
      reason.startsWith('not in force') || (edition >= '2017c' && id.startsWith('wado-ws/') && reason.startsWith('no request was seen'));
    const wrong = results.filter(each => each.verdict !== 'pass' && !nothingToSee(each));
    expect(wrong.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  }
});

test('client checks judge what a client can break', () => {
  const ofServers = checks.flatMap(({ id, requires }) =>
    requires.filter(row => requirement(row).party === 'server').map(row => `${id}: ${row}`),
  );
  expect(ofServers).toEqual([]);
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(checks.map(({ id }) => id).filter(id => !/^[a-z0-9-]+\/client-[a-z0-9-]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
});

describe('wrong clients', () => {
  const sentences: string[] = [];
  test.each(checks.map(check => [check.id, check] as const))('%s finds its own wrong client wrong', async (id, check) => {
    const { results } = await reportOn([check], editionOf(check), check.wrongClient);
    sentences.push(`${id}\n  ${results[0]?.verdict}: ${results[0]?.reason}\n`);
    expect(results[0]?.verdict, results[0]?.reason).toMatch(/^(fail|warn)$/);
  });
  test('the sentences a reader is told are the ones that were reviewed', async () => {
    expect(sentences.length).toBe(checks.length);
    await expect(sentences.join('')).toMatchFileSnapshot('client-sentences.golden.txt');
  });
});

test('each requirement that a client check names is held against something', () => {
  const isJudged = (row: RequirementId) => Object.values(requirement(row).level).some(level => level === 'shall' || level === 'should');
  const idle = checks.flatMap(({ id, requires }) =>
    requires.filter(row => isJudged(row) && !heldAgainst.get(id)?.has(row)).map(row => `${id}: ${row}`),
  );
  expect(idle).toEqual([]);
});
