import type { Tag } from '../../../schemas/data-set.ts';
import { isPrivate } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Attribute, Attributes, Content } from '../compare.ts';
import {
  isBinaryVr,
  isDateInExample,
  isGroupLength,
  isInOneValue,
  isNumberVr,
  isVr,
  mayBeReferred,
  readBase64,
  vrFits,
} from './attribute-form.ts';
import { type Defect, type Read, Unreadable } from './defect.ts';
import { article, type Json, readJson } from './json.ts';
import { jsonValues, repeatedName } from './json-values.ts';
import { remembering } from './remember.ts';

type Tell = (row: RequirementId, what: string) => void;
type JsonObject = Extract<Json, { kind: 'object' }>;

const children = ['vr', 'Value', 'BulkDataURI', 'InlineBinary'];
const contents = ['Value', 'BulkDataURI', 'InlineBinary'];

/** Reads results in the DICOM JSON Model (PS3.18-2013 Annex F): one data set for each member of the array. Unreadable when it is not JSON or no array of objects. */
export const readJsonResults = remembering(readResults);

function readResults(bytes: Uint8Array): Read<readonly Attributes[]> {
  const defects: Defect[] = [];
  const tell: Tell = (row, what) => defects.push({ row, what });
  const results = readJson(decoded(bytes, tell));
  if (results.kind === 'object') {
    // F.2.1: several results are an array; one alone is spoken of nowhere.
    const foreign = results.members.find(([name]) => !/^[(]?[0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}[)]?$/.test(name));
    if (foreign)
      throw new Unreadable(
        `the JSON text is an object with a member ${JSON.stringify(foreign[0])}, not an array of results`,
        'MODEL-JSON-F.2.1-01',
      );
    tell('MODEL-JSON-F.2.1-02', 'the results are an object, not an array');
    return { value: results.members.length === 0 ? [] : [dataSet(results, '', tell)], defects };
  }
  if (results.kind !== 'array')
    throw new Unreadable(`the JSON text is ${article(results.kind)}, not an array of results`, 'MODEL-JSON-F.2.1-01');
  const value = results.members.map((member, i) => {
    if (member.kind !== 'object') throw new Unreadable(`result ${i + 1} is ${article(member.kind)}, not an object`, 'MODEL-JSON-F.2.1-01');
    return dataSet(member, '', tell);
  });
  return { value, defects };
}

/** PS3.18-2013 F.2: UTF-8 by default. RFC 4627 3: the other encodings of Unicode are told by their zero bytes, or by a mark. */
function decoded(bytes: Uint8Array, tell: Tell): string {
  const [first = 1, second = 1] = bytes;
  const label =
    (first === 0 && second !== 0) || (first === 0xfe && second === 0xff)
      ? 'utf-16be'
      : (second === 0 && first !== 0) || (first === 0xff && second === 0xfe)
        ? 'utf-16le'
        : null;
  if (label !== null) {
    tell('MODEL-JSON-F.2-03', `the text is in ${label}`);
    return new TextDecoder(label).decode(bytes);
  }
  const text = Buffer.from(bytes).toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) tell('MODEL-JSON-F.2-02', 'the text has bytes that are no UTF-8');
  if (!text.startsWith('\ufeff')) return text;
  tell('MODEL-JSON-F.2-03', 'the text begins with a byte order mark');
  return text.slice(1);
}

/** F.2.2: members by tag in ascending order. `path` is empty on top, else the items above. */
function dataSet({ members }: JsonObject, path: string, tell: Tell): Attributes {
  const creators = new Map<string, string>();
  const found: { readonly tag: Tag; readonly where: string; readonly attribute: Attribute }[] = [];
  const seen = new Set<Tag>();
  let before = '';
  for (const [name, member] of members) {
    const where = `${path}${name}`;
    const tag = name.replaceAll(/[(),\s]/g, '').toUpperCase();
    if (!/^[0-9A-F]{8}$/.test(name))
      tell('MODEL-JSON-F.2.2-01', `the member ${JSON.stringify(where.slice(0, 60))} is not named by eight upper-case hexadecimal digits`);
    if (!/^[0-9A-F]{8}$/.test(tag)) continue;
    if (seen.has(tag)) tell('MODEL-JSON-F.1-02', `${where} occurs twice`);
    else if (tag < before) tell(path === '' ? 'MODEL-JSON-F.2.2-02' : 'MODEL-JSON-F.2.2-03', `${where} stands behind ${before}`);
    before = tag;
    seen.add(tag);
    if (isGroupLength(tag)) tell('MODEL-JSON-F.2.2-04', `${where} is a group length`);
    if (member.kind !== 'object') {
      tell('MODEL-JSON-F.2.2-05', `${where} is ${article(member.kind)}, not an attribute object`);
      continue;
    }
    const attribute = readAttribute(tag, member, where, tell);
    found.push({ tag, where, attribute });
    if (isPrivate(tag) && /^....00[1-9A-F]/.test(tag) && attribute.content.kind === 'values')
      creators.set(`${tag.slice(0, 4)}${tag.slice(6)}`, String(attribute.content.values[0] ?? ''));
  }
  return found.map(({ tag, where, attribute }) => (isPrivate(tag) ? withCreator(attribute, tag, where, creators, tell) : attribute));
}

/** F.2.2 and PS3.5-2013 7.8.1: a private element has a block number, and the block has a creator. */
function withCreator(attribute: Attribute, tag: Tag, where: string, creators: ReadonlyMap<string, string>, tell: Tell): Attribute {
  const block = tag.slice(4, 6);
  if (block < '10') {
    if (!/^....00[1-9A-F]/.test(tag) && !isGroupLength(tag))
      tell('MODEL-JSON-F.2.2-15', `the private element ${where} has no block number`);
    return attribute;
  }
  const privateCreator = creators.get(`${tag.slice(0, 4)}${block}`);
  if (privateCreator === undefined) tell('MODEL-JSON-F.2.2-16', `the private element ${where} has no Private Creator`);
  return { ...attribute, tag: `${tag.slice(0, 4)}00${tag.slice(6)}`, ...(privateCreator === undefined ? {} : { privateCreator }) };
}

/** F.2.2: the children of an attribute object. */
function readAttribute(tag: Tag, { members }: JsonObject, where: string, tell: Tell): Attribute {
  const child = (name: string) => members.find(([each]) => each === name)?.[1];
  const twice = repeatedName(members);
  if (twice !== undefined) tell('MODEL-JSON-F.1-02', `${where} has ${JSON.stringify(twice)} twice`);
  for (const [name] of members) {
    if (children.includes(name)) continue;
    // Table F.3.1-1: these have no child of their own.
    if (/^(keyword|privateCreator)$/i.test(name)) tell('MODEL-MAP-F.3.1-07', `${where} has a child ${JSON.stringify(name)}`);
    const meant = children.find(each => each.toLowerCase() === name.toLowerCase());
    if (meant === undefined)
      tell(/^vm$/i.test(name) ? 'MODEL-JSON-F.2.4-04' : 'MODEL-JSON-F.2.2-09', `${where} has a child ${JSON.stringify(name)}`);
    else tell('MODEL-JSON-F.2.2-08', `${where} has a child ${name} in place of ${meant}`);
  }
  const vr = vrOf(tag, child('vr'), where, tell);
  const present = contents.filter(name => child(name) !== undefined);
  if (present.length > 1) tell('MODEL-JSON-F.2.2-07', `${where} has ${present.join(' and ')}`);
  return { tag, vr, content: contentOf(vr, child, where, tell) };
}

function vrOf(tag: Tag, vr: Json | undefined, where: string, tell: Tell): string {
  if (vr?.kind !== 'string') {
    tell('MODEL-JSON-F.2.2-05', `${where} has no vr`);
    return '';
  }
  const name = vr.value.trim().toUpperCase();
  if (/^[A-Z]{2} or [A-Z]{2}/.test(vr.value)) tell('MODEL-JSON-F.2.3-13', `the vr of ${where} is ${JSON.stringify(vr.value)}`);
  else if (!/^[A-Z]{2}$/.test(vr.value)) tell('MODEL-JSON-F.2.2-05', `the vr of ${where} is ${JSON.stringify(vr.value)}`);
  else if (!isVr(vr.value)) tell('MODEL-JSON-F.2.3-13', `the vr of ${where} is ${vr.value}, which is none`);
  else if (isDateInExample(tag, vr.value)) tell('MODEL-JSON-F.4-01', `the vr of ${where} is DT, where PS3.6 has DA`);
  else if (!vrFits(tag, vr.value)) tell('MODEL-JSON-F.2.2-06', `the vr of ${where} is ${vr.value}`);
  return name;
}

function contentOf(vr: string, child: (name: string) => Json | undefined, where: string, tell: Tell): Content {
  const [value, uri, inline] = contents.map(child);
  if (uri !== undefined) return reference(vr, uri, where, tell);
  if (inline !== undefined) return inlineBinary(vr, inline, where, tell);
  if (value === undefined) return { kind: 'empty' };
  if (value.kind !== 'array') {
    // F.2.4: a single value is an array of one.
    const isSingle = value.kind === 'string' || value.kind === 'number';
    tell(isSingle ? 'MODEL-JSON-F.2.4-02' : 'MODEL-JSON-F.2.2-10', `the Value of ${where} is ${article(value.kind)}, not an array`);
    return contentOf(vr, name => (name === 'Value' ? { kind: 'array', members: [value] } : undefined), where, tell);
  }
  if (vr === 'SQ') return items(value.members, where, tell);
  // F.2.2; the example of F.4 has such a UN.
  if (isBinaryVr(vr) && value.members.length > 0)
    tell(vr === 'UN' ? 'MODEL-JSON-F.4-01' : 'MODEL-JSON-F.2.2-14', `${where} with vr ${vr} has a Value`);
  if (isInOneValue(vr) && value.members.length > 1)
    tell('MODEL-JSON-F.2.4-03', `${where} with vr ${vr} has ${value.members.length} values`);
  return jsonValues(vr, value.members, where, tell);
}

/** F.2.6. */
function reference(vr: string, uri: Json, where: string, tell: Tell): Content {
  if (uri.kind !== 'string' || uri.value.trim() === '') tell('MODEL-JSON-F.2.2-11', `the BulkDataURI of ${where} is no URL`);
  if (isVr(vr) && !mayBeReferred(vr)) tell('MODEL-JSON-F.2.2-12', `${where} with vr ${vr} has a BulkDataURI`);
  return { kind: 'reference', uri: uri.kind === 'string' ? uri.value : '' };
}

/** F.2.7: one base64 text for the whole Value Field. It names a US value as a candidate, against F.2.2. */
function inlineBinary(vr: string, inline: Json, where: string, tell: Tell): Content {
  if (isNumberVr(vr)) tell('MODEL-JSON-F.4-01', `${where} with vr ${vr} has InlineBinary`);
  else if (isVr(vr) && !isBinaryVr(vr)) tell('MODEL-JSON-F.2.2-13', `${where} with vr ${vr} has InlineBinary`);
  if (inline.kind !== 'string') {
    tell('MODEL-JSON-F.2.6-02', `the InlineBinary of ${where} is ${article(inline.kind)}, not one base64 text`);
    return { kind: 'inline', bytes: new Uint8Array() };
  }
  const { bytes, strict, readable } = readBase64(inline.value);
  if (!readable) tell('MODEL-JSON-F.2.6-02', `the InlineBinary of ${where} is no base64`);
  else if (!strict || /\s/.test(inline.value))
    tell('MODEL-JSON-F.2.6-03', `the InlineBinary of ${where} has white space, another alphabet or no padding in its base64`);
  if (bytes.length > 0) return { kind: 'inline', bytes };
  if (readable) tell('MODEL-JSON-F.2.5-01', `${where} is empty and has an InlineBinary`);
  return { kind: 'empty' };
}

/** F.2.5: a sequence without items has no Value; an empty item is {}. */
function items(members: readonly Json[], where: string, tell: Tell): Content {
  if (members.length === 0) {
    tell('MODEL-JSON-F.2.5-03', `the sequence ${where} is empty and has a Value`);
    return { kind: 'empty' };
  }
  const read = members.map((member, i) => {
    if (member.kind === 'object') return dataSet(member, `${where} item ${i + 1} `, tell);
    tell(member.kind === 'null' ? 'MODEL-JSON-F.2.5-04' : 'MODEL-JSON-F.2.3-12', `item ${i + 1} of ${where} is ${article(member.kind)}`);
    return [];
  });
  return { kind: 'items', items: read };
}
