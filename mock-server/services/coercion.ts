import { dataSet as dataSetOf, type Recipe } from '../../fixtures/data-set.ts';
import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { StorePolicy } from './store-policy.ts';
import { warningReasons } from './store-policy.ts';

/** An object as it is to be stored. */
export interface Altered {
  readonly dataSet: DataSet;
  /** Whether it is other than it was sent. */
  readonly changed: boolean;
  readonly warning?: number;
  /** The item of the Original Attributes Sequence (0400,0561) that says what was changed. */
  readonly original?: DataSet;
}

/** The time that every modification has: the server has no clock, so that the same request gives the same answer. */
const modified = '20130601120000';

const tagNamed = (name: string): Tag => (/^[0-9A-F]{8}$/.test(name) ? name : tagOf(name));
const sorted = (elements: Iterable<readonly [Tag, Element]>): DataSet => new Map([...elements].sort(([a], [b]) => (a < b ? -1 : 1)));

/** PS3.18-2013 6.6.1.2: what is coerced is told in the stored object; what is discarded is told in the answer. */
export function altered(sent: DataSet, { coerced = {}, discarded = [] }: StorePolicy): Altered {
  const gone = discarded.map(tagNamed).filter(tag => sent.has(tag));
  const kept = [...sent].filter(([tag]) => !gone.includes(tag));
  const values = [...dataSetOf(coerced)].filter(([tag, element]) => !sameValue(sent.get(tag), element));
  if (values.length === 0 && gone.length === 0) return { dataSet: sent, changed: false };
  if (values.length === 0) return { dataSet: sorted(kept), changed: true, warning: warningReasons.discarded };
  const before = values.map(([tag, element]): readonly [Tag, Element] => [tag, sent.get(tag) ?? empty(element)]);
  const original = dataSetOf({
    AttributeModificationDateTime: modified,
    ModifyingSystem: 'CONFORMANCE MOCK SERVER',
    SourceOfPreviousValues: '',
    ReasonForTheAttributeModification: 'COERCE',
    ModifiedAttributesSequence: [recipeOf(sorted(before))],
  });
  const sequence = tagOf('OriginalAttributesSequence');
  const earlier = sent.get(sequence);
  const items = [...(earlier && 'items' in earlier ? earlier.items : []), original];
  const dataSet = sorted(new Map<Tag, Element>([...kept, ...values, [sequence, { vr: 'SQ', items }]]));
  return { dataSet, changed: true, warning: warningReasons.coerced, original };
}

const sameValue = (a: Element | undefined, b: Element): boolean =>
  a !== undefined && 'values' in a && 'values' in b && a.values.join('\\') === b.values.join('\\');

const empty = (element: Element): Element => ('values' in element ? ({ ...element, values: [] } as Element) : element);

const recipeOf = (dataSet: DataSet): Recipe => Object.fromEntries(dataSet);

/** PS3.3-2013 C.7.6.3.1: what every image has (type 1). */
const ofImages = [
  'SamplesPerPixel',
  'PhotometricInterpretation',
  'Rows',
  'Columns',
  'BitsAllocated',
  'BitsStored',
  'HighBit',
  'PixelRepresentation',
];

/** The type 1 attributes of images that an object with Pixel Data lacks, by keyword. */
export function lacking(dataSet: DataSet): readonly string[] {
  if (!dataSet.has(tagOf('PixelData'))) return [];
  return ofImages.filter(keyword => {
    const element = dataSet.get(tagOf(keyword));
    return !element || !('values' in element) || element.values.length === 0;
  });
}
