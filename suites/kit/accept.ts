import { type MediaType, readMediaType } from './read/header.ts';

/** A media range of an Accept header (RFC 2616 14.1): for multipart/related the type of its parts. */
export interface AcceptRange {
  /** The range as it stood in the header. */
  readonly text: string;
  readonly multipart: boolean;
  /** Type and subtype in lower case, with asterisks where anything will do. */
  readonly type: string;
  /** Parameters by lower-case name, those within the type parameter of multipart/related as well. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The ranges of an Accept header, without those that it refuses by q=0. Parameters may stand beside the type parameter of multipart/related or within it, quoted or not: PS3.18-2013
 * prints `type={MediaType}`, where the media types of Table 6.5-1 have parameters.
 */
export function acceptRanges(header: string): readonly AcceptRange[] {
  return (header.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? []).flatMap(member => {
    const text = member.trim();
    const { value } = readMediaType(text);
    if (text === '' || Number(value.parameters.get('q') ?? '1') === 0) return [];
    return [{ text, ...(['multipart/related', 'multipart/*'].includes(value.type) ? ofParts(value) : single(value)) }];
  });
}

const single = ({ type, parameters }: MediaType) => ({ multipart: false, type, parameters });

function ofParts({ type, parameters }: MediaType) {
  const inner = parameters.get('type') ?? '';
  const { value } = readMediaType(inner);
  const anything = type === 'multipart/*' || inner === '';
  return {
    multipart: true,
    type: anything ? '*/*' : value.type || inner.toLowerCase(),
    parameters: new Map([...value.parameters, ...parameters]),
  };
}

/** Whether a range restricts nothing. */
export const isAnything = ({ type }: AcceptRange): boolean => type === '*/*';
