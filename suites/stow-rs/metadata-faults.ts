import type { Fault } from '../harness/check.ts';
import { hearsParts, type LoosePart } from '../kit/faults.ts';

/** Metadata of the second slice, which only some checks send. */
export const theSecondSlice = /keyword="InstanceNumber"[^>]*><Value number="1">2</;

const isBulk = ({ headers }: LoosePart): boolean => headers.some(line => /^content-location:/i.test(line));
const isXml = ({ headers }: LoosePart): boolean => headers.some(line => /dicom\+xml/i.test(line));

/** The URIs of bulk data that the metadata in these parts name, in their order. */
export const urisIn = (parts: readonly LoosePart[]): readonly string[] =>
  parts.filter(isXml).flatMap(({ body }) => [...body.toString('utf8').matchAll(/<BulkData uri="([^"]*)"/g)].map(([, uri]) => uri ?? ''));

/** A server that gives the bulk data out in the order in which they come, whatever their Content-Location is. */
export const reordered: Fault = hearsParts(parts => {
  const uris = [...urisIn(parts)];
  return parts.map(part =>
    isBulk(part)
      ? { ...part, headers: part.headers.map(line => (/^content-location:/i.test(line) ? `Content-Location: ${uris.shift()}` : line)) }
      : part,
  );
});

/** A server that takes bulk data for big endian words. */
export const swappedPixels: Fault = hearsParts(parts =>
  parts.map(part => (isBulk(part) ? { ...part, body: Buffer.from(part.body).swap16() } : part)),
);

/** A server that makes do with the parts that fit together and passes over the others. */
export const forgiving: Fault = hearsParts(parts => {
  const uris = urisIn(parts);
  const located = (part: LoosePart) =>
    part.headers.map(line => /^content-location:\s*(.*)$/i.exec(line)?.[1]).find(uri => uri !== undefined);
  return parts.filter(part => !isBulk(part) || uris.includes(located(part) ?? ''));
});
