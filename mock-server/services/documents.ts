import type { WsSituation } from '../../schemas/wado-ws.ts';
import { isUid } from '../dicom/uid.ts';
import type { Store, StoredInstance } from '../storage/store.ts';

/** How a document is named in WADO-WS (PS3.18-2013 8.1.2 to 8.1.4). */
export interface Named {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** The SOP Instance UID. */
  readonly documentUniqueId: string;
  readonly repositoryUniqueId: string | undefined;
}

/** Why a document cannot be had; `unknownRepository` is a situation of IHE's, the others are those of Table 6.4-1. */
export interface Problem {
  readonly situation: WsSituation | 'unknownRepository';
  readonly why: string;
}

/** A document, or why it cannot be had. */
export type Found<T> = { readonly found: T } | { readonly problem: Problem };

export const problem = (situation: Problem['situation'], why: string): { readonly problem: Problem } => ({ problem: { situation, why } });

/** The instance that is named: under its own study and series only. Of what is unknown the highest level is told (Table 6.4-1, 0015 to 0017), contradictions where all is known apart. */
export function locate(store: Store, repository: string, named: Named): Found<StoredInstance> {
  const { studyInstanceUID: study, seriesInstanceUID: series, documentUniqueId: document, repositoryUniqueId } = named;
  for (const uid of [study, series, document]) if (!isUid(uid)) return problem('invalidValue', `"${uid.slice(0, 64)}" is no UID`);
  if (repositoryUniqueId !== undefined && repositoryUniqueId !== repository)
    return problem('unknownRepository', `this repository is ${repository}`);
  const [instance] = store.find(study, series, document);
  if (instance && store.isOffLine(study, series, document))
    return problem('offLine', 'the instance is off line; ask the administrator to bring it back');
  if (instance) return { found: instance };
  if (store.wasRemoved(study, series, document)) return problem('noLongerAvailable', 'the instance was deleted');
  if (store.find(study).length === 0) return problem('unknownStudy', 'there is no such study');
  if (store.find(study, series).length === 0)
    return store.studies().some(other => store.series(other).includes(series))
      ? problem('contradictingIdentifiers', 'the series belongs to another study')
      : problem('unknownSeries', 'there is no such series in the study');
  const elsewhere = store.studies().some(other => store.find(other).some(({ sopInstanceUID }) => sopInstanceUID === document));
  return elsewhere
    ? problem('contradictingIdentifiers', 'the instance belongs to another series')
    : problem('unknownDocument', 'there is no such instance in the series');
}
