import { readFileSync, writeFileSync } from 'node:fs';
import { corpus } from '../../fixtures/corpus.ts';
import { uidRoot } from '../../fixtures/uids.ts';
import type { Check } from '../../suites/harness/check.ts';
import type { Report, Verdict } from '../../suites/harness/result.ts';
import { run } from '../../suites/harness/run.ts';
import { offers } from '../../suites/kit/offers.ts';
import { targetOf } from '../../suites/kit/server.ts';
import { storing } from '../../suites/kit/store.ts';
import { startOrthanc } from './start.ts';

/** By check: the verdict that is no pass, and whose fault it is by which clause. */
export type Deviations = Readonly<Record<string, { readonly verdict: Verdict; readonly because: string }>>;

/** One way of judging Orthanc, and what is expected of it. */
export interface Occasion {
  readonly title: string;
  /** The file of the expected deviations, beside this one. */
  readonly file: string;
  /** Verdicts that need no expectation. */
  readonly unasked: readonly Verdict[];
  judge(checks: readonly Check[]): Promise<Report>;
}

export const occasions: readonly Occasion[] = [
  {
    title: 'with --write',
    file: 'expected.json',
    unasked: [],
    judge: checks => judged(checks, true),
  },
  {
    title: 'read only, with content that is not ours',
    file: 'expected-read-only.json',
    unasked: ['skip'],
    judge: checks => judged(checks, false, storeForeignStudies),
  },
];

async function judged(
  checks: readonly Check[],
  mayWrite: boolean,
  prepare: (url: string) => Promise<void> = async () => {},
): Promise<Report> {
  const orthanc = await startOrthanc();
  try {
    await prepare(orthanc.url);
    const target = targetOf(orthanc.url, { endpoints: { 'wado-uri': orthanc.wadoUri }, timeout: 30 });
    const report = await run({ target, checks, offers, mayWrite, seed: 7 });
    await target.transport.close();
    return report;
  } finally {
    await orthanc.stop();
  }
}

/** What edition 2013 does not have, and the service that Orthanc does not have. */
const isNotAtIssue = (verdict: Verdict, reason: string): boolean =>
  verdict === 'skip' && /^(not in force in|the URL of WADO-WS is not known)/.test(reason);

/** The results whose verdict has to be expected or is expected to be another one. */
export function deviating({ results }: Report, { unasked }: Occasion, expected: Deviations): Report['results'] {
  return results
    .filter(({ id, verdict, reason }) => id in expected || !(unasked.includes(verdict) || isNotAtIssue(verdict, reason)))
    .filter(({ id, verdict }) => verdict !== (expected[id]?.verdict ?? 'pass'));
}

/** What is expected on an occasion. */
export function expectedOn({ file }: Occasion): Deviations {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Deviations;
}

/** Writes the verdicts of a report down as the expected ones; reasons that were given stay, others have to be written. */
export function expectFromNow(report: Report, occasion: Occasion): void {
  const before = expectedOn(occasion);
  const deviations = report.results
    .filter(({ verdict, reason }) => verdict !== 'pass' && !occasion.unasked.includes(verdict) && !isNotAtIssue(verdict, reason))
    .map(({ id, verdict, reason }) => [id, { verdict, because: before[id]?.because ?? `?? ${reason}` }] as const);
  writeFileSync(new URL(occasion.file, import.meta.url), `${JSON.stringify(Object.fromEntries(deviations), null, 2)}\n`);
}

/** Two studies under UIDs and names that are not those of the fixtures, as a server of somebody else would hold them. */
async function storeForeignStudies(url: string): Promise<void> {
  const studies = corpus.filter(({ name }) => ['ct', 'mixed'].includes(name));
  const { to, headers, body } = storing(studies.flatMap(({ instances }) => instances.map(each => foreign(each.part10()))));
  const { status } = await fetch(`${url}/${to}`, { method: 'POST', headers: headers as [string, string][], body: body ?? null });
  if (status !== 200) throw new Error(`Orthanc answered ${status} to the foreign studies`);
}

const theirRoot = '1.3.6.1.4.1.5962.99.1.2280943358.716200484'.padEnd(uidRoot.length, '1');

/** The file with another UID root and other names of the same length. */
function foreign(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file).toString('latin1');
  return Buffer.from(text.replaceAll(uidRoot, theirRoot).replaceAll('CONFTEST', 'EXAMPLES'), 'latin1');
}
