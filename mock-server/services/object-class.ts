import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { imageShape } from '../pixels/frames.ts';
import type { StoredInstance } from '../storage/store.ts';

/** The classes of objects of PS3.18-2013 7.1 to 7.4. */
export type ObjectClass = 'single-frame' | 'multi-frame' | 'text' | 'other';

/** PS3.18-2013 7: the class of an object; one frame picked out of several is a single-frame image (7.1.1). */
export function objectClass({ dataSet }: StoredInstance, frame?: number): ObjectClass {
  const shape = imageShape(dataSet);
  if (shape) return shape.frames === 1 || frame !== undefined ? 'single-frame' : 'multi-frame';
  return isReport(dataSet) ? 'text' : 'other';
}

/** PS3.3-2013 C.17.3: the SR Document Content module, whose root is a container. */
function isReport(dataSet: DataSet): boolean {
  const type = dataSet.get(tagOf('ValueType'));
  return type !== undefined && 'values' in type && type.values[0] === 'CONTAINER';
}
