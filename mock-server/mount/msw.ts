import type { RequestHandler } from 'msw';

/** MSW handlers that answer every request below `base` from a server function; `msw` has to be installed. */
export async function mswHandlers(fetch: (request: Request) => Promise<Response>, base: string): Promise<RequestHandler[]> {
  const { http } = await import('msw').catch((cause: unknown) => {
    throw new Error('the package msw is needed for handlers: npm install --save-dev msw', { cause });
  });
  return [http.all(`${base.replace(/\/+$/, '')}/*`, ({ request }) => fetch(request))];
}
