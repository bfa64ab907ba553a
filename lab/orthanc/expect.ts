import { loadChecks } from '../../suites/harness/load.ts';
import { expectFromNow, occasions } from './verdicts.ts';

// npx tsx lab/orthanc/expect.ts: judges Orthanc and writes the verdicts down; each new one is marked with ?? until its reason is written.
const checks = await loadChecks();
for (const occasion of occasions) {
  const report = await occasion.judge(checks);
  expectFromNow(report, occasion);
  console.log(occasion.title, report.summary);
}
