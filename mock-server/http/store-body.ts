import type { Arrived, Batch, Incoming } from '../storage/keeper.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { readMultipart } from './multipart-request.ts';

/** A part of a store request: its header lines by lower-case name, and its octets, wherever they are kept. */
export interface ReceivedPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly arrived: Arrived;
}

const mostParts = 100_000;

/**
 * Takes the body of a store request apart as it arrives and keeps its parts aside; only a body that was read to its end gives any. `begin` looks at the header first and gives
 * the boundary. What is refused is read to its end all the same, because a client that is still sending would see its connection reset in place of the answer.
 */
export async function receive(call: Call, batch: Batch, begin: () => string): Promise<readonly ReceivedPart[]> {
  const reader = call.request.body?.getReader();
  let size = 0;
  async function* octets(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { done, value } = (await reader?.read().catch(cutOff)) ?? { done: true, value: undefined };
      if (done || !value) return;
      size += value.length;
      if (size > call.context.maximumBody) throw new HttpError(413, `The body is larger than ${call.context.maximumBody} bytes.`);
      yield value;
    }
  }
  const source = octets();
  try {
    return await partsOf(source, batch, begin());
  } catch (error) {
    // A generator that was left would end the source, so it is read on by hand.
    if (!(error instanceof HttpError && error.status === 413)) for (let more = true; more; ) more = await skipped(reader);
    await reader?.cancel().catch(() => {});
    throw error;
  }
}

function cutOff(): never {
  throw new HttpError(400, 'The body was cut off.');
}

async function skipped(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<boolean> {
  return reader
    ? await reader.read().then(
        ({ done }) => !done,
        () => false,
      )
    : false;
}

async function partsOf(body: AsyncIterable<Uint8Array>, batch: Batch, boundary: string): Promise<readonly ReceivedPart[]> {
  const parts: ReceivedPart[] = [];
  let current: { readonly headers: ReadonlyMap<string, string>; readonly incoming: Incoming } | undefined;
  const close = async () => {
    if (current) parts.push({ headers: current.headers, arrived: await current.incoming.end() });
  };
  for await (const each of readMultipart(body, boundary)) {
    if (each.kind === 'content') {
      await current?.incoming.write(each.bytes);
      continue;
    }
    await close();
    if (parts.length === mostParts) throw new HttpError(413, `The message has more than ${mostParts} parts.`);
    current = { headers: each.headers, incoming: batch.receive() };
  }
  await close();
  return parts;
}
