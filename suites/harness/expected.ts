import { isDeepStrictEqual } from 'node:util';
import { asOf, type ByEdition, type Edition, editions } from '../../schemas/editions.ts';

/** What is accepted, with the words that tell a reader so. */
export interface Accepts {
  readonly words: string;
  accepts(actual: unknown): boolean;
}

/** An expectation that changes between editions; where an edition says nothing, everything is accepted. */
export interface Varying {
  readonly table: ByEdition<unknown>;
}

/** What a check expects: a value to be equal to, or one of the makers below. */
export type Expected = unknown | Accepts | Varying;

const acceptance = Symbol('acceptance');
const variation = Symbol('variation');

/** Accepts what the predicate accepts; the words complete the sentence "expected …". */
export function satisfying(words: string, accepts: (actual: never) => boolean): Accepts {
  return described(() => words, accepts);
}

/** The words are made only for what is told: nearly every expectation is met. */
function described(words: () => string, accepts: (actual: never) => boolean): Accepts {
  return {
    [acceptance]: true,
    get words() {
      return words();
    },
    accepts: actual => accepts(actual as never),
  } as Accepts;
}

/** Accepts any of the values. */
export function anyOf(...values: readonly unknown[]): Accepts {
  return described(
    () => values.map(show).join(' or '),
    actual => values.some(value => isDeepStrictEqual(actual, value)),
  );
}

/** Accepts anything but these values. */
export function noneOf(...values: readonly unknown[]): Accepts {
  return described(
    () => `anything but ${values.map(show).join(' and ')}`,
    actual => !values.some(value => isDeepStrictEqual(actual, value)),
  );
}

/** Expects by edition: the entry with the greatest name that is not after the edition. */
export function byEdition(table: ByEdition<unknown>): Varying {
  return { [variation]: true, table } as Varying;
}

const has = (value: unknown, mark: symbol): boolean => typeof value === 'object' && value !== null && mark in value;

/** The expectation in force in `edition`, as something that accepts and describes. */
export function resolve(expected: Expected, edition: Edition): Accepts {
  if (has(expected, variation)) {
    const current = asOf((expected as Varying).table, edition);
    return current === null ? satisfying('anything', () => true) : resolve(current, edition);
  }
  if (has(expected, acceptance)) return expected as Accepts;
  return described(
    () => show(expected),
    actual => isDeepStrictEqual(actual, expected),
  );
}

/** The first edition after `edition` whose expectation accepts the value, or null. */
export function acceptedFrom(expected: Expected, actual: unknown, edition: Edition): Edition | null {
  if (!has(expected, variation)) return null;
  return editions.find(later => later > edition && resolve(expected, later).accepts(actual)) ?? null;
}

const longest = 300;

/** A value in words for a sentence: JSON where it can be, bounded in length. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : value instanceof Uint8Array ? showBytes(value) : showOther(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}

function showBytes(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16))
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');
  return `${bytes.length} bytes${bytes.length > 0 ? ` (${head}${bytes.length > 16 ? ' …' : ''})` : ''}`;
}

function showOther(value: unknown): string {
  if (value instanceof Set) return showOther([...value].sort());
  if (value instanceof Map) return showOther(Object.fromEntries(value));
  if (value === null) return 'nothing';
  return JSON.stringify(value, (_, inner) => (inner instanceof Uint8Array ? showBytes(inner) : inner)) ?? 'nothing';
}
