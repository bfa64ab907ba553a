import { expect, test } from 'vitest';
import { createMockServer, type MockServerOptions } from '../../mock-server/index.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { inProcess } from '../harness/transport.ts';

const checks = (await loadChecks()).filter(({ id }) => id.startsWith('qido-rs/'));

async function findings(options: MockServerOptions, wrong: Fault = server => server): Promise<readonly string[]> {
  const target = {
    endpoints: { rs: 'http://mock.invalid/dicom-web' },
    transport: inProcess(wrong(createMockServer(options).fetch)),
    holdsFixtures: true,
  };
  const { results } = await run({ checks, target, claims: ['qido-rs'], mayWrite: true, seed: 3, runs: 50 });
  return results
    .filter(({ verdict }) => !['pass', 'skip'].includes(verdict))
    .map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`);
}

/** Servers that are right in other ways than the embedded one: none of them may be accused of anything. */
test.each<readonly [string, MockServerOptions]>([
  ['without fuzzy matching', { fuzzyMatching: false }],
  ['with a maximum of its own', { maximumResults: 7 }],
  ['that refuses broad searches', { broadestSearch: 20 }],
])(
  'a right server %s is not accused',
  async (_, options) => {
    expect(await findings(options)).toEqual([]);
  },
  60_000,
);

const relational = /\/dicom-web\/(series|instances)(\?|$)|\/studies\/[\d.]+\/instances/;

test.each<readonly [string, Fault]>([
  [
    'without relational searches',
    server => async request => (relational.test(request.url) ? new Response('not offered', { status: 501 }) : server(request)),
  ],
  [
    'that refuses keys it does not know',
    server => async request =>
      /(StudyDescription|PatientBirthDate|PatientSex|ContentDate|BodyPartExamined)=[^&]/.test(request.url)
        ? new Response('no', { status: 400 })
        : server(request),
  ],
  [
    'that ignores keys it does not know',
    server => request => {
      const url = new URL(request.url);
      for (const key of ['StudyDescription', 'PatientBirthDate', 'PatientSex', 'ContentDate', 'BodyPartExamined'])
        if (url.searchParams.get(key)) url.searchParams.delete(key);
      for (const key of [...url.searchParams.keys()]) if (/^NotAKeyword$|^00ZZ|,/.test(key)) url.searchParams.delete(key);
      return server(url.href === request.url ? request : new Request(url, request));
    },
  ],
  [
    'that finds names whatever their letter case',
    server => request => {
      const url = new URL(request.url);
      const name = url.searchParams.get('PatientName');
      if (name === name?.toLowerCase() && name?.includes('conftest-smith')) url.searchParams.set('PatientName', 'CONFTEST-Smith^John');
      return server(url.href === request.url ? request : new Request(url, request));
    },
  ],
  [
    'that asks for a login',
    server => async request =>
      request.headers.has('Authorization')
        ? server(request)
        : new Response('who?', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="test"' } }),
  ],
])(
  'a right server %s is not accused',
  async (_, wrong) => {
    expect(await findings({}, wrong)).toEqual([]);
  },
  60_000,
);
