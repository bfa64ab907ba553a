/** One part of a multipart message: its header lines and its bytes. */
export interface Part {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/**
 * A multipart/related response (RFC 2046 5.1, RFC 2387). `type` is the media type of the parts. The parts are taken one by one as the client reads, so that a large study is
 * never in memory as one message; the boundary is made from `seed`, the same for the same request, and occurs in no part.
 */
export function multipartRelated(parts: readonly (() => Part)[], type: string, seed: string, status = 200): Response {
  const boundary = boundaryFor(parts, seed);
  const source = chunks(parts, boundary);
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers: { 'Content-Type': `multipart/related; type="${type}"; boundary=${boundary}` } });
}

const largestChunk = 1024 * 1024;

function* chunks(parts: readonly (() => Part)[], boundary: string): Generator<Uint8Array> {
  for (const [i, make] of parts.entries()) {
    const { headers, body } = make();
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    yield Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${lines}\r\n`, 'latin1');
    for (let at = 0; at < body.length; at += largestChunk) yield body.subarray(at, at + largestChunk);
  }
  yield Buffer.from(`\r\n--${boundary}--`, 'latin1');
}

/** RFC 2046 5.1: the delimiter must not occur in any part. */
function boundaryFor(parts: readonly (() => Part)[], seed: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const boundary = `dicomweb-${hash(`${seed}#${attempt}`)}`;
    if (!parts.some(make => Buffer.from(make().body.buffer, make().body.byteOffset, make().body.byteLength).includes(`--${boundary}`))) return boundary;
  }
}

/** FNV-1a, twice with different beginnings, as sixteen hexadecimal digits. */
function hash(text: string): string {
  return [0x811c9dc5, 0x9dc5811c]
    .map(start => {
      let value = start;
      for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
      return value.toString(16).padStart(8, '0');
    })
    .join('');
}
