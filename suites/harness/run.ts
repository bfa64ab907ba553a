import { asOf, type Edition, homeEdition } from '../../schemas/editions.ts';
import { type RequirementId, requirement } from '../../schemas/requirements.ts';
import { type Check, serviceOf } from './check.ts';
import { evidenceOf, redactor } from './evidence.ts';
import type { Given } from './given.ts';
import { mergeOutcome, type Outcome, resultOf } from './judge.ts';
import { Skip, TransportTrouble, Unmet } from './outcome.ts';
import { type Report, type Result, tool, type Verdict, verdicts } from './result.ts';
import { isOwn, type Target, urlOf } from './target.ts';
import { createTrial, type Surroundings, type Trial } from './trial.ts';
import type { Exchange, HeaderLine } from './wire.ts';

export interface RunOptions {
  readonly target: Target;
  readonly checks: readonly Check[];
  readonly edition?: Edition;
  readonly seed?: number;
  /** Values tried by each generated run. */
  readonly runs?: number;
  /** Checks under way at once. */
  readonly concurrency?: number;
  readonly mayWrite?: boolean;
  readonly named?: readonly string[];
  /** Services that the target is said to offer; the others are probed. */
  readonly claims?: readonly string[];
  /** By service: whether the target offers it at all. Unmet, every check of the service is skipped with that reason. */
  readonly offers?: Readonly<Record<string, Given<unknown>>>;
  /** Ends the run early; what was not judged by then is an error. */
  readonly signal?: AbortSignal;
  readonly started?: Date;
  onResult?(result: Result, done: number, total: number): void;
  /** Told of each requirement that a check holds something against. */
  onExpect?(check: Check, row: RequirementId): void;
}

/** So few that a delimiter is likely to be cut. */
const chunkBytes = 997;

/** After this many exchanges in a row without an answer the target counts as gone. */
const patience = 6;

/** Judges the target by the checks: first what they need is found or made, then the reading ones run, then those that write. */
export async function run(options: RunOptions): Promise<Report> {
  const { target, checks, edition = homeEdition, concurrency = 4, signal, started = new Date() } = options;
  const begun = performance.now();
  const secrets = new Set<string>();
  const ownHeaders = new Set((target.headers ?? []).map(([name]) => name.toLowerCase()));
  let requests = 0;
  let unanswered = 0;

  async function exchange(ask: Parameters<Surroundings['exchange']>[0]): Promise<Exchange> {
    if (signal?.aborted) throw new TransportTrouble('the run was interrupted');
    if (unanswered >= patience) throw new TransportTrouble(`not asked: the last ${patience} requests went without an answer`);
    const url = urlOf(target, ask.to, ask.endpoint);
    const lines = (Array.isArray(ask.headers) ? ask.headers : Object.entries(ask.headers ?? {})) as HeaderLine[];
    const headers = [...lines, ...(isOwn(target, url) && !ask.anonymous ? (target.headers ?? []) : [])];
    const request = { method: ask.method ?? 'GET', url, headers, body: ask.body ?? null, ...(ask.chunked ? { chunkBytes } : {}) };
    const sent = performance.now();
    requests += 1;
    try {
      const response = await target.transport.send(request);
      unanswered = 0;
      const done = { request, response, ms: performance.now() - sent };
      for (const watcher of watchers) watcher(done);
      return done;
    } catch (error) {
      if (error instanceof TransportTrouble) unanswered += 1;
      throw error;
    }
  }

  const givens = new Map<string, Promise<unknown>>();
  const around: Surroundings = {
    target,
    edition,
    exchange,
    seed: options.seed ?? 1,
    runs: options.runs ?? 25,
    runNumber: started.getTime(),
    mayWrite: options.mayWrite ?? false,
    named: options.named ?? [],
    claims: service => options.claims?.includes(service) ?? false,
    conceal: value => secrets.add(value),
    given<V>(given: Given<V>): Promise<V> {
      const known = givens.get(given.key) ?? provide(given, around);
      givens.set(given.key, known);
      return known as Promise<V>;
    },
  };

  const trialOf = (check: Check) => createTrial(check.requires, { ...around, onExpect: row => options.onExpect?.(check, row) });
  const watches = checks
    .filter(check => check.watch && inForce(check, edition))
    .map(check => ({ check, ...trialOf(check), end: null as unknown }));
  const watchers = watches.map(watch => (seen: Exchange) => {
    if (watch.end !== null) return;
    try {
      const before = watch.traces.observed;
      watch.check.watch?.(watch.t, seen);
      if (watch.traces.observed > before && watch.traces.exchanges.length === 0) watch.traces.exchanges.push(seen);
    } catch (error) {
      watch.traces.exchanges.splice(0, watch.traces.exchanges.length, seen);
      watch.end = error;
    }
  });

  const ends: Outcome[] = [];
  let done = 0;
  const describe = (outcome: Outcome): Result => {
    const redact = redactor(secrets);
    return resultOf(outcome, edition, seen => evidenceOf(seen, redact, ownHeaders), redact);
  };

  async function judge(check: Check): Promise<void> {
    const { t, traces } = trialOf(check);
    const from = performance.now();
    const end = await attempt(check, t, options);
    const outcome = { check, traces, end, ms: performance.now() - from };
    ends.push(outcome);
    done += 1;
    if (!check.watch) options.onResult?.(describe(outcome), done, checks.length);
  }

  const reading = checks.filter(check => !check.writes);
  await eachOf(
    [...new Map(checks.flatMap(check => givensOf(check, options)).map(given => [given.key, given])).values()],
    concurrency,
    async given => {
      await around.given(given).catch(() => {});
    },
  );
  await eachOf(inTurns(reading), concurrency, judge);
  await eachOf(
    checks.filter(check => check.writes),
    concurrency,
    judge,
  );

  for (const { check, traces, end } of watches) {
    const own = ends.find(e => e.check === check);
    if (!own) continue;
    const merged = mergeOutcome(own, traces, end);
    ends[ends.indexOf(own)] = merged;
    options.onResult?.(describe(merged), done, checks.length);
  }

  const results = ends.map(describe).sort((a, b) => (a.id < b.id ? -1 : 1));
  const count = (verdict: Verdict) => results.filter(result => result.verdict === verdict).length;
  return {
    tool,
    target: redactor(secrets)(Object.values(target.endpoints)[0]?.replace(/\/\/[^/@]*@/, '//') ?? ''),
    edition,
    seed: around.seed,
    started: started.toISOString(),
    durationMs: Math.round(performance.now() - begun),
    requests,
    summary: Object.fromEntries(verdicts.map(verdict => [verdict, count(verdict)])) as Record<Verdict, number>,
    results,
    complete: !signal?.aborted,
  };
}

const givensOf = (check: Check, options: RunOptions): readonly Given<unknown>[] => {
  if (check.writes && !options.mayWrite) return [];
  const offer = options.offers?.[serviceOf(check)];
  return [...(offer ? [offer] : []), ...Object.values(check.given ?? {})];
};

/** A given that is not met is a skip for those that need it, never a failure. */
async function provide<V>(given: Given<V>, around: Surroundings): Promise<V> {
  try {
    return await given.provide(createTrial([], around).t);
  } catch (error) {
    throw error instanceof Unmet ? new Skip(`what it needs could not be had: ${error.message}`) : error;
  }
}

function inForce(check: Check, edition: Edition): boolean {
  return edition >= (check.since ?? '') && check.requires.some(row => asOf(requirement(row).level, edition) !== null);
}

/** Makes a check and brings back what ended it: an error, or null when it came through. */
async function attempt(check: Check, t: Trial, options: RunOptions): Promise<unknown> {
  try {
    if (!inForce(check, t.edition)) t.skip(`not in force in edition ${t.edition}`);
    if (check.writes && !t.mayWrite) t.skip('it stores instances on the target: allow it with --write');
    const offer = options.offers?.[serviceOf(check)];
    if (offer) await t.given(offer);
    const provided = await Promise.all(
      Object.entries(check.given ?? {}).map(async ([name, given]) => [name, await t.given(given)] as const),
    );
    await check.run(t, Object.fromEntries(provided) as never);
    return null;
  } catch (error) {
    return error;
  }
}

/** The checks of all services in turns, so that what burdens the target and what burdens the judge goes on side by side. */
function inTurns(checks: readonly Check[]): readonly Check[] {
  const byService = new Map<string, Check[]>();
  for (const check of checks) byService.set(serviceOf(check), [...(byService.get(serviceOf(check)) ?? []), check]);
  return [...byService.values()]
    .flatMap(own => own.map((check, i) => ({ check, at: (i + 1) / own.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ check }) => check);
}

/** Runs `work` on every member, at most `width` at a time. */
async function eachOf<T>(members: readonly T[], width: number, work: (member: T) => Promise<void>): Promise<void> {
  const queue = [...members];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, lane));
}
