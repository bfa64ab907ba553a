import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count, groupBy, plain, requirementLine, table, wrap } from './text.ts';

test('wrapping loses nothing, and only a word of its own is longer than the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 })),
      fc.integer({ min: 1, max: 30 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
      },
    ),
  );
});

test('plain text has no control characters but line feeds, and stays as it is where it has none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(plain(text)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
      expect(plain(plain(text))).toBe(plain(text));
    }),
  );
  expect(plain('a\u001B[2J\nb é')).toBe('a\\u001b[2J\nb é');
});

test('members are grouped by their key, the largest group first', () => {
  expect(groupBy([1, 2, 3, 5], n => (n % 2 ? 'odd' : 'even'))).toEqual([
    ['odd', [1, 3, 5]],
    ['even', [2]],
  ]);
});

test('columns are aligned', () => {
  expect(
    table([
      ['a', 'bb'],
      ['ccc', '1'],
    ]),
  ).toEqual(['a    bb', 'ccc   1']);
});

test('a requirement in one line', () => {
  expect(requirementLine('QIDO-RS-6.7-01', '2013')).toBe('QIDO-RS-6.7-01 (shall), PS3.18 6.7');
  expect([count(1, 'study', 'studies'), count(2, 'study', 'studies')]).toEqual(['1 study', '2 studies']);
});
