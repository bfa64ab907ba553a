import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { exitStatus, judge, targetOf } from './index.ts';
import { createMockServer } from './mock-server/index.ts';

const some = { select: ['common/methods', 'qido-rs/matching/uid-list-by-commas'], claims: ['qido-rs', 'wado-rs'], seed: 7 };

test('a server is judged alike as a function and by its URL', async () => {
  const server = createMockServer();
  const { url, close } = await server.listen();
  const reports = [await judge(server.fetch, some), await judge(url, some)];
  await close();
  const [inProcess, overTcp] = reports.map(({ results }) => results.map(({ id, verdict, reason }) => [id, verdict, reason]));
  expect(inProcess?.length).toBeGreaterThan(1);
  expect(inProcess).toEqual(overTcp);
  expect(reports.map(exitStatus)).toEqual([0, 0]);
});

test('without permission nothing is stored on a server', async () => {
  const methods = new Set<string>();
  const { fetch } = createMockServer({ content: 'nothing' });
  await judge(
    request => {
      methods.add(request.method);
      return fetch(request);
    },
    { select: ['common', 'qido-rs', 'wado-rs'] },
  );
  // STOW-RS stores with POST; other methods are only sent to ask what they answer.
  expect([...methods]).toContain('GET');
  expect([...methods]).not.toContain('POST');
});

test('the name and password of a URL, and header lines, go with every request and are never shown', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(500).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const report = await judge(`http://user:p%40ss@127.0.0.1:${port}/rs/`, { headers: [['X-Key', 'hush']], select: ['qido-rs/matching'] });
  server.close();
  expect(heard.length).toBeGreaterThan(0);
  for (const headers of heard) expect(headers).toMatchObject({ authorization: `Basic ${btoa('user:p@ss')}`, 'x-key': 'hush' });
  expect(report.target).toBe(`http://127.0.0.1:${port}/rs`);
  expect(JSON.stringify(report)).not.toMatch(new RegExp(`hush|p%40ss|${btoa('user:p@ss')}`));
});

test('the base URL is taken without slashes at its end', () => {
  expect(targetOf('http://pacs.example/rs//').endpoints).toEqual({ rs: 'http://pacs.example/rs' });
});
