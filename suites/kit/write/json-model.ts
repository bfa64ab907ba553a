import type { DataSet, Element } from '../../../schemas/data-set.ts';
import type { Refer } from './native-xml.ts';

/** The JSON text of a data set in the DICOM JSON Model (PS3.18-2014a Annex F), as a client sends it. */
export function jsonModel(dataSet: DataSet, refer: Refer = () => null): string {
  const members = [...dataSet].map(([tag, element]) => {
    const uri = refer(tag, element);
    const value = uri === null ? content(element) : `,"BulkDataURI":${JSON.stringify(uri)}`;
    return `"${tag}":{"vr":"${element.vr}"${value}}`;
  });
  return `{${members.join(',')}}`;
}

function content(element: Element): string {
  if ('fragments' in element) throw new Error('fragments have to be bulk data');
  if ('bytes' in element) return element.bytes.length === 0 ? '' : `,"InlineBinary":"${Buffer.from(element.bytes).toString('base64')}"`;
  const values = 'items' in element ? element.items.map(item => jsonModel(item)) : element.values.map(value => textOf(element.vr, value));
  return values.length === 0 ? '' : `,"Value":[${values.join(',')}]`;
}

function textOf(vr: string, value: string | number): string {
  if (value === '') return 'null';
  if (typeof value === 'number' || vr === 'DS' || vr === 'IS') return String(Number(value));
  if (vr !== 'PN') return JSON.stringify(value);
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=');
  const groups = Object.entries({ Alphabetic: alphabetic, Ideographic: ideographic, Phonetic: phonetic });
  return JSON.stringify(Object.fromEntries(groups.filter(([, group]) => group !== '')));
}
