import { Worker } from 'node:worker_threads';
import type { Edition } from '../../schemas/editions.ts';
import type { RequestMessage, ResponseMessage } from './messages.ts';

type Answer = Omit<ResponseMessage, 'id'>;

/** A request as it stands on the wire; with `chunkBytes` its body comes in chunks. */
interface WireRequest extends Pick<RequestMessage, 'method' | 'url' | 'headers'> {
  readonly body: Uint8Array | null;
  readonly chunkBytes?: number;
}

/** A mock server in a thread of its own. */
export interface ThreadedServer {
  /** Answers a request; the answer is collected before it is handed over. */
  answer(request: WireRequest): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a mock server with the fixtures in another thread, so that it works while its client does. Needs the built files. */
export function inThread(edition: Edition): ThreadedServer {
  const worker = new Worker(new URL('./threaded.js', import.meta.url), {
    workerData: { edition },
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: unknown): void }>();
  const fail = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread of the mock server has ended')));
  worker.on('message', ({ id, ...answer }: ResponseMessage) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  let sent = 0;
  return {
    answer: ({ method, url, headers, body, chunkBytes }) =>
      new Promise((resolve, reject) => {
        const id = sent++;
        waiting.set(id, { resolve, reject });
        const message: RequestMessage = {
          id,
          method,
          url,
          headers: body && chunkBytes ? [...headers, ['Transfer-Encoding', 'chunked']] : headers,
          // A copy: what is cloned is the whole buffer that a view looks at.
          body: body && Uint8Array.from(body),
        };
        worker.postMessage(message, message.body ? [message.body.buffer] : []);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
