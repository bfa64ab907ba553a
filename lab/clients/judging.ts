import { readFileSync } from 'node:fs';
import { createMockServer, endpointsAt, type MockServerOptions, roots } from '../../mock-server/index.ts';
import { listen } from '../../mock-server/mount/node.ts';
import type { Edition } from '../../schemas/editions.ts';
import { clientJudge, shownTo } from '../../suites/harness/client.ts';
import { loadClientChecks } from '../../suites/harness/load.ts';
import type { Result, Verdict } from '../../suites/harness/result.ts';

const checks = await loadClientChecks();

type Found = Pick<Result, 'verdict' | 'reason'>;

/** By client and by check what is wrong with it by which clause. */
const expected: Readonly<Record<string, Readonly<Record<string, { readonly verdict: Verdict; readonly because: string }>>>> = JSON.parse(
  readFileSync(new URL('expected.json', import.meta.url), 'utf8'),
);

/** What was found wrong and is not known of the client. */
export function unexpected(client: string, wrong: Readonly<Record<string, Found>>): readonly string[] {
  const known = expected[client] ?? {};
  return Object.entries(wrong).flatMap(([id, { verdict, reason }]) => (known[id]?.verdict === verdict ? [] : [`${id}: ${reason}`]));
}

/** What is known of the client and was not found. */
export const notFound = (client: string, wrong: Readonly<Record<string, Found>>): readonly string[] =>
  Object.keys(expected[client] ?? {}).filter(id => !(id in wrong));

/** What came of judging a client. */
export interface Judged<T> {
  readonly result: T;
  /** By check what was found wrong. */
  readonly wrong: Readonly<Record<string, Found>>;
  readonly passed: readonly string[];
}

/** Lets a client use a mock server that judges its clients; what the client is given are the URLs of the services, by their names. */
export async function judging<T>(
  edition: Edition,
  options: MockServerOptions,
  use: (urls: ReturnType<typeof endpointsAt>) => Promise<T>,
): Promise<Judged<T>> {
  const judge = clientJudge({ checks, edition, roots });
  const server = createMockServer({ ...options, edition });
  const { origin, close } = await listen(shownTo(judge.see, server.fetch));
  const result = await use(endpointsAt(origin)).finally(close);
  const { results } = judge.report(endpointsAt(origin).rs);
  const wrong = results.filter(({ verdict }) => !['pass', 'skip'].includes(verdict));
  return {
    result,
    wrong: Object.fromEntries(wrong.map(({ id, verdict, reason }) => [id, { verdict, reason }])),
    passed: results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
  };
}
