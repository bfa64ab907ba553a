import type { Edition } from '../../schemas/editions.ts';
import type { Entities } from '../services/entities.ts';
import type { SearchLimits } from '../services/search.ts';
import type { StorePolicy } from '../services/store-policy.ts';
import type { Keeper } from '../storage/keeper.ts';
import type { Store } from '../storage/store.ts';

/** What the services of one server share. */
export interface Context {
  readonly edition: Edition;
  readonly store: Store;
  /** Where the files of stored instances go. */
  readonly keeper: Keeper;
  readonly storePolicy: StorePolicy;
  readonly entities: Entities;
  readonly searches: SearchLimits;
  /** Values of at least this many bytes go by reference in metadata. */
  readonly bulkDataFrom: number;
  /** The largest request body, in bytes. */
  readonly maximumBody: number;
  /** The most documents of one WADO-WS request. */
  readonly maximumDocuments: number;
  /** Whether WADO-WS anonymises what is asked for so. */
  readonly anonymises: boolean;
  /** The Repository Unique ID that WADO-WS answers to. */
  readonly repository: string;
  /** The path of the RESTful services. */
  readonly root: string;
}

/** A request with the parts of its path. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly path: Readonly<Record<string, string>>;
  readonly context: Context;
}

/** The base URL of the RESTful services as the client wrote it: URLs in answers follow the Host of the request. */
export function baseUrl({ url, context }: Call): string {
  return `${url.origin}${context.root}`;
}

/** The URL of a study, series or instance (PS3.18-2013 6.5). */
export function resourceUrl(
  call: Call,
  of: { readonly studyInstanceUID: string; readonly seriesInstanceUID?: string; readonly sopInstanceUID?: string },
): string {
  const series = of.seriesInstanceUID === undefined ? '' : `/series/${of.seriesInstanceUID}`;
  const instance = of.sopInstanceUID === undefined ? '' : `/instances/${of.sopInstanceUID}`;
  return `${baseUrl(call)}/studies/${of.studyInstanceUID}${series}${instance}`;
}
