import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, folderKeeper, type Incoming, type Keeper } from './keeper.ts';
import { inMemory } from './octets.ts';

export interface MemoryOptions {
  /** What is kept in memory in all, and of one part; the rest goes to a temporary folder. */
  readonly most?: number;
  readonly mostOfOne?: number;
}

/** Memory up to a bound; beyond it files in a temporary folder, which the end of the process deletes. */
export function memoryKeeper({ most = 256 * 1024 ** 2, mostOfOne = 16 * 1024 ** 2 }: MemoryOptions = {}): Keeper {
  let inUse = 0;
  let files: Keeper | undefined;
  const overflow = (): Keeper => {
    if (files) return files;
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    files = folderKeeper(folder, { durable: false });
    return files;
  };

  function batch(): Batch {
    let spilled: Batch | undefined;
    let unkept = 0;
    const receive = (): Incoming => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      let file: Incoming | undefined;
      const spill = async (): Promise<Incoming> => {
        spilled ??= overflow().batch();
        const incoming = spilled.receive();
        for (const chunk of chunks.splice(0)) await incoming.write(chunk);
        inUse -= size;
        unkept -= size;
        return incoming;
      };
      return {
        async write(bytes) {
          if (file) return file.write(bytes);
          chunks.push(bytes);
          size += bytes.length;
          inUse += bytes.length;
          unkept += bytes.length;
          if (size > mostOfOne || inUse > most) file = await spill();
        },
        async end() {
          if (file) return file.end();
          const octets = inMemory(Buffer.concat(chunks.splice(0)));
          return {
            octets,
            keep: async () => {
              unkept -= size;
            },
          };
        },
      };
    };
    return {
      receive,
      settle: async () => spilled?.settle(),
      end: async () => {
        inUse -= unkept;
        unkept = 0;
        await spilled?.end();
      },
    };
  }

  return { batch, knows() {}, remove: instance => files?.remove(instance) };
}
