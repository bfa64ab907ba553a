import type { DataSet, Element, Tag, Vr } from '../../schemas/data-set.ts';
import { bytesOfBase64, dataSetOf, elementOfTexts, MalformedModel, type ModelContext, NotUnderstood, vrOf } from './model-values.ts';
import { elementOfBytes } from './part10-values.ts';

/** Reads the array of a store request: a DICOM JSON object for each instance (PS3.18-2014a 6.6.1.1.3, Annex F); throws MalformedModel when it is none. */
export function documentsOfJson(document: Uint8Array): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(document));
  } catch (error) {
    throw new MalformedModel(`the document is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(parsed)) throw new MalformedModel('the document is no JSON array');
  return parsed;
}

const deepest = 64;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one DICOM JSON object (F.2). */
export function fromJsonModel(object: unknown, context: ModelContext, outer: readonly string[] = [], depth = 0): DataSet {
  if (depth > deepest) throw new MalformedModel(`sequences are nested more than ${deepest} deep`);
  if (!isObject(object)) throw new MalformedModel('a data set is no JSON object');
  const own = object['00080005'];
  const terms = isObject(own) && Array.isArray(own.Value) ? own.Value.map(term => String(term ?? '')) : outer;
  const found: (readonly [Tag, Element])[] = [];
  for (const [name, attribute] of Object.entries(object)) {
    const tag = name.toUpperCase();
    if (!/^[0-9A-F]{8}$/.test(tag) || !isObject(attribute))
      throw new MalformedModel(`the member ${JSON.stringify(name.slice(0, 40))} is no attribute`);
    try {
      const vr = vrOf(typeof attribute.vr === 'string' ? attribute.vr : undefined, tag);
      found.push([tag, element(attribute, tag, vr, context, terms, depth)]);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      context.problems.push(`(${tag.slice(0, 4)},${tag.slice(4)}): ${error.message}`);
    }
  }
  return dataSetOf(found);
}

function element(
  attribute: Record<string, unknown>,
  tag: Tag,
  vr: Vr,
  context: ModelContext,
  terms: readonly string[],
  depth: number,
): Element {
  const { Value: values, InlineBinary: inline, BulkDataURI: uri } = attribute;
  if (typeof uri === 'string') return context.bulk(uri.trim(), tag, vr, depth === 0, terms) ?? elementOfTexts(vr, []);
  if (typeof inline === 'string') return elementOfBytes(vr, even(bytesOfBase64(inline)), terms);
  if (values === undefined) return elementOfTexts(vr, []);
  if (!Array.isArray(values)) throw new NotUnderstood('Value is no array');
  if (vr === 'SQ') return { vr, items: values.map(item => fromJsonModel(item ?? {}, context, terms, depth + 1)) };
  return elementOfTexts(vr, values.map(textOf));
}

const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]));

/** F.2.2 and F.2.3: a name has groups, null is an empty value. */
function textOf(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (!isObject(value)) throw new NotUnderstood('a value is neither text nor a number');
  return ['Alphabetic', 'Ideographic', 'Phonetic']
    .map(group => (typeof value[group] === 'string' ? value[group] : ''))
    .join('=')
    .replace(/=+$/, '');
}
