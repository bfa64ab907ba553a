import type { RequestHandler } from 'msw';
import { repositoryUniqueId } from '../fixtures/uids.ts';
import { type Edition, homeEdition } from '../schemas/editions.ts';
import { createApp } from './http/app.ts';
import { errorResponse, HttpError } from './http/errors.ts';
import { type Endpoints, endpointsAt, roots } from './http/roots.ts';
import { mswHandlers } from './mount/msw.ts';
import { type Listening, type ListenOptions, listen } from './mount/node.ts';
import { createEntities } from './services/entities.ts';
import type { StorePolicy } from './services/store-policy.ts';
import { folderKeeper } from './storage/keeper.ts';
import { memoryKeeper } from './storage/memory-keeper.ts';
import { type Loaded, loadFolder, seedFixtures } from './storage/seed.ts';
import { createStore, storedInstance } from './storage/store.ts';

export interface MockServerOptions {
  /** The edition of PS3.18 that the server follows. */
  readonly edition?: Edition;
  /** What it holds at first; the fixtures when absent. */
  readonly content?: 'fixtures' | 'nothing';
  /** The most results of one search; 1000 when absent. */
  readonly maximumResults?: number;
  /** The most matches that a search without limit may have before it is refused with 413; none is refused when absent. */
  readonly broadestSearch?: number;
  /** Whether fuzzymatching=true is done (see mock-server/dicom/names.ts), or answered with its Warning; done when absent. */
  readonly fuzzyMatching?: boolean;
  /** Binary values of at least this many bytes go by reference in metadata. */
  readonly bulkDataFrom?: number;
  /** The largest request body, in bytes; without a bound when absent. */
  readonly maximumBody?: number;
  /**
   * A folder that is there: what it holds is served as well, and what is stored is kept in it as PS3.10 files, which survive the end of the process once they are acknowledged. One
   * server at a time may have it. Without a folder everything is in memory, and in a temporary folder what is too large.
   */
  readonly data?: string;
  /** What the server makes of what it is to store. */
  readonly store?: StorePolicy;
  /** The most documents of one WADO-WS request. */
  readonly maximumDocuments?: number;
  /** Whether WADO-WS anonymises; it reports an error for each document that is asked for so when false. */
  readonly anonymises?: boolean;
  /** The Repository Unique ID that WADO-WS answers to. */
  readonly repository?: string;
}

export { endpointsAt, roots } from './http/roots.ts';

/** A right DICOMweb server: RESTful services below `/dicom-web`, WADO-URI at `/wado`, WADO-WS at `/wado-ws`. */
export interface MockServer {
  /** Answers a request without a socket, whatever its host is. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Opens a TCP port; `url` is the base of the RESTful services, `endpoints` has the URLs of the others. */
  listen(options?: ListenOptions): Promise<Listening & { readonly url: string; readonly endpoints: Endpoints }>;
  /** MSW handlers for everything below `base`, such as `http://any.host`. */
  handlers(base: string): Promise<RequestHandler[]>;
  /** Stores a PS3.10 file; throws a sentence when it is none. */
  add(file: Uint8Array): void;
  /** What became of the files that the folder of `data` held at the start. */
  readonly loaded: Loaded;
  /** Serves every PS3.10 file of a folder and the folders below it, from there. */
  loadFolder(folder: string): Promise<Loaded>;
  /** Deletes a study, series or instance; what was deleted is answered 410 from then on. */
  remove(study: string, series?: string, instance?: string): void;
  /** Notes that a study, series or instance is held on media that somebody has to bring: WADO-WS tells so, WADO-RS answers 404 for it. */
  takeOffLine(study: string, series?: string, instance?: string): void;
  /** Answers every request with 503 and Retry-After of this many seconds from now on (PS3.18-2013 Table 6.5-2); null ends that. */
  busy(seconds: number | null): void;
}

/** Makes a mock server; each has a store of its own. */
export function createMockServer(options: MockServerOptions = {}): MockServer {
  const { edition = homeEdition, content = 'fixtures', bulkDataFrom = 128, maximumDocuments = 1000, anonymises = true } = options;
  const { maximumResults = 1000, broadestSearch: broadest = Number.POSITIVE_INFINITY, fuzzyMatching = true } = options;
  const { maximumBody = Number.POSITIVE_INFINITY, data, store: storePolicy = {}, repository = repositoryUniqueId } = options;
  const store = createStore();
  if (content === 'fixtures') seedFixtures(store);
  const keeper = data === undefined ? memoryKeeper() : folderKeeper(data);
  const loaded = data === undefined ? { loaded: 0, refused: [] } : loadFolder(store, data, keeper);
  const limits = { searches: { maximumResults, broadest, fuzzyMatching }, bulkDataFrom, maximumBody, maximumDocuments };
  const answer = createApp({
    edition,
    store,
    keeper,
    storePolicy,
    entities: createEntities(store),
    ...limits,
    anonymises,
    repository,
    root: roots.rs,
  });
  let wait: number | null = null;
  const fetch = async (request: Request) =>
    wait === null
      ? answer(request)
      : errorResponse(new HttpError(503, 'The server is busy; ask again later.', { 'Retry-After': String(wait) }));
  return {
    fetch,
    busy: seconds => {
      wait = seconds;
    },
    listen: async options => {
      const listening = await listen(fetch, options);
      return { ...listening, url: listening.origin + roots.rs, endpoints: endpointsAt(listening.origin) };
    },
    handlers: base => mswHandlers(fetch, base),
    add: file => store.add(storedInstance(file)),
    loaded,
    loadFolder: async folder => loadFolder(store, folder),
    remove: (study, series, instance) => {
      for (const each of store.find(study, series, instance)) keeper.remove(each);
      store.remove(study, series, instance);
    },
    takeOffLine: (study, series, instance) => store.takeOffLine(study, series, instance),
  };
}
