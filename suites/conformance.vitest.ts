import { expect, test } from 'vitest';
import { loadChecks } from './harness/load.ts';
import { run } from './harness/run.ts';
import { offers } from './kit/offers.ts';
import { embeddedTarget } from './kit/oracle.ts';
import { targetOf } from './kit/server.ts';

// Every check as a test, on the server at CONFORMANCE_URL, CONFORMANCE_WADO_URI and CONFORMANCE_WADO_WS or on the embedded one; CONFORMANCE_WRITE=1 allows storing.
const { CONFORMANCE_URL: url, CONFORMANCE_WADO_URI: uri, CONFORMANCE_WADO_WS: ws, CONFORMANCE_WRITE: write } = process.env;
const endpoints = { ...(uri ? { 'wado-uri': uri } : {}), ...(ws ? { 'wado-ws': ws } : {}) };

const target = url ? targetOf(url, { endpoints }) : embeddedTarget();
const checks = await loadChecks();
const report = run({
  target,
  checks,
  offers,
  claims: url ? [] : Object.keys(offers),
  mayWrite: !url || write === '1',
}).finally(() => target.transport.close());

test.for(checks.map(({ id, title }) => [id, title] as const))('%s: %s', { timeout: 600_000 }, async ([id], { skip, annotate }) => {
  const { results } = await report;
  const result = results.find(each => each.id === id);
  if (result?.verdict === 'skip') skip(result.reason);
  if (result?.verdict === 'warn') await annotate(result.reason, 'warning');
  else expect(result?.verdict, `${result?.reason}\n${result?.exchanges.at(-1)?.curl ?? ''}`).toBe('pass');
});
