import { describe, expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { copyOfStudy, dataSet, type FixtureInstance, fixtureInstance } from '../fixtures/recipe.ts';
import { asOf, type Edition, editions, homeEdition } from '../schemas/editions.ts';
import { jsonModelType } from '../schemas/media-types.ts';
import { type RequirementId, requirement } from '../schemas/requirements.ts';
import { type ClientCheck, clientJudge, shownTo } from './harness/client.ts';
import { loadClientChecks } from './harness/load.ts';
import type { Report } from './harness/result.ts';
import type { Server } from './harness/transport.ts';
import type { Ask } from './harness/trial.ts';
import { oracle } from './kit/oracle.ts';
import { storing } from './kit/store.ts';
import { bulkPart, inParts, pixelData, uriOf, xmlPart } from './kit/store-metadata.ts';
import { type UriParameters, uriQuery } from './kit/uri-query.ts';
import { jsonModel } from './kit/write/json-model.ts';

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

function jsonRequest(type: string): Ask {
  const body = Buffer.from(`[${two.map(each => jsonModel(each.dataSet)).join(',')}]`);
  const headers = [['Content-Type', `${type}; transfer-syntax=1.2.840.10008.1.2.1`]] as const;
  return storing([{ headers, body }], { contentType: boundary => `multipart/related; type="${type}"; boundary=${boundary}` });
}

const rendered = (name: string, parameters: UriParameters, accept = '*/*', more: Readonly<Record<string, string>> = {}): Ask => {
  const of = studyNamed('rendering').instances.find(each => each.name === name);
  if (!of) throw new Error(`there is no ${name}`);
  return { to: `http://client.invalid/wado${uriQuery(of, parameters)}`, headers: [['Accept', accept], ...Object.entries(more)] };
};
const state = studyNamed('rendering').instances.find(each => each.name === 'flipped');

/** What a right client sends, in each form that the edition has. */
const rightIn = (edition: Edition): readonly Ask[] => [
  ...(edition < '2014a' ? [] : [jsonRequest(asOf(jsonModelType, edition) ?? '')]),
  rendered('ramp', {
    contentType: 'image/png,image/jpeg;q=0.5',
    rows: 100,
    columns: 100,
    windowCenter: '-40.5',
    windowWidth: 400,
    imageQuality: 80,
  }),
  rendered('ramp', { region: '0.1,0.1,0.9,0.9', annotation: 'patient,technique', frameNumber: 1 }, 'image/jpeg, application/dicom'),
  rendered('quadrants', { presentationUID: state?.sopInstanceUID ?? '', presentationSeriesUID: state?.seriesInstanceUID ?? '' }),
  rendered(
    'ramp',
    { contentType: 'application/dicom', charset: 'UTF-8', anonymize: 'yes', transferSyntax: '1.2.840.10008.1.2.5' },
    'application/dicom, image/jpeg',
    { 'Accept-Charset': 'utf-8, iso-8859-1;q=0.5' },
  ),
  rendered('ramp', { contentType: 'application/dicom', transferSyntax: '1.2.840.10008.1.2.4.81', imageQuality: 80 }, 'application/dicom'),
  reportRequest(),
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

function reportRequest(): Ask {
  const [of] = studyNamed('sr').instances;
  if (!of) throw new Error('the study sr is empty');
  return { to: `http://client.invalid/wado${uriQuery(of)}`, headers: [['Accept', '*/*']] };
}

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
    started: new Date('2026-01-01T00:00:00Z'),
    onExpect: ({ id }, row) => heldAgainst.set(id, (heldAgainst.get(id) ?? new Set()).add(row)),
  });
  const server = wrong(shownTo(judge.see, oracle(edition).fetch));
  for (const { to, method = 'GET', headers, body } of rightIn(edition)) {
    await server(
      new Request(/^http/.test(to) ? to : `${base}/${to}`, {
        method,
        headers: (headers as [string, string][]) ?? [],
        ...(body ? { body } : {}),
      }),
    );
  }
  return judge.report(base);
}

test('a right client passes every client check', async () => {
  for (const edition of [...new Set(checks.map(editionOf))]) {
    const { results } = await reportOn(checks, edition);
    const wrong = results.filter(({ verdict, reason }) => verdict !== 'pass' && !reason.startsWith('not in force'));
    expect(wrong.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
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

test('each requirement that a client check names is held against something', () => {
  const isJudged = (row: RequirementId) => Object.values(requirement(row).level).some(level => level === 'shall' || level === 'should');
  const idle = checks.flatMap(({ id, requires }) =>
    requires.filter(row => isJudged(row) && !heldAgainst.get(id)?.has(row)).map(row => `${id}: ${row}`),
  );
  expect(idle).toEqual([]);
});
