import { TransportTrouble } from '../suites/harness/outcome.ts';
import { type Target, urlOf } from '../suites/harness/target.ts';
import type { Transport } from '../suites/harness/transport.ts';
import { headerValue } from '../suites/harness/wire.ts';
import { unknownUid } from '../suites/kit/offers.ts';
import { Unable } from './usage.ts';

/** A transport that gives up at once when the signal comes, instead of waiting for answers. */
export function interruptible(transport: Transport, signal: AbortSignal): Transport {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new TransportTrouble('the run was interrupted')), { once: true });
  });
  interrupted.catch(() => {});
  return { send: request => Promise.race([transport.send(request), interrupted]), close: () => transport.close() };
}

/** Asks for a study that no server has, to learn whether HTTP is spoken there; gives a hint where the answer asks for one. */
export async function reach(target: Target, base: string): Promise<string | null> {
  const url = urlOf(target, `studies/${unknownUid}`);
  try {
    const { status, headers } = await target.transport.send({ method: 'GET', url, headers: target.headers ?? [], body: null });
    if (status === 401 || status === 403)
      return `The server answers ${status}: if it wants credentials, give them with --header 'Authorization: …'.`;
    if (status >= 300 && status < 400)
      return `The server answers ${status} and points to ${headerValue(headers, 'Location') ?? 'nowhere'}: redirects are not followed, so give the URL that answers itself.`;
    return null;
  } catch (error) {
    if (!(error instanceof TransportTrouble)) throw error;
    // An answer that is too large is an answer: the checks will say what they think of it.
    if (/larger than \d+ bytes/.test(error.message)) return null;
    throw new Unable(`${base} cannot be judged: ${causeOf(error.message)}.`);
  }
}

function causeOf(message: string): string {
  const cause = message.replace(/^GET \S+: /, '').split('\n')[0] ?? '';
  if (/EPROTO|SSL routines|packet length/.test(cause))
    return 'it does not speak TLS; if it is plain HTTP, write http:// instead of https://';
  if (/certificate|CERT|altnames/i.test(cause))
    return `its TLS certificate is not trusted (${cause.replace(/\.$/, '')}); name the authority with NODE_EXTRA_CA_CERTS=FILE`;
  return cause.replace(/\.$/, '');
}
