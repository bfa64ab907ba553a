import { expect, test } from 'vitest';
import { type CodedFrame, codecs } from './codecs.ts';

/** A picture with flat, steep and noisy places. */
function picture(samplesPerPixel: 1 | 3, bitsAllocated: 8 | 16, isSigned = false): CodedFrame {
  const [rows, columns] = [37, 45];
  const bitsStored = bitsAllocated === 8 ? 8 : isSigned ? 16 : 12;
  const values = Array.from({ length: rows * columns * samplesPerPixel }, (_, i) => {
    const pixel = Math.floor(i / samplesPerPixel);
    const [x, y] = [pixel % columns, Math.floor(pixel / columns)];
    const value = x < 12 ? 60 : Math.round(128 + 80 * Math.sin(x / 6 + (i % samplesPerPixel)) * Math.cos(y / 9));
    return bitsStored === 8 ? value : isSigned ? value * 40 - 6000 : value * 12;
  });
  const bytes = Buffer.from(bitsAllocated === 8 ? Uint8Array.from(values).buffer : Int16Array.from(values).buffer);
  return { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, isSigned, bytes };
}

function psnr(a: Uint8Array, b: Uint8Array, { bitsAllocated, bitsStored }: CodedFrame): number {
  const samples = (bytes: Uint8Array) => Array.from(bitsAllocated === 8 ? bytes : new Int16Array(Uint8Array.from(bytes).buffer));
  const [x, y] = [samples(a), samples(b)];
  const error = x.reduce((sum, value, i) => sum + (value - (y[i] ?? 0)) ** 2, 0) / x.length;
  return 10 * Math.log10((2 ** bitsStored - 1) ** 2 / error);
}

const pictures = [
  ['8 bit gray', picture(1, 8)],
  ['8 bit RGB', picture(3, 8)],
  ['12 bit gray', picture(1, 16)],
  ['16 bit signed', picture(1, 16, true)],
] as const;

const pairs = Object.entries(codecs).flatMap(([uid, { lossy, decode, encode }]) =>
  encode ? pictures.map(([name, frame]) => ({ uid, lossy, decode, encode, name, frame })) : [],
);

test.each(pairs)('$uid carries $name', async ({ uid, lossy, decode, encode, frame }) => {
  if (uid.endsWith('.50') && frame.bitsAllocated === 16) {
    await expect(encode(frame)).rejects.toThrow('8 bit');
    return;
  }
  const stream = await encode(frame);
  const back = await decode(stream);
  expect(back.length).toBe(frame.bytes.length);
  if (lossy) expect(psnr(frame.bytes, back, frame)).toBeGreaterThan(35);
  else expect(Buffer.from(back).equals(frame.bytes)).toBe(true);
  expect(stream.length).toBeLessThan(frame.bytes.length);
});
