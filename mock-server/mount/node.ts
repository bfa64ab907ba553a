import type { Server as HttpServer } from 'node:http';
import { serve } from '@hono/node-server';

export interface ListenOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** The address to listen on; the loopback address when absent. */
  readonly host?: string;
}

/** A server on a port. */
export interface Listening {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/** Puts a server function on a TCP port; rejects with the system's error when the port cannot be had. */
export function listen(
  fetch: (request: Request) => Promise<Response>,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, address => {
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ origin: `http://${name}:${address.port}`, close: () => close(server as HttpServer) });
    });
    server.once('error', reject);
  });
}

function close(server: HttpServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
