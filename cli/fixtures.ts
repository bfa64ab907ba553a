import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count } from '../reports/text.ts';
import { print } from './output.ts';
import { Unable } from './usage.ts';

/** Writes the test studies as DICOM files, a folder for each study. */
export async function fixturesCommand(folder: string): Promise<number> {
  const { corpus } = await import('../fixtures/corpus.ts');
  let files = 0;
  try {
    for (const study of corpus) {
      await mkdir(join(folder, study.name), { recursive: true });
      for (const [i, instance] of study.instances.entries()) {
        await writeFile(join(folder, study.name, `${String(i + 1).padStart(3, '0')}.dcm`), instance.part10());
        files += 1;
      }
    }
  } catch (error) {
    throw new Unable(`The files cannot be written to "${folder}": ${error instanceof Error ? error.message : String(error)}.`);
  }
  await print(`${count(files, 'file')} of ${count(corpus.length, 'study', 'studies')} written to ${folder}\n`);
  return 0;
}
