import { laterRenderedStem, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import type { BulkDataUri } from '../dicom/bulk.ts';
import type { Found } from '../services/documents.ts';
import type { Store, StoredInstance } from '../storage/store.ts';
import { deliverInformation } from './information.ts';
import { deliverRendering } from './rendered.ts';
import type { DocumentRequest } from './request.ts';
import type { Delivery } from './response.ts';
import { deliverObject } from './retrieve.ts';
import type { Element } from './xml-read.ts';

/** One document to be delivered: how it was asked for, and the instance that is meant. */
export interface Wanted {
  /** The child of Body. */
  readonly root: Element;
  readonly document: DocumentRequest;
  readonly instance: StoredInstance;
  readonly store: Store;
  /** Whether what is to be anonymised can be had at all. */
  readonly anonymises: boolean;
  /** Where the values of an instance are that go by reference. */
  readonly bulkDataUri: (instance: StoredInstance) => BulkDataUri;
  /** Where the pixels of an instance would be streamed. */
  readonly jpipUrl: (instance: StoredInstance) => string;
}

/** How the documents of an action are made. */
export const deliver: Readonly<Record<WsAction, (wanted: Wanted) => Promise<Found<Delivery>>>> = {
  retrieve: deliverObject,
  rendered: deliverRendering,
  information: deliverInformation,
};

const byName = new Map<string, WsAction>((Object.keys(wsActions) as WsAction[]).map(action => [wsActions[action].request.action, action]));

/** The action with this URI; the rendered one also as later practice spells it. */
export function actionNamed(uri: string): WsAction | undefined {
  return byName.get(uri) ?? (uri === `${laterRenderedStem}${wsActions.rendered.name}` ? 'rendered' : undefined);
}
