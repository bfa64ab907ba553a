import { coverageReport } from '../reports/coverage.ts';
import type { Edition } from '../schemas/editions.ts';
import { coverageOf } from '../suites/harness/coverage.ts';
import { loadChecks } from '../suites/harness/load.ts';
import { print, screenOf } from './output.ts';

/** Tells which requirements are judged, which nobody can judge from outside and why, and which are open. */
export async function coverageCommand(flags: { readonly json?: true; readonly edition?: Edition }): Promise<number> {
  const coverage = coverageOf(await loadChecks(), flags.edition);
  await print(flags.json ? `${JSON.stringify(coverage, null, 2)}\n` : coverageReport(coverage, screenOf(process.stdout)));
  return 0;
}
