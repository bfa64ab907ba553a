import type { Exchange, HeaderLine } from './wire.ts';

/** A bounded copy of an exchange that is safe to show: no credentials, nobody's data, no body but small text of our own request. */
export interface Evidence {
  readonly request: { readonly method: string; readonly url: string; readonly headers: readonly HeaderLine[]; readonly bodyBytes: number };
  readonly response: { readonly status: number; readonly headers: readonly HeaderLine[]; readonly bodyBytes: number };
  /** A command line that repeats the request. */
  readonly curl: string;
}

/** Replaces what must not be shown in a text. */
export type Redact = (text: string) => string;

const credentials = /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|.*token.*|.*secret.*)$/i;
const hidden = '<not shown>';
const longestInlineBody = 4096;
const longestValue = 500;

/** Keeps the values given, in plain and percent-encoded form, out of a text. */
export function redactor(values: Iterable<string>): Redact {
  const forms = [...values].filter(value => value.length >= 3).flatMap(value => [value, encodeURIComponent(value)]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return text => longestFirst.reduce((shown, value) => shown.replaceAll(value, '‹concealed›'), text);
}

/** The evidence of an exchange; `own` are the names of header lines that the user added. */
export function evidenceOf(exchange: Exchange, redact: Redact, own: ReadonlySet<string>): Evidence {
  const { request, response } = exchange;
  const lines = (headers: readonly HeaderLine[]): HeaderLine[] =>
    headers.map(([name, value]) => [
      name,
      own.has(name.toLowerCase()) || credentials.test(name) ? hidden : redact(value).slice(0, longestValue),
    ]);
  const url = redact(withoutUserinfo(request.url));
  const headers = lines(request.headers);
  return {
    request: { method: request.method, url, headers, bodyBytes: request.body?.length ?? 0 },
    response: { status: response.status, headers: lines(response.headers), bodyBytes: response.body.length },
    curl: curl(request.method, url, headers, request.body),
  };
}

function withoutUserinfo(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@?#]*@/i, '$1');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a line for a POSIX shell. A small body stands in the line itself; a large one is read from a file. */
function curl(method: string, url: string, headers: readonly HeaderLine[], body: Uint8Array | null): string {
  const words = ['curl', '-sS', '-i'];
  if (method !== 'GET') words.push('-X', method);
  const sent = new Set(headers.map(([name]) => name.toLowerCase()));
  // curl adds Accept of its own accord; a request without one is repeated without one.
  if (!sent.has('accept')) words.push('-H', quoted('Accept:'));
  for (const [name, value] of headers) words.push('-H', quoted(value === hidden ? `${name}: …` : `${name}: ${value}`));
  if (body) words.push('--data-binary', body.length <= longestInlineBody ? '@-' : '@body.bin');
  words.push(quoted(url));
  const line = words.join(' ');
  return body && body.length <= longestInlineBody ? `base64 -d <<< ${Buffer.from(body).toString('base64')} | ${line}` : line;
}
