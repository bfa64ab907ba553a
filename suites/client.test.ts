import { describe, expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { copyOfStudy, dataSet, type FixtureInstance, fixtureInstance } from '../fixtures/recipe.ts';
import { asOf, editions, homeEdition } from '../schemas/editions.ts';
import { requirement } from '../schemas/requirements.ts';
import { type ClientCheck, clientJudge, shownTo } from './harness/client.ts';
import { loadClientChecks } from './harness/load.ts';
import type { Report } from './harness/result.ts';
import type { Server } from './harness/transport.ts';
import type { Ask } from './harness/trial.ts';
import { oracle } from './kit/oracle.ts';
import { storing } from './kit/store.ts';
import { bulkPart, inParts, pixelData, uriOf, xmlPart } from './kit/store-metadata.ts';

const base = 'http://client.invalid/dicom-web';
const checks = await loadClientChecks();

const { studyInstanceUID, instances } = copyOfStudy(studyNamed('ct'), 1);
const two = instances.slice(0, 2);
const video = (([first]: readonly FixtureInstance[]): FixtureInstance => {
  if (!first) throw new Error('the study ct is empty');
  const set = new Map([...first.dataSet, ...dataSet({ NumberOfFrames: '3' })].sort(([a], [b]) => (a < b ? -1 : 1)));
  return fixtureInstance('video', set, first);
})(instances);
const xml = { contentType: (boundary: string) => `multipart/related; type="application/dicom+xml"; boundary=${boundary}` };

/** What a right client sends, in each form. */
const right: readonly Ask[] = [
  storing(two.map(each => each.part10())),
  storing(
    two.map(each => each.part10()),
    { study: studyInstanceUID },
  ),
  storing(two.flatMap(inParts), xml),
  storing(
    [
      xmlPart(video, tag => (tag === pixelData ? uriOf(video) : null)),
      bulkPart(uriOf(video), Buffer.alloc(8), 'video/mpeg; transfer-syntax=1.2.840.10008.1.2.4.100'),
    ],
    xml,
  ),
];

const editionOf = ({ requires }: ClientCheck) =>
  [homeEdition, ...editions].find(edition => requires.some(row => asOf(requirement(row).level, edition) !== null)) ?? homeEdition;

async function reportOn(
  only: readonly ClientCheck[],
  edition: string,
  wrong: (server: Server) => Server = server => server,
): Promise<Report> {
  const judge = clientJudge({ checks: only, edition, started: new Date('2026-01-01T00:00:00Z') });
  const server = wrong(shownTo(judge.see, oracle(edition).fetch));
  for (const { to, method = 'GET', headers, body } of right) {
    await server(new Request(`${base}/${to}`, { method, headers: (headers as [string, string][]) ?? [], ...(body ? { body } : {}) }));
  }
  return judge.report(base);
}

test('a right client passes every client check', async () => {
  for (const edition of [...new Set(checks.map(editionOf))]) {
    const { results } = await reportOn(checks, edition);
    expect(results.filter(({ verdict }) => verdict !== 'pass').map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  }
});

test('client checks judge what a client can break', () => {
  const ofServers = checks.flatMap(({ id, requires }) =>
    requires.filter(row => requirement(row).party === 'server').map(row => `${id}: ${row}`),
  );
  expect(ofServers).toEqual([]);
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
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
