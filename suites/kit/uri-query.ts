import type { InstanceUids } from './retrieve.ts';

/** Parameters of a WADO-URI request beside the four that are always there, in the order in which they are sent. */
export type UriParameters = Readonly<Record<string, string | number>>;

const pairs = (parameters: UriParameters): readonly string[] =>
  Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);

/** PS3.18-2013 8.1 and Annex A: the query for an object, values escaped. */
export function uriQuery(of: InstanceUids, parameters: UriParameters = {}): string {
  const uids = { requestType: 'WADO', studyUID: of.studyInstanceUID, seriesUID: of.seriesInstanceUID, objectUID: of.sopInstanceUID };
  return `?${pairs({ ...uids, ...parameters }).join('&')}`;
}
