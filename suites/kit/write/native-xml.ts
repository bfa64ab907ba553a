import type { DataSet, Element, Tag } from '../../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../../schemas/dictionary.ts';

/** The URI under which the value of an attribute at the top of a data set travels as bulk data, or null for one that is inline. */
export type Refer = (tag: Tag, element: Element) => string | null;

const inline: Refer = () => null;

/** A data set as a Native DICOM Model document (PS3.19-2013 A.1), as a client sends it: with VR, keyword and xml:space. */
export function nativeXml(dataSet: DataSet, refer: Refer = inline): Uint8Array {
  const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<NativeDicomModel xmlns="${namespace}" xml:space="preserve">${attributes(dataSet, refer)}</NativeDicomModel>`,
  );
}

function attributes(dataSet: DataSet, refer: Refer): string {
  let text = '';
  for (const [tag, element] of dataSet) {
    const names = isPrivate(tag) ? privateNames(dataSet, tag) : ` tag="${tag}"${keywordOf(tag)}`;
    if (names !== null) text += `<DicomAttribute${names} vr="${element.vr}">${content(tag, element, refer)}</DicomAttribute>`;
  }
  return text;
}

function keywordOf(tag: Tag): string {
  const keyword = attributeByTag(tag)?.keyword ?? '';
  return keyword === '' ? '' : ` keyword="${keyword}"`;
}

/** Table A.1.5-2: a private attribute without its block and with its creator; the creators themselves are not written. */
function privateNames(dataSet: DataSet, tag: Tag): string | null {
  if (tag.slice(4, 6) === '00') return null;
  const creator = dataSet.get(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`);
  const name = creator && 'values' in creator ? String(creator.values[0] ?? '') : '';
  return ` tag="${tag.slice(0, 4)}00${tag.slice(6)}" privateCreator="${safe(name)}"`;
}

function content(tag: Tag, element: Element, refer: Refer): string {
  const uri = refer(tag, element);
  if (uri !== null) return `<BulkData uri="${safe(uri)}"/>`;
  if ('items' in element) return each('Item', element.items, item => attributes(item, inline));
  if ('fragments' in element) throw new Error(`the fragments of ${tag} have to be bulk data`);
  if ('bytes' in element)
    return element.bytes.length === 0 ? '' : `<InlineBinary>${Buffer.from(element.bytes).toString('base64')}</InlineBinary>`;
  return element.vr === 'PN' ? each('PersonName', element.values.map(String), nameOf) : each('Value', element.values.map(String), safe);
}

const each = <T>(name: string, members: readonly T[], write: (member: T) => string): string =>
  members.map((member, i) => `<${name} number="${i + 1}">${write(member)}</${name}>`).join('');

/** Table 10.2-1. */
function nameOf(name: string): string {
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'];
  const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];
  return name
    .split('=')
    .map((group, g) => {
      const parts = group.split('^').map((part, c) => (part === '' ? '' : `<${components[c]}>${safe(part)}</${components[c]}>`));
      return parts.join('') === '' ? '' : `<${groups[g]}>${parts.join('')}</${groups[g]}>`;
    })
    .join('');
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\t': '&#x9;',
};

const safe = (text: string): string => text.replaceAll(/[&<>"\r\t]/g, character => references[character] ?? character);
