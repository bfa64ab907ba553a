import type { Read } from './defect.ts';

/** A media type with its parameters (RFC 2616 3.7). */
export interface MediaType {
  /** Type and subtype in lower case; empty when there is none. */
  readonly type: string;
  /** Values without quotation marks, by lower-case name; the first one counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The names whose values are quoted strings. */
  readonly quoted: ReadonlySet<string>;
}

const token = /[^\x00-\x20\x7f()<>@,;:\\"/[\]?={}]+/y;
const quotedString = /"((?:[^"\\]|\\[\s\S])*)"/y;
/** What stands where a token belongs, as lenient as can be: printed slashes and colons are common in type and boundary. */
const loose = /[^;\s"]+/y;

/** Reads a Content-Type (RFC 2616 3.7, RFC 2045 5.1): tokens and quoted strings; what is neither is taken as it stands, up to the next semicolon. */
export function readMediaType(text: string): Read<MediaType> {
  const [, type = ''] = /^\s*([^\s;,="]+\/[^\s;,="]+)/.exec(text) ?? [];
  const parameters = new Map<string, string>();
  const quoted = new Set<string>();
  let at = text.indexOf(';');
  while (at !== -1 && at < text.length) {
    at = skip(text, at + 1);
    const name = match(token, text, at)?.[0];
    const equals = skip(text, at + (name?.length ?? 0));
    if (name === undefined || text[equals] !== '=') {
      at = text.indexOf(';', Math.max(at, equals));
      continue;
    }
    at = skip(text, equals + 1);
    const string = match(quotedString, text, at);
    const value = string ? (string[1] ?? '').replaceAll(/\\([\s\S])/g, '$1') : (match(loose, text, at)?.[0] ?? '');
    if (!parameters.has(name.toLowerCase())) {
      parameters.set(name.toLowerCase(), value);
      if (string) quoted.add(name.toLowerCase());
    }
    at = text.indexOf(';', at + (string?.[0].length ?? value.length));
  }
  return { value: { type: type.toLowerCase(), parameters, quoted }, defects: [] };
}

function skip(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
