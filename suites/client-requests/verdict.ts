import { clientJudge } from '../harness/client.ts';
import { loadClientChecks } from '../harness/load.ts';
import type { HeaderLine } from '../harness/wire.ts';

const checks = await loadClientChecks();

/** Where clients of the tests believe the services to be. */
export const base = 'http://client.invalid/dicom-web';

/** A request of a client. */
export interface Sent {
  readonly method?: string;
  readonly url: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** The verdict of a client check on one request, whatever it is answered. */
export function verdictOn(id: string, { method = 'GET', url, headers = [], body }: Sent, edition = '2013'): string {
  const [check] = checks.filter(each => each.id === id);
  if (!check) throw new Error(`there is no check ${id}`);
  const judge = clientJudge({ checks: [check], edition, roots: { rs: '/dicom-web', 'wado-ws': '/wado-ws' } });
  const response = { status: 200, headers: [], body: new Uint8Array() };
  judge.see({ request: { method, url: new URL(url).href, headers, body: body ?? null }, response, ms: 1 });
  return judge.report(base).results[0]?.verdict ?? 'none';
}
