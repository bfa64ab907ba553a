import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { readPart10 } from '../dicom/part10.ts';
import { storedInstance } from '../storage/store.ts';
import { codecs } from './codecs.ts';
import { type ImageShape, imageShape } from './frames.ts';
import { canTranscode, transcoded } from './transcode.ts';

const syntax = (last: string) => `1.2.840.10008.1.2.${last}`;
/** Who decodes a transfer syntax into Explicit VR Little Endian: tools that nobody here wrote. */
const decoders: Readonly<Record<string, readonly [tool: string, ...options: string[]]>> = {
  [rleLossless]: ['dcmdrle', '-q', '+te'],
  [syntax('4.50')]: ['dcmdjpeg', '-q', '+te'],
  [syntax('4.70')]: ['dcmdjpeg', '-q', '+te', '+cn'],
  [syntax('4.80')]: ['dcmdjpls', '-q', '+te'],
  [syntax('4.81')]: ['dcmdjpls', '-q', '+te'],
  [syntax('4.90')]: ['gdcmconv', '--raw'],
  [syntax('4.91')]: ['gdcmconv', '--raw'],
};
const absent = [...new Set(Object.values(decoders).map(([tool]) => tool))].filter(
  tool => spawnSync(tool, ['--version']).error !== undefined,
);

const folder = mkdtempSync(join(tmpdir(), 'second-opinion-'));
afterAll(() => rmSync(folder, { recursive: true }));

function decodedBy([tool, ...options]: readonly [string, ...string[]], file: Uint8Array): Uint8Array {
  const [from, to] = [join(folder, 'in.dcm'), join(folder, 'out.dcm')];
  writeFileSync(from, file);
  const { status, stderr } = spawnSync(tool, [...options, from, to]);
  expect(status, stderr?.toString()).toBe(0);
  return readFileSync(to);
}

/** The native bytes of all frames, samples by pixel. */
function samplesOf(file: Uint8Array): { readonly shape: ImageShape; readonly bytes: Uint8Array } {
  const { dataSet } = readPart10(file);
  const shape = imageShape(dataSet) ?? expect.unreachable();
  const element = dataSet.get('7FE00010');
  const bytes = element && 'bytes' in element ? element.bytes : expect.unreachable();
  return { shape, bytes: shape.planar ? byPixel(bytes, shape) : bytes };
}

function byPixel(bytes: Uint8Array, { rows, columns, bitsAllocated }: ImageShape): Uint8Array {
  const width = bitsAllocated / 8;
  const plane = rows * columns;
  return bytes.map((_, i) => {
    const [pixel, sample, byte] = [Math.floor(i / (3 * width)), Math.floor(i / width) % 3, i % width];
    const frame = Math.floor(pixel / plane);
    return bytes[((frame * 3 + sample) * plane + (pixel % plane)) * width + byte] ?? 0;
  });
}

function psnr(a: Uint8Array, b: Uint8Array, { bitsAllocated, bitsStored, isSigned }: ImageShape): number {
  const samples = (bytes: Uint8Array): readonly number[] => {
    const { buffer } = Uint8Array.from(bytes);
    return [...(bitsAllocated === 8 ? bytes : isSigned ? new Int16Array(buffer) : new Uint16Array(buffer))];
  };
  const [x, y] = [samples(a), samples(b)];
  const error = y.reduce((sum, value, i) => sum + (value - (x[i] ?? 0)) ** 2, 0) / y.length;
  return 10 * Math.log10((2 ** bitsStored - 1) ** 2 / error);
}

const cases = corpus.flatMap(study =>
  study.instances.flatMap(instance => {
    const stored = storedInstance(instance.part10());
    return Object.entries(decoders)
      .filter(([uid]) => uid !== stored.transferSyntax && stored.dataSet.has('7FE00010') && canTranscode(stored, uid))
      .map(([uid, decoder]) => ({
        name: `${study.name}/${instance.name}`,
        stored,
        known: instance.nativeFrames ?? instance.originalFrames ?? [],
        uid,
        decoder,
        wasLossy: !instance.nativeFrames,
      }));
  }),
);

describe.skipIf(absent.length > 0)(`encoded by the mock server${absent.length > 0 ? ` (not run: needs ${absent.join(', ')})` : ''}`, () => {
  test('there is something to decode', () => expect(cases.length).toBeGreaterThan(60));

  test.each(cases)('$name in $uid decodes to the known pixels', async ({ stored, known, uid, decoder, wasLossy }) => {
    const { shape, bytes } = samplesOf(decodedBy(decoder, await transcoded(stored, uid)));
    const native = imageShape(stored.dataSet) ?? expect.unreachable();
    const whole = Buffer.concat(known);
    const wanted = native.planar ? byPixel(whole, native) : whole;
    const sent = bytes.subarray(0, wanted.length);
    if (!codecs[uid]?.lossy && !wasLossy) expect(Buffer.from(sent).toString('hex')).toBe(Buffer.from(wanted).toString('hex'));
    else expect(psnr(sent, wanted, shape)).toBeGreaterThan(35);
  });
});
