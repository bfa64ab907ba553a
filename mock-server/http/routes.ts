import { asOf, type ByEdition, type Edition } from '../../schemas/editions.ts';
import { retrieveBulkData } from './bulk-data.ts';
import type { Call } from './context.ts';
import { retrieveFrames } from './frames.ts';
import { retrieveMetadata } from './metadata.ts';
import { retrieveObjects } from './objects.ts';
import { roots } from './roots.ts';
import { searchFor } from './search.ts';
import { storeInstances } from './store.ts';
import { retrieveByUri } from './wado-uri.ts';
import { answerSoap, describeSchema, describeService, streamPixels } from './wado-ws.ts';

/** Answers a request. */
export type Handler = (call: Call) => Response | Promise<Response>;

/** A resource, what can be done with it, and the editions that have it. */
export interface Route {
  /** Below `root`, with a name for each part that varies. */
  readonly path: string;
  /** The path of the service; that of the RESTful services when absent. */
  readonly root?: string;
  readonly methods: Readonly<Record<string, Handler>>;
  readonly in: ByEdition<true>;
}

const always: ByEdition<true> = { '2013': true };
/** PS3.18-2014c 6.5.6: metadata of a series and of an instance. */
const metadataOfEachLevel: ByEdition<true> = { '2014c': true };

/** PS3.18-2017c withdrew WADO-WS. */
const untilRetired: ByEdition<true> = { '2013': true, '2017c': null };

const study = '/studies/:study';
const series = `${study}/series/:series`;
const instance = `${series}/instances/:instance`;

/** The services of PS3.18-2013: 6.2 and 6.3 by URI, 6.4 by SOAP, 6.5 to 6.7 RESTful. */
const routes: readonly Route[] = [
  { path: '', root: roots['wado-uri'], methods: { GET: retrieveByUri }, in: always },
  { path: '', root: roots['wado-ws'], methods: { GET: describeService, POST: answerSoap }, in: untilRetired },
  { path: '/jpip', root: roots['wado-ws'], methods: { GET: streamPixels }, in: untilRetired },
  { path: '/:schema', root: roots['wado-ws'], methods: { GET: describeSchema }, in: untilRetired },
  { path: '/studies', methods: { GET: searchFor('study'), POST: storeInstances }, in: always },
  { path: '/series', methods: { GET: searchFor('series') }, in: always },
  { path: '/instances', methods: { GET: searchFor('instance') }, in: always },
  { path: study, methods: { GET: retrieveObjects, POST: storeInstances }, in: always },
  { path: `${study}/metadata`, methods: { GET: retrieveMetadata }, in: always },
  { path: `${study}/series`, methods: { GET: searchFor('series') }, in: always },
  { path: `${study}/instances`, methods: { GET: searchFor('instance') }, in: always },
  { path: series, methods: { GET: retrieveObjects }, in: always },
  { path: `${series}/metadata`, methods: { GET: retrieveMetadata }, in: metadataOfEachLevel },
  { path: `${series}/instances`, methods: { GET: searchFor('instance') }, in: always },
  { path: instance, methods: { GET: retrieveObjects }, in: always },
  { path: `${instance}/metadata`, methods: { GET: retrieveMetadata }, in: metadataOfEachLevel },
  { path: `${instance}/frames/:frames`, methods: { GET: retrieveFrames }, in: always },
  { path: `${instance}/bulkdata/:element`, methods: { GET: retrieveBulkData }, in: always },
  { path: `${instance}/bulkdata/7FE00010/frames/:frames`, methods: { GET: retrieveFrames }, in: always },
];

/** The resources of an edition. */
export function routesIn(edition: Edition): readonly Route[] {
  return routes.filter(route => asOf(route.in, edition) === true);
}
