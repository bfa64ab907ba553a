import { HttpError } from './errors.ts';

/** A part of a request: its header lines by lower-case name, and its bytes. */
export interface ReceivedPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** A header value with parameters, taken apart: `name` in lower case, parameters by lower-case name (RFC 2045 5.1). */
export function withParameters(value: string): { readonly name: string; readonly parameters: ReadonlyMap<string, string> } {
  const [, name = ''] = /^\s*([^\s;]*)/.exec(value) ?? [];
  const parameters = [...value.matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)].map(
    ([, key = '', quoted, bare = '']) =>
      [key.toLowerCase(), quoted === undefined ? bare.trim() : quoted.replaceAll(/\\(.)/g, '$1')] as const,
  );
  return { name: name.toLowerCase(), parameters: new Map(parameters) };
}

/** RFC 2046 5.1.1: takes a multipart body apart; 400 with what is wrong, so that a body which is not whole stores nothing. */
export function readParts(body: Buffer, boundary: string): readonly ReceivedPart[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: ReceivedPart[] = [];
  let line = nextDelimiter(body, delimiter, 0);
  if (!line) throw new HttpError(400, 'The boundary that Content-Type names does not occur in the body.');
  while (!line.last) {
    const next = nextDelimiter(body, delimiter, line.end);
    if (!next) throw new HttpError(400, 'The body ends before the closing delimiter of the multipart message.');
    parts.push(readPart(body.subarray(line.end, Math.max(line.end, next.start - 2)), parts.length + 1));
    line = next;
  }
  return parts;
}

interface Delimiter {
  readonly start: number;
  /** Where the next part begins. */
  readonly end: number;
  readonly last: boolean;
}

/** The next delimiter line: at the beginning of a line, followed by nothing but blanks and a line break, or by two hyphens. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): Delimiter | null {
  for (let start = body.indexOf(delimiter, from); start !== -1; start = body.indexOf(delimiter, start + 1)) {
    const lineStart = start === 0 || (start >= 2 && body[start - 2] === 13 && body[start - 1] === 10);
    // A delimiter that ends the blank line of a header belongs to an empty part.
    if (!lineStart) continue;
    let at = start + delimiter.length;
    const last = body[at] === 45 && body[at + 1] === 45;
    if (last) return { start, end: at + 2, last };
    while (body[at] === 32 || body[at] === 9) at += 1;
    if (body[at] === 13 && body[at + 1] === 10) return { start, end: at + 2, last };
  }
  return null;
}

function readPart(part: Buffer, number: number): ReceivedPart {
  const noHeaders = part[0] === 13 && part[1] === 10;
  const blank = noHeaders ? 0 : part.indexOf('\r\n\r\n');
  if (blank === -1) throw new HttpError(400, `Part ${number} has no blank line between its header and its content.`);
  const lines = part
    .toString('latin1', 0, blank)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter(Boolean);
  const headers = lines.map(text => {
    const at = text.indexOf(':');
    if (at <= 0) throw new HttpError(400, `Part ${number} has the header line "${text.slice(0, 60)}", which has no name.`);
    return [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()] as const;
  });
  return { headers: new Map(headers), body: part.subarray(blank + (noHeaders ? 2 : 4)) };
}
