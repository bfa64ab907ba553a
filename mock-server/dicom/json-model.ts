import type { DataSet, Element } from '../../schemas/data-set.ts';
import { type ElementPath, type ModelOptions, referenceOf } from './bulk.ts';

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json };

/** A data set in the DICOM JSON Model (PS3.18-2013 Annex F): members by tag in ascending order. */
export function toJsonModel(dataSet: DataSet, options: ModelOptions = {}, path: ElementPath = []): Record<string, Json> {
  return Object.fromEntries([...dataSet].map(([tag, element]) => [tag, attribute(element, options, [...path, tag])]));
}

function attribute(element: Element, options: ModelOptions, path: ElementPath): Json {
  const { vr } = element;
  const uri = referenceOf(path, element, options);
  if (uri !== null) return { vr, BulkDataURI: uri };
  if ('fragments' in element) return { vr };
  if ('items' in element) {
    const items = element.items.map((item, i) => toJsonModel(item, options, [...path, i]));
    // F.2.5: a sequence without items has no Value, an empty item is {}.
    return items.length === 0 ? { vr } : { vr, Value: items };
  }
  // F.2.7: one base64 text for the whole Value Field.
  if ('bytes' in element) return element.bytes.length === 0 ? { vr } : { vr, InlineBinary: Buffer.from(element.bytes).toString('base64') };
  if (element.values.length === 0 || element.values.every(value => value === '')) return { vr };
  return { vr, Value: element.values.map(value => readValue(vr, value)) };
}

function readValue(vr: string, value: string | number): Json {
  // F.2.5: null stands for an empty value among others.
  if (value === '') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (vr === 'PN') return personName(value);
  if (vr === 'DS' || vr === 'IS') return numberOf(value);
  return value;
}

/** F.2.3: DS and IS are numbers; text that is none, which PS3.5 does not allow, stays text so that nothing is lost. */
function numberOf(text: string): Json {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
}

/** F.2.2: the component groups that are not empty. */
function personName(name: string): Json {
  const groups = name.split('=').map(group => group.replace(/\^+$/, ''));
  const entries = ['Alphabetic', 'Ideographic', 'Phonetic'].map((key, i) => [key, groups[i] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, group]) => group !== ''));
}
