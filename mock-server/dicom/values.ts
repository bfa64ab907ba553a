import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';

const valuesIn = (element: Element | undefined): readonly (string | number)[] => (element && 'values' in element ? element.values : []);

/** The values of an attribute as text; none when it is absent, empty or no text. */
export function textsOf(dataSet: DataSet, keyword: string): readonly string[] {
  return valuesIn(dataSet.get(tagOf(keyword))).map(String);
}

/** The first value of an attribute as text; empty when there is none. */
export function textOf(dataSet: DataSet, keyword: string): string {
  return textsOf(dataSet, keyword)[0] ?? '';
}

/** The values of an attribute as numbers; what is none is left out. */
export function numbersOf(dataSet: DataSet, keyword: string): readonly number[] {
  return textsOf(dataSet, keyword)
    .filter(text => text.trim() !== '')
    .map(Number)
    .filter(Number.isFinite);
}

/** The first value of an attribute as a number. */
export function numberOf(dataSet: DataSet, keyword: string): number | undefined {
  return numbersOf(dataSet, keyword)[0];
}

/** The items of a sequence; none when it is absent. */
export function itemsOf(dataSet: DataSet, keyword: string): readonly DataSet[] {
  const element = dataSet.get(tagOf(keyword));
  return element && 'items' in element ? element.items : [];
}

/** 16-bit words of an attribute whose VR may be US, SS or OW (PS3.3-2013 C.11.1 and C.7.6.3.1.6). */
export function wordsOf(dataSet: DataSet, keyword: string): readonly number[] {
  const element = dataSet.get(tagOf(keyword));
  if (!element || !('bytes' in element)) return valuesIn(element).map(Number);
  const { bytes } = element;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, true));
}
