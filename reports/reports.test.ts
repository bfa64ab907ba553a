import { Ajv2020 } from 'ajv/dist/2020.js';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { machineOutput } from '../schemas/machine-output.ts';
import { coverageOf } from '../suites/harness/coverage.ts';
import type { Report, Result } from '../suites/harness/result.ts';
import { coverageReport } from './coverage.ts';
import { junitReport } from './junit.ts';
import { progress } from './progress.ts';
import { recordOf } from './record.ts';
import { terminalReport, totalLine } from './terminal.ts';

const result = (service: string, claim: string, more: Partial<Result>): Result => ({
  id: `${service}/topic/${claim}`,
  title: `A title about ${claim}`,
  verdict: 'pass',
  level: 'shall',
  service,
  requires: ['QIDO-RS-6.7.1.1-52'],
  sections: ['6.7.1.1'],
  reason: '',
  observations: ['the status'],
  exchanges: [],
  counterexample: null,
  ms: 12,
  ...more,
});

const exchange: Result['exchanges'][number] = {
  request: { method: 'GET', url: 'http://pacs.example/rs/studies?limit=2', headers: [['Accept', 'application/json']], bodyBytes: 0 },
  response: { status: 200, headers: [['Content-Type', 'application/json']], bodyBytes: 1 },
  curl: "curl -sS -i -H 'Accept: application/json' 'http://pacs.example/rs/studies?limit=2'",
};

const results: readonly Result[] = [
  result('qido-rs', 'counterexample', {
    verdict: 'fail',
    reason: 'the studies found: expected ["1.2.3"], got [] (edition 2014a and later: as answered)',
    exchanges: [exchange, exchange],
    counterexample: { value: "PatientName=A*'", seed: 7, path: '3:1:0', runs: 4, shrinks: 2 },
  }),
  result('qido-rs', 'hostile-text', {
    verdict: 'fail',
    reason: 'the body: expected "a", got \u001B[2J\u0000 ]]> <&"\' \uD800 \u009B end\nsecond line',
    exchanges: [exchange],
  }),
  result('qido-rs', 'records', {
    level: 'may',
    observations: ['Content-Length: not sent', 'the status of HEAD: 405', 'the status for Accept: */*', 'the answer to Accept: */*: text'],
  }),
  result('qido-rs', 'should', { verdict: 'warn', level: 'should', reason: 'the status: expected 200, got 204', exchanges: [exchange] }),
  result('wado-rs', 'gone-1', { verdict: 'error', reason: 'GET http://pacs.example/rs/studies/1: no complete response within 10 s' }),
  result('wado-rs', 'gone-2', { verdict: 'error', reason: 'GET http://pacs.example/rs/studies/2: no complete response within 10 s' }),
  result('wado-rs', 'no-fixture', {
    verdict: 'skip',
    reason: 'the target does not hold the fixture study "ct": allow storing it with --write',
  }),
  ...['a', 'b', 'c', 'd'].map(claim => result('stow-rs', claim, { verdict: 'skip', reason: 'it stores instances on the target' })),
];

/** A report with every verdict and every shape of finding. */
const sample: Report = {
  tool: { name: 'dicomweb-conformance', version: '0.1.0' },
  target: 'http://pacs.example/rs',
  edition: '2013',
  seed: 7,
  started: '2026-01-02T03:04:05.678Z',
  durationMs: 4321,
  requests: 99,
  summary: { pass: 1, fail: 2, warn: 1, skip: 5, error: 2 },
  results,
  complete: false,
};

test('the terminal report', async () => {
  await expect(terminalReport(sample, { width: 90, colours: false })).toMatchFileSnapshot('golden/terminal.golden.txt');
});

test('the terminal report in colours says the same', () => {
  const coloured = terminalReport(sample, { width: 90, colours: true });
  expect(coloured).toContain('\u001B[31m');
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(terminalReport(sample, { width: 90, colours: false }));
});

test('what a server sends cannot steer the terminal', () => {
  expect(terminalReport(sample, { width: 90, colours: false })).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

test('nothing but command lines is wider than the terminal', () => {
  const wide = terminalReport(sample, { width: 60, colours: false })
    .split('\n')
    .filter(line => line.length > 60 && !line.includes('curl') && !line.includes('http') && !/^\d+ pass/.test(line));
  expect(wide).toEqual([]);
});

test('the total line counts what the results say', () => {
  expect(totalLine({ ...sample, complete: true })).toBe('1 pass, 2 fail, 1 warn, 5 skip, 2 error: 99 requests in 4.3 s, seed 7');
  expect(totalLine(sample)).toContain('interrupted');
});

test('JUnit XML', async () => {
  await expect(junitReport(sample)).toMatchFileSnapshot('golden/junit.golden.xml');
});

test('JUnit XML is well-formed whatever a server sends, and its counts are those of its cases', () => {
  const every = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join('');
  const hostile: Report = { ...sample, results: sample.results.map(result => ({ ...result, reason: `${every}\uD800\uFFFE]]>` })) };
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0, suites: 0 };
  const parser = new SaxesParser();
  const said: string[] = [];
  parser.on('error', error => said.push(error.message));
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testsuite') {
      counts.suites += 1;
      for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) counts[key] += Number(attributes[key]);
    }
    if (name === 'testcase') counts.tests -= 1;
    if (name === 'failure') counts.failures -= 1;
    if (name === 'error') counts.errors -= 1;
    if (name === 'skipped') counts.skipped -= 1;
  });
  parser.write(junitReport(hostile)).close();
  expect(said).toEqual([]);
  expect(counts).toEqual({ tests: 0, failures: 0, errors: 0, skipped: 0, suites: 3 });
});

test('the record is the report, and its schema knows it', () => {
  expect(JSON.parse(recordOf(sample))).toEqual(JSON.parse(JSON.stringify(sample)));
  const valid = new Ajv2020({ validateFormats: false, strictTypes: false }).compile(machineOutput.report);
  expect(valid(JSON.parse(recordOf(sample))), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ ...sample, extra: 1 })).toBe(false);
  expect(valid({ ...sample, results: sample.results.map(result => ({ ...result, verdict: 'maybe' })) })).toBe(false);
});

test('the coverage report counts every row', () => {
  const coverage = coverageOf([{ id: 'qido-rs/a/b', requires: ['QIDO-RS-6.7-01'] }]);
  const text = coverageReport(coverage, { width: 100 });
  const { judged, unjudgeable, open } = coverage.services['qido-rs']!;
  expect(text).toMatch(
    new RegExp(`^qido-rs +1 +${unjudgeable.length} +${open.length} +${judged.length + unjudgeable.length + open.length}$`, 'm'),
  );
  for (const id of open) expect(text).toContain(id);
});

function told(live: boolean): string {
  const lines: string[] = [];
  const { onResult, end } = progress({ live, colours: false, width: 60, write: text => lines.push(text) });
  for (const [i, result] of sample.results.entries()) onResult(result, i + 1, sample.results.length);
  end();
  return lines.join('');
}

test('without a terminal, progress is a line for each finding and each quarter', () => {
  expect(told(false).split('\n')).toEqual([
    'fail qido-rs/topic/counterexample',
    'fail qido-rs/topic/hostile-text',
    '3 of 11 checks made',
    'warn qido-rs/topic/should',
    'error wado-rs/topic/gone-1',
    'error wado-rs/topic/gone-2',
    '6 of 11 checks made',
    '9 of 11 checks made',
    '11 of 11 checks made',
    '',
  ]);
});

test('on a terminal, progress leaves nothing behind but the findings', () => {
  const screen = told(true)
    .split('\n')
    .map(line => line.slice(line.lastIndexOf('\r\u001B[2K') + 1).replace('\u001B[2K', ''));
  expect(screen).toEqual([
    'fail qido-rs/topic/counterexample',
    'fail qido-rs/topic/hostile-text',
    'warn qido-rs/topic/should',
    'error wado-rs/topic/gone-1',
    'error wado-rs/topic/gone-2',
    '',
  ]);
});
