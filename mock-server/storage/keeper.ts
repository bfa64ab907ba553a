import { mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inFile, type Octets } from './octets.ts';

/** What names an instance. */
export interface InstanceUids {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/** Octets on their way in. */
export interface Incoming {
  write(bytes: Uint8Array): Promise<void>;
  /** Says that there are no more. */
  end(): Promise<Arrived>;
}

/** Octets that have arrived, aside until it is known what becomes of them. */
export interface Arrived {
  readonly octets: Octets;
  /** Makes them the file of an instance; `octets` are to be had there from then on. */
  keep(as: InstanceUids): Promise<void>;
}

/** What arrives with one request. */
export interface Batch {
  receive(): Incoming;
  /** Comes back when all that was kept would be there after the end of the process or of the machine. */
  settle(): Promise<void>;
  /** Throws away what was not kept. */
  end(): Promise<void>;
}

/** Where the files of instances are. */
export interface Keeper {
  batch(): Batch;
  /** Says that a file that is there already holds an instance. */
  knows(instance: InstanceUids, path: string): void;
  /** Deletes the file of an instance, if it has one. */
  remove(instance: InstanceUids): void;
}

/** Where files are before it is known what they are: what is there at the start was never acknowledged. */
export const incomingFolder = '.incoming';

/** How long a file that was replaced stays for those who are reading it, in milliseconds. */
const grace = 60_000;
const largestWrite = 1024 * 1024;
/** How many files of one request may be on their way to the disk at once: each is open. */
const mostOpen = 16;

const keyOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: InstanceUids) =>
  join(studyInstanceUID, seriesInstanceUID, sopInstanceUID);

/** The file of an instance; each one that replaces another has a number of its own, so that a file never changes. */
export function pathOf(folder: string, instance: InstanceUids, generation: number): string {
  return join(folder, `${keyOf(instance)}${generation === 1 ? '' : `~${generation}`}.dcm`);
}

/** The number in the name of a file. */
export const generationOf = (path: string): number => Number(/~(\d+)\.dcm$/.exec(path)?.[1] ?? 1);

/**
 * Files in a folder, by study and series. A file is written aside, brought to the disk and then renamed, so what has its name is whole; `durable` false leaves the disk
 * out, for folders that do not outlive the process.
 */
export function folderKeeper(folder: string, { durable = true } = {}): Keeper {
  const aside = join(folder, incomingFolder);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const files = new Map<string, string>();
  let named = 0;
  let naming: Promise<void> = Promise.resolve();

  /** Names are given one after the other, so that what was named last is also what was stored last. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = naming.then(work);
    naming = done.catch(() => {});
    return done;
  }

  /** Gives a file the name of an instance. What it replaces stays a while for those who read it; a file that has a name of its own stays for good. */
  async function name(path: string, instance: InstanceUids): Promise<string> {
    const before = files.get(keyOf(instance));
    const place = pathOf(folder, instance, before === undefined ? 1 : generationOf(before) + 1);
    await mkdir(dirname(place), { recursive: true });
    await rename(path, place);
    files.set(keyOf(instance), place);
    if (before !== undefined && before === pathOf(folder, instance, generationOf(before)))
      setTimeout(() => void unlink(before).catch(() => {}), grace).unref();
    return place;
  }

  function batch(): Batch {
    const temporary = new Set<string>();
    const touched = new Set<string>();
    const handles = new Set<Promise<FileHandle>>();
    const onTheWay = new Set<Promise<void>>();
    const write = (): Incoming => {
      named += 1;
      const path = join(aside, `${process.pid}-${named}`);
      temporary.add(path);
      const opened = open(path, 'wx');
      handles.add(opened);
      opened.catch(() => {});
      let waiting: Uint8Array[] = [];
      let size = 0;
      const flush = async () => {
        const all = waiting;
        [waiting, size] = [[], 0];
        if (all.length > 0) await writeAll(await opened, Buffer.concat(all));
      };
      return {
        async write(bytes) {
          waiting.push(bytes);
          size += bytes.length;
          if (size >= largestWrite) await flush();
        },
        async end() {
          await flush();
          const handle = await opened;
          // The disk works while the next part arrives.
          const onDisk = (durable ? handle.datasync() : Promise.resolve()).finally(() => {
            handles.delete(opened);
            return handle.close();
          });
          onTheWay.add(onDisk);
          onDisk.catch(() => {}).finally(() => onTheWay.delete(onDisk));
          while (onTheWay.size >= mostOpen) await Promise.race(onTheWay).catch(() => {});
          const octets = inFile(path);
          return {
            octets,
            async keep(as) {
              await onDisk;
              await inTurn(async () => {
                const place = await name(path, as);
                temporary.delete(path);
                for (const changed of [dirname(place), dirname(dirname(place)), folder]) touched.add(changed);
                octets.movedTo(place);
              });
            },
          };
        },
      };
    };
    return {
      receive: write,
      settle: async () => {
        if (durable) await Promise.all([...touched].map(syncFolder));
      },
      end: async () => {
        await Promise.all([...handles].map(opened => opened.then(handle => handle.close()).catch(() => {})));
        await Promise.all([...temporary].map(path => unlink(path).catch(() => {})));
      },
    };
  }

  return {
    batch,
    knows: (instance, path) => files.set(keyOf(instance), path),
    remove(instance) {
      const path = files.get(keyOf(instance));
      files.delete(keyOf(instance));
      if (path !== undefined) unlinkSync(path);
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten;
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
