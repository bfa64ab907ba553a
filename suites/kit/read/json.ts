import type { RequirementId } from '../../../schemas/requirements.ts';
import { Unreadable } from './defect.ts';

/** A JSON value that keeps what JSON.parse loses: the order of members, repeated names and how a number is written. */
export type Json =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly members: readonly Json[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Json])[] };

const deepest = 200;
const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainText = /[^"\\\x00-\x1f]*/y;
const word = /[A-Za-z]+/y;
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Reads one JSON text by the grammar of RFC 4627 and nothing else; Unreadable with the position otherwise. */
export function readJson(text: string): Json {
  let at = 0;
  const fail = (what: string, row?: RequirementId): never => {
    throw new Unreadable(`it is not JSON: ${what} at character ${at}`, row);
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const sees = (character: string): boolean => {
    take(space);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const demand = (character: string): void => {
    if (!sees(character)) fail(`${shown(text[at])} stands where ${character} belongs`);
  };

  function value(depth: number): Json {
    if (depth > deepest) fail(`values are nested more than ${deepest} deep`);
    take(space);
    const first = text[at];
    if (first === '{') return { kind: 'object', members: list('{', '}', () => member(depth)) };
    if (first === '[') return { kind: 'array', members: list('[', ']', () => value(depth + 1)) };
    if (first === '"') return { kind: 'string', value: string() };
    const digits = take(number);
    if (digits !== '' && /[\d.]/.test(text[at] ?? '')) fail(`${digits}${text[at]} begins what is no number`, 'MODEL-JSON-F.2.3-04');
    if (digits !== '') return { kind: 'number', text: digits, value: Number(digits) };
    return literal();
  }

  function literal(): Json {
    const name = take(word);
    if (name === 'null') return { kind: 'null' };
    if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true' };
    at -= name.length;
    if (/[+.]/.test(text[at] ?? '') && /\d/.test(text[at + 1] ?? '')) fail(`${text[at]} begins what is no number`, 'MODEL-JSON-F.2.3-04');
    return fail(`${name === '' ? shown(text[at]) : name} stands where a value belongs`);
  }

  function list<T>(open: string, close: string, one: () => T): T[] {
    demand(open);
    if (sees(close)) return [];
    const members = [one()];
    while (sees(',')) members.push(one());
    demand(close);
    return members;
  }

  function member(depth: number): readonly [string, Json] {
    take(space);
    const name = string();
    demand(':');
    return [name, value(depth + 1)];
  }

  function string(): string {
    demand('"');
    let read = take(plainText);
    while (text[at] === '\\') read += escapeSequence() + take(plainText);
    if (text[at] !== '"')
      // RFC 4627 2.5.
      at < text.length
        ? fail(`the control character ${shown(text[at])} is not escaped`, 'MODEL-JSON-F.1-03')
        : fail('the text ends within a string');
    at += 1;
    return read;
  }

  function escapeSequence(): string {
    const letter = text[at + 1] ?? '';
    const hex = /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) ? text.slice(at + 2, at + 6) : null;
    if (letter === 'u' && hex !== null) {
      at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const meant = escapes[letter] ?? fail(`there is no escape \\${letter}`);
    at += 2;
    return meant;
  }

  const read = value(0);
  take(space);
  if (at < text.length) fail(`${shown(text[at])} follows the end`);
  return read;
}

const shown = (character: string | undefined): string =>
  character === undefined ? 'the end' : character < ' ' ? `U+${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character;

/** A kind of JSON value with its article. */
export const article = (kind: Json['kind']): string => (/^[ao]/.test(kind) ? `an ${kind}` : kind === 'null' ? kind : `a ${kind}`);
