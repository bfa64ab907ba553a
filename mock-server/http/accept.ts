/** One media range of an Accept header that a resource may be sent as. */
export interface Range {
  /** Type and subtype in lower case; for multipart/related the value of its type parameter, or a range with asterisks. */
  readonly type: string;
  readonly multipart: boolean;
  readonly transferSyntax?: string;
  readonly quality: number;
}

/**
 * The media ranges of an Accept header (RFC 2616 14.1, RFC 2387) by preference: higher quality first, then the order of the list (PS3.18-2013 6.5.1.1). No header accepts
 * everything. `transfer-syntax` is read beside the type parameter and inside it, quoted or not, as the print of 2013 allows.
 */
export function acceptedRanges(header: string | null): readonly Range[] {
  if (header === null || header.trim() === '') return [{ type: '*/*', multipart: false, quality: 1 }];
  const ranges = splitOutsideQuotes(header, ',').flatMap(member => {
    const [name = '', ...parameters] = splitOutsideQuotes(member, ';').map(part => part.trim());
    if (!/^[^/\s=]+\/[^/\s=]+$/.test(name)) return [];
    const values = new Map(parameters.map(parameterOf));
    const inner = splitOutsideQuotes(values.get('type') ?? '', ';').map(part => part.trim());
    const multipart = name.toLowerCase() === 'multipart/related';
    const within = new Map(inner.slice(1).map(parameterOf));
    const transferSyntax = within.get('transfer-syntax') ?? values.get('transfer-syntax');
    const quality = Number(values.get('q') ?? '1');
    return [
      {
        type: multipart ? inner[0]?.toLowerCase() || '*/*' : name.toLowerCase() === 'multipart/*' ? '*/*' : name.toLowerCase(),
        multipart: multipart || name.toLowerCase() === 'multipart/*',
        quality: Number.isFinite(quality) ? quality : 0,
        ...(transferSyntax ? { transferSyntax } : {}),
      },
    ];
  });
  // RFC 2616 14.1: a more specific range overrides a wider one, so that what it refuses stays refused.
  return ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}

/** The media types that a header refuses by q=0. */
export function refusedTypes(header: string | null): ReadonlySet<string> {
  const members = splitOutsideQuotes(header ?? '', ',').filter(member => /;\s*q\s*=\s*0(\.0{0,3})?\s*$/i.test(member));
  return new Set(members.map(member => (/type="?([^";]+)/i.exec(member)?.[1] ?? member.split(';')[0] ?? '').trim().toLowerCase()));
}

/** Whether a range covers a media type. */
export function covers(range: Range, type: string): boolean {
  if (range.type === '*/*') return true;
  return range.type === type || (range.type.endsWith('/*') && type.startsWith(range.type.slice(0, -1)));
}

function parameterOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  const value = text.slice(at + 1).trim();
  return [
    text.slice(0, at).trim().toLowerCase(),
    value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined).replaceAll(/\\(.)/g, '$1') : value,
  ];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? '';
    if (quoted && character === '\\') {
      part += character + (text[i + 1] ?? '');
      i += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  parts.push(part);
  return parts.filter(each => each.trim() !== '');
}
