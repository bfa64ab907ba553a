import type { DataSet, Element } from '../../schemas/data-set.ts';
import type { BulkDataUri, ElementPath } from '../dicom/bulk.ts';
import { pixelData } from '../pixels/frames.ts';
import type { StoredInstance } from '../storage/store.ts';
import { type Call, resourceUrl } from './context.ts';

/** The UIDs of the instance that a value belongs to. */
type Owner = Parameters<typeof resourceUrl>[1];

const bytesOfNumber: Readonly<Record<string, number>> = { FL: 4, FD: 8, SL: 4, SS: 2, UL: 4, US: 2 };

/** The number of bytes of a binary value; text stays inline whatever its length, so that it has one character encoding. */
function sizeOf(element: Element): number {
  if ('bytes' in element) return element.deferred?.length ?? element.bytes.length;
  return 'values' in element ? element.values.length * (bytesOfNumber[element.vr] ?? 0) : 0;
}

/** The URL of an element's value: the instance, then the path of the element with a dot for each step. */
export function bulkDataUrl(call: Call, instance: Owner, path: ElementPath): string {
  return `${resourceUrl(call, instance)}/bulkdata/${path.join('.')}`;
}

/** Which values of an instance go by reference: encapsulated pixel data always, others from a size on (PS3.18-2013 6.5.6). */
export function bulkDataUris(call: Call, instance: Owner): BulkDataUri {
  return (path, element) =>
    'fragments' in element || sizeOf(element) >= call.context.bulkDataFrom ? bulkDataUrl(call, instance, path) : null;
}

/** The bulk data of an instance, with their paths: every element that goes by reference, and Pixel Data wherever they go, since they can always be had as bulk data (6.5). */
export function bulkElements(call: Call, instance: StoredInstance): { readonly path: ElementPath; readonly element: Element }[] {
  const refers = bulkDataUris(call, instance);
  const walk = (dataSet: DataSet, at: ElementPath): { path: ElementPath; element: Element }[] =>
    [...dataSet].flatMap(([tag, element]) => {
      const path = [...at, tag];
      if ('items' in element) return element.items.flatMap((item, i) => walk(item, [...path, i]));
      const pixels = path.length === 1 && tag === pixelData && sizeOf(element) > 0;
      return pixels || refers(path, element) !== null ? [{ path, element }] : [];
    });
  return walk(instance.dataSet, []);
}

/** The element that the path in a bulk data URL names. */
export function elementAt(dataSet: DataSet, path: string): { readonly path: ElementPath; readonly element: Element } | null {
  const steps = path.split('.').map(step => (step.length === 8 ? step : Number(step)));
  let scope: DataSet | undefined = dataSet;
  let element: Element | undefined;
  for (const step of steps) {
    if (typeof step === 'string') element = scope?.get(step);
    else scope = element && 'items' in element ? element.items[step] : undefined;
  }
  return element && !('items' in element) && sizeOf(element) + Number('fragments' in element) > 0 ? { path: steps, element } : null;
}
