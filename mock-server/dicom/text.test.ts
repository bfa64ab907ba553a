import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textEncoding } from '../../fixtures/part10/text.ts';
import { decodeText } from './text.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

// The examples of PS3.5-2013 Annexes H, I and J.
test.each([
  [
    'H.3.1',
    ['', 'ISO 2022 IR 87'],
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'H.3.2',
    ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  [
    'I.2',
    ['', 'ISO 2022 IR 149'],
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  ['J.1', ['GB18030'], 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', 'Wang^XiaoDong=王^小东'],
] as const)('the name of PS3.5 %s is read', (_, terms, bytes, name) => {
  expect(decodeText(latin1(bytes), terms, 'PN')).toBe(name);
});

test('the sets of the first value are back after each delimiter, of which names have more', () => {
  const terms = ['ISO 2022 IR 100', 'ISO 2022 IR 144'];
  expect(decodeText(latin1('\x1b-L\xb6^\xe4'), terms, 'PN')).toBe('Ж^ä');
  expect(decodeText(latin1('\x1b-L\xb6^\xb6'), terms, 'LO')).toBe('Ж^Ж');
  expect(decodeText(latin1('\x1b-L\xb6\\\xe4'), terms, 'LO')).toBe('Ж\\ä');
  expect(decodeText(latin1('\x1b-L\xb6\r\n\xe4'), terms, 'LT')).toBe('Ж\r\nä');
});

test('a term that nobody knows is read as Latin alphabet No. 1', () => {
  expect(decodeText(latin1('\xe4'), ['ISO_IR 999'], 'LO')).toBe('ä');
});

test('text with code extensions is read as it was encoded', () => {
  const terms = ['', 'ISO 2022 IR 87'];
  const text = fc.string({ unit: fc.constantFrom(...'aZ 山田やまだ試験'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), values => {
      // A blank at the end is padding, which the encoder may add.
      const read = decodeText(textEncoding(terms)('LO', values), terms, 'LO');
      expect(read.trimEnd()).toBe(values.join('\\').trimEnd());
    }),
  );
});

test('whatever the bytes, there is some text', () => {
  const terms = fc.constantFrom([], ['ISO_IR 100'], ['', 'ISO 2022 IR 87', 'ISO 2022 IR 149'], ['GB18030'], ['ISO_IR 192']);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), terms, (bytes, all) => void expect(decodeText(bytes, all, 'PN')).toBeTypeOf('string')),
  );
});
