import { describe, expect, test } from 'vitest';
import type { MockServerOptions } from '../../mock-server/index.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { hearing } from '../kit/kill.ts';

const checks = select(await loadChecks(), ['wado-rs', 'common']);
const asItIs: Fault = server => server;

/** Servers with other limits and contents than the mock server has of itself. */
const servers: Readonly<Record<string, MockServerOptions>> = {
  'that finds seven at most': { maximumResults: 7 },
  'that finds one at most': { maximumResults: 1 },
  'that refuses broad searches': { broadestSearch: 5 },
  'that keeps all values in its metadata': { bulkDataFrom: 1e9 },
  'that gives all binary values by reference': { bulkDataFrom: 1 },
  'that gives few values by reference': { bulkDataFrom: 1000 },
};

describe.each(Object.entries(servers))('a server %s', (_, options) => {
  test.each(['2013', '2014c', '2016c', '2019b', '2020c'])('is not accused in edition %s', async edition => {
    expect((await hearing(checks, asItIs, { ...options, edition })).accusations).toEqual([]);
  });
});
