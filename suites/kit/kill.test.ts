import { expect, test } from 'vitest';
import { check } from '../harness/check.ts';
import { editionOf, isKilled } from './kill.ts';

const status = (fault: Parameters<typeof check>[0]['fault']) =>
  check({
    id: 'common/kill/status',
    title: 'A search is answered 200',
    requires: ['QIDO-RS-6.7-01'],
    fault,
    async run(t) {
      t.expect('the status', (await t.get('studies')).response.status, 200);
    },
  });

test('a check that finds its wrong server wrong is killed', async () => {
  expect(await isKilled(status(() => async () => new Response(null, { status: 500 })))).toBe(true);
});

test('a check whose wrong server is right, or does not answer, is not', async () => {
  expect(await isKilled(status(server => server))).toBe(false);
  expect(await isKilled(status(() => () => Promise.reject(new Error('gone'))))).toBe(false);
});

test('a check is tried in the home edition, or in the first one that knows its requirements', () => {
  expect(editionOf({ requires: ['QIDO-RS-6.7-01'] })).toBe('2013');
  expect(editionOf({ requires: ['QIDO-RS-6.7.1.1-18'] })).toBe('2016c');
  expect(editionOf({ requires: ['MODEL-JSON-F.1-01'], since: '2014a' })).toBe('2014a');
});
