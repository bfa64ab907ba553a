import type { Report } from '../suites/harness/result.ts';

/** A report as the text of report.json: the same document that `--json` prints (schemas/json/report.json). */
export function recordOf(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
