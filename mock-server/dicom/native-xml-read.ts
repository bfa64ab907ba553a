import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import type { DataSet, Element, Tag, Vr } from '../../schemas/data-set.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import { bytesOfBase64, dataSetOf, elementOfTexts, MalformedModel, type ModelContext, NotUnderstood, vrOf } from './model-values.ts';
import { elementOfBytes } from './part10-values.ts';

interface Node {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Node[];
  text: string;
}

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const deepest = 200;

/** Reads a Native DICOM Model document (PS3.19-2013 A.1); throws MalformedModel when it is none. */
export function fromNativeXml(document: Uint8Array, context: ModelContext): DataSet {
  const root = treeOf(textOf(document));
  if (root.name !== 'NativeDicomModel') throw new MalformedModel(`the root element is ${root.name}, not NativeDicomModel`);
  if (root.namespace !== namespace) throw new MalformedModel(`the namespace of NativeDicomModel is ${root.namespace || 'missing'}`);
  return dataSet(root, context, [], true);
}

/** XML 1.0 4.3.3 and F.1: the character encoding by byte order mark or declaration, UTF-8 without either. */
function textOf(document: Uint8Array): string {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  const head = bytes.toString('latin1', 0, 200);
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  const label = head.startsWith('\xfe\xff') ? 'utf-16be' : head.startsWith('\xff\xfe') ? 'utf-16le' : declared;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedModel(`the document is not in ${label}`);
  }
}

function treeOf(text: string): Node {
  const parser = new SaxesParser({ xmlns: true });
  const open: Node[] = [];
  let root: Node | undefined;
  parser.on('error', error => {
    throw new MalformedModel(`the document is not well-formed: ${error.message}`);
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    const pairs = Object.values(attributes as Record<string, SaxesAttributeNS>).map(each => [each.name, each.value] as const);
    const node: Node = { name: local, namespace: uri, attributes: new Map(pairs), children: [], text: '' };
    if (open.length > deepest) throw new MalformedModel(`elements are nested more than ${deepest} deep`);
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  parser.on('closetag', () => void open.pop());
  const add = (piece: string) => {
    const last = open.at(-1);
    if (last) last.text += piece;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(text).close();
  if (!root) throw new MalformedModel('the document is empty');
  return root;
}

/** Table A.1.5-2; `outer` is the Specific Character Set of what is around. */
function dataSet(node: Node, context: ModelContext, outer: readonly string[], top: boolean): DataSet {
  const blocks = new Map<string, number>();
  const found: (readonly [Tag, Element])[] = [];
  const own = node.children.find(({ attributes }) => attributes.get('tag') === '00080005');
  const terms = own ? valuesOf(own, 'Value').map(each => each.text.trim()) : outer;
  for (const child of node.children) {
    const tag = (child.attributes.get('tag') ?? '').toUpperCase();
    if (child.name !== 'DicomAttribute' || !/^[0-9A-F]{8}$/.test(tag))
      throw new MalformedModel(`an element ${child.name} with the tag "${tag}" stands where a DicomAttribute belongs`);
    const creator = child.attributes.get('privateCreator');
    try {
      const vr = vrOf(child.attributes.get('vr'), tag);
      const place = creator !== undefined && isPrivate(tag) ? inBlock(tag, creator, blocks, found) : tag;
      found.push([place, element(child, place, vr, context, terms, top)]);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      context.problems.push(`(${tag.slice(0, 4)},${tag.slice(4)}): ${error.message}`);
    }
  }
  return dataSetOf(found);
}

/** PS3.5-2013 7.8.1: the model leaves the block of a private creator out, so one is reserved; the same for all its elements. */
function inBlock(tag: Tag, creator: string, blocks: Map<string, number>, found: (readonly [Tag, Element])[]): Tag {
  const group = tag.slice(0, 4);
  const reserved = (block: number): Tag => `${group}00${hex(block)}`;
  let block = blocks.get(group + creator);
  if (block === undefined) {
    const taken = new Set(found.map(([each]) => each));
    block = 0x10;
    while (taken.has(reserved(block)) && block < 0xff) block += 1;
    blocks.set(group + creator, block);
    found.push([reserved(block), { vr: 'LO', values: [creator] }]);
  }
  return `${group}${hex(block)}${tag.slice(6)}`;
}

const hex = (block: number) => block.toString(16).toUpperCase().padStart(2, '0');

/** The elements of one name by their number; what is missing between them is an empty value. */
function valuesOf(node: Node, name: string): readonly Node[] {
  const empty: Node = { name, namespace, attributes: new Map(), children: [], text: '' };
  const named = node.children.filter(child => child.name === name);
  const numbers = named.map(({ attributes }, i) => Number(attributes.get('number') ?? i + 1));
  const last = Math.max(0, ...numbers);
  if (numbers.some(number => !Number.isInteger(number) || number < 1) || last > named.length + 1000)
    throw new MalformedModel(`the numbers of ${name} are ${numbers.slice(0, 5).join(', ')}`);
  return Array.from({ length: last }, (_, i) => named[numbers.indexOf(i + 1)] ?? empty);
}

function element(node: Node, tag: Tag, vr: Vr, context: ModelContext, terms: readonly string[], top: boolean): Element {
  const [first] = node.children;
  if (!first) return elementOfTexts(vr, []);
  if (node.children.some(child => child.name !== first.name)) throw new MalformedModel(`${tag} holds ${first.name} and other elements`);
  switch (first.name) {
    case 'BulkData': {
      const uri = (first.attributes.get('uri') ?? first.attributes.get('URI') ?? '').trim();
      if (uri === '') throw new MalformedModel(`the BulkData of ${tag} has no uri`);
      return context.bulk(uri, tag, vr, top, terms) ?? elementOfTexts(vr, []);
    }
    case 'InlineBinary':
      return elementOfBytes(vr, even(bytesOfBase64(first.text)), terms);
    case 'Item':
      if (vr !== 'SQ') throw new NotUnderstood(`${vr} holds no items`);
      return { vr, items: valuesOf(node, 'Item').map(item => dataSet(item, context, terms, false)) };
    case 'PersonName':
      return elementOfTexts(vr, valuesOf(node, 'PersonName').map(personName));
    case 'Value':
      return elementOfTexts(
        vr,
        valuesOf(node, 'Value').map(({ text }) => text),
      );
    default:
      throw new MalformedModel(`${tag} holds an element ${first.name}`);
  }
}

const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]));

const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

/** PS3.5-2013 6.2.1. */
function personName({ children }: Node): string {
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map(name => {
    const group = children.find(child => child.name === name);
    const parts = components.map(component => group?.children.find(child => child.name === component)?.text ?? '');
    return parts.join('^').replace(/\^+$/, '');
  });
  return groups.join('=').replace(/=+$/, '');
}
