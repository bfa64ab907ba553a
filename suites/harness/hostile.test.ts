import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Check, check } from './check.ts';
import { run } from './run.ts';
import { overTcp } from './transport.ts';

const checks: readonly Check[] = Array.from({ length: 12 }, (_, i) =>
  check({
    id: `qido-rs/test/${String(i).padStart(2, '0')}`,
    title: 'The status is 200',
    requires: ['QIDO-RS-6.7-01'],
    fault: server => server,
    run: async t => t.expect('the status', (await t.get(`studies?number=${i}`)).response.status, 200),
  }),
);

const open = new Set<Server>();
const sockets = new Set<Socket>();

/** A server that does this with every connection. */
async function listening(behave: (socket: Socket) => void): Promise<string> {
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    behave(socket);
  });
  open.add(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/rs`;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of open) server.close();
  open.clear();
  sockets.clear();
});

async function judged(url: string) {
  const transport = overTcp({ timeoutMs: 300, maxBodyBytes: 100_000, connections: 4 });
  const begun = performance.now();
  const report = await run({ target: { endpoints: { rs: url }, transport }, checks, concurrency: 4 });
  await transport.close();
  return { report, seconds: (performance.now() - begun) / 1000 };
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';

const hostile: Readonly<Record<string, readonly [behave: (socket: Socket) => void, reason: RegExp]>> = {
  'never answers': [() => {}, /no complete response within 0.3 s/],
  'sends an endless body': [
    socket => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (error?: unknown) => !error && socket.write('x'.repeat(50_000), more);
      socket.once('data', () => more());
    },
    /larger than 100000 bytes/,
  ],
  'sends an endless header': [
    socket => {
      const more = (error?: unknown) => !error && socket.write(`X-More: ${'x'.repeat(50_000)}\r\n`, more);
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n', more));
    },
    /headers are larger/,
  ],
  'drips its body': [
    socket => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    },
    /no complete response within 0.3 s/,
  ],
  'closes after the header': [
    socket => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')),
    /closed|as long as/,
  ],
  'closes at once': [socket => socket.destroy(), /closed|reset/],
  'does not speak HTTP': [socket => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')), /not HTTP/],
};

test.each(Object.entries(hostile))(
  'a target that %s: the run ends by itself and names each check as error',
  async (_, [behave, reason]) => {
    const { report, seconds } = await judged(await listening(behave));
    expect(report.results).toHaveLength(checks.length);
    expect(new Set(report.results.map(({ verdict }) => verdict))).toEqual(new Set(['error']));
    expect(report.results[0]?.reason).toMatch(reason);
    // After some silence the target is not asked any more, so the time does not grow with the number of checks.
    expect(report.results.at(-1)?.reason).toMatch(/not asked: the last 6 requests went without an answer/);
    expect(seconds).toBeLessThan(5);
  },
);

test('a target that dies in the middle of a run: what was judged is kept, the rest is an error', async () => {
  let answered = 0;
  const url = await listening(socket => {
    socket.on('data', () => {
      answered += 1;
      if (answered <= 5) socket.write(ok);
      else {
        for (const server of open) server.close();
        for (const each of sockets) each.destroy();
      }
    });
  });
  const { report } = await judged(url);
  expect(report.summary.pass).toBeGreaterThanOrEqual(1);
  expect(report.summary.pass + report.summary.error).toBe(checks.length);
  expect(report.summary.error).toBeGreaterThan(0);
});

test('an interrupted run keeps what it has and says that it is not complete', async () => {
  const stop = new AbortController();
  const url = await listening(socket => socket.on('data', () => socket.write(ok)));
  const transport = overTcp();
  const report = await run({
    target: { endpoints: { rs: url }, transport },
    checks,
    concurrency: 1,
    signal: stop.signal,
    onResult: (_, done) => done === 4 && stop.abort(),
  });
  await transport.close();
  expect(report).toMatchObject({ complete: false, summary: { pass: 4, error: 8 } });
  expect(report.results.at(-1)?.reason).toBe('the run was interrupted');
});
