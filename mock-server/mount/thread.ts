import { Worker } from 'node:worker_threads';
import type { Edition } from '../../schemas/editions.ts';
import type { RequestMessage, ResponseMessage } from './messages.ts';

/** A mock server in a thread of its own. */
export interface ThreadedServer {
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

/** Starts a mock server with the fixtures in another thread, so that it works while its client does. Needs the built files; answers are collected before they are handed over. */
export function inThread(edition: Edition): ThreadedServer {
  const worker = new Worker(new URL('./threaded.js', import.meta.url), {
    workerData: { edition },
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  const waiting = new Map<number, PromiseWithResolvers>();
  const fail = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread of the mock server has ended')));
  worker.on('message', ({ id, status, headers, body }: ResponseMessage) => {
    waiting.get(id)?.resolve(new Response(body, { status, headers: headers as [string, string][] }));
    waiting.delete(id);
  });
  let sent = 0;
  return {
    async fetch(request) {
      const body = request.body ? await request.arrayBuffer() : null;
      const message: RequestMessage = { id: sent++, method: request.method, url: request.url, headers: [...request.headers], body };
      return new Promise<Response>((resolve, reject) => {
        waiting.set(message.id, { resolve, reject });
        worker.postMessage(message, body ? [body] : []);
      });
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

interface PromiseWithResolvers {
  resolve(response: Response): void;
  reject(error: unknown): void;
}
