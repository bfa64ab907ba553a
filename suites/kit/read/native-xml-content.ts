import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Content } from '../compare.ts';
import {
  isBinaryVr,
  isIsoForm,
  isNotFinite,
  isNumberVr,
  isSplitAtBackslash,
  nameGroups,
  nameOfGroups,
  readBase64,
} from './attribute-form.ts';
import type { XmlElement } from './xml.ts';

type Tell = (row: RequirementId, what: string) => void;
type Value = string | null;

const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

const values = (read: readonly Value[]): Content =>
  read.length === 1 && read[0] === null ? { kind: 'empty' } : { kind: 'values', values: read };

/** Table A.1.5-2: number begins with 1 and rises by 1. The elements in their places; the order stands in where the numbers tell nothing. */
export function numbered(elements: readonly XmlElement[], where: string, tell: Tell): readonly (XmlElement | undefined)[] {
  const numbers = elements.map(({ attributes }) => Number(attributes.get('number') ?? 'none'));
  const inOrder = numbers.every((number, i) => number === i + 1);
  if (inOrder) return elements;
  const name = elements[0]?.name ?? '';
  const rising = numbers.every((number, i) => Number.isInteger(number) && number > (numbers[i - 1] ?? 0));
  const gap = rising && numbers[0] === 1 && name === 'PersonName';
  tell(
    gap ? 'MODEL-XML-A.1.5-36' : 'MODEL-XML-A.1.5-15',
    `the numbers of ${name} in ${where} are ${elements
      .map(({ attributes }) => attributes.get('number') ?? 'absent')
      .slice(0, 5)
      .join(', ')}`,
  );
  const last = numbers.at(-1) ?? 0;
  if (!rising || last > 10 * elements.length + 10) return elements;
  return Array.from({ length: last }, (_, i) => elements[numbers.indexOf(i + 1)]);
}

/** Table A.1.5-2: one Value for each value; an empty one among several has no text. */
export function plainValues(vr: string, elements: readonly XmlElement[], where: string, tell: Tell): Content {
  if (vr === 'SQ' || vr === 'PN') tell('MODEL-XML-A.1.5-16', `${where} with vr ${vr} holds a Value`);
  const read = numbered(elements, where, tell).map((element): Value => {
    if (!element) return null;
    if (element.children.length > 0) tell('MODEL-XML-A.1.6-03', `a Value of ${where} holds an element ${element.children[0]?.name}`);
    if (element.text !== '') formDefect(vr, element.text, where, tell);
    return element.text === '' ? null : element.text;
  });
  const content = values(read);
  if (content.kind === 'empty' && elements.length === 1) tell('MODEL-XML-A.1.5-12', `${where} is empty and holds a Value`);
  return content;
}

function formDefect(vr: string, text: string, where: string, tell: Tell): void {
  if (vr === 'AT' && !/^[0-9A-F]{8}$/.test(text)) tell('MODEL-XML-A.1.5-23', `a value of ${where} with vr AT is ${JSON.stringify(text)}`);
  if (isSplitAtBackslash(vr) && text.includes('\\'))
    tell('MODEL-XML-A.1.5-13', `a value of ${where} with vr ${vr} holds a backslash, so several values stand in one`);
  if (isNumberVr(vr) && !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) && !isNotFinite(text))
    tell('MODEL-XML-A.1.5-39', `a value of ${where} with vr ${vr} is ${JSON.stringify(text.slice(0, 40))}`);
  if (isIsoForm(vr, text)) tell('MODEL-XML-A.1.1-02', `a value of ${where} with vr ${vr} is written as ISO 8601 says`);
}

/** Table A.1.5-2 and PS3.18-2013 6.5.6.2. */
export function reference(bulk: XmlElement, count: number, where: string, tell: Tell): Content {
  // PS3.18-2013 Table F.3.1-1 prints URI; the table and the schema of PS3.19 say uri.
  const uri = bulk.attributes.get('uri') ?? bulk.attributes.get('URI');
  const uuid = bulk.attributes.get('uuid');
  if (count > 1) tell('MODEL-XML-A.1.5-27', `${where} holds ${count} BulkData elements`);
  if ((uri === undefined) === (uuid === undefined))
    tell('MODEL-XML-A.1.5-38', `the BulkData of ${where} has ${uri === undefined ? 'neither uri nor uuid' : 'uri and uuid'}`);
  if (uuid !== undefined) tell('MODEL-XML-A.1.5-28', `the BulkData of ${where} has a uuid`);
  if (uri === undefined || uri.trim() === '') tell('WADO-RS-6.5.6-13', `the BulkData of ${where} has no uri`);
  else if (/^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^https?:/i.test(uri))
    tell('MODEL-XML-A.1.5-29', `the uri of the BulkData of ${where} is ${uri.slice(0, 40)}`);
  return { kind: 'reference', uri: uri ?? '' };
}

/** Table A.1.5-2: base64 of the whole Value Field; its text names a US value as an example. */
export function inlineBinary(vr: string, elements: readonly XmlElement[], where: string, tell: Tell): Content {
  if (vr !== '' && !isBinaryVr(vr) && !isNumberVr(vr)) tell('MODEL-XML-A.1.5-30', `${where} with vr ${vr} holds InlineBinary`);
  if (elements.length > 1) tell('MODEL-XML-A.1.5-30', `${where} holds ${elements.length} InlineBinary elements`);
  const { bytes, readable } = readBase64(elements[0]?.text ?? '');
  if (!readable) tell('MODEL-XML-A.1.5-30', `the InlineBinary of ${where} is no base64`);
  if (bytes.length > 0) return { kind: 'inline', bytes };
  if (readable) tell('MODEL-XML-A.1.5-12', `${where} is empty and holds an InlineBinary`);
  return { kind: 'empty' };
}

/** Table 10.2-1: groups of components. */
function nameFrom({ children, text }: XmlElement, where: string, tell: Tell): Value {
  if (text.trim() !== '') tell('MODEL-XML-A.1.5-20', `a PersonName of ${where} holds text of its own`);
  const groups = new Map<string, string>();
  for (const { name, children: parts, text: own } of children) {
    if (!(nameGroups as readonly string[]).includes(name)) tell('MODEL-XML-A.1.5-20', `a PersonName of ${where} holds a group ${name}`);
    const order = parts.map(part => components.indexOf(part.name));
    if (own.trim() !== '' || order.some((at, i) => at <= (order[i - 1] ?? -1)))
      tell(
        'MODEL-XML-A.1.5-21',
        `the group ${name} of ${where} holds ${own.trim() === '' ? parts.map(part => part.name).join(', ') : 'text of its own'}`,
      );
    const texts = components.map(component => parts.find(part => part.name === component)?.text ?? '');
    groups.set(name, texts.join('^').replace(/\^+$/, '') || own.trim());
  }
  return nameOfGroups(group => groups.get(group) ?? '') || text.trim() || null;
}

/** Table A.1.5-2: one PersonName for each name. */
export function names(elements: readonly XmlElement[], where: string, tell: Tell): Content {
  return values(numbered(elements, where, tell).map(name => (name ? nameFrom(name, where, tell) : null)));
}
