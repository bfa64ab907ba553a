import { isUid } from '../dicom/uid.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';

/** The instances below the study, series or instance that the path names; 400 for what is no UID, 404 for what never was there, 410 for what was deleted (Table 6.5-2). */
export function instancesAt({ path, context }: Call): readonly StoredInstance[] {
  const { study = '', series, instance } = path;
  for (const uid of [study, series, instance]) if (uid !== undefined && !isUid(uid)) throw new HttpError(400, `"${uid}" is no UID.`);
  const found = context.store.find(study, series, instance);
  if (found.length > 0) return found;
  const what = instance !== undefined ? 'instance' : series !== undefined ? 'series' : 'study';
  if (context.store.wasRemoved(study, series, instance)) throw new HttpError(410, `This ${what} was deleted.`);
  throw new HttpError(404, `There is no such ${what}.`);
}

/** Of the instances below the resource those that are at hand, and whether they are all; 404 where everything is off line and expected back (PS3.18-2013 6.5.5.1). */
export function onLineAt(call: Call): { readonly instances: readonly StoredInstance[]; readonly complete: boolean } {
  const { store } = call.context;
  const all = instancesAt(call);
  const instances = all.filter(each => !store.isOffLine(each.studyInstanceUID, each.seriesInstanceUID, each.sopInstanceUID));
  if (instances.length === 0) throw new HttpError(404, 'This is held off line, and can be had when it is back.');
  return { instances, complete: instances.length === all.length };
}
