import { Pool } from 'undici';

/** What a load of GET requests gave. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly megabytesPerSecond: number;
}

/** Sends GET requests to one URL from `connections` connections for `seconds`, and counts what comes back. */
export async function load(url: string, accept: string, { seconds = 2, connections = 8 } = {}): Promise<Load> {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  let requests = 0;
  let bytes = 0;
  const lane = async (until: number) => {
    while (performance.now() < until) {
      const { statusCode, body } = await pool.request({ method: 'GET', path: pathname + search, headers: { Accept: accept } });
      const content = await body.bytes();
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
      requests += 1;
      bytes += content.length;
    }
  };
  const lanes = (ms: number) => Promise.all(Array.from({ length: connections }, () => lane(performance.now() + ms)));
  await lanes(300);
  requests = 0;
  bytes = 0;
  const from = performance.now();
  await lanes(seconds * 1000);
  const elapsed = (performance.now() - from) / 1000;
  await pool.destroy();
  return { requestsPerSecond: Math.round(requests / elapsed), megabytesPerSecond: Math.round(bytes / elapsed / 1e6) };
}
