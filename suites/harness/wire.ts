/** A header line as it stood on the wire: name in its own case, value without the line break. */
export type HeaderLine = readonly [name: string, value: string];

/** One HTTP request as it was sent. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array | null;
  /** The body goes in chunks of this many bytes, without a length. */
  readonly chunkBytes?: number;
}

/** One HTTP response as it came: header lines in order, case and repetition; the body complete. */
export interface WireResponse {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/** One request and its response: all that a check ever sees of a server. */
export interface Exchange {
  readonly request: WireRequest;
  readonly response: WireResponse;
  /** From sending the request to the last byte of the response, in milliseconds. */
  readonly ms: number;
}

/** The value of a header, repeated lines joined by commas (RFC 2616 4.2), or null when it is absent. */
export function headerValue(lines: readonly HeaderLine[], name: string): string | null {
  const values = lines.filter(([n]) => n.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? null : values.join(', ');
}
