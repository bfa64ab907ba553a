import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { explicitLittleEndian, rleLossless, transferSyntaxes } from '../../schemas/transfer-syntaxes.ts';
import { readPart10 } from '../dicom/part10.ts';
import { type StoredInstance, storedInstance } from '../storage/store.ts';
import { codecs } from './codecs.ts';
import { frameOf, imageShape } from './frames.ts';
import { canTranscode, transcoded } from './transcode.ts';

const images = corpus.flatMap(study =>
  study.instances.flatMap(instance =>
    instance.nativeFrames && instance.dataSet.has('7FE00010')
      ? [{ name: `${study.name}/${instance.name}`, stored: storedInstance(instance.part10()), frames: instance.nativeFrames }]
      : [],
  ),
);
const hex = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString('hex');

test('the corpus has images', () => expect(images.length).toBeGreaterThan(20));

test.each(images)('$name: the frames are the known ones', async ({ stored, frames }) => {
  for (const [i, frame] of frames.entries()) expect(hex(await frameOf(stored.dataSet, stored.transferSyntax, i))).toBe(hex(frame));
});

const lossless = transferSyntaxes.map(({ uid }) => uid).filter(uid => !codecs[uid]?.lossy);

test.each(images)('$name: survives every lossless transfer syntax that can be made', async ({ stored }) => {
  const shape = imageShape(stored.dataSet);
  for (const uid of lossless.filter(each => canTranscode(stored, each))) {
    const there = readPart10(await transcoded(stored, uid));
    expect(there.transferSyntax).toBe(uid);
    const back = imageShape(there.dataSet);
    // What was interleaved on the way comes back interleaved, so planes are compared through RLE and the native syntaxes only.
    if (shape?.planar !== back?.planar) continue;
    for (let i = 0; i < (shape?.frames ?? 0); i += 1) {
      expect(hex(await frameOf(there.dataSet, uid, i)), uid).toBe(hex(await frameOf(stored.dataSet, stored.transferSyntax, i)));
    }
  }
});

/** DCMTK's decoder of a transfer syntax. */
const decoders: Readonly<Record<string, string>> = {
  [rleLossless]: 'dcmdrle',
  '1.2.840.10008.1.2.4.70': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.80': 'dcmdjpls',
};
const hasDcmtk = spawnSync('dcmdrle', ['--version']).status === 0;

function decodedByDcmtk(decoder: string, file: Uint8Array): StoredInstance {
  const folder = mkdtempSync(join(tmpdir(), 'transcode-'));
  try {
    writeFileSync(join(folder, 'in'), file);
    execFileSync(decoder, ['-q', '+te', join(folder, 'in'), join(folder, 'out')], { stdio: 'pipe' });
    return storedInstance(readFileSync(join(folder, 'out')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pairs = images
  .filter(({ name }) => /^(ct\/|multi-frame|colour|odd-sizes|transfer-syntaxes)/.test(name))
  .filter(({ name }, i, all) => all.findIndex(each => each.name.split('/')[0] === name.split('/')[0]) > i - 4)
  .flatMap(image => Object.entries(decoders).map(([uid, decoder]) => ({ ...image, uid, decoder })))
  .filter(({ stored, uid }) => canTranscode(stored, uid));

test.skipIf(!hasDcmtk).each(pairs)(
  '$name in $uid: DCMTK decodes it to the known pixels (needs dcmtk)',
  async ({ stored, uid, decoder }) => {
    const shape = imageShape(stored.dataSet);
    const second = decodedByDcmtk(decoder, await transcoded(stored, uid));
    const native = storedInstance(
      await transcoded(
        { ...stored, file: await transcoded(stored, uid), transferSyntax: uid, dataSet: readPart10(await transcoded(stored, uid)).dataSet },
        explicitLittleEndian,
      ),
    );
    for (let i = 0; i < (shape?.frames ?? 0); i += 1) {
      expect(hex(await frameOf(second.dataSet, second.transferSyntax, i))).toBe(
        hex(await frameOf(native.dataSet, native.transferSyntax, i)),
      );
    }
  },
);
