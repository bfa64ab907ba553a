import { asOf, type Edition, homeEdition } from '../../schemas/editions.ts';
import { type RequirementId, requirement } from '../../schemas/requirements.ts';
import type { Fault } from './check.ts';
import { evidenceOf, redactor } from './evidence.ts';
import { resultOf } from './judge.ts';
import { Skip } from './outcome.ts';
import { type Report, tool, type Verdict, verdicts } from './result.ts';
import type { Server } from './transport.ts';
import { createTrial, type Trial } from './trial.ts';
import type { Exchange, HeaderLine } from './wire.ts';

/** One thing that is judged of the requests of a client, and the wrong client that it must find wrong. */
export interface ClientCheck {
  /** `service/client-topic/claim`, in words; never renamed. */
  readonly id: string;
  readonly title: string;
  /** The requirements it judges, of which the party is a client; the first one is meant where an expectation names none. */
  readonly requires: readonly [RequirementId, ...RequirementId[]];
  /** Makes a wrong client out of a right one: what a server with this fault hears is what the wrong client sends. */
  readonly wrongClient: Fault;
  /** Looks at one request and its answer; without an expectation the request says nothing about the claim. */
  looks(t: ClientTrial, exchange: Exchange): void;
}

/** What a client check does its work with. */
export interface ClientTrial extends Pick<Trial, 'expect' | 'record' | 'edition'> {
  /** The paths of the base URLs that clients were given, by the name of the endpoint; none is there that is not known. */
  readonly roots: Readonly<Record<string, string>>;
}

/** Declares a client check; every exported one of a file under suites/ is found by itself. */
export const clientCheck = (record: ClientCheck): ClientCheck => record;

/** Whether `value` is a client check; used on the exports of the files under suites/. */
export function isClientCheck(value: unknown): value is ClientCheck {
  return typeof value === 'object' && value !== null && 'id' in value && 'requires' in value && 'wrongClient' in value && 'looks' in value;
}

export interface ClientJudge {
  /** Looks at one exchange. */
  see(exchange: Exchange): void;
  /** What has been found so far, in the form of the report on a server; `target` is the base URL that the clients were given. */
  report(target: string): Report;
}

export interface ClientJudgeOptions {
  readonly checks: readonly ClientCheck[];
  readonly edition?: Edition;
  readonly started?: Date;
  /** The paths of the base URLs that clients are given, by the name of the endpoint. */
  readonly roots?: Readonly<Record<string, string>>;
  /** Told of each requirement that a check holds something against. */
  onExpect?(check: ClientCheck, row: RequirementId): void;
}

/** Judges whoever sends the requests that it sees. A claim that no request was about is skipped; one that a request broke stays broken. */
export function clientJudge({
  checks,
  edition = homeEdition,
  started = new Date(),
  roots = {},
  onExpect,
}: ClientJudgeOptions): ClientJudge {
  let requests = 0;
  const begun = performance.now();
  const unavailable = () => Promise.reject(new Skip('a client check sends nothing itself'));
  const around = {
    target: { endpoints: {}, transport: { send: unavailable, close: async () => {} } },
    edition,
    seed: 0,
    runs: 0,
    runNumber: 0,
    mayWrite: false,
    named: [],
    claims: () => false,
    given: unavailable,
    conceal() {},
    exchange: unavailable,
  };
  const watched = checks.map(check => {
    const { t, traces } = createTrial(check.requires, { ...around, onExpect: row => onExpect?.(check, row) });
    return { check, t: { ...t, roots }, traces, end: null as unknown, ms: 0 };
  });

  function see(exchange: Exchange): void {
    requests += 1;
    for (const each of watched) {
      if (each.end !== null) continue;
      const from = performance.now();
      const [seen, warned] = [each.traces.observed, each.traces.warnings.length];
      try {
        each.check.looks(each.t, exchange);
      } catch (error) {
        each.end = error;
      }
      each.ms += performance.now() - from;
      const tells = each.end !== null || each.traces.warnings.length > warned;
      if (tells || (each.traces.observed > seen && each.traces.exchanges.length === 0)) each.traces.exchanges.splice(0, 1, exchange);
    }
  }

  function report(target: string): Report {
    const redact = redactor([]);
    const results = watched
      .map(({ check, traces, end, ms }) => {
        const inForce = check.requires.some(row => asOf(requirement(row).level, edition) !== null);
        const nothing = traces.observed === 0 && end === null;
        const why = inForce ? 'no request was seen that it is about' : `not in force in edition ${edition}`;
        const outcome = { check, traces, end: nothing ? new Skip(why) : end, ms };
        return resultOf(outcome, edition, seen => evidenceOf(seen, redact, new Set()), redact);
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const count = (verdict: Verdict) => results.filter(result => result.verdict === verdict).length;
    return {
      tool,
      target: `the clients of ${target}`,
      edition,
      seed: 0,
      started: started.toISOString(),
      durationMs: Math.round(performance.now() - begun),
      requests,
      summary: Object.fromEntries(verdicts.map(verdict => [verdict, count(verdict)])) as Record<Verdict, number>,
      results,
      complete: true,
    };
  }

  return { see, report };
}

/** Of larger requests nothing is judged. */
const largestBody = 256 * 1024 ** 2;

/** A server that shows every exchange to somebody once it is answered. Bodies of answers are not shown. */
export function shownTo(see: (exchange: Exchange) => void, server: Server): Server {
  return async request => {
    const sent = performance.now();
    const { method, url } = request;
    const headers: HeaderLine[] = [...request.headers];
    const pieces: Uint8Array[] = [];
    let size = 0;
    const copying = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        size += piece.length;
        // The server may go on with the memory of a piece.
        if (size <= largestBody) pieces.push(Uint8Array.from(piece));
        else pieces.length = 0;
        controller.enqueue(piece);
      },
    });
    const heard = request.body
      ? new Request(url, {
          method,
          headers: request.headers,
          body: request.body.pipeThrough(copying),
          duplex: 'half',
          signal: request.signal,
        })
      : request;
    const response = await server(heard);
    if (size <= largestBody) {
      const body = request.body ? Buffer.concat(pieces) : null;
      const answer = { status: response.status, headers: [...response.headers] as HeaderLine[], body: new Uint8Array() };
      see({ request: { method, url, headers, body }, response: answer, ms: performance.now() - sent });
    }
    return response;
  };
}
