import type { Tag } from '../../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Attribute, Attributes, Content } from '../compare.ts';
import { isBinaryVr, isGroupLength, isIsoForm, isNumberVr, isVr, nameGroups, nameOfGroups, readBase64 } from './attribute-form.ts';
import type { Defect, Read } from './defect.ts';
import { readXml, type XmlElement } from './xml.ts';

type Tell = (row: RequirementId, what: string) => void;
type Value = string | null;

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  DicomAttribute: ['tag', 'vr', 'keyword', 'privateCreator'],
  Value: ['number'],
  Item: ['number'],
  PersonName: ['number'],
  BulkData: ['uri', 'uuid'],
};
const contentNames = ['Value', 'Item', 'PersonName', 'BulkData', 'InlineBinary'];

/** Reads one data set in the Native DICOM Model (PS3.19-2013 A.1); Unreadable when it is no well-formed XML. */
export function readNativeXml(bytes: Uint8Array): Read<Attributes> {
  const defects: Defect[] = [];
  const tell: Tell = (row, what) => defects.push({ row, what });
  const root = readXml(bytes);
  // Table A.1.5-1 and A.1.6.
  if (root.name !== 'NativeDicomModel') tell('MODEL-XML-A.1.5-01', `the root element is ${root.name}`);
  if (root.namespace !== namespace) tell('MODEL-XML-A.1.5-03', `the namespace is ${root.namespace === '' ? 'none' : root.namespace}`);
  if (root.attributes.get('xml:space') !== 'preserve') tell('MODEL-XML-A.1.5-02', 'the root element has no xml:space="preserve"');
  const inner = root.children.filter(({ name }) => name === 'NativeDicomModel');
  if (inner.length > 0) tell('MODEL-XML-A.1.6-02', `the document holds ${inner.length} data sets`);
  return { value: dataSet(inner[0] ?? root, '', tell), defects };
}

/** Table A.1.5-2: the attributes of a data set or an item. `path` is empty on top, else the items above. */
function dataSet({ children, text }: XmlElement, path: string, tell: Tell): Attributes {
  if (text.trim() !== '') tell('MODEL-XML-A.1.6-01', `${path || 'the root element'} holds text of its own`);
  let before = { tag: '', place: '' };
  const attributes = children.flatMap((element): Attributes => {
    if (element.name !== 'DicomAttribute') {
      if (element.name !== 'NativeDicomModel')
        tell('MODEL-XML-A.1.5-04', `${path}an element ${element.name} stands where a DicomAttribute belongs`);
      return [];
    }
    checkAttributes(element, path, tell);
    const tag = (element.attributes.get('tag') ?? '').replaceAll(/[(),\s]/g, '').toUpperCase();
    const where = `${path}${element.attributes.get('keyword') ?? ''} (${element.attributes.get('tag') ?? 'no tag'})`;
    if (!/^[0-9A-F]{8}$/.test(element.attributes.get('tag') ?? ''))
      tell('MODEL-XML-A.1.5-05', `the tag of ${where} is not eight upper-case hexadecimal digits`);
    if (!/^[0-9A-F]{8}$/.test(tag)) return [];
    // The order of two creators in one group is that of their blocks, which the model leaves out.
    const place = `${tag.slice(0, 4)} ${element.attributes.get('privateCreator') ?? ''}`;
    const sameBlock = !isPrivate(tag) || tag.slice(0, 4) !== before.tag.slice(0, 4) || place === before.place;
    if (sameBlock && tag < before.tag) tell('MODEL-XML-A.1.5-32', `${where} stands behind ${before.tag}`);
    before = { tag, place };
    return [readAttribute(tag, element, where, tell)];
  });
  return attributes.map(attribute => withoutBlock(attribute, attributes));
}

/** A private attribute that kept its block number, which is told above, is the one that the Private Creator of the block makes it. */
function withoutBlock(attribute: Attribute, others: Attributes): Attribute {
  const { tag, privateCreator } = attribute;
  if (!isPrivate(tag) || tag.slice(4, 6) === '00') return attribute;
  const content = others.find(other => other.tag === `${tag.slice(0, 4)}00${tag.slice(4, 6)}`)?.content;
  const creator = privateCreator ?? (content?.kind === 'values' ? String(content.values[0] ?? '') : undefined);
  return { ...attribute, tag: `${tag.slice(0, 4)}00${tag.slice(6)}`, ...(creator === undefined ? {} : { privateCreator: creator }) };
}

/** The normative schema of A.1.6 has these attributes and no others. */
function checkAttributes({ name, attributes }: XmlElement, where: string, tell: Tell): void {
  const foreign = [...attributes.keys()].filter(each => !/^xml(ns)?(:|$)/.test(each) && !attributesOf[name]?.includes(each));
  if (foreign.length > 0) tell('MODEL-XML-A.1.6-01', `${where}${name} has an attribute ${foreign[0]}`);
}

function readAttribute(tag: Tag, element: XmlElement, where: string, tell: Tell): Attribute {
  const { attributes } = element;
  const vr = attributes.get('vr') ?? attributeByTag(tag)?.vrs[0] ?? 'UN';
  if (!isVr(vr)) tell('MODEL-XML-A.1.5-09', `the vr of ${where} is ${JSON.stringify(vr)}`);
  if (isGroupLength(tag)) tell('MODEL-XML-A.1.1-03', `${where} is a group length`);
  const privateCreator = attributes.get('privateCreator');
  if (isPrivate(tag)) {
    // A Private Creator element itself has no creator; its block number is its element number.
    const isCreator = /^....00[1-9A-F]/.test(tag) && privateCreator === undefined && vr === 'LO';
    if (tag.slice(4, 6) !== '00') tell('MODEL-XML-A.1.5-06', `the private element ${where} has a block number`);
    if (!isCreator && (privateCreator ?? '') === '') tell('MODEL-XML-A.1.5-07', `the private element ${where} names no privateCreator`);
  } else {
    if (privateCreator !== undefined) tell('MODEL-XML-A.1.5-08', `the standard element ${where} names a privateCreator`);
    checkKeyword(tag, attributes.get('keyword'), where, tell);
  }
  return { tag, vr, ...(privateCreator === undefined ? {} : { privateCreator }), content: contentOf(vr, element, where, tell) };
}

/** Table A.1.5-2: the keyword of PS3.6, unless the element is not known. */
function checkKeyword(tag: Tag, keyword: string | undefined, where: string, tell: Tell): void {
  const known = attributeByTag(tag)?.keyword ?? '';
  if (known === '') return;
  if (keyword === undefined || keyword === '') tell('MODEL-XML-A.1.5-10', `${where} has no keyword`);
  else if (keyword !== known) tell('MODEL-XML-A.1.5-10', `the keyword of ${where} is not ${known}`);
}

/** Table A.1.5-2: content of one kind. */
function contentOf(vr: string, element: XmlElement, where: string, tell: Tell): Content {
  const { children, text } = element;
  const kinds = [...new Set(children.map(({ name }) => name))];
  const foreign = kinds.find(name => !contentNames.includes(name));
  if (foreign !== undefined) tell('MODEL-XML-A.1.6-01', `${where} holds an element ${foreign}`);
  if (text.trim() !== '') tell('MODEL-XML-A.1.6-01', `${where} holds text of its own`);
  if (kinds.length > 1) tell('MODEL-XML-A.1.5-11', `${where} holds ${kinds.join(' and ')}`);
  for (const child of children) checkAttributes(child, `${where} `, tell);
  const named = (name: string) => children.filter(child => child.name === name);
  const [bulk] = named('BulkData');
  if (bulk) return reference(bulk, named('BulkData').length, where, tell);
  if (named('InlineBinary').length > 0) return inlineBinary(vr, named('InlineBinary'), where, tell);
  if (named('Item').length > 0) {
    if (vr !== 'SQ') tell('MODEL-XML-A.1.5-18', `${where} with vr ${vr} holds Items`);
    return {
      kind: 'items',
      items: numbered(named('Item'), where, tell).map((item, i) => (item ? dataSet(item, `${where} item ${i + 1} `, tell) : [])),
    };
  }
  if (named('PersonName').length > 0) {
    if (vr !== 'PN') tell('MODEL-XML-A.1.5-22', `${where} with vr ${vr} holds a PersonName`);
    return values(numbered(named('PersonName'), where, tell).map(name => (name ? nameFrom(name, where, tell) : null)));
  }
  if (named('Value').length > 0) return plainValues(vr, named('Value'), where, tell);
  return { kind: 'empty' };
}

const values = (read: readonly Value[]): Content =>
  read.every(value => value === null) ? { kind: 'empty' } : { kind: 'values', values: read };

/** Table A.1.5-2: number begins with 1 and rises by 1. The elements in their places; the order stands in where the numbers tell nothing. */
function numbered(elements: readonly XmlElement[], where: string, tell: Tell): readonly (XmlElement | undefined)[] {
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

function plainValues(vr: string, elements: readonly XmlElement[], where: string, tell: Tell): Content {
  if (vr === 'SQ' || vr === 'PN') tell('MODEL-XML-A.1.5-16', `${where} with vr ${vr} holds a Value`);
  const read = numbered(elements, where, tell).map((element): Value => {
    if (!element) return null;
    if (element.children.length > 0) tell('MODEL-XML-A.1.6-03', `a Value of ${where} holds an element ${element.children[0]?.name}`);
    if (element.text !== '') formDefect(vr, element.text, where, tell);
    return element.text === '' ? null : element.text;
  });
  const content = values(read);
  if (content.kind === 'empty') tell('MODEL-XML-A.1.5-12', `${where} is empty and holds a Value`);
  return content;
}

function formDefect(vr: string, text: string, where: string, tell: Tell): void {
  if (vr === 'AT' && !/^[0-9A-F]{8}$/.test(text)) tell('MODEL-XML-A.1.5-23', `a value of ${where} with vr AT is ${JSON.stringify(text)}`);
  if (isNumberVr(vr) && !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) && !/^\s*([+-]?(inf(inity)?|nan))\s*$/i.test(text))
    tell('MODEL-XML-A.1.5-39', `a value of ${where} with vr ${vr} is ${JSON.stringify(text.slice(0, 40))}`);
  if (isIsoForm(vr, text)) tell('MODEL-XML-A.1.1-02', `a value of ${where} with vr ${vr} is written as ISO 8601 says`);
}

/** Table A.1.5-2 and PS3.18-2013 6.5.6.2. */
function reference(bulk: XmlElement, count: number, where: string, tell: Tell): Content {
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
function inlineBinary(vr: string, elements: readonly XmlElement[], where: string, tell: Tell): Content {
  if (!isBinaryVr(vr) && !isNumberVr(vr)) tell('MODEL-XML-A.1.5-30', `${where} with vr ${vr} holds InlineBinary`);
  if (elements.length > 1) tell('MODEL-XML-A.1.5-30', `${where} holds ${elements.length} InlineBinary elements`);
  const { bytes, readable } = readBase64(elements[0]?.text ?? '');
  if (!readable) tell('MODEL-XML-A.1.5-30', `the InlineBinary of ${where} is no base64`);
  return bytes.length === 0 ? { kind: 'empty' } : { kind: 'inline', bytes };
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
