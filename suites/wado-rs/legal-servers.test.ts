import { expect, test } from 'vitest';
import { corpus, studyNamed } from '../../fixtures/corpus.ts';
import type { MockServerOptions } from '../../mock-server/index.ts';
import type { Edition } from '../../schemas/editions.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { hears, on, status } from '../kit/faults.ts';
import { frameShape } from '../kit/pixels.ts';
import { hearing } from '../right-servers/hearing.ts';
import { sendsEachHeader } from '../right-servers/variants.ts';

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

test.each(Object.entries(servers))('a server %s is not accused', async (_, options) => {
  expect((await hearing(checks, asItIs, options)).accusations).toEqual([]);
});

// The editions in which media types, resources and the number of parts change.
test.each(['2014c', '2016c', '2019b', '2020c'])(
  'a server of edition %s that finds little and keeps all values in its metadata is not accused',
  async edition => {
    expect((await hearing(checks, asItIs, { maximumResults: 2, bulkDataFrom: 1e9, edition })).accusations).toEqual([]);
  },
);

const framesOf = new Map(
  corpus.flatMap(({ instances }) => instances).map(({ sopInstanceUID, dataSet }) => [sopInstanceUID, frameShape(dataSet)?.frames ?? 1]),
);
/** PS3.18-2016c 6.5.5: pixel data may come frame by frame by their own URL, too. */
const frameByFrame: Fault = on(
  request => /octet-stream/.test(request.headers.get('Accept') ?? '') && !request.headers.has('Range'),
  hears(url => {
    const [, uid = ''] = /\/instances\/([0-9.]+)\/bulkdata\/7FE00010$/.exec(url.pathname) ?? [];
    const frames = framesOf.get(uid) ?? 1;
    if (frames > 1)
      url.pathname = url.pathname.replace(/bulkdata\/7FE00010$/, `frames/${Array.from({ length: frames }, (_, i) => i + 1).join(',')}`);
  }),
);

/** What later editions allow or demand, and 2013 does not. */
const later: Readonly<Record<string, readonly [Edition, Fault]>> = {
  'pixel data come frame by frame': ['2016c', frameByFrame],
  'pixel data come frame by frame, of edition 2019b': ['2019b', frameByFrame],
  // 2016a: Accept has to be sent.
  'a request without Accept is refused': ['2016a', on(request => !request.headers.has('Accept'), status(406))],
  // 2016c: both are barred for web services.
  'neither Implicit VR nor Big Endian is sent': [
    '2016c',
    on(request => /transfer-syntax="?1\.2\.840\.10008\.1\.2(\.2)?(?![.\d])/.test(request.headers.get('Accept') ?? ''), status(406)),
  ],
  // 2016c: the parameters of the media type of a part are optional.
  'metadata name no transfer syntax': ['2016c', sendsEachHeader(line => line.replace(/^(Content-Type: application\/dicom\+xml);.*/, '$1'))],
};

test.each(Object.entries(later))('a server is not accused when %s', async (_, [edition, variant]) => {
  const { accusations, differs } = await hearing(checks, variant, { edition });
  expect(accusations).toEqual([]);
  expect(differs).toBe(true);
});

test('a server is not accused when all that it holds comes frame by frame', async () => {
  const holds = studyNamed('multi-frame').instances.map(instance => instance.part10());
  const { accusations, differs } = await hearing(checks, frameByFrame, { edition: '2016c', holds });
  expect(accusations).toEqual([]);
  expect(differs).toBe(true);
});
