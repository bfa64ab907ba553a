import { createHash } from 'node:crypto';
import { soapType, xopType } from '../../schemas/wado-ws.ts';
import type { Attachment } from '../soap/response.ts';
import { HttpError } from './errors.ts';
import { multipartRelated } from './multipart.ts';
import { readMultipart, withParameters } from './multipart-request.ts';

/** A SOAP message as it came: the bytes of its envelope, and how they were packaged. */
export interface Received {
  readonly envelope: Uint8Array;
  readonly packaged: boolean;
  /** The action parameter of its media type (RFC 3902); empty when there is none. */
  readonly action: string;
}

/** The envelope of a message that came alone or as the root of an MTOM package; the message of an error is what is wrong. */
export async function unpack(contentType: string, body: Buffer): Promise<Received> {
  const { name, parameters } = withParameters(contentType);
  const action = parameters.get('action') ?? '';
  // SOAP 1.1 comes as text/xml; its envelope is answered with a fault that says so.
  if (name === soapType || name === xopType || name === 'text/xml') return { envelope: body, packaged: false, action };
  if (name !== 'multipart/related')
    throw new HttpError(
      415,
      `A SOAP message comes as ${soapType} or as multipart/related with type="${xopType}", not as ${name || 'nothing'}.`,
    );
  const parts = await partsOf(body, parameters.get('boundary') ?? '');
  // RFC 2387 3.2: the root is the part that start names, or the first one.
  const start = parameters.get('start')?.replace(/^<|>$/g, '');
  const root = start === undefined ? parts[0] : parts.find(({ headers }) => headers.get('content-id')?.replace(/^<|>$/g, '') === start);
  if (!root) throw new HttpError(400, 'The start parameter names no part of the message.');
  return { envelope: Buffer.concat(root.pieces), packaged: true, action };
}

interface RequestPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly pieces: Uint8Array[];
}

async function partsOf(body: Buffer, boundary: string): Promise<readonly RequestPart[]> {
  const parts: RequestPart[] = [];
  for await (const received of readMultipart(
    (async function* () {
      yield body;
    })(),
    boundary,
  )) {
    if (received.kind === 'part') parts.push({ headers: received.headers, pieces: [] });
    else parts.at(-1)?.pieces.push(received.bytes);
  }
  return parts;
}

/** A message alone (SOAP 1.2 Part 2 7.1). */
export function plainMessage(envelope: string, action: string, status: number): Response {
  return new Response(envelope, { status, headers: { 'Content-Type': `${soapType}; charset=utf-8; action="${action}"` } });
}

const rootId = 'envelope@wado-ws.invalid';

/** A message as an MTOM package (XOP 1.0 4, MTOM 3.2): the envelope as root part, each document as a part of its own. */
export function packagedMessage(envelope: string, action: string, attachments: readonly Attachment[], status: number): Response {
  const root = {
    headers: [
      ['Content-Type', `${xopType}; charset=UTF-8; type="${soapType}"`],
      ['Content-Transfer-Encoding', 'binary'],
      ['Content-ID', `<${rootId}>`],
    ] as const,
    body: Buffer.from(envelope),
  };
  const parts = attachments.map(({ contentId, mediaType, body }) => ({
    headers: [
      ['Content-Type', mediaType],
      ['Content-Transfer-Encoding', 'binary'],
      ['Content-ID', `<${contentId}>`],
    ] as const,
    body,
  }));
  const seed = createHash('sha256').update(envelope).digest('hex');
  return multipartRelated(
    [root, ...parts].map(part => () => part),
    xopType,
    seed,
    status,
    { start: `<${rootId}>`, 'start-info': soapType, action },
  );
}
