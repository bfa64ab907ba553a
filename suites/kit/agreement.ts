import { isPrivate } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Attribute, type Attributes, type Content, nameOf } from './compare.ts';
import { isDateInExample } from './read/attribute-form.ts';
import { sameBytes, sameValue } from './same.ts';

/** One way in which the XML and the JSON form of one data set do not say the same. */
export interface Disagreement {
  readonly row: RequirementId;
  /** The attribute, with the items it lies in. */
  readonly attribute: string;
  readonly xml: unknown;
  readonly json: unknown;
}

/** A value that goes by reference in one form at least, so that its bytes have to be had before they compare. */
export interface Unresolved {
  readonly attribute: string;
  readonly xml: Content;
  readonly json: Content;
}

/** How two forms of one data set compare. */
export interface Agreement {
  readonly disagreements: readonly Disagreement[];
  readonly unresolved: readonly Unresolved[];
  /** The attributes that one form lacks. Which attributes a result has, the mapping does not say. */
  readonly missing: readonly string[];
}

/** Specific Character Set may be kept in one form and rewritten in the other; the creators are elements of their own in JSON alone. */
const isCompared = ({ tag, privateCreator }: Attribute): boolean =>
  tag !== '00080005' && !(isPrivate(tag) && privateCreator === undefined && /^....00[1-9A-F]/.test(tag));

const keyOf = ({ tag, privateCreator }: Attribute): string => `${tag} ${privateCreator?.trim() ?? ''}`;

/** Compares a Native DICOM Model document with the JSON object of the same data set (PS3.18-2013 F.3.1, Table F.3.1-1). */
export function agreement(xml: Attributes, json: Attributes, path = ''): Agreement {
  const [left, right] = [byKey(xml.filter(isCompared)), byKey(json.filter(isCompared))];
  const parts: Agreement[] = [];
  for (const [key, attributes] of left) {
    const others = right.get(key) ?? [];
    for (const [i, attribute] of attributes.entries()) {
      const other = others[i];
      parts.push(other ? ofAttribute(attribute, other, path) : missingInJson(attribute, json, path));
    }
  }
  for (const [key, [attribute]] of right) if (attribute && !left.has(key)) parts.push(missing(attribute, path));
  return joined(parts);
}

/** Attributes with the same tag and creator, in their order: a creator may have several blocks. */
function byKey(attributes: Attributes): ReadonlyMap<string, Attributes> {
  const found = new Map<string, Attribute[]>();
  for (const attribute of attributes) {
    const key = keyOf(attribute);
    const alike = found.get(key);
    if (alike) alike.push(attribute);
    else found.set(key, [attribute]);
  }
  return found;
}

const agreed: Agreement = { disagreements: [], unresolved: [], missing: [] };

function joined(parts: readonly Agreement[]): Agreement {
  const told = parts.filter(part => part !== agreed);
  if (told.length === 0) return agreed;
  return {
    disagreements: told.flatMap(({ disagreements }) => disagreements),
    unresolved: told.flatMap(({ unresolved }) => unresolved),
    missing: told.flatMap(each => each.missing),
  };
}

const wordsFor = ({ tag, privateCreator }: Attribute, path: string): string =>
  `${path}${nameOf(tag)}${privateCreator === undefined ? '' : ` of "${privateCreator}"`}`;

const missing = (attribute: Attribute, path: string): Agreement => ({ ...agreed, missing: [wordsFor(attribute, path)] });

/** Table F.3.1-1: two creators may use the same element number in XML, and both have their block in JSON. */
function missingInJson(attribute: Attribute, json: Attributes, path: string): Agreement {
  const collides = isPrivate(attribute.tag) && json.some(({ tag }) => tag === attribute.tag);
  if (!collides) return missing(attribute, path);
  const words = wordsFor(attribute, path);
  return {
    disagreements: [{ row: 'MODEL-MAP-F.3.1-06', attribute: words, xml: 'present', json: 'absent' }],
    unresolved: [],
    missing: [words],
  };
}

function ofAttribute(inXml: Attribute, inJson: Attribute, path: string): Agreement {
  const attribute = wordsFor(inXml, path);
  const told = (row: RequirementId, xml: unknown, json: unknown): Agreement => ({
    ...agreed,
    disagreements: [{ row, attribute, xml, json }],
  });
  const [xml, json] = [inXml.content, inJson.content].map(valuesOrEmpty) as [Content, Content];
  // vr is optional in the table of the XML model; the example of F.4 has DT for dates.
  const sameVr = inXml.assumedVr || inJson.vr === '' || inXml.vr === inJson.vr || isDateInExample(inXml.tag, inJson.vr);
  if (!sameVr) return told('MODEL-MAP-F.3.1-01', inXml.vr, inJson.vr);
  if (xml.kind === 'reference' || json.kind === 'reference')
    return xml.kind === 'reference' && json.kind === 'reference' && xml.uri === json.uri
      ? agreed
      : { ...agreed, unresolved: [{ attribute, xml, json }] };
  if (xml.kind === 'empty' && json.kind === 'empty') return agreed;
  if (xml.kind === 'empty') return told('MODEL-MAP-F.3.1-08', 'empty', shown(json));
  if (json.kind === 'empty') return told(rowOf(inXml), shown(xml), 'empty');
  if (xml.kind === 'items' && json.kind === 'items') {
    if (xml.items.length !== json.items.length) return told('MODEL-MAP-F.3.1-04', shown(xml), shown(json));
    return joined(xml.items.map((item, i) => agreement(item, json.items[i] ?? [], `${attribute} item ${i + 1} `)));
  }
  if (xml.kind === 'inline' && json.kind === 'inline')
    return sameBytes(xml.bytes, json.bytes) ? agreed : told('MODEL-MAP-F.3.1-05', shown(xml), shown(json));
  if (xml.kind === 'values' && json.kind === 'values') {
    const length = Math.max(xml.values.length, json.values.length);
    const same = Array.from({ length }, (_, i) => means(inXml.vr, xml.values[i] ?? '', json.values[i] ?? '')).every(Boolean);
    return same ? agreed : told(rowOf(inXml), shown(xml), shown(json));
  }
  // One form of numbers or of UN inline and the other as values: the models say by themselves which of them is right.
  return xml.kind === 'items' || json.kind === 'items' ? told('MODEL-MAP-F.3.1-04', shown(xml), shown(json)) : agreed;
}

/** Several empty values and none are hard to tell apart for a server that keeps values in a list. */
const valuesOrEmpty = (content: Content): Content =>
  content.kind === 'values' && content.values.every(value => value === null) ? { kind: 'empty' } : content;

const rowOf = ({ vr, content }: Attribute): RequirementId =>
  vr === 'PN'
    ? 'MODEL-MAP-F.3.1-03'
    : content.kind === 'items'
      ? 'MODEL-MAP-F.3.1-04'
      : content.kind === 'inline'
        ? 'MODEL-MAP-F.3.1-05'
        : 'MODEL-MAP-F.3.1-02';

/** XML 1.0 2.11: a line break of any kind is read as a line feed. */
const lines = (value: string | number): string => String(value).replaceAll(/\r\n?/g, '\n');

function means(vr: string, xml: string | number, json: string | number): boolean {
  if (['FL', 'FD'].includes(vr)) return xml === json || nearly(numberOf(xml), numberOf(json));
  return sameValue(vr, typeof json === 'number' && !['DS', 'IS'].includes(vr) ? json : lines(json), lines(xml));
}

/** 2013 has no form for infinity; the words for it differ. */
const numberOf = (value: string | number): number => Number(String(value).replace(/^\s*([+-]?)inf(inity)?\s*$/i, '$1Infinity'));

/** How many digits XML has of a number is not said. */
const nearly = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));

const shown = (content: Content): unknown =>
  content.kind === 'values'
    ? content.values
    : content.kind === 'items'
      ? `${content.items.length} items`
      : content.kind === 'inline'
        ? content.bytes
        : content.kind;
