import type { ObjectClass } from '../services/object-class.ts';
import { acceptedRanges, covers, refusedTypes } from './accept.ts';
import { HttpError } from './errors.ts';

/** A media type of the parameter contentType, with the character set it asks for. */
export interface WantedType {
  readonly type: string;
  readonly charset?: string;
}

/**
 * The media type of the answer: the one that `contentType` prefers among those that the server has for the object and Accept allows (PS3.18-2013 6.3.2.1, 8.1.5); without
 * `contentType` the default of the class (7.1 to 7.4) where Accept allows it, else what Accept prefers. 406 when there is none.
 */
export function chosenType(
  objectClass: ObjectClass,
  offered: readonly string[],
  contentType: string | undefined,
  accept: string | null,
): WantedType {
  const ranges = acceptedRanges(accept).filter(range => !range.multipart);
  const refused = refusedTypes(accept);
  const isAccepted = (type: string) => !refused.has(type) && ranges.some(range => covers(range, type));
  const [standard = 'application/dicom'] = offered;
  if (contentType !== undefined) {
    for (const wanted of wantedTypes(contentType)) {
      const type = offered.find(each => isAccepted(each) && covers({ type: wanted.type, multipart: false, quality: 1 }, each));
      if (type !== undefined) return { ...wanted, type };
    }
    // 7.3.2: a text object is sent as text/html when only other types are wanted.
    if (objectClass === 'text' && isAccepted(standard)) return { type: standard };
    throw new HttpError(406, `This object can be had as ${offered.join(', ')}, as far as Accept allows, not as "${contentType}".`);
  }
  if (isAccepted(standard)) return { type: standard };
  for (const range of ranges) {
    const type = offered.find(each => isAccepted(each) && covers(range, each));
    if (type !== undefined) return { type };
  }
  throw new HttpError(406, `This object can be had as ${offered.join(', ')}, and Accept allows none of them.`);
}

/** The members of a list of media types with preference values (8.1.5, RFC 2616 14.1), most wanted first; what is no media type is left out. */
function wantedTypes(list: string): readonly WantedType[] {
  const members = list.split(',').flatMap(member => {
    const [name = '', ...parameters] = member.split(';').map(each => each.trim());
    if (!/^[^/\s=]+\/[^/\s=]+$/.test(name)) return [];
    const values = new Map(parameters.map(each => [each.split('=')[0]?.trim().toLowerCase() ?? '', each.split('=')[1]?.trim() ?? '']));
    const charset = values.get('charset')?.replaceAll('"', '');
    const quality = Number(values.get('q') ?? '1');
    return [{ type: name.toLowerCase(), quality: Number.isFinite(quality) ? quality : 0, ...(charset ? { charset } : {}) }];
  });
  return members.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}

/** The names in a list of character sets with preference values (8.1.6, RFC 2616 14.2), most wanted first; an asterisk wants nothing in particular. */
export function wantedCharsets(list: string): readonly string[] {
  const members = list.split(',').flatMap(member => {
    const [name = '', parameter = ''] = member.split(';').map(each => each.trim());
    const quality = Number(/^q\s*=\s*([\d.]+)$/i.exec(parameter)?.[1] ?? '1');
    return name === '' || name === '*' || !(quality > 0) ? [] : [{ name, quality }];
  });
  return members.sort((a, b) => b.quality - a.quality).map(({ name }) => name);
}
