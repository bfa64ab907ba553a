import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../schemas/dictionary.ts';
import { type ElementPath, type ModelOptions, referenceOf } from './bulk.ts';

/** A data set as a Native DICOM Model document (PS3.19-2013 A.1). */
export function toNativeXml(dataSet: DataSet, options: ModelOptions = {}): string {
  const attributes = dataSetXml(dataSet, options, []);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">${attributes}</NativeDicomModel>`;
}

function dataSetXml(dataSet: DataSet, options: ModelOptions, path: ElementPath): string {
  return [...dataSet].map(([tag, element]) => attribute(dataSet, tag, element, options, [...path, tag])).join('');
}

function attribute(dataSet: DataSet, tag: Tag, element: Element, options: ModelOptions, path: ElementPath): string {
  const names = isPrivate(tag) ? privateNames(dataSet, tag) : publicNames(tag);
  if (names === null) return '';
  const head = `<DicomAttribute${names} vr="${element.vr}"`;
  const body = content(element, options, path);
  return body === '' ? `${head}/>` : `${head}>${body}</DicomAttribute>`;
}

/** Table A.1.5-2: attributes of the standard have a keyword, but for a few. */
function publicNames(tag: Tag): string {
  const keyword = attributeByTag(tag)?.keyword;
  return keyword ? ` tag="${tag}" keyword="${keyword}"` : ` tag="${tag}"`;
}

/** Table A.1.5-2: private elements name their creator and leave the block number out; the creator elements themselves are implied. */
function privateNames(dataSet: DataSet, tag: Tag): string | null {
  const block = tag.slice(4, 6);
  if (block === '00') return null;
  const creator = dataSet.get(`${tag.slice(0, 4)}00${block}`);
  const name = creator && 'values' in creator ? String(creator.values[0] ?? '') : '';
  const named = name === '' ? '' : ` privateCreator="${escaped(name)}"`;
  return ` tag="${tag.slice(0, 4)}00${tag.slice(6)}"${named}`;
}

function content(element: Element, options: ModelOptions, path: ElementPath): string {
  const uri = referenceOf(path, element, options);
  if (uri !== null) return `<BulkData uri="${escaped(uri)}"/>`;
  if ('fragments' in element) return '';
  if ('items' in element) {
    return element.items.map((item, i) => numbered('Item', i, dataSetXml(item, options, [...path, i]))).join('');
  }
  if ('bytes' in element)
    return element.bytes.length === 0 ? '' : `<InlineBinary>${Buffer.from(element.bytes).toString('base64')}</InlineBinary>`;
  if (element.values.length === 0 || (element.values.length === 1 && element.values[0] === '')) return '';
  if (element.vr === 'PN') return element.values.map((name, i) => numbered('PersonName', i, personName(String(name)))).join('');
  return element.values.map((value, i) => numbered('Value', i, escaped(String(value)))).join('');
}

function numbered(name: string, index: number, body: string): string {
  return body === '' ? `<${name} number="${index + 1}"/>` : `<${name} number="${index + 1}">${body}</${name}>`;
}

const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

function personName(name: string): string {
  return ['Alphabetic', 'Ideographic', 'Phonetic']
    .map((group, g) => {
      const parts = (name.split('=')[g] ?? '').split('^');
      const body = components.map((component, c) => (parts[c] ? `<${component}>${escaped(parts[c] ?? '')}</${component}>` : '')).join('');
      return body === '' ? '' : `<${group}>${body}</${group}>`;
    })
    .join('');
}

const special = /[\x00-\x08\x0b-\x1f\ufffe\uffff&<>"]/;

/** XML 1.0 2.2 and 2.4; characters that XML cannot hold are left out. A carriage return is written as a reference, or a reader would see a line feed. */
function escaped(text: string): string {
  if (!special.test(text)) return text;
  return text
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
