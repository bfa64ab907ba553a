import type { RequirementId } from '../../../schemas/requirements.ts';
import type { Content } from '../compare.ts';
import { isBinaryVr, isIsoForm, isNotFinite, isNumberVr, isSplitAtBackslash, isVr, nameGroups, nameOfGroups } from './attribute-form.ts';
import { article, type Json } from './json.ts';

type Tell = (row: RequirementId, what: string) => void;
type Value = string | number | null;

/** PS3.18-2013 F.2.4 and F.2.5: one member of Value for each value, null for an empty one among several. */
export function jsonValues(vr: string, members: readonly Json[], where: string, tell: Tell): Content {
  const [only] = members;
  const isEmpty = only === undefined || (members.length === 1 && (only.kind === 'null' || (only.kind === 'string' && only.value === '')));
  if (isEmpty) {
    tell('MODEL-JSON-F.2.5-01', `${where} is empty and has a Value`);
    return { kind: 'empty' };
  }
  const read = members.map((member, i) => readValue(vr, member, members.length === 1 ? where : `value ${i + 1} of ${where}`, tell));
  return read.length === 1 && read[0] === null ? { kind: 'empty' } : { kind: 'values', values: read };
}

/** Table F.2.3-1. */
function readValue(vr: string, member: Json, where: string, tell: Tell): Value {
  if (member.kind === 'null') return null;
  if (vr === 'PN') return nameFrom(member, where, tell);
  if (member.kind === 'number') {
    if (isVr(vr) && !isNumberVr(vr) && !isBinaryVr(vr) && !['DS', 'IS'].includes(vr))
      tell(vr === 'AT' ? 'MODEL-JSON-F.2.3-07' : 'MODEL-JSON-F.2.3-08', `${where} with vr ${vr} is a number`);
    return member.value;
  }
  if (member.kind !== 'string') {
    tell(rowOfType(vr), `${where} with vr ${vr} is ${article(member.kind)}`);
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

/** Table F.2.3-1: which requirement says what values of a VR are. */
function rowOfType(vr: string): RequirementId {
  if (vr === 'DS') return 'MODEL-JSON-F.2.3-02';
  if (vr === 'IS') return 'MODEL-JSON-F.2.3-03';
  if (vr === 'AT') return 'MODEL-JSON-F.2.3-07';
  return isNumberVr(vr) ? 'MODEL-JSON-F.2.3-01' : 'MODEL-JSON-F.2.3-08';
}

function formDefect(vr: string, value: string, where: string, tell: Tell): void {
  if (isNumberVr(vr) && vr !== 'SV' && vr !== 'UV' && !isNotFinite(value))
    tell('MODEL-JSON-F.2.3-01', `${where} with vr ${vr} is a string`);
  if (vr === 'DS') tell('MODEL-JSON-F.2.3-02', `${where} with vr DS is a string`);
  if (vr === 'IS') tell('MODEL-JSON-F.2.3-03', `${where} with vr IS is a string`);
  if (vr === 'AT' && !/^[0-9A-F]{8}$/.test(value)) tell('MODEL-JSON-F.2.3-07', `${where} with vr AT is ${JSON.stringify(value)}`);
  if (vr === 'UI' && value.endsWith('\0')) tell('MODEL-JSON-F.2.3-10', `${where} with vr UI ends with a NUL`);
  if (isIsoForm(vr, value)) tell('MODEL-JSON-F.2.3-09', `${where} with vr ${vr} is written as ISO 8601 says`);
  if (isSplitAtBackslash(vr) && value.includes('\\'))
    tell('MODEL-JSON-F.2.4-01', `${where} with vr ${vr} holds a backslash, so several values stand in one string`);
}

/** F.2.2: the non-empty groups of a name, as strings. */
function nameFrom(member: Json, where: string, tell: Tell): Value {
  if (member.kind !== 'object') {
    tell('MODEL-JSON-F.2.3-11', `${where} with vr PN is ${article(member.kind)}, not an object`);
    return member.kind === 'string' ? member.value || null : null;
  }
  const groups = new Map<string, string>();
  const twice = repeatedName(member.members);
  if (twice !== undefined) tell('MODEL-JSON-F.1-02', `the name ${where} has ${JSON.stringify(twice)} twice`);
  // F.2.5: null stands for an empty one among several.
  if (member.members.length === 0) tell('MODEL-JSON-F.2.5-06', `the name ${where} is an empty object`);
  for (const [name, group] of member.members) {
    const meant = nameGroups.find(each => each.toLowerCase() === name.toLowerCase());
    if (name !== meant) tell('MODEL-JSON-PN-01', `the name ${where} has a group ${JSON.stringify(name)}`);
    if (group.kind === 'object') tell('MODEL-JSON-PN-03', `the group ${name} of ${where} is an object`);
    else if (group.kind !== 'string') tell('MODEL-JSON-PN-02', `the group ${name} of ${where} is ${article(group.kind)}`);
    else if (group.value === '') tell('MODEL-JSON-PN-02', `the group ${name} of ${where} is empty`);
    else if (group.value.includes('=')) tell('MODEL-JSON-PN-04', `the group ${name} of ${where} holds a =`);
    else if (group.value.includes('\\')) tell('MODEL-JSON-PN-05', `the group ${name} of ${where} holds several names`);
    if (group.kind === 'string') groups.set(meant ?? name, group.value);
  }
  return nameOfGroups(group => groups.get(group) ?? '') || null;
}

/** RFC 4627 2.2 and F.3.1: a name that occurs twice in one object. */
export function repeatedName(members: readonly (readonly [name: string, value: Json])[]): string | undefined {
  return members.find(([name], i) => members.findIndex(([each]) => each === name) < i)?.[0];
}
