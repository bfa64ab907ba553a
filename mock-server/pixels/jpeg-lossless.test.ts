import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeJpegLossless, type NativeFrame } from './jpeg-lossless.ts';

const hasDcmtk = spawnSync('dcmdjpeg', ['--version']).status === 0;

/** Decodes a frame with DCMTK, by way of a data set that dump2dcm writes around it. */
function decodedByDcmtk(frame: NativeFrame, jpeg: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'jpeg-lossless-'));
  try {
    const file = (name: string) => join(folder, name);
    writeFileSync(file('frame'), Buffer.concat([jpeg, Buffer.alloc(jpeg.length % 2)]));
    const { rows, columns, samplesPerPixel: samples, bitsAllocated: bits } = frame;
    const lines = [
      '(0002,0010) UI 1.2.840.10008.1.2.4.70',
      '(0008,0016) UI 1.2.840.10008.5.1.4.1.1.7',
      '(0008,0018) UI 1.2.3',
      `(0028,0002) US ${samples}`,
      `(0028,0004) CS [${samples === 3 ? 'RGB' : 'MONOCHROME2'}]`,
      ...(samples === 3 ? ['(0028,0006) US 0'] : []),
      `(0028,0010) US ${rows}`,
      `(0028,0011) US ${columns}`,
      `(0028,0100) US ${bits}`,
      `(0028,0101) US ${bits}`,
      `(0028,0102) US ${bits - 1}`,
      '(0028,0103) US 0',
      '(7fe0,0010) OB (PixelSequence',
      '(fffe,e000) pi',
      `(fffe,e000) pi =${file('frame')}`,
      '(fffe,e0dd)',
    ];
    writeFileSync(file('dump'), lines.map(line => `${line}\n`).join(''));
    execFileSync('dump2dcm', ['-q', '+t=', file('dump'), file('compressed')], { stdio: 'pipe' });
    execFileSync('dcmdjpeg', ['-q', '+te', file('compressed'), file('native')], { stdio: 'pipe' });
    const bytes = readFileSync(file('native'));
    const length = (rows * columns * samples * bits) / 8;
    return bytes.subarray(bytes.length - length - (length % 2));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const frames = fc
  .record({
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 1, max: 12 }),
    samplesPerPixel: fc.constantFrom(1, 3),
    bitsAllocated: fc.constantFrom(8 as const, 16 as const),
  })
  .chain(shape => {
    const length = (shape.rows * shape.columns * shape.samplesPerPixel * shape.bitsAllocated) / 8;
    return fc.uint8Array({ minLength: length, maxLength: length }).map(bytes => ({ ...shape, bytes }));
  });

test.skipIf(!hasDcmtk)('DCMTK decodes every frame to its own bytes (needs dcmtk)', () => {
  fc.assert(
    fc.property(frames, frame => {
      const decoded = decodedByDcmtk(frame, encodeJpegLossless(frame));
      expect(Buffer.from(decoded.subarray(0, frame.bytes.length)).toString('hex')).toBe(Buffer.from(frame.bytes).toString('hex'));
    }),
    { numRuns: 40, seed: 1 },
  );
});

test.skipIf(!hasDcmtk)('a smooth picture becomes smaller and survives (needs dcmtk)', () => {
  const rows = 64;
  const columns = 200;
  const bytes = Uint8Array.from({ length: rows * columns * 2 }, (_, i) => (i % 2 === 0 ? (i >> 4) & 0xff : 3));
  const frame = { rows, columns, samplesPerPixel: 1, bitsAllocated: 16, bytes } as const;
  const jpeg = encodeJpegLossless(frame);
  expect(jpeg.length).toBeLessThan(bytes.length / 4);
  expect(Buffer.from(decodedByDcmtk(frame, jpeg)).equals(bytes)).toBe(true);
});
