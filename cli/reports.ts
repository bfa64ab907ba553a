import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { junitReport } from '../reports/junit.ts';
import { recordOf } from '../reports/record.ts';
import type { Report } from '../suites/harness/result.ts';
import { Unable } from './usage.ts';

/** Makes the folder that reports go to. */
export async function reportFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: Error) => {
    throw new Unable(`The folder "${path}" for the reports cannot be made: ${error.message}.`);
  });
}

/** Writes report.json and junit.xml. */
export async function writeReports(folder: string, report: Report): Promise<void> {
  await writeFile(join(folder, 'report.json'), recordOf(report));
  await writeFile(join(folder, 'junit.xml'), junitReport(report));
}
