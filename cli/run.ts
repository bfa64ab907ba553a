import { progress } from '../reports/progress.ts';
import { recordOf } from '../reports/record.ts';
import { terminalReport, totalLine } from '../reports/terminal.ts';
import { type Edition, homeEdition } from '../schemas/editions.ts';
import type { Check } from '../suites/harness/check.ts';
import { loadChecks } from '../suites/harness/load.ts';
import { exitStatus, type Report } from '../suites/harness/result.ts';
import { run } from '../suites/harness/run.ts';
import type { Target } from '../suites/harness/target.ts';
import { defaultLimits } from '../suites/harness/transport.ts';
import { offers } from '../suites/kit/offers.ts';
import { otherEndpoints, type ServerOptions, targetOf } from '../suites/kit/server.ts';
import { threadedTarget } from './embedded.ts';
import { print, say, screenOf } from './output.ts';
import { interruptible, reach } from './reach.ts';
import { reportFolder, writeReports } from './reports.ts';
import { selected } from './selection.ts';
import { baseUrl, UsageError } from './usage.ts';

/** The options of a run as the command line gives them; `timeout` in seconds. */
export interface RunFlags {
  readonly edition?: Edition;
  readonly wadoUri?: string;
  readonly wadoWs?: string;
  readonly repository?: string;
  readonly write?: true;
  readonly study?: readonly string[];
  readonly header?: readonly (readonly [string, string])[];
  readonly claim?: readonly string[];
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly seed?: number;
  readonly runs?: number;
  readonly out?: string;
  readonly json?: true;
}

/** Checks under way at once where nobody else's server is burdened. */
const concurrencyWithin = 48;

/** Judges the server whose URL is the first word, or the embedded one, and reports; the exit status is that of the report. */
export async function runCommand(words: readonly string[], flags: RunFlags): Promise<number> {
  const [first] = words;
  const url = first !== undefined && /^https?:/i.test(first) ? baseUrl(first) : null;
  const { edition = homeEdition } = flags;
  // Its thread gets ready while the checks are loaded.
  const own = url === null ? embedded(flags, edition) : null;
  try {
    return await judged(words, flags, url, edition, own);
  } finally {
    await own?.transport.close();
  }
}

async function judged(
  words: readonly string[],
  flags: RunFlags,
  url: string | null,
  edition: Edition,
  own: Target | null,
): Promise<number> {
  const checks = selected(await loadChecks(), url === null ? words : words.slice(1));
  const claims = servicesOf(flags.claim ?? []);
  const endpoints = endpointsOf(flags);
  if (url === null && Object.keys(endpoints).length > 0)
    throw new UsageError('A URL of another service goes with the base URL of the RESTful services as first word.');
  if (flags.out !== undefined) await reportFolder(flags.out);

  const interruption = interrupts();
  const reached =
    own ?? targetOf(url ?? '', { ...limitsOf(flags), ...given({ repository: flags.repository }), endpoints, headers: flags.header ?? [] });
  const target = { ...reached, transport: interruptible(reached.transport, interruption.signal) };
  const shown = progress({ ...screenOf(process.stderr), live: process.stderr.isTTY === true, write: text => process.stderr.write(text) });
  try {
    const hint =
      url === null
        ? 'The embedded mock server is judged; give a URL to judge another one.'
        : await reach(target, target.endpoints.rs ?? url);
    if (hint !== null) say(hint);
    const report = await run({
      ...given({ seed: flags.seed, runs: flags.runs, concurrency: flags.concurrency ?? (own ? concurrencyWithin : undefined) }),
      target,
      checks,
      edition,
      offers,
      claims: url === null ? Object.keys(offers) : claims,
      mayWrite: url === null || flags.write === true,
      named: flags.study ?? [],
      signal: interruption.signal,
      onResult: shown.onResult,
    });
    shown.end();
    const nothing = exitStatus(report) === 0 && nothingThere(report, checks);
    const status = nothing ? 2 : exitStatus(report);
    process.exitCode = status;
    await tell(report, flags);
    if (nothing) say(`Next to nothing could be judged: check that ${report.target} is the base URL of the RESTful services.`);
    return status;
  } finally {
    interruption.end();
    await target.transport.close();
  }
}

function embedded(flags: RunFlags, edition: Edition): Target {
  const { timeout = defaultLimits.timeoutMs / 1000 } = flags;
  return { ...threadedTarget(edition, { ...defaultLimits, timeoutMs: timeout * 1000 }), headers: flags.header ?? [] };
}

/** The URLs of the services that have one of their own; whoever claims such a service has to give it. */
function endpointsOf({ wadoUri, wadoWs, claim = [] }: RunFlags): NonNullable<ServerOptions['endpoints']> {
  const endpoints = given({ 'wado-uri': wadoUri, 'wado-ws': wadoWs });
  const missing = otherEndpoints.find(service => claim.includes(service) && !(service in endpoints));
  if (missing !== undefined) throw new UsageError(`--claim ${missing} goes with the URL of the service: give it with --${missing} URL.`);
  // IHE RAD-69 is WADO-WS.
  if (claim.includes('rad-69') && wadoWs === undefined)
    throw new UsageError('--claim rad-69 goes with the URL of WADO-WS: give it with --wado-ws URL.');
  return endpoints;
}

const limitsOf = ({ timeout, concurrency }: RunFlags) => given({ timeout, concurrency });

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}

async function tell(report: Report, flags: RunFlags): Promise<void> {
  if (flags.out !== undefined) await writeReports(flags.out, report);
  if (flags.json) {
    say(totalLine(report));
    await print(recordOf(report));
  } else await print(terminalReport(report, screenOf(process.stdout)));
}

/** Whether a service is missing and no check that needs something the server holds could be made, as it is below a wrong base URL. */
function nothingThere({ results }: Report, checks: readonly Check[]): boolean {
  const needing = new Set(checks.filter(({ given, watch }) => Object.keys(given ?? {}).length > 0 && !watch).map(({ id }) => id));
  return (
    results.filter(({ id }) => needing.has(id)).every(({ verdict }) => verdict === 'skip') &&
    results.some(({ verdict, reason }) => verdict === 'skip' && reason.includes('does not offer'))
  );
}

function servicesOf(claims: readonly string[]): readonly string[] {
  const known = Object.keys(offers);
  const unknown = claims.find(claim => !known.includes(claim));
  if (unknown !== undefined) throw new UsageError(`--claim takes ${known.slice(0, -1).join(', ')} or ${known.at(-1)}, not "${unknown}".`);
  return claims;
}

/** The first Ctrl-C ends the run and lets it report; the second one ends everything at once. */
function interrupts(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const heard = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nInterrupted: what was judged so far is reported; once more ends at once.\n');
    controller.abort();
  };
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return { signal: controller.signal, end: () => process.off('SIGINT', heard).off('SIGTERM', heard) };
}
