import type { DataSet } from '../../schemas/data-set.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, type Difference, differences, type RowOf } from './compare.ts';
import { acceptDicom } from './media.ts';
import type { StoredInstance } from './pixels.ts';
import { Unreadable } from './read/defect.ts';
import { readPart10 } from './read/part10.ts';
import { ask, instancePath, partsOf } from './retrieve.ts';

/** Attributes in words that a server may coerce when it stores: those that tell to which patient and study an object belongs, and what was changed in them (PS3.18-2013 6.6.1.2). */
export const mayBeCoerced = /^\S+ \((0010,....|0008,00[23]0|0008,0050|0008,0090|0008,1030|0008,103[12]|0020,0010|0040,0275|0400,0561)\)$/;

/**
 * In what the metadata of a fixture are neither what was stored nor what the target holds: PS3.18-2013 6.5.6 is about the attributes as they are held, and a server may
 * have corrected some, such as those of the patient. What it holds is the object that it gives, which is asked for only where something differs.
 */
export async function differencesFromHeld(
  t: Trial,
  stored: StoredInstance,
  metadata: Attributes,
  rowOf?: RowOf,
): Promise<readonly Difference[]> {
  const found = differences(stored.dataSet, metadata, '', rowOf);
  const held = found.length > 0 ? await heldBy(t, stored) : null;
  if (!held) return found;
  const stillDifferent = new Set(differences(held, metadata, '', rowOf).map(({ where }) => where));
  return found.filter(({ where }) => stillDifferent.has(where));
}

/** The data set that the target holds of an instance; null where it does not give one that can be read. */
async function heldBy(t: Trial, instance: StoredInstance): Promise<DataSet | null> {
  const exchange = await ask(t, instancePath(instance), acceptDicom);
  const [part] = exchange.response.status === 200 ? partsOf(t, exchange) : [];
  try {
    return part ? readPart10(part.body).value.dataSet : null;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return null;
  }
}
