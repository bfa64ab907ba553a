import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Call, Context } from './context.ts';
import { errorResponse, HttpError } from './errors.ts';
import { roots } from './roots.ts';
import { routesIn } from './routes.ts';

/** The server as a function of a request (WHATWG fetch). */
export function createApp(context: Context): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: true });
  // Viewers run in browsers.
  app.use(cors({ origin: '*', exposeHeaders: ['Content-Location', 'Content-Range', 'Warning', 'Allow'] }));
  for (const { path, root = context.root, methods } of routesIn(context.edition)) {
    const at = root + path;
    for (const [method, handler] of Object.entries(methods)) {
      app.on(method, at, async c => {
        const call: Call = { request: c.req.raw, url: new URL(c.req.url), path: c.req.param() as Record<string, string>, context };
        return handler(call);
      });
    }
    // RFC 2616 10.4.6: a method that a resource does not have is answered with those it has.
    const allowed = Object.keys(methods).flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(at, c => {
      throw new HttpError(405, `${c.req.method} is not possible here, only ${allowed.join(', ')}.`, {
        Allow: [...allowed, 'OPTIONS'].join(', '),
      });
    });
  }
  app.notFound(c =>
    errorResponse(
      new HttpError(
        404,
        `There is no resource at ${new URL(c.req.url).pathname}; the RESTful services are below ${context.root}, WADO-URI is at ${roots['wado-uri']}, WADO-WS at ${roots['wado-ws']}.`,
      ),
    ),
  );
  app.onError(error => errorResponse(error));
  return async request => app.fetch(request);
}
