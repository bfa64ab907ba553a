import { HttpError } from './errors.ts';

/** What a multipart message turns out to hold, in its order: the head of a part, then the pieces of its content. */
export type Received =
  | {
      readonly kind: 'part' /** Its header lines by lower-case name; of repeated ones the last. */;
      readonly headers: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'content'; readonly bytes: Uint8Array };

/** A header value with parameters, taken apart: `name` in lower case, parameters by lower-case name (RFC 2045 5.1). */
export function withParameters(value: string): { readonly name: string; readonly parameters: ReadonlyMap<string, string> } {
  const [, name = ''] = /^\s*([^\s;]*)/.exec(value) ?? [];
  const parameters = [...value.matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)].map(
    ([, key = '', quoted, bare = '']) =>
      [key.toLowerCase(), quoted === undefined ? bare.trim() : quoted.replaceAll(/\\(.)/g, '$1')] as const,
  );
  return { name: name.toLowerCase(), parameters: new Map(parameters) };
}

/** The most octets of header lines that a part may have, and of blanks behind a delimiter. */
const longestHead = 64 * 1024;
const mostPadding = 1024;
const [cr, lf, hyphen, blank, tab] = [13, 10, 45, 32, 9];

type Delimiter = { readonly start: number; readonly end: number; readonly kind: 'opens' | 'closes' | 'undecided' };

/**
 * RFC 2046 5.1.1: takes a multipart body apart as it arrives, however its octets are cut into chunks, and keeps no more of it than a delimiter and a head take. Throws 400 with
 * what is wrong; only a message that was read to its end is whole.
 */
export async function* readMultipart(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Received> {
  const needle = Buffer.from(`\r\n--${boundary}`, 'latin1');
  let place: 'preamble' | 'head' | 'content' | 'epilogue' = 'preamble';
  // The line break before the first delimiter may be left out, so one is put there.
  let held: Buffer = Buffer.from('\r\n');
  /** Octets at the beginning of `held` that belong to the head, and count only as the line break before a delimiter. */
  let spent = 2;
  let parts = 0;

  /** Reads on in `held`; nothing when more octets are needed. */
  function next(): readonly Received[] | null {
    if (place === 'head') {
      const end = held.indexOf('\r\n\r\n');
      if (end === -1) {
        if (held.length > longestHead) throw new HttpError(400, `The header lines of part ${parts} are longer than ${longestHead} bytes.`);
        return null;
      }
      const head: Received = { kind: 'part', headers: headersOf(held.toString('latin1', 2, Math.max(2, end)), parts) };
      // The line break that ends an empty line may begin the next delimiter: the part is empty then.
      held = held.subarray(end + 2);
      spent = 2;
      place = 'content';
      return [head];
    }
    const delimiter = delimiterIn(held, needle);
    const sure = delimiter?.start ?? Math.max(0, held.length - needle.length + 1);
    const pieces: Received[] = [];
    if (place === 'content' && sure > spent) pieces.push({ kind: 'content', bytes: held.subarray(spent, sure) });
    spent = Math.max(0, spent - sure);
    if (!delimiter || delimiter.kind === 'undecided') {
      held = held.subarray(sure);
      return pieces.length > 0 ? pieces : null;
    }
    if (delimiter.kind === 'closes') place = 'epilogue';
    else {
      place = 'head';
      parts += 1;
    }
    // A head keeps the line break before it, so that one without lines ends like any other.
    held = held.subarray(delimiter.end - (place === 'head' ? 2 : 0));
    spent = 0;
    return pieces;
  }

  for await (const chunk of body) {
    if (phase() === 'epilogue') continue;
    held = held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([held, chunk]);
    for (let found = next(); found !== null; found = phase() === 'epilogue' ? null : next()) yield* found;
  }
  if (phase() === 'preamble')
    throw new HttpError(
      400,
      'The boundary that Content-Type names does not occur in the body at the beginning of a line; lines end with CR LF.',
    );
  if (phase() !== 'epilogue') throw new HttpError(400, 'The body ends before the closing delimiter of the multipart message.');

  function phase(): typeof place {
    return place;
  }
}

/** The next delimiter line: a line break, the boundary behind two hyphens, then nothing but blanks and a line break, or two hyphens. */
function delimiterIn(bytes: Buffer, needle: Buffer): Delimiter | null {
  for (let start = bytes.indexOf(needle); start !== -1; start = bytes.indexOf(needle, start + 1)) {
    let at = start + needle.length;
    if (bytes[at] === hyphen && bytes[at + 1] === hyphen) return { start, end: at + 2, kind: 'closes' };
    const behind = at;
    while (bytes[at] === blank || bytes[at] === tab) at += 1;
    if (bytes[at] === cr && bytes[at + 1] === lf) return { start, end: at + 2, kind: 'opens' };
    const cutOff = at === bytes.length || (at + 1 === bytes.length && (bytes[at] === cr || (at === behind && bytes[at] === hyphen)));
    if (cutOff && at - behind <= mostPadding) return { start, end: start, kind: 'undecided' };
  }
  return null;
}

/** RFC 822 3.1 and RFC 2616 4.2: header lines, folded ones made one. */
function headersOf(text: string, number: number): ReadonlyMap<string, string> {
  const lines = text
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter(line => line !== '');
  return new Map(
    lines.map(line => {
      const at = line.indexOf(':');
      if (at <= 0) throw new HttpError(400, `Part ${number} has the header line ${JSON.stringify(line.slice(0, 60))}, which has no name.`);
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
}
