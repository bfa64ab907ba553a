import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soapEnvelopeSchema, wadoWsSchemas } from '../../schemas/xsd/wado-ws.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { select } from '../harness/select.ts';
import type { Exchange } from '../harness/wire.ts';
import { offers } from '../kit/offers.ts';
import { embeddedTarget } from '../kit/oracle.ts';
import { readSoap } from '../kit/read/soap.ts';
import { schemaErrors, withoutReferences } from '../kit/ws-schemas.ts';

/** Every message of a run of all checks that the mock server answers with a response: both sides' envelopes. */
const envelopes: { readonly what: string; readonly bytes: Uint8Array }[] = [];

const contentType = (exchange: Exchange) => exchange.request.headers.filter(([name]) => name === 'Content-Type');

beforeAll(async () => {
  const target = embeddedTarget();
  const transport = {
    ...target.transport,
    async send(request: Exchange['request']) {
      const response = await target.transport.send(request);
      const exchange = { request, response, ms: 0 };
      if (request.method === 'POST' && /\/wado-ws$/.test(request.url) && response.status === 200) {
        const answered = readSoap(exchange);
        const asked = readSoap({
          ...exchange,
          response: { status: 200, headers: contentType(exchange), body: request.body ?? new Uint8Array() },
        });
        const name = answered.body[0]?.name ?? '';
        envelopes.push({ what: `a request for ${name}`, bytes: asked.envelope }, { what: name, bytes: answered.envelope });
      }
      return response;
    },
  };
  const checks = select(await loadChecks(), ['wado-ws']);
  await run({ checks, target: { ...target, transport }, offers, claims: Object.keys(offers), mayWrite: true });
}, 60_000);

test('there are messages of all kinds', () => {
  expect(envelopes.length).toBeGreaterThan(200);
  expect(new Set(envelopes.map(({ what }) => what)).size).toBe(6);
});

test('every message of both sides is valid by libxml2', async () => {
  const wrong = new Set<string>();
  for (const { what, bytes } of envelopes) for (const error of await schemaErrors(bytes)) wrong.add(`${what}: ${error}`);
  expect([...wrong]).toEqual([]);
  expect(await schemaErrors(withoutStatus())).toHaveLength(1);
});

/** An answer whose RegistryResponse lacks what it has to have. */
const withoutStatus = () =>
  Buffer.from(
    Buffer.from(envelopes[1]?.bytes ?? [])
      .toString()
      .replace(/ status="[^"]*"/, ''),
  );

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

describe.skipIf(!hasXmllint)('with xmllint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wado-ws-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('every message of both sides is valid, and an invalid one is not', () => {
    for (const [name, text] of Object.entries({ ...wadoWsSchemas, 'envelope.xsd': soapEnvelopeSchema }))
      writeFileSync(join(folder, name), text);
    const names = envelopes.map(({ bytes }, i) => {
      writeFileSync(join(folder, `${i}.xml`), withoutReferences(bytes));
      return `${i}.xml`;
    });
    const options = { cwd: folder, stdio: 'pipe' } as const;
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', 'envelope.xsd', ...names], options);
    writeFileSync(join(folder, 'wrong.xml'), withoutStatus());
    expect(spawnSync('xmllint', ['--noout', '--schema', 'envelope.xsd', 'wrong.xml'], options).status).not.toBe(0);
  });
});
