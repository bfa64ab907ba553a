import type { Tag } from '../../../schemas/data-set.ts';
import { attributeByKeyword, attributeByTag, isPrivate } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Attribute, Attributes, Content } from '../compare.ts';
import { isGroupLength, isVr } from './attribute-form.ts';
import type { Defect, Read } from './defect.ts';
import { inlineBinary, names, numbered, plainValues, reference } from './native-xml-content.ts';
import { remembering } from './remember.ts';
import { readXml, type XmlElement } from './xml.ts';

type Tell = (row: RequirementId, what: string) => void;

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  DicomAttribute: ['tag', 'vr', 'keyword', 'privateCreator'],
  Value: ['number'],
  Item: ['number'],
  PersonName: ['number'],
  BulkData: ['uri', 'uuid'],
};
const contentNames = ['Value', 'Item', 'PersonName', 'BulkData', 'InlineBinary'];

/** Reads one data set in the Native DICOM Model (PS3.19-2013 A.1); Unreadable when it is no well-formed XML. */
export const readNativeXml = remembering(readDocument);

function readDocument(bytes: Uint8Array): Read<Attributes> {
  const defects: Defect[] = [];
  const tell: Tell = (row, what) => defects.push({ row, what });
  const root = readXml(bytes);
  // Table A.1.5-1 and A.1.6.
  if (root.name !== 'NativeDicomModel') tell('MODEL-XML-A.1.5-01', `the root element is ${root.name}`);
  // The examples of PS3.18-2013 Annex F have no namespace, against the schema.
  if (root.namespace === '') tell('MODEL-XML-A.1.6-01', 'the root element has no namespace');
  else if (root.namespace !== namespace) tell('MODEL-XML-A.1.5-03', `the namespace of the root element is ${root.namespace}`);
  const stranger = otherNamespace(root, root.namespace);
  if (stranger) tell('MODEL-XML-A.1.5-03', `the namespace of an element ${stranger.name} is ${stranger.namespace || 'none'}`);
  if (root.attributes.get('xml:space') !== 'preserve') tell('MODEL-XML-A.1.5-02', 'the root element has no xml:space="preserve"');
  const inner = root.children.filter(({ name }) => name === 'NativeDicomModel');
  if (inner.length > 0) tell('MODEL-XML-A.1.6-02', `the document holds ${inner.length} data sets`);
  return { value: dataSet(inner[0] ?? root, '', tell), defects };
}

/** An element of another namespace than that of the root. */
function otherNamespace({ children }: XmlElement, expected: string): XmlElement | undefined {
  for (const child of children) {
    const found = child.namespace === expected ? otherNamespace(child, expected) : child;
    if (found) return found;
  }
  return undefined;
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
    const words = [element.attributes.get('keyword') ?? '', `(${element.attributes.get('tag') ?? 'no tag'})`];
    const where = `${path}${words.join(' ').trim()}`;
    if (!/^[0-9A-F]{8}$/.test(element.attributes.get('tag') ?? ''))
      tell('MODEL-XML-A.1.5-05', `the tag of ${where} is not eight upper-case hexadecimal digits`);
    if (!/^[0-9A-F]{8}$/.test(tag)) return [];
    // Private elements of one group are in the order of their blocks, which the model leaves out.
    const place = isPrivate(tag) ? tag.slice(0, 4) : tag;
    if (place < before.place) tell('MODEL-XML-A.1.5-32', `${where} stands behind ${before.tag}`);
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
  const vr = attributes.get('vr') ?? attributeByTag(tag)?.vrs[0] ?? '';
  // Optional in the table, mandatory in the schema.
  if (!attributes.has('vr')) tell('MODEL-XML-A.1.6-01', `${where} has no vr`);
  else if (!isVr(vr)) tell('MODEL-XML-A.1.5-09', `the vr of ${where} is ${JSON.stringify(vr)}`);
  const privateCreator = attributes.get('privateCreator');
  // A private element (gggg,xx00) has this tag too, and a creator.
  if (isGroupLength(tag) && !privateCreator) tell('MODEL-XML-A.1.1-03', `${where} is a group length`);
  if (isPrivate(tag)) {
    // A Private Creator element itself has no creator; its block number is its element number.
    const isCreator = /^....00[1-9A-F]/.test(tag) && privateCreator === undefined && (vr === 'LO' || vr === '');
    if (tag.slice(4, 6) !== '00') tell('MODEL-XML-A.1.5-06', `the private element ${where} has a block number`);
    if (!isCreator && (privateCreator ?? '') === '') tell('MODEL-XML-A.1.5-07', `the private element ${where} names no privateCreator`);
  } else {
    if (privateCreator !== undefined) tell('MODEL-XML-A.1.5-08', `the standard element ${where} names a privateCreator`);
    checkKeyword(tag, attributes.get('keyword'), where, tell);
  }
  return {
    tag,
    vr,
    ...(attributes.has('vr') ? {} : { assumedVr: true as const }),
    ...(privateCreator === undefined ? {} : { privateCreator }),
    content: contentOf(vr, element, where, tell),
  };
}

/** Attributes that every server knows, since it finds objects by them. */
const knownToAll = new Set(['00080016', '00080018', '00080020', '00080060', '00100010', '00100020', '0020000D', '0020000E']);

/** Table A.1.5-2: the keyword of PS3.6, unless the element is not known to the sender. Another edition may spell it otherwise. */
function checkKeyword(tag: Tag, keyword: string | undefined, where: string, tell: Tell): void {
  const known = attributeByTag(tag)?.keyword ?? '';
  if (known === '' || keyword === known) return;
  if (keyword === undefined || keyword === '') {
    if (knownToAll.has(tag)) tell('MODEL-XML-A.1.5-10', `${where} has no keyword`);
  } else if (knownToAll.has(tag) || attributeByKeyword(keyword) || !/^[A-Z][A-Za-z0-9]*$/.test(keyword))
    tell('MODEL-XML-A.1.5-10', `the keyword of ${where} is not ${known}`);
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
    if (vr !== 'SQ' && vr !== '') tell('MODEL-XML-A.1.5-18', `${where} with vr ${vr} holds Items`);
    return {
      kind: 'items',
      items: numbered(named('Item'), where, tell).map((item, i) => (item ? dataSet(item, `${where} item ${i + 1} `, tell) : [])),
    };
  }
  if (named('PersonName').length > 0) {
    if (vr !== 'PN' && vr !== '') tell('MODEL-XML-A.1.5-22', `${where} with vr ${vr} holds a PersonName`);
    return names(named('PersonName'), where, tell);
  }
  if (named('Value').length > 0) return plainValues(vr, named('Value'), where, tell);
  return { kind: 'empty' };
}
