import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unreadable } from './defect.ts';
import { readMultipart } from './multipart.ts';

const type = 'multipart/related; type="application/dicom"; boundary=b';
const part = 'Content-Type: application/dicom\r\n\r\n';
const bytes = (text: string) => Buffer.from(text, 'latin1');
const read = (text: string, contentType = type) => readMultipart(contentType, bytes(text));
const rowsOf = (text: string, contentType = type) => [...new Set(read(text, contentType).defects.map(({ row }) => row))];
const bodies = (text: string, contentType = type) =>
  read(text, contentType).value.parts.map(({ body }) => Buffer.from(body).toString('latin1'));
const message = (...contents: readonly string[]) => `${contents.map(content => `--b\r\n${part}${content}\r\n`).join('')}--b--\r\n`;

// RFC 2046 5.1.1: the line break before a delimiter belongs to the delimiter.
test.each([
  ['one part', message('x'), ['x']],
  ['no line break at the end', message('x').slice(0, -2), ['x']],
  ['an empty part', message(''), ['']],
  ['content that ends with line breaks', message('x\r\n\r\n'), ['x\r\n\r\n']],
  ['content that begins with line breaks', message('\r\n\r\nx'), ['\r\n\r\nx']],
  ['content with the text of a delimiter within a line', message('x--b\r\n--'), ['x--b\r\n--']],
  ['content with a longer line that begins like a delimiter', message('\r\n--boundary\r\nx'), ['\r\n--boundary\r\nx']],
  ['content with a delimiter behind a bare line feed', message('x\n--b\r\ny'), ['x\n--b\r\ny']],
  ['a preamble', `what clients ignore\r\n${message('x')}`, ['x']],
  ['an empty line before the first delimiter', `\r\n${message('x')}`, ['x']],
  ['blanks behind a delimiter', `--b \t\r\n${part}x\r\n--b--\r\n`, ['x']],
  ['three parts', message('x', 'y', 'z'), ['x', 'y', 'z']],
])('%s is read without defect', (_, text, contents) => {
  expect(bodies(text)).toEqual(contents);
  expect(rowsOf(text)).toEqual([]);
});

test.each([
  ['boundary="a b:c"', 'a b:c'],
  ['boundary="b"', 'b'],
  ['BOUNDARY=b', 'b'],
  ['boundary = b', 'b'],
])('%s names the boundary', (parameter, boundary) => {
  const text = message('x').replaceAll('--b', `--${boundary}`);
  expect(bodies(text, `multipart/related; type="application/dicom"; ${parameter}`)).toEqual(['x']);
});

test('header lines are folded, and names are taken as they are written', () => {
  const { value } = read('--b\r\ncontent-type: application/dicom;\r\n\tx=y\r\nA:b\r\n\r\nx\r\n--b--');
  expect(value.parts[0]?.headers).toEqual([
    ['content-type', 'application/dicom; x=y'],
    ['A', 'b'],
  ]);
});

const long = 'b'.repeat(71);
/** For each requirement a message that breaks it, with the Content-Type it came with. */
const wrong: Readonly<Record<string, readonly (readonly [text: string, contentType?: string])[]>> = {
  'WADO-RS-MIME-02': [[message('x').replaceAll('--b', `--${long}`), `multipart/related; type="application/dicom"; boundary=${long}`]],
  'WADO-RS-MIME-03': [[message('x').replaceAll('--b', '--b:c'), 'multipart/related; type="application/dicom"; boundary=b:c']],
  'WADO-RS-MIME-05': [[message('x'), 'multipart/related; boundary=b']],
  'WADO-RS-MIME-06': [[message('x'), 'multipart/related; type="application/dicom+xml"; boundary=b']],
  'WADO-RS-MIME-07': [[message('x'), 'multipart/related; type=application/dicom; boundary=b']],
  'WADO-RS-MIME-09': [[message('x').replaceAll('\r\n', '\n')], [`--b\r\nContent-Type: application/dicom\n\r\n\r\nx\r\n--b--`]],
  'WADO-RS-MIME-10': [['--b\r\nContent-Type: application/dicom\r\nno colon\r\n\r\nx\r\n--b--']],
  'WADO-RS-MIME-11': [[`--b\r\n${part}x\r\n--b\r\n${part}y`]],
  'WADO-RS-MIME-14': [[`${message('x')}more`]],
  'WADO-RS-MIME-16': [['--b\r\nContent-Type: application/dicom\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--']],
  'WADO-RS-MIME-18': [['--b\r\n\r\nx\r\n--b--']],
  'WADO-RS-MIME-19': [['--b--\r\n']],
};

test.each(Object.entries(wrong).flatMap(([row, all]) => all.map(([text, contentType]) => [row, text, contentType] as const)))(
  '%s is broken by %j',
  (row, text, contentType) => {
    expect(rowsOf(text, contentType)).toEqual([row]);
  },
);

test('there is an example for each requirement that the reader tells of', () => {
  const source = readFileSync(new URL('multipart.ts', import.meta.url), 'utf8');
  expect([...new Set([...source.matchAll(/'(WADO-RS-[^']+)'/g)].map(([, row]) => row ?? ''))].sort()).toEqual(Object.keys(wrong).sort());
});

test('what cannot be taken apart is refused, with the reason', () => {
  expect(() => read(message('x'), 'application/dicom')).toThrow('not multipart');
  expect(() => read(message('x'), '')).toThrow('missing');
  expect(() => read(message('x'), 'multipart/related')).toThrow('no boundary');
  expect(() => read('nothing of the kind')).toThrow('has no line "--b"');
});

/** Content with what makes trouble: pieces of delimiters and line breaks. */
const content = fc
  .array(fc.oneof(fc.constantFrom('\r\n', '\n', '\r', '--', 'b', '--b', '--b--', ' '), fc.string({ unit: 'binary-ascii', maxLength: 3 })), {
    maxLength: 8,
  })
  .map(pieces => pieces.join(''))
  .filter(text => !/\r\n--b([ \t]*\r\n|--)/.test(`\r\n${text}\r\n`));

test('the contents come back byte by byte, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), contents => {
      expect(bodies(message(...contents))).toEqual(contents);
    }),
    { numRuns: 1000 },
  );
});

test('nothing but Unreadable is thrown, whatever the bytes', () => {
  const pieces = fc.constantFrom('--b', '--b--', '\r\n', '\n', ':', 'Content-Type', ' ', 'x');
  const texts = fc.array(pieces, { maxLength: 16 }).map(parts => bytes(parts.join('')));
  const types = fc.oneof(
    fc.constant(type),
    fc.string(),
    fc.string().map(text => `multipart/${text}; boundary=${text}`),
  );
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 40 })), types, (body, contentType) => {
      try {
        readMultipart(contentType, body);
      } catch (error) {
        expect(error).toBeInstanceOf(Unreadable);
      }
    }),
    { numRuns: 1000 },
  );
});
