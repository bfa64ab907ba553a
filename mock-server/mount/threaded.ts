import { parentPort, workerData } from 'node:worker_threads';
import { createMockServer } from '../index.ts';
import type { RequestMessage, ResponseMessage } from './messages.ts';

// What `inThread` runs: answers the requests that come as messages.
const { fetch } = createMockServer({ edition: (workerData as { readonly edition: string }).edition });

parentPort?.on('message', async ({ id, method, url, headers, body }: RequestMessage) => {
  const response = await fetch(new Request(url, { method, headers: headers as [string, string][], body }));
  const content = response.body ? await response.arrayBuffer() : new ArrayBuffer(0);
  const message: ResponseMessage = { id, status: response.status, headers: [...response.headers], body: new Uint8Array(content) };
  parentPort?.postMessage(message, [content]);
});
