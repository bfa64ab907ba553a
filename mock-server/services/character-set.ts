import { writePart10 } from '../../fixtures/part10/write.ts';
import { ianaCharacterSets } from '../../schemas/character-sets.ts';
import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { textsOf } from '../dicom/values.ts';
import { inMemory } from '../storage/octets.ts';
import type { StoredInstance } from '../storage/store.ts';

const specificCharacterSet = tagOf('SpecificCharacterSet');

/** The instance with all strings in the first of the character sets (IANA names) that can hold them, and Specific Character Set to match; as it is where none can (PS3.18-2013 8.1.6, Annex D). */
export function inCharacterSet(instance: StoredInstance, charsets: readonly string[]): StoredInstance {
  for (const charset of charsets) {
    const terms = ianaCharacterSets[charset.toLowerCase()];
    if (!terms) continue;
    if (textsOf(instance.dataSet, 'SpecificCharacterSet').join('\\') === terms.join('\\')) return instance;
    const dataSet = relabelled(instance.dataSet, terms);
    try {
      const file = writePart10(dataSet, { transferSyntax: instance.transferSyntax });
      return { ...instance, dataSet, file, octets: inMemory(file), size: file.length };
    } catch {
      // A character is missing from this set.
    }
  }
  return instance;
}

/** Text is kept decoded, so a new label is all that it takes. */
function relabelled(dataSet: DataSet, terms: readonly string[]): DataSet {
  const label: readonly [Tag, Element] = [specificCharacterSet, { vr: 'CS', values: terms }];
  const others = [...withoutLabel(dataSet)];
  return new Map([...others, label].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutLabel(dataSet: DataSet): DataSet {
  return new Map(
    [...dataSet]
      .filter(([tag]) => tag !== specificCharacterSet)
      .map(([tag, element]) => [tag, 'items' in element ? { ...element, items: element.items.map(withoutLabel) } : element]),
  );
}
