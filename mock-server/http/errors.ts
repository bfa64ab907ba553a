/** A request that is answered with a status and one sentence of plain text. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}) {
    super(sentence);
    this.status = status;
    this.headers = headers;
  }
}

/** The answer that tells a client what went wrong. */
export function errorResponse(error: unknown): Response {
  const known =
    error instanceof HttpError ? error : new HttpError(500, 'The server could not answer this request; that is a defect of the server.');
  return new Response(`${known.message}\n`, {
    status: known.status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...known.headers },
  });
}
