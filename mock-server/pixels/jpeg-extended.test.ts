import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secondaryCapture } from '../../fixtures/corpus/common.ts';
import { studyNamed } from '../../fixtures/corpus.ts';
import { pixels } from '../../fixtures/pixels.ts';
import { study } from '../../fixtures/recipe.ts';
import { readPart10 } from '../dicom/part10.ts';
import { codecs } from './codecs.ts';
import { wholeStream } from './frames.ts';
import { encodeJpegBaseline } from './jpeg-baseline.ts';
import { decodeJpegExtended } from './jpeg-extended-decode.ts';
import { hasDeepSamples } from './jpeg-markers.ts';

const tools = ['dcmcjpeg', 'dcmdjpeg'].filter(tool => spawnSync(tool, ['--version']).error !== undefined);

function pixelData(file: Uint8Array) {
  return readPart10(file).dataSet.get('7FE00010') ?? expect.unreachable();
}

/** A picture of 12 bits as DCMTK encodes it, and what DCMTK then decodes. */
function byDcmtk(rows: number, columns: number, noise: number): { readonly stream: Uint8Array; readonly decoded: Uint8Array } {
  const picture = pixels({ rows, columns, bits: 16, stored: 12 }, 1, ({ row, column }) =>
    Math.min(
      4095,
      Math.max(0, Math.round(2000 + 1900 * Math.sin(column / 7) * Math.cos(row / 5) + ((row * 7919 + column * 104_729) % noise))),
    ),
  );
  const [instance] = study({
    name: 'picture',
    number: 99,
    about: 'picture',
    attributes: secondaryCapture,
    series: [{ sopClass: 'Secondary Capture Image Storage', attributes: {}, instances: [{ name: 'picture', pixels: picture }] }],
  }).instances;
  const folder = mkdtempSync(join(tmpdir(), 'jpeg-extended-'));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(at('native'), instance?.part10() ?? expect.unreachable());
    execFileSync('dcmcjpeg', ['-q', '+ee', '+sr', at('native'), at('encoded')], { stdio: 'pipe' });
    execFileSync('dcmdjpeg', ['-q', '+te', at('encoded'), at('decoded')], { stdio: 'pipe' });
    const encoded = pixelData(readFileSync(at('encoded')));
    const decoded = pixelData(readFileSync(at('decoded')));
    if (!('fragments' in encoded) || !('bytes' in decoded)) expect.unreachable();
    return { stream: wholeStream(encoded), decoded: decoded.bytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const words = (bytes: Uint8Array) => new Uint16Array(Uint8Array.from(bytes).buffer);
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(b).reduce((most, value, i) => Math.max(most, Math.abs(value - (a[i] ?? Number.POSITIVE_INFINITY))), 0);

test.skipIf(tools.length > 0).each([
  [1, 1, 1],
  [7, 9, 500],
  [16, 16, 1],
  [33, 50, 4000],
])('a picture of %i by %i with noise of %i decodes as with DCMTK (needs dcmtk)', (rows, columns, noise) => {
  const { stream, decoded } = byDcmtk(rows, columns, noise);
  const ours = words(decodeJpegExtended(stream));
  expect(ours.length).toBe(rows * columns);
  expect(furthest(ours, words(decoded).subarray(0, ours.length))).toBeLessThanOrEqual(1);
});

test('the depth of samples is read of streams with fill bytes, and of those with a scan for each component', () => {
  const frameHeader = (precision: number) => [0xff, 0xc1, 0, 17, precision, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
  const firstScan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
  const stream = (precision: number) => Uint8Array.of(0xff, 0xd8, 0xff, 0xff, ...frameHeader(precision), 0xff, ...firstScan, 0x7f);
  expect([8, 12].map(precision => hasDeepSamples(stream(precision)))).toEqual([false, true]);
  expect(() => decodeJpegExtended(stream(12))).toThrow('no JPEG stream with one interleaved scan');
  expect(hasDeepSamples(stream(12).subarray(0, 12))).toBe(false);
});

test('8 bits decode as with libjpeg', async () => {
  const bytes = Uint8Array.from({ length: 19 * 21 }, (_, i) => Math.round(128 + 100 * Math.sin(i / 11)));
  const stream = encodeJpegBaseline({ rows: 19, columns: 21, samplesPerPixel: 1, bitsAllocated: 8, bytes });
  const theirs = await codecs['1.2.840.10008.1.2.4.50']?.decode(stream);
  expect(furthest(words(decodeJpegExtended(stream)), theirs ?? [])).toBeLessThanOrEqual(1);
});

test('restart markers begin anew', () => {
  const flat = (gray: number) => new Uint8Array(64).fill(gray);
  const block = (gray: number) =>
    Buffer.from(encodeJpegBaseline({ rows: 8, columns: 8, samplesPerPixel: 1, bitsAllocated: 8, bytes: flat(gray) }));
  const [first, second] = [block(40), block(200)];
  const data = first.indexOf(Buffer.from('ffda', 'hex')) + 10;
  const head = Buffer.from(first.subarray(0, data));
  head.writeUInt16BE(16, head.indexOf(Buffer.from('ffc0', 'hex')) + 7);
  const interval = Buffer.from('ffdd00040001', 'hex');
  const stream = Buffer.concat([
    head.subarray(0, 2),
    interval,
    head.subarray(2),
    first.subarray(data, -2),
    Buffer.from('ffd0', 'hex'),
    second.subarray(data),
  ]);
  expect([...words(decodeJpegExtended(stream)).subarray(0, 16)]).toEqual([...Array(8).fill(40), ...Array(8).fill(200)]);
});

test('what is broken is refused with a sentence or decodes to as many samples', () => {
  const instance = studyNamed('compressed').instances.find(({ name }) => name === 'jpeg-extended');
  const stream = wholeStream(pixelData(instance?.part10() ?? expect.unreachable()) as Parameters<typeof wholeStream>[0]);
  fc.assert(
    fc.property(fc.nat(stream.length), fc.nat(stream.length - 1), fc.nat(255), (length, at, byte) => {
      const broken = Uint8Array.from(stream.subarray(0, length));
      if (at < length) broken[at] = byte;
      try {
        expect(decodeJpegExtended(broken).length % 2).toBe(0);
      } catch (error) {
        expect(String(error)).toMatch(/JPEG stream|no stream/);
      }
    }),
    { numRuns: 500 },
  );
});
