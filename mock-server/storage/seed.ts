import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from '../../fixtures/corpus.ts';
import { generationOf, incomingFolder, type Keeper, pathOf } from './keeper.ts';
import { inFile } from './octets.ts';
import { type Store, type StoredInstance, storedInstance } from './store.ts';

let fixtures: readonly StoredInstance[] | undefined;

/** Puts the fixtures into a store. They are read once for all servers of a process; stored instances never change. */
export function seedFixtures(store: Store): void {
  fixtures ??= corpus.flatMap(study => study.instances.map(instance => storedInstance(instance.part10())));
  for (const instance of fixtures) store.add(instance);
}

/** What became of a folder of files. */
export interface Loaded {
  readonly loaded: number;
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

/**
 * Stores every PS3.10 file of a folder and the folders below; files that are none are listed with the reason. The index of a folder is made of its files each time, so that it
 * is never stale. Where files have the same instance, the one that a keeper wrote last counts, and those it replaced are deleted.
 */
export function loadFolder(store: Store, folder: string, keeper?: Keeper): Loaded {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => !file.startsWith(join(folder, incomingFolder)))
    .sort((a, b) => generationOf(a) - generationOf(b) || (a < b ? -1 : 1));
  const refused: { file: string; why: string }[] = [];
  const held = new Map<string, string>();
  for (const file of files) {
    try {
      const instance = storedInstance(inFile(file));
      const first = pathOf(folder, instance, 1);
      const before = held.get(first);
      store.add(instance);
      keeper?.knows(instance, file);
      held.set(first, file);
      if (keeper && before !== undefined && before === pathOf(folder, instance, generationOf(before))) unlinkSync(before);
    } catch (error) {
      refused.push({ file, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { loaded: held.size, refused };
}
