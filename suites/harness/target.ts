import type { Transport } from './transport.ts';

/** What is judged: base URLs by the name of the endpoint (the first one is the default), and the way to reach them. */
export interface Target {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly transport: Transport;
  /** Header lines that go with every request to the target's own origins, such as credentials; never printed. */
  readonly headers?: readonly (readonly [string, string])[];
  /** The Repository Unique ID of the target, if the user named it. */
  readonly repository?: string;
  /** The target is known to hold the fixtures, so they need not be searched or stored. */
  readonly holdsFixtures?: boolean;
}

/** The absolute URL of a path below an endpoint, with exactly one slash between them; nothing and a query stand directly behind the base URL, absolute URLs stay as they are. */
export function urlOf(target: Target, to: string, endpoint?: string): string {
  if (/^https?:\/\//i.test(to)) return to;
  const base = endpoint === undefined ? Object.values(target.endpoints)[0] : target.endpoints[endpoint];
  if (base === undefined) throw new Error(`the target has no endpoint named ${endpoint}`);
  return to === '' || to.startsWith('?') ? base + to : `${base.replace(/\/+$/, '')}/${to.replace(/^\/+/, '')}`;
}

/** Whether a URL lies on the target itself: only there do the user's header lines go. */
export function isOwn(target: Target, url: string): boolean {
  const { origin } = new URL(url);
  return Object.values(target.endpoints).some(base => new URL(base).origin === origin);
}
