import type { DataSet } from '../../schemas/data-set.ts';
import { itemsOf } from '../dicom/values.ts';

/** The attributes that hold for a frame, counted from 0: those of the image, then what its functional groups say (PS3.3-2013 C.7.6.16). */
export function attributesOfFrame(dataSet: DataSet, frame: number, ...groups: readonly string[]): DataSet {
  const shared = itemsOf(dataSet, 'SharedFunctionalGroupsSequence')[0];
  const own = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence')[frame];
  if (!shared && !own) return dataSet;
  const found = groups.flatMap(group => [shared, own].flatMap(items => [...(items ? (itemsOf(items, group)[0] ?? []) : [])]));
  return found.length === 0 ? dataSet : new Map([...dataSet, ...found]);
}
