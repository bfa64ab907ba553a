import type { DataSet, Element } from '../../schemas/data-set.ts';
import { type ElementPath, type ModelOptions, referenceOf } from './bulk.ts';

/**
 * A data set in the DICOM JSON Model (PS3.18-2013 Annex F), as JSON text. F.2.2 wants members by tag in ascending order, which an object of JavaScript does not keep: it puts
 * names that look like array indexes, such as `20100010`, before all others.
 */
export function toJsonModel(dataSet: DataSet, options: ModelOptions = {}, path: ElementPath = []): string {
  return object([...dataSet].map(([tag, element]) => [tag, attribute(element, options, [...path, tag])]));
}

const object = (members: readonly (readonly [name: string, text: string])[]): string =>
  `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;

/** F.2.2: the VR, and the value in one form at most. */
function attribute(element: Element, options: ModelOptions, path: ElementPath): string {
  const vr = ['vr', JSON.stringify(element.vr)] as const;
  const uri = referenceOf(path, element, options);
  if (uri !== null) return object([vr, ['BulkDataURI', JSON.stringify(uri)]]);
  if ('fragments' in element) return object([vr]);
  // F.2.7: one base64 text for the whole Value Field.
  if ('bytes' in element) {
    const text = Buffer.from(element.bytes).toString('base64');
    return object(text === '' ? [vr] : [vr, ['InlineBinary', `"${text}"`]]);
  }
  const values =
    'items' in element
      ? element.items.map((item, i) => toJsonModel(item, options, [...path, i]))
      : element.values.map(value => valueText(element.vr, value));
  // F.2.5: an attribute without values and a sequence without items have no Value; an empty item is {}.
  return object(values.length === 0 || (values.length === 1 && values[0] === 'null') ? [vr] : [vr, ['Value', `[${values.join(',')}]`]]);
}

/** Table F.2.3-1; F.2.5: null stands for an empty value among others. */
function valueText(vr: string, value: string | number): string {
  if (value === '') return 'null';
  // JSON has no text for numbers that are not finite, and 2013 gives them none.
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (vr === 'PN') return personName(value);
  if (vr === 'DS' || vr === 'IS') return numberText(value);
  return JSON.stringify(value);
}

/** F.2.3: DS and IS are numbers; text that is none, which PS3.5 does not allow, stays text so that nothing is lost. */
function numberText(text: string): string {
  return JSON.stringify(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text);
}

/** F.2.2: the component groups that are not empty. */
function personName(name: string): string {
  const groups = name.split('=').map(group => group.replace(/\^+$/, ''));
  const named = ['Alphabetic', 'Ideographic', 'Phonetic'].map((key, i) => [key, groups[i] ?? ''] as const);
  const present = named.filter(([, group]) => group !== '');
  return present.length === 0 ? 'null' : object(present.map(([key, group]) => [key, JSON.stringify(group)]));
}
