import { type HeaderLine, headerValue } from '../../harness/wire.ts';
import { type Defect, type Read, Unreadable } from './defect.ts';
import { readMediaType } from './header.ts';

/** One part as it stood in the message. */
export interface MultipartPart {
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/** A multipart message taken apart. */
export interface Multipart {
  readonly boundary: string;
  readonly preamble: Uint8Array;
  readonly epilogue: Uint8Array;
  readonly parts: readonly MultipartPart[];
}

const boundaryCharacters = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
const needsQuotes = /[()<>@,;:\\"/[\]?= ]/;

/** Takes a multipart/related message apart byte by byte (RFC 2046 5.1, RFC 2387, RFC 2616 3.7.2); Unreadable when there is no boundary or no delimiter. */
export function readMultipart(contentType: string, body: Uint8Array): Read<Multipart> {
  const before = taken.get(body);
  if (before?.contentType === contentType) return before.read;
  const read = takeApart(contentType, body);
  taken.set(body, { contentType, read });
  return read;
}

/** What was taken apart: each message is looked at by several checks. */
const taken = new WeakMap<Uint8Array, { readonly contentType: string; readonly read: Read<Multipart> }>();

function takeApart(contentType: string, body: Uint8Array): Read<Multipart> {
  const defects: Defect[] = [];
  const { type, parameters, quoted } = readMediaType(contentType).value;
  if (!type.startsWith('multipart/')) throw new Unreadable(`the Content-Type is ${type || 'missing'}, not multipart`);
  const boundary = parameters.get('boundary');
  if (boundary === undefined || boundary === '') throw new Unreadable('the Content-Type has no boundary');
  // RFC 2046 5.1.1.
  if (!boundaryCharacters.test(boundary))
    defects.push({ row: 'WADO-RS-MIME-02', what: `the boundary "${boundary}" has more than 70 or other characters than it may have` });
  // RFC 2045 5.1.
  if (!quoted.has('boundary') && needsQuotes.test(boundary))
    defects.push({ row: 'WADO-RS-MIME-03', what: `the boundary ${boundary} has special characters and is not quoted` });

  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiters = delimitersIn(bytes, boundary, defects);
  const [first] = delimiters;
  if (!first) throw new Unreadable(`the body of ${bytes.length} bytes has no line "--${boundary}"`);
  const last = delimiters.find(delimiter => delimiter.closes);
  // 5.1.1: the last delimiter ends with two hyphens.
  if (!last) defects.push({ row: 'WADO-RS-MIME-11', what: 'the message has no closing delimiter' });
  const opening = delimiters.filter(delimiter => !delimiter.closes && delimiter.start < (last?.start ?? Number.POSITIVE_INFINITY));
  const parts = opening.map((delimiter, i) => {
    const next = opening[i + 1] ?? last;
    return readPart(bytes.subarray(delimiter.end, next ? Math.max(delimiter.end, next.contentEnd) : bytes.length), i + 1, defects);
  });
  if (parts.length === 0) defects.push({ row: 'WADO-RS-MIME-19', what: 'the message has no part' });
  const epilogue = last ? bytes.subarray(last.end) : bytes.subarray(bytes.length);
  // RFC 2616 3.7.2: the epilogue is empty; a line break may end the closing delimiter.
  if (/[^\s]/.test(epilogue.toString('latin1').slice(0, 10_000)))
    defects.push({ row: 'WADO-RS-MIME-14', what: `${epilogue.length} bytes follow the closing delimiter` });
  typeDefects(parameters, quoted, parts, defects);
  return { value: { boundary, preamble: bytes.subarray(0, first.start), epilogue, parts }, defects };
}

interface Delimiter {
  readonly start: number;
  /** Where the content before it ends: its line break belongs to the delimiter. */
  readonly contentEnd: number;
  /** Where what follows it begins. */
  readonly end: number;
  readonly closes: boolean;
  /** Whether its lines end in CRLF, as they have to. */
  readonly strict: boolean;
}

/** RFC 2046 5.1.1: a delimiter begins a line; blanks may follow it up to the line break. Lines with bare line feeds count only where there are no others. */
function delimitersIn(bytes: Buffer, boundary: string, defects: Defect[]): readonly Delimiter[] {
  const dashBoundary = Buffer.from(`--${boundary}`, 'latin1');
  const found: Delimiter[] = [];
  for (let start = bytes.indexOf(dashBoundary); start !== -1; start = bytes.indexOf(dashBoundary, start + 1)) {
    const delimiter = delimiterAt(bytes, start, start + dashBoundary.length);
    if (delimiter) found.push(delimiter);
  }
  const strict = found.filter(delimiter => delimiter.strict);
  const used = strict.some(delimiter => delimiter.closes) || strict.length === found.length ? strict : found;
  const loose = used.find(delimiter => !delimiter.strict);
  if (loose) defects.push({ row: 'WADO-RS-MIME-09', what: `a bare line feed stands before or after the delimiter at byte ${loose.start}` });
  return used;
}

function delimiterAt(bytes: Buffer, start: number, behind: number): Delimiter | null {
  const crlfBefore = start === 0 || (bytes[start - 2] === 13 && bytes[start - 1] === 10);
  if (!crlfBefore && bytes[start - 1] !== 10) return null;
  const contentEnd = start - (start === 0 ? 0 : crlfBefore ? 2 : 1);
  if (bytes[behind] === 45 && bytes[behind + 1] === 45) return { start, contentEnd, end: behind + 2, closes: true, strict: crlfBefore };
  let at = behind;
  while (bytes[at] === 32 || bytes[at] === 9) at += 1;
  const crlf = bytes[at] === 13 && bytes[at + 1] === 10;
  if (!crlf && bytes[at] !== 10) return null;
  return { start, contentEnd, end: at + (crlf ? 2 : 1), closes: false, strict: crlfBefore && crlf };
}

/** RFC 2046 5.1: header lines, an empty line, the content. */
function readPart(part: Buffer, number: number, defects: Defect[]): MultipartPart {
  const crlf = part[0] === 13 && part[1] === 10 ? 0 : part.indexOf('\r\n\r\n');
  const lf = part[0] === 10 ? 0 : part.indexOf('\n\n');
  const bare = lf !== -1 && (crlf === -1 || lf < crlf);
  const end = bare ? lf : crlf;
  if (end === -1) {
    defects.push({ row: 'WADO-RS-MIME-10', what: `part ${number} has no empty line between header and content` });
    return { headers: [], body: part };
  }
  const gap = bare ? (end === 0 ? 1 : 2) : end === 0 ? 2 : 4;
  const head = part.toString('latin1', 0, end);
  if (bare || /(?<!\r)\n/.test(head))
    defects.push({ row: 'WADO-RS-MIME-09', what: `header lines of part ${number} end in a bare line feed` });
  const headers = head
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter(line => line !== '')
    .map((line): HeaderLine => {
      const colon = line.indexOf(':');
      if (colon <= 0)
        defects.push({ row: 'WADO-RS-MIME-10', what: `part ${number} has "${line.slice(0, 60)}" where a header line belongs` });
      return [line.slice(0, Math.max(0, colon)).trim(), line.slice(colon + 1).trim()];
    });
  if (headerValue(headers, 'Content-Type') === null) defects.push({ row: 'WADO-RS-MIME-18', what: `part ${number} has no Content-Type` });
  const coding = headerValue(headers, 'Content-Transfer-Encoding');
  if (coding !== null && !/^(binary|8bit|7bit)$/i.test(coding))
    defects.push({ row: 'WADO-RS-MIME-16', what: `part ${number} has Content-Transfer-Encoding: ${coding}` });
  return { headers, body: part.subarray(end + gap) };
}

/** RFC 2387 3.1 and 3.2: the type parameter and the root part. */
function typeDefects(
  parameters: ReadonlyMap<string, string>,
  quoted: ReadonlySet<string>,
  parts: readonly MultipartPart[],
  defects: Defect[],
): void {
  const type = parameters.get('type');
  if (type === undefined) {
    defects.push({ row: 'WADO-RS-MIME-05', what: 'the Content-Type has no type parameter' });
    return;
  }
  if (!quoted.has('type')) defects.push({ row: 'WADO-RS-MIME-07', what: `the type parameter ${type} is not quoted` });
  const start = parameters.get('start');
  const types = parts.map(part => readMediaType(headerValue(part.headers, 'Content-Type') ?? '').value.type);
  const named = start === undefined ? 0 : parts.findIndex(part => headerValue(part.headers, 'Content-ID') === start);
  const root = types[Math.max(0, named)] ?? '';
  // A type inside the value, with parameters of its own, is one reading of the print.
  const told = type.split(';')[0]?.trim().toLowerCase() ?? '';
  // 6.5.5.2.1 prints octet-stream on the message whatever the form of the item is.
  if (root !== '' && told !== root && !(told === 'application/octet-stream' && /^(image|video)\//.test(root)))
    defects.push({
      row: 'WADO-RS-MIME-06',
      what: `the type parameter is ${told}, but the ${start === undefined ? 'first' : 'root'} part is ${root}`,
    });
}
