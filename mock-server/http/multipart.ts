import { createHash } from 'node:crypto';
import { inMemory, type Octets } from '../storage/octets.ts';

/** One part of a multipart message: its header lines and its bytes. */
export interface Part {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | Octets;
}

/** Makes a part when the client is ready for it. */
export type MakePart = () => Part | Promise<Part>;

/**
 * A multipart/related response (RFC 2046 5.1, RFC 2387). `type` is the media type of the parts. The parts are made one by one as the client reads, so that a large study is never
 * in memory as one message. The boundary is a digest of `seed`: the same for the same request, and in no part but by an accident of 1 in 2^128.
 * `parameters` of the message go behind these two.
 */
export function multipartRelated(
  parts: readonly MakePart[],
  type: string,
  seed: string,
  status = 200,
  parameters: Readonly<Record<string, string>> = {},
): Response {
  const boundary = createHash('sha256').update(seed).digest('hex').slice(0, 32);
  const source = chunks(parts, boundary);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await source.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  const more = Object.entries(parameters).map(([name, value]) => `; ${name}="${value}"`);
  return new Response(body, {
    status,
    headers: { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}${more.join('')}` },
  });
}

const largestChunk = 1024 * 1024;

async function* chunks(parts: readonly MakePart[], boundary: string): AsyncGenerator<Uint8Array, undefined> {
  for (const [i, make] of parts.entries()) {
    const { headers, body } = await make();
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const head = Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${lines}\r\n`, 'latin1');
    const octets = body instanceof Uint8Array ? inMemory(body) : body;
    const first = octets.slice(0, Math.min(octets.length, largestChunk));
    yield Buffer.concat([head, first]);
    for (let at = first.length; at < octets.length; at += largestChunk) yield octets.slice(at, Math.min(octets.length, at + largestChunk));
  }
  yield Buffer.from(`\r\n--${boundary}--`, 'latin1');
}
