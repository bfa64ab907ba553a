import { existsSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { folderKeeper, incomingFolder } from './keeper.ts';

const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ownFiles = '/proc/self/fd';

/** The files in the folder that this process has open. */
function openFiles(): readonly string[] {
  const named = readdirSync(ownFiles).flatMap(descriptor => {
    const path = join(ownFiles, descriptor);
    return lstatSync(path, { throwIfNoEntry: false }) ? [readlinkSync(path)] : [];
  });
  return named.filter(path => path.startsWith(folder));
}

test.skipIf(!existsSync(ownFiles))('a batch that ends while its files are being opened leaves none behind (needs /proc)', async () => {
  const batch = folderKeeper(folder).batch();
  for (let i = 0; i < 10; i += 1) batch.receive();
  await batch.end();
  await setTimeout(20);
  expect(readdirSync(join(folder, incomingFolder))).toEqual([]);
  expect(openFiles()).toEqual([]);
});
