import type { Tag } from '../../../schemas/data-set.ts';
import { isPrivate } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Attribute, Attributes, Content } from '../compare.ts';
import {
  isBinaryVr,
  isGroupLength,
  isIsoForm,
  isNumberVr,
  isVr,
  mayBeReferred,
  nameGroups,
  nameOfGroups,
  readBase64,
  vrFits,
} from './attribute-form.ts';
import { type Defect, type Read, Unreadable } from './defect.ts';
import { type Json, readJson } from './json.ts';

type Tell = (row: RequirementId, what: string) => void;
type JsonObject = Extract<Json, { kind: 'object' }>;
type Value = string | number | null;

const children = ['vr', 'Value', 'BulkDataURI', 'InlineBinary'];
const contents = ['Value', 'BulkDataURI', 'InlineBinary'];

/** Reads results in the DICOM JSON Model (PS3.18-2013 Annex F): one data set for each member of the array. Unreadable when it is not JSON or no array of objects. */
export function readJsonResults(bytes: Uint8Array): Read<readonly Attributes[]> {
  const defects: Defect[] = [];
  const tell: Tell = (row, what) => defects.push({ row, what });
  const results = readJson(decoded(bytes, tell));
  if (results.kind === 'object') {
    // F.2.1: several results are an array; one alone is spoken of nowhere.
    tell('MODEL-JSON-F.2.1-02', 'the results are an object, not an array');
    return { value: results.members.length === 0 ? [] : [dataSet(results, '', tell)], defects };
  }
  if (results.kind !== 'array') throw new Unreadable(`the JSON text is a ${results.kind}, not an array of results`);
  const value = results.members.map((member, i) => {
    if (member.kind !== 'object') throw new Unreadable(`result ${i + 1} is a ${member.kind}, not an object`);
    return dataSet(member, '', tell);
  });
  return { value, defects };
}

/** PS3.18-2013 F.2: UTF-8. */
function decoded(bytes: Uint8Array, tell: Tell): string {
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
  let before = '';
  for (const [name, member] of members) {
    const where = `${path}${name}`;
    const tag = name.replaceAll(/[(),\s]/g, '').toUpperCase();
    if (!/^[0-9A-F]{8}$/.test(name))
      tell('MODEL-JSON-F.2.2-01', `the member ${JSON.stringify(where.slice(0, 60))} is not named by eight upper-case hexadecimal digits`);
    if (!/^[0-9A-F]{8}$/.test(tag)) continue;
    if (tag === before || found.some(each => each.tag === tag)) tell('MODEL-JSON-F.1-02', `${where} occurs twice`);
    else if (tag < before) tell(path === '' ? 'MODEL-JSON-F.2.2-02' : 'MODEL-JSON-F.2.2-03', `${where} stands behind ${before}`);
    before = tag;
    if (isGroupLength(tag)) tell('MODEL-JSON-F.2.2-04', `${where} is a group length`);
    if (member.kind !== 'object') {
      tell('MODEL-JSON-F.2.2-05', `${where} is a ${member.kind}, not an attribute object`);
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
  if (block === '00') {
    if (!/^....00[1-9A-F]/.test(tag)) tell('MODEL-JSON-F.2.2-15', `the private element ${where} has no block number`);
    return attribute;
  }
  const privateCreator = creators.get(`${tag.slice(0, 4)}${block}`);
  if (privateCreator === undefined) tell('MODEL-JSON-F.2.2-16', `the private element ${where} has no Private Creator`);
  return { ...attribute, tag: `${tag.slice(0, 4)}00${tag.slice(6)}`, ...(privateCreator === undefined ? {} : { privateCreator }) };
}

/** F.2.2: the children of an attribute object. */
function readAttribute(tag: Tag, { members }: JsonObject, where: string, tell: Tell): Attribute {
  const child = (name: string) => members.find(([each]) => each === name)?.[1];
  for (const [name] of members) {
    if (children.includes(name)) continue;
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
  if (!/^[A-Z]{2}$/.test(vr.value)) tell('MODEL-JSON-F.2.2-05', `the vr of ${where} is ${JSON.stringify(vr.value)}`);
  else if (!isVr(vr.value)) tell('MODEL-JSON-F.2.3-13', `the vr of ${where} is ${vr.value}, which is none`);
  else if (!vrFits(tag, vr.value)) tell('MODEL-JSON-F.2.2-06', `the vr of ${where} is ${vr.value}`);
  return name;
}

function contentOf(vr: string, child: (name: string) => Json | undefined, where: string, tell: Tell): Content {
  const [value, uri, inline] = contents.map(child);
  if (uri !== undefined) return reference(vr, uri, where, tell);
  if (inline !== undefined) return inlineBinary(vr, inline, where, tell);
  if (value === undefined) return { kind: 'empty' };
  if (value.kind !== 'array') {
    tell('MODEL-JSON-F.2.2-10', `the Value of ${where} is a ${value.kind}, not an array`);
    return contentOf(vr, name => (name === 'Value' ? { kind: 'array', members: [value] } : undefined), where, tell);
  }
  if (vr === 'SQ') return items(value.members, where, tell);
  // F.2.2; the example of F.4 has such a UN.
  if (isBinaryVr(vr)) tell('MODEL-JSON-F.2.2-14', `${where} with vr ${vr} has a Value`);
  return values(vr, value.members, where, tell);
}

/** F.2.6. */
function reference(vr: string, uri: Json, where: string, tell: Tell): Content {
  if (uri.kind !== 'string' || uri.value.trim() === '') tell('MODEL-JSON-F.2.2-11', `the BulkDataURI of ${where} is no URL`);
  if (isVr(vr) && !mayBeReferred(vr)) tell('MODEL-JSON-F.2.2-12', `${where} with vr ${vr} has a BulkDataURI`);
  return { kind: 'reference', uri: uri.kind === 'string' ? uri.value : '' };
}

/** F.2.7: one base64 text for the whole Value Field. It names a US value as a candidate, against F.2.2. */
function inlineBinary(vr: string, inline: Json, where: string, tell: Tell): Content {
  if (isVr(vr) && !isBinaryVr(vr) && !isNumberVr(vr)) tell('MODEL-JSON-F.2.2-13', `${where} with vr ${vr} has InlineBinary`);
  if (inline.kind !== 'string') {
    tell('MODEL-JSON-F.2.6-02', `the InlineBinary of ${where} is a ${inline.kind}, not one base64 text`);
    return { kind: 'inline', bytes: new Uint8Array() };
  }
  const { bytes, strict, readable } = readBase64(inline.value);
  if (!readable) tell('MODEL-JSON-F.2.6-02', `the InlineBinary of ${where} is no base64`);
  else if (!strict) tell('MODEL-JSON-F.2.6-03', `the InlineBinary of ${where} has white space in its base64`);
  return bytes.length === 0 ? { kind: 'empty' } : { kind: 'inline', bytes };
}

/** F.2.5: a sequence without items has no Value; an empty item is {}. */
function items(members: readonly Json[], where: string, tell: Tell): Content {
  if (members.length === 0) {
    tell('MODEL-JSON-F.2.5-03', `the sequence ${where} is empty and has a Value`);
    return { kind: 'empty' };
  }
  const read = members.map((member, i) => {
    if (member.kind === 'object') return dataSet(member, `${where} item ${i + 1} `, tell);
    tell(member.kind === 'null' ? 'MODEL-JSON-F.2.5-04' : 'MODEL-JSON-F.2.3-12', `item ${i + 1} of ${where} is a ${member.kind}`);
    return [];
  });
  return { kind: 'items', items: read };
}

/** F.2.4 and F.2.5: one member for each value, null for an empty one among several. */
function values(vr: string, members: readonly Json[], where: string, tell: Tell): Content {
  const read = members.map((member, i) => readValue(vr, member, members.length === 1 ? where : `value ${i + 1} of ${where}`, tell));
  if (read.every(value => value === null)) {
    tell('MODEL-JSON-F.2.5-01', `${where} is empty and has a Value`);
    return { kind: 'empty' };
  }
  return { kind: 'values', values: read };
}

/** Table F.2.3-1. */
function readValue(vr: string, member: Json, where: string, tell: Tell): Value {
  if (member.kind === 'null') return null;
  if (vr === 'PN') return nameFrom(member, where, tell);
  if (member.kind === 'number') {
    if (isVr(vr) && !isNumberVr(vr) && !['DS', 'IS', 'UN'].includes(vr))
      tell(vr === 'AT' ? 'MODEL-JSON-F.2.3-07' : 'MODEL-JSON-F.2.3-08', `${where} with vr ${vr} is a number`);
    return member.value;
  }
  if (member.kind !== 'string') {
    tell('MODEL-JSON-F.2.3-08', `${where} with vr ${vr} is a ${member.kind}`);
    return null;
  }
  const { value } = member;
  if (value === '') {
    tell('MODEL-JSON-F.2.5-02', `${where} is an empty string, not null`);
    return null;
  }
  formDefect(vr, value, where, tell);
  return vr === 'UI' ? value.replace(/\0+$/, '') : value;
}

function formDefect(vr: string, value: string, where: string, tell: Tell): void {
  if (isNumberVr(vr) && vr !== 'SV' && vr !== 'UV') tell('MODEL-JSON-F.2.3-01', `${where} with vr ${vr} is a string`);
  if (vr === 'DS') tell('MODEL-JSON-F.2.3-02', `${where} with vr DS is a string`);
  if (vr === 'IS') tell('MODEL-JSON-F.2.3-03', `${where} with vr IS is a string`);
  if (vr === 'AT' && !/^[0-9A-F]{8}$/.test(value)) tell('MODEL-JSON-F.2.3-07', `${where} with vr AT is ${JSON.stringify(value)}`);
  if (vr === 'UI' && value.endsWith('\0')) tell('MODEL-JSON-F.2.3-10', `${where} with vr UI ends with a NUL`);
  if (isIsoForm(vr, value)) tell('MODEL-JSON-F.2.3-09', `${where} with vr ${vr} is written as ISO 8601 says`);
  if (['AE', 'CS', 'LO', 'SH', 'UI'].includes(vr) && value.includes('\\'))
    tell('MODEL-JSON-F.2.4-01', `${where} with vr ${vr} holds a backslash, so several values stand in one string`);
}

/** F.2.2: the non-empty groups of a name, as strings. */
function nameFrom(member: Json, where: string, tell: Tell): Value {
  if (member.kind !== 'object') {
    tell('MODEL-JSON-F.2.3-11', `${where} with vr PN is a ${member.kind}, not an object`);
    return member.kind === 'string' ? member.value || null : null;
  }
  const groups = new Map<string, string>();
  for (const [name, group] of member.members) {
    const meant = nameGroups.find(each => each.toLowerCase() === name.toLowerCase());
    if (name !== meant) tell('MODEL-JSON-PN-01', `the name ${where} has a group ${JSON.stringify(name)}`);
    if (group.kind === 'object') tell('MODEL-JSON-PN-03', `the group ${name} of ${where} is an object`);
    else if (group.kind !== 'string') tell('MODEL-JSON-PN-02', `the group ${name} of ${where} is a ${group.kind}`);
    else if (group.value === '') tell('MODEL-JSON-PN-02', `the group ${name} of ${where} is empty`);
    else if (group.value.includes('=')) tell('MODEL-JSON-PN-04', `the group ${name} of ${where} holds a =`);
    else if (group.value.includes('\\')) tell('MODEL-JSON-PN-05', `the group ${name} of ${where} holds several names`);
    if (group.kind === 'string') groups.set(meant ?? name, group.value);
  }
  return nameOfGroups(group => groups.get(group) ?? '') || null;
}
