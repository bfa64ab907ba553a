import fc from 'fast-check';
import { asOf, type Edition } from '../../schemas/editions.ts';
import { type RequirementId, requirement } from '../../schemas/requirements.ts';
import { acceptedFrom, type Expected, resolve, show } from './expected.ts';
import type { Given } from './given.ts';
import { Skip, Unmet } from './outcome.ts';
import type { Target } from './target.ts';
import type { Exchange, HeaderLine } from './wire.ts';

/** A request as checks write it. */
export interface Ask {
  readonly method?: string;
  /** An absolute URL, or a path with query below the endpoint's base URL. */
  readonly to: string;
  /** The endpoint the path belongs to; the target's first one when absent. */
  readonly endpoint?: string;
  readonly headers?: readonly HeaderLine[] | Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Sends the body in pieces, without saying its length (RFC 2616 3.6.1). */
  readonly chunked?: true;
  /** Leaves out the header lines that the user added, such as credentials. */
  readonly anonymous?: true;
}

/** What a check does its work with: it sends, expects, records and skips; it never chooses a verdict. */
export interface Trial {
  readonly target: Target;
  readonly edition: Edition;
  /** For everything random; the same seed gives the same requests. */
  readonly seed: number;
  /** How many values a generated run tries. */
  readonly runs: number;
  /** Distinguishes what is stored in this run from what earlier runs stored. */
  readonly runNumber: number;
  readonly mayWrite: boolean;
  /** Ids of content that the user named for the checks to use. */
  readonly named: readonly string[];
  /** Whether the user claims that the target offers the service. */
  claims(service: string): boolean;

  send(ask: Ask): Promise<Exchange>;
  get(to: string, headers?: Ask['headers']): Promise<Exchange>;
  /** Expects a value; the claim is the subject of the sentence a reader is told. `also` are requirements that say the same as `row` in another place. */
  expect(
    claim: string,
    actual: unknown,
    expected: Expected,
    options?: { readonly row?: RequirementId; readonly also?: readonly RequirementId[] },
  ): void;
  /** Writes down what the server does where the standard leaves it free. */
  record(what: string, value: string): void;
  /** Says that the check cannot be made here, why, and what would lift it. */
  skip(reason: string): never;
  /** Tries `holds` on generated values and shrinks what fails to the smallest counterexample. */
  forAll<T>(
    values: fc.Arbitrary<T>,
    holds: (value: T) => Promise<void>,
    options?: { readonly runs?: number; readonly words?: (value: T) => string },
  ): Promise<void>;
  /** Names an exchange that was made for several checks as evidence for what is expected next. */
  cite(exchange: Exchange): void;
  /** Something found or made once per run. */
  given<V>(given: Given<V>): Promise<V>;
  /** Keeps a value of somebody's data out of every report. */
  conceal(value: string): void;
}

/** What a trial leaves behind for its result. */
export interface Traces {
  readonly exchanges: Exchange[];
  readonly observations: Set<string>;
  readonly warnings: Unmet[];
  /** How many expectations were compared and facts recorded. */
  observed: number;
  /** Requirements of expectations that were not compared, since the edition does not have them. */
  readonly notInForce: Set<RequirementId>;
  counterexample: Counterexample | null;
}

export interface Counterexample {
  readonly value: string;
  readonly seed: number;
  readonly path: string;
  readonly runs: number;
  readonly shrinks: number;
}

/** What the run lends to every trial. */
export interface Surroundings
  extends Pick<Trial, 'target' | 'edition' | 'seed' | 'runs' | 'runNumber' | 'mayWrite' | 'named' | 'claims' | 'given' | 'conceal'> {
  exchange(ask: Ask): Promise<Exchange>;
  /** Told of each requirement that something is held against. */
  onExpect?(row: RequirementId): void;
}

const keptExchanges = 40;
const keptObservations = 60;

/** A trial for a check with these requirements, and the traces it will leave. */
export function createTrial(requires: readonly RequirementId[], around: Surroundings): { readonly t: Trial; readonly traces: Traces } {
  const traces: Traces = { exchanges: [], observations: new Set(), warnings: [], observed: 0, notInForce: new Set(), counterexample: null };
  const observe = (sentence: string) => {
    traces.observed += 1;
    if (traces.observations.size < keptObservations) traces.observations.add(sentence);
  };

  const t: Trial = {
    ...around,
    async send(ask) {
      const exchange = await around.exchange(ask);
      t.cite(exchange);
      return exchange;
    },
    cite(exchange) {
      traces.exchanges.push(exchange);
      if (traces.exchanges.length > keptExchanges) traces.exchanges.shift();
    },
    get: (to, headers = {}) => t.send({ to, headers }),
    expect(claim, actual, expected, { row: named = requires[0], also = [] } = {}) {
      if (named === undefined) throw new Error('an expectation was made without a requirement');
      const inForce = [named, ...also].filter(each => asOf(requirement(each).level, around.edition) !== null);
      const [row] = inForce;
      if (row === undefined) {
        traces.notInForce.add(named);
        return;
      }
      for (const each of inForce) around.onExpect?.(each);
      const level = asOf(requirement(row).level, around.edition);
      const wanted = resolve(expected, around.edition);
      observe(claim);
      if (wanted.accepts(actual)) return;
      const unmet = new Unmet(
        row,
        `${claim}: expected ${wanted.words}, got ${show(actual)}`,
        laterOn(row, acceptedFrom(expected, actual, around.edition), around.edition),
      );
      if (level === 'shall') throw unmet;
      if (level === 'should') traces.warnings.push(unmet);
    },
    record(what, value) {
      observe(`${what}: ${value}`);
    },
    skip(reason) {
      throw new Skip(reason);
    },
    async forAll(values, holds, { runs = around.runs, words = show } = {}) {
      const [exchanges, warnings] = [traces.exchanges.length, traces.warnings.length];
      // What only warns is shrunk as what fails is, but only where nothing fails.
      for (const warningsCount of [false, true]) {
        let failure: { error: unknown; exchanges: Exchange[]; warnings: Unmet[] } | null = null;
        const property = fc.asyncProperty(values, async value => {
          traces.exchanges.splice(exchanges);
          traces.warnings.splice(failure || warningsCount ? warnings : traces.warnings.length);
          try {
            await holds(value);
            const [first] = warningsCount ? traces.warnings.slice(warnings) : [];
            if (first) throw first;
          } catch (error) {
            // While shrinking, only the kind of failure that was found counts; other trouble is a value that says nothing.
            if (failure && !(error instanceof Unmet)) fc.pre(false);
            failure = { error, exchanges: traces.exchanges.slice(exchanges), warnings: traces.warnings.slice(warnings) };
            throw error;
          }
        });
        const details = await fc.check(property, { seed: around.seed, numRuns: runs, endOnFailure: false });
        const found = failure as { error: unknown; exchanges: Exchange[]; warnings: Unmet[] } | null;
        if (!found && (warningsCount || traces.warnings.length === warnings)) return;
        if (!found) continue;
        traces.exchanges.splice(exchanges, traces.exchanges.length, ...found.exchanges);
        traces.warnings.splice(warnings, traces.warnings.length, ...found.warnings);
        if (details.counterexample) {
          const { seed, counterexamplePath, numRuns, numShrinks } = details;
          traces.counterexample = {
            value: words(details.counterexample[0]),
            seed,
            path: counterexamplePath ?? '',
            runs: numRuns,
            shrinks: numShrinks,
          };
        }
        if (found.warnings.includes(found.error as Unmet)) return;
        throw found.error;
      }
    },
  };
  return { t, traces };
}

/** Where a later edition judges differently: it accepts the answer, or has withdrawn the requirement, perhaps in favour of another. */
function laterOn(row: RequirementId, accepted: Edition | null, edition: Edition): string | null {
  if (accepted !== null) return `edition ${accepted} and later: as answered`;
  const later = Object.entries(requirement(row).level).filter(([first, level]) => first > edition && level === null);
  const [withdrawn] = later.map(([first]) => first).sort();
  return withdrawn === undefined ? null : `${row} was withdrawn in edition ${withdrawn}`;
}
