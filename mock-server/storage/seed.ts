import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { corpus } from '../../fixtures/corpus.ts';
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

/** Stores every PS3.10 file of a folder and the folders below; files that are none are listed with the reason. */
export async function loadFolder(store: Store, folder: string): Promise<Loaded> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const refused: { file: string; why: string }[] = [];
  let loaded = 0;
  for (const entry of entries.filter(each => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    try {
      store.add(storedInstance(await readFile(file)));
      loaded += 1;
    } catch (error) {
      refused.push({ file, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { loaded, refused };
}
