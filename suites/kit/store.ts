import { dicomObjectType } from '../../schemas/media-types.ts';
import type { Ask } from '../harness/trial.ts';
import type { HeaderLine } from '../harness/wire.ts';

/** One part of a store request as it is to stand on the wire. */
export interface StorePart {
  /** The part's header lines; `Content-Type: application/dicom` when absent. */
  readonly headers?: readonly HeaderLine[];
  readonly body: Uint8Array;
}

export interface StoreOptions {
  /** The study in the URL; without it instances of any study may be stored. */
  readonly study?: string;
  /** The boundary in the body. */
  readonly boundary?: string;
  /** The request's Content-Type, made from the boundary. */
  readonly contentType?: (boundary: string) => string;
  readonly headers?: readonly HeaderLine[];
  /** Sends the body in chunks, without a length. */
  readonly chunked?: true;
  /** Text before the first delimiter and after the last. */
  readonly preamble?: string;
  readonly epilogue?: string;
}

const defaultBoundary = 'conformance-test-boundary';

/** PS3.18-2013 6.6.1: a request that stores DICOM objects, one part each. */
export function storing(parts: readonly (Uint8Array | StorePart)[], options: StoreOptions = {}): Ask {
  const { study, boundary = defaultBoundary, contentType = b => `multipart/related; type="${dicomObjectType}"; boundary=${b}` } = options;
  return {
    method: 'POST',
    to: study === undefined ? 'studies' : `studies/${study}`,
    headers: [['Content-Type', contentType(boundary)], ['Accept', 'application/dicom+xml'], ...(options.headers ?? [])],
    body: multipart(
      parts.map(part => (part instanceof Uint8Array ? { body: part } : part)),
      boundary,
      options,
    ),
    ...(options.chunked ? { chunked: true } : {}),
  };
}

/** RFC 2046 5.1.1: the parts between delimiter lines. */
function multipart(parts: readonly StorePart[], boundary: string, { preamble = '', epilogue = '' }: StoreOptions): Uint8Array {
  const chunks: Uint8Array[] = [Buffer.from(preamble === '' ? '' : `${preamble}\r\n`, 'latin1')];
  for (const [i, { headers = [['Content-Type', dicomObjectType]], body }] of parts.entries()) {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    chunks.push(Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${lines}\r\n`, 'latin1'), body);
  }
  chunks.push(Buffer.from(`\r\n--${boundary}--${epilogue}`, 'latin1'));
  return Buffer.concat(chunks);
}
