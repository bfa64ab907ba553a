import type { Element, Tag, Vr } from '../../schemas/data-set.ts';

/** Where an element stands: tags, with the index of the item after each sequence. */
export type ElementPath = readonly (Tag | number)[];

/** The URL that stands for an element's value, or null to keep the value inline. */
export type BulkDataUri = (path: ElementPath, element: Element) => string | null;

export interface ModelOptions {
  readonly bulkDataUri?: BulkDataUri;
}

/** PS3.18-2013 6.5.6: the VRs whose values may be replaced by a bulk data URL. */
export const bulkDataVrs: readonly Vr[] = ['FL', 'FD', 'IS', 'LT', 'OB', 'OD', 'OF', 'OW', 'SL', 'SS', 'ST', 'UL', 'UN', 'US', 'UT'];

/** The URL of an element that is to be sent by reference. */
export function referenceOf(path: ElementPath, element: Element, { bulkDataUri }: ModelOptions): string | null {
  return bulkDataVrs.includes(element.vr) ? (bulkDataUri?.(path, element) ?? null) : null;
}
