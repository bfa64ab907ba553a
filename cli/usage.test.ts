import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editions } from '../schemas/editions.ts';
import { baseUrl, edition, header, seconds, similar, UsageError, uid, wholeNumber } from './usage.ts';

const readers = { edition, header, seconds: seconds('--s'), uid, number: wholeNumber('--n', -5, 5), baseUrl };

test.each(Object.entries(readers))('%s takes a text or refuses it in one sentence', (_, read) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect(error instanceof Error && error.message).toMatch(/\.$/);
      }
    }),
  );
});

test('whole numbers are taken in their range and nowhere else', () => {
  const read = wholeNumber('--n', -5, 5);
  fc.assert(
    fc.property(fc.integer({ min: -12, max: 12 }), n => {
      if (n >= -5 && n <= 5) expect(read(String(n))).toBe(n);
      else expect(() => read(String(n))).toThrow(UsageError);
    }),
  );
});

test('what is no number is refused', () => {
  for (const text of ['', ' 1', '1.0', '0x1', '1e3', 'NaN']) expect(() => wholeNumber('--n', 0)(text), text).toThrow(UsageError);
  for (const text of ['0', '-1', '', 'x', '1e3', '99999999']) expect(() => seconds('--s')(text), text).toThrow(UsageError);
  expect(seconds('--s')('0.5')).toBe(0.5);
});

test('header lines and UIDs are added in order', () => {
  expect(header('X-B:2', header('Authorization: Bearer a:b '))).toEqual([
    ['Authorization', 'Bearer a:b'],
    ['X-B', '2'],
  ]);
  expect(uid('1.3', uid('1.2'))).toEqual(['1.2', '1.3']);
});

test('a header line cannot smuggle another one, and is not repeated when it is refused', () => {
  for (const line of ['X: hush\r\nY: b', 'X Y: hush', ': hush', 'X: hush\u0000', 'hush', 'X: hush\u20AC']) {
    expect(() => header(line), line).toThrow(UsageError);
    expect(() => header(line), line).not.toThrow(/hush/);
  }
});

test('every edition is taken', () => {
  expect(editions.map(edition)).toEqual(editions);
});

test('a base URL is http or https, without a query; a password is not repeated', () => {
  expect(baseUrl('https://pacs.example:8443/rs/')).toBe('https://pacs.example:8443/rs/');
  for (const text of ['pacs', 'ftp://pacs/rs', 'http://', 'http://pacs/rs?x=1', 'http://pacs/rs#x']) {
    expect(() => baseUrl(text), text).toThrow(UsageError);
  }
  expect(() => baseUrl('http://me:hush@pacs:port/rs')).not.toThrow(/hush/);
});

test('the most similar name is meant', () => {
  expect(similar('qido-r', ['wado-rs', 'qido-rs', 'stow-rs'])).toBe('qido-rs');
  expect(similar('LIST', ['serve', 'list'])).toBe('list');
  expect(similar('something', ['serve', 'list'])).toBeNull();
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, selector: text => text.toLowerCase() }), names => {
      expect(names.map(name => similar(name, names))).toEqual(names);
    }),
  );
});
