import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMultipart } from './multipart-request.ts';

type Part = { headers: Record<string, string>; body: string };

async function* cut(body: Buffer, at: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...at.map(n => n % (body.length + 1)).sort((a, b) => a - b), body.length];
  for (const [i, place] of places.slice(1).entries()) yield body.subarray(places[i], place);
}

async function partsOf(body: Buffer, boundary: string, at: readonly number[] = []): Promise<Part[] | string> {
  const parts: Part[] = [];
  try {
    for await (const each of readMultipart(cut(body, at), boundary)) {
      if (each.kind === 'part') parts.push({ headers: Object.fromEntries(each.headers), body: '' });
      else {
        const last = parts.at(-1);
        if (last) last.body += Buffer.from(each.bytes).toString('latin1');
      }
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return parts;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

// What is dangerous: line breaks, hyphens, and delimiters that are none.
const octets = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '-', '--', '--b', '\r\n--', '\r\n--b', '\r\n--bo', '\r\n--boundary-', 'x', '\0', ' '), {
    maxLength: 30,
  })
  .map(all => all.join(''))
  .filter(text => !/\r\n--boundary(--|[ \t]*\r\n)/.test(`\r\n${text}\r\n`));
const part = fc.record({ body: octets, type: fc.constantFrom('application/dicom', 'a/b; c="d"') });
const message = fc.record({
  parts: fc.array(part, { maxLength: 4 }),
  preamble: fc.constantFrom('', 'preamble\r\n', '\r\n', '--boundar\r\n'),
  padding: fc.constantFrom('', ' ', '\t  '),
  epilogue: fc.constantFrom('', '\r\n', '\r\n--boundary\r\n\r\nno part'),
});

const written = ({ parts, preamble, padding, epilogue }: typeof message extends fc.Arbitrary<infer T> ? T : never): Buffer =>
  latin1(
    `${preamble}${parts.map((each, i) => `${i === 0 ? '' : '\r\n'}--boundary${padding}\r\nContent-Type: ${each.type}\r\n\r\n${each.body}`).join('')}${parts.length === 0 ? '' : '\r\n'}--boundary--${epilogue}`,
  );

test('the parts are those that were written, wherever the octets are cut', async () => {
  await fc.assert(
    fc.asyncProperty(message, fc.array(fc.nat(4096), { maxLength: 40 }), async (generated, at) => {
      const expected = generated.parts.map(({ body, type }) => ({ headers: { 'content-type': type }, body }));
      expect(await partsOf(written(generated), 'boundary', at)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('any octets give the same parts, or the same refusal, however they are cut', async () => {
  const anything = fc
    .array(fc.constantFrom('\r\n', '\r', '\n', '--boundary', '--', '-', ' ', ':', 'Content-Type: x', 'A:b', '\r\n\r\n', 'z'), {
      maxLength: 40,
    })
    .map(all => latin1(all.join('')));
  await fc.assert(
    fc.asyncProperty(anything, fc.array(fc.nat(400), { maxLength: 60 }), async (body, at) => {
      const each = Array.from({ length: body.length }, (_, i) => i);
      const whole = await partsOf(body, 'boundary');
      expect(await partsOf(body, 'boundary', at)).toEqual(whole);
      expect(await partsOf(body, 'boundary', each)).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});

test('a message that is cut off anywhere is refused', async () => {
  const body = latin1('--b\r\nA: 1\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n');
  expect(await partsOf(body, 'b')).toEqual([
    { headers: { a: '1' }, body: 'one' },
    { headers: {}, body: 'two' },
  ]);
  for (let end = 0; end < body.length - 2; end += 1) expect(await partsOf(body.subarray(0, end), 'b'), `cut at ${end}`).toMatch(/^The b/);
});

test.each([
  ['--b\r\n\r\n\r\n--b--', [{ headers: {}, body: '' }]],
  ['--b\r\nA: 1\r\n\r\n--b--', [{ headers: { a: '1' }, body: '' }]],
  ['--b\r\nA: 1\r\n and more\r\n\r\nx\r\n--b--', [{ headers: { a: '1 and more' }, body: 'x' }]],
  ['--b--', []],
  ['--b\r\nno name\r\n\r\nx\r\n--b--', 'Part 1 has the header line "no name", which has no name.'],
  [
    '--b\nA: 1\n\nx\n--b--\n',
    'The boundary that Content-Type names does not occur in the body at the beginning of a line; lines end with CR LF.',
  ],
] as const)('%j', async (text, expected) => {
  expect(await partsOf(latin1(text), 'b')).toEqual(expected);
});

test('no more than a delimiter is held back of a large content', async () => {
  const chunk = Buffer.alloc(64 * 1024, 7);
  async function* large() {
    yield latin1('--b\r\n\r\n');
    for (let i = 0; i < 64; i += 1) yield chunk;
    yield latin1('\r\n--b--');
  }
  let size = 0;
  let largest = 0;
  for await (const each of readMultipart(large(), 'b'))
    if (each.kind === 'content') {
      size += each.bytes.length;
      largest = Math.max(largest, each.bytes.length);
    }
  expect(size).toBe(64 * chunk.length);
  expect(largest).toBeLessThanOrEqual(chunk.length + 16);
});
