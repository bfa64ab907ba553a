import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Check, check } from './check.ts';
import { anyOf, byEdition } from './expected.ts';
import { exitStatus, type Result } from './result.ts';
import { type RunOptions, run } from './run.ts';
import { inProcess, type Server } from './transport.ts';
import type { Trial } from './trial.ts';

const shall = 'QIDO-RS-6.7-01';
const should = 'WADO-RS-6.5-07';
const base = 'http://server.invalid/rs';

const hello: Server = async () => new Response('hello', { headers: { 'Content-Type': 'text/plain' } });

function judging(look: (t: Trial) => Promise<void>, more: Partial<Check> = {}): Check {
  return check({ id: 'qido-rs/test/one', title: 'One thing', requires: [shall], fault: server => server, run: look, ...more });
}

async function resultOf(one: Check, options: Partial<RunOptions> = {}, server: Server = hello): Promise<Result> {
  const target = { endpoints: { rs: base }, transport: inProcess(server, { timeoutMs: 100, maxBodyBytes: 1000, connections: 1 }) };
  const { results } = await run({ target, checks: [one], started: new Date(0), ...options });
  const [result] = results;
  if (!result) throw new Error('the run has no result');
  return result;
}

test('pass: nothing unmet, and something was observed', async () => {
  const result = await resultOf(judging(async t => t.expect('the status', (await t.get('studies')).response.status, 200)));
  expect(result).toMatchObject({ verdict: 'pass', reason: '', exchanges: [], observations: ['the status'], level: 'shall' });
});

test('fail: an unmet shall, told in one sentence, with the request as evidence', async () => {
  const result = await resultOf(judging(async t => t.expect('the status', (await t.get('studies')).response.status, anyOf(404, 410))));
  expect(result).toMatchObject({ verdict: 'fail', reason: 'the status: expected 404 or 410, got 200' });
  expect(result.exchanges.map(each => each.curl)).toEqual([`curl -sS -i -H 'Accept:' '${base}/studies'`]);
});

test('warn: an unmet should, and the check goes on after it', async () => {
  const result = await resultOf(
    judging(async t => {
      t.expect('the taste', 'bitter', 'sweet', { row: should });
      t.expect('the colour', 'red', 'red');
    }),
  );
  expect(result).toMatchObject({
    verdict: 'warn',
    reason: 'the taste: expected "sweet", got "bitter" (WADO-RS-6.5-07 was withdrawn in edition 2016c)',
    observations: ['the taste', 'the colour'],
  });
});

test.each<[string, Check, Partial<RunOptions>, string]>([
  [
    'the edition does not have what it expects',
    judging(async t => t.expect('the taste', 'bitter', 'sweet', { row: should })),
    { edition: '2016c' },
    'not in force in this edition: WADO-RS-6.5-07',
  ],
  ['the check says so', judging(async t => t.skip('there is no image: store one')), {}, 'there is no image: store one'],
  ['it would write', judging(async () => {}, { writes: true }), {}, 'it stores instances on the target: allow it with --write'],
  [
    'a given is not met',
    judging(async () => {}, { given: { data: { key: 'data', provide: async t => t.expect('the data', 'none', 'some', { row: shall }) } } }),
    {},
    'what it needs could not be had: the data: expected "some", got "none"',
  ],
  [
    'the service is not offered',
    judging(async () => {}),
    { offers: { 'qido-rs': { key: 'o', provide: async t => t.skip('no search here') } } },
    'no search here',
  ],
])('skip: %s', async (_, one, options, reason) => {
  expect(await resultOf(one, options)).toMatchObject({ verdict: 'skip', reason });
});

const refusing: Server = async () => {
  throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
};

test.each<[string, Check, Server, RegExp]>([
  [
    'the connection is refused',
    judging(async t => void (await t.get('studies'))),
    refusing,
    /GET http:\/\/server.invalid\/rs\/studies: nothing listens there/,
  ],
  [
    'no answer in time',
    judging(async t => void (await t.get('studies'))),
    () => new Promise(() => {}),
    /no complete response within 0.1 s/,
  ],
  [
    'too large a body',
    judging(async t => void (await t.get('studies'))),
    async () => new Response('x'.repeat(1001)),
    /larger than 1000 bytes/,
  ],
  ['a defect of the check', judging(async () => void JSON.parse('{')), hello, /a defect of this suite, not of the server: SyntaxError/],
  ['no observation', judging(async t => void (await t.get('studies'))), hello, /the check made no observation/],
])('error: %s', async (_, one, server, reason) => {
  const result = await resultOf(one, {}, server);
  expect(result.verdict).toBe('error');
  expect(result.reason).toMatch(reason);
});

test('a may is never failed', async () => {
  const result = await resultOf(judging(async t => t.expect('the taste', 1, 2), { requires: ['WADO-RS-6.5.6-12'] }));
  expect(result.verdict).toBe('pass');
});

test('what a later edition accepts is said so', async () => {
  const one = judging(async t => t.expect('the status', 204, byEdition({ '2013': 200, '2016a': anyOf(200, 204) })));
  expect((await resultOf(one)).reason).toBe('the status: expected 200, got 204 (edition 2016a and later: as answered)');
  expect((await resultOf(one, { edition: '2016a' })).verdict).toBe('pass');
});

test('generated values shrink to the smallest that fails, with the seed to find it again', async () => {
  const one = judging(async t => {
    await t.forAll(fc.nat(1000), async value => t.expect('the value', value < 17 ? 'small' : 'large', 'small'));
  });
  const result = await resultOf(one, { seed: 7, runs: 100 });
  expect(result).toMatchObject({ verdict: 'fail', counterexample: { value: '17', seed: 7 } });
});

test.each([
  [{ pass: 3, fail: 0, warn: 2, skip: 1, error: 0 }, true, 0],
  [{ pass: 3, fail: 1, warn: 0, skip: 0, error: 0 }, true, 1],
  [{ pass: 3, fail: 1, warn: 0, skip: 0, error: 1 }, true, 2],
  [{ pass: 3, fail: 0, warn: 0, skip: 0, error: 0 }, false, 2],
] as const)('the exit status of %j, complete %s, is %i', (summary, complete, status) => {
  expect(exitStatus({ summary, complete })).toBe(status);
});

test('credentials and values of patients are nowhere in a result', async () => {
  const one = judging(async t => {
    t.conceal('Doe^Jane');
    const { response } = await t.send({ to: 'studies?PatientName=Doe%5EJane', headers: { 'X-Trace': 'Doe^Jane' } });
    t.record('the patient', 'Doe^Jane');
    t.expect('the name in the answer of Doe^Jane', response.status, 404);
  });
  const answer = {
    status: 200,
    headers: [
      ['Set-Cookie', 'session=abc'],
      ['X-Patient', 'Doe^Jane'],
    ] as const,
    body: new Uint8Array(),
  };
  const headers = [
    ['Authorization', 'Bearer tops3cret'],
    ['X-Key', 'tops3cret'],
  ] as const;
  const target = {
    endpoints: { rs: 'http://user:tops3cret@server.invalid/rs' },
    transport: { send: async () => answer, close: async () => {} },
    headers,
  };
  const report = await run({ target, checks: [one] });
  expect(report.summary.fail).toBe(1);
  expect(JSON.stringify(report)).not.toMatch(/tops3cret|Doe|Jane|session=abc/);
});
