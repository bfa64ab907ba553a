import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unreadable } from './defect.ts';
import { type Json, readJson } from './json.ts';

/** What JSON.parse would make of it. */
function plain(json: Json): unknown {
  switch (json.kind) {
    case 'null':
      return null;
    case 'array':
      return json.members.map(plain);
    case 'object':
      return Object.fromEntries(json.members.map(([name, value]) => [name, plain(value)]));
    default:
      return json.value;
  }
}

const outcome = (read: () => unknown): unknown => {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Unreadable) return 'refused';
    throw error;
  }
};

test('order, repeated names and the text of numbers are kept', () => {
  const read = readJson('{"20100010":1.50,"00080005":[],"20100010":null}');
  expect(read.kind === 'object' && read.members.map(([name]) => name)).toEqual(['20100010', '00080005', '20100010']);
  expect(read.kind === 'object' && read.members[0]?.[1]).toEqual({ kind: 'number', text: '1.50', value: 1.5 });
});

test.each([
  ['[1,]', ']'],
  ["['a']", "'"],
  ['[/* a comment */1]', '/'],
  ['[NaN]', 'NaN'],
  ['[-Infinity]', '-'],
  ['[undefined]', 'undefined'],
  ['{a:1}', 'a'],
  ['["\\x"]', 'escape'],
  ['["\\u12"]', 'escape'],
  ['["a', 'ends within a string'],
  ['[1][2]', 'follows the end'],
  ['', 'the end'],
])('%s is refused, with the place', (text, why) => {
  expect(() => readJson(text)).toThrow(Unreadable);
  expect(() => readJson(text)).toThrow(why);
  expect(() => readJson(text)).toThrow(/at character \d+$/);
});

test.each([
  ['["a\nb"]', 'MODEL-JSON-F.1-03'],
  ['["a\tb"]', 'MODEL-JSON-F.1-03'],
  ['[+1.5]', 'MODEL-JSON-F.2.3-04'],
  ['[.5]', 'MODEL-JSON-F.2.3-04'],
  ['[5.]', 'MODEL-JSON-F.2.3-04'],
  ['[007]', 'MODEL-JSON-F.2.3-04'],
] as const)('%j names the requirement that it breaks', (text, row) => {
  try {
    readJson(text);
    expect.unreachable();
  } catch (error) {
    expect((error as Unreadable).row).toBe(row);
  }
});

test('what is nested without end is refused', () => {
  expect(() => readJson('['.repeat(100_000))).toThrow('nested more than');
});

test('it reads what JSON.stringify writes, however it is laid out', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
      expect(plain(readJson(JSON.stringify(value, null, indent)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('it takes and refuses what JSON.parse takes and refuses', () => {
  const pieces = fc.constantFrom(
    ...'[]{}:,"\\0123456789.-+eE \n\t',
    'null',
    'true',
    'false',
    '"a"',
    '\\u00e4',
    '\\n',
    'NaN',
    '\u0001',
    'é',
    '/',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), parts => {
      const text = parts.join('');
      // Of a name that occurs twice JSON.parse keeps the last value, as Object.fromEntries does.
      expect(outcome(() => plain(readJson(text)))).toEqual(outcome(() => JSON.parse(text) as unknown));
    }),
    { numRuns: 2000 },
  );
});
