import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { canTranscode, transcoded } from '../pixels/transcode.ts';
import { objectClass } from '../services/object-class.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { readUriQuery, type UriQuery } from './uri-query.ts';
import { chosenType } from './uri-types.ts';

/** PS3.18-2013 6.2 and 6.3: one object by the UIDs in the query, in the media type that fits. */
export async function retrieveByUri(call: Call): Promise<Response> {
  const query = readUriQuery(call.url.searchParams);
  const instance = namedBy(call, query);
  const { type } = chosenType(
    objectClass(instance, query.frameNumber),
    ['application/dicom'],
    query.contentType,
    call.request.headers.get('Accept'),
  );
  return answer(type, await asDicom(instance, query));
}

const answer = (type: string, body: Uint8Array | string): Response =>
  new Response(body, { headers: { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) } });

/** 8.1.2 to 8.1.4: study, series and object belong together; 404 for what never was there, 410 for what was deleted. */
function namedBy({ context }: Call, { studyUID, seriesUID, objectUID }: UriQuery): StoredInstance {
  const [instance] = context.store.find(studyUID, seriesUID, objectUID);
  if (instance) return instance;
  if (context.store.wasRemoved(studyUID, seriesUID, objectUID)) throw new HttpError(410, 'This object was deleted.');
  throw new HttpError(404, 'There is no object with this objectUID in the series and study of seriesUID and studyUID.');
}

/** 6.3.1: a PS3.10 file. */
async function asDicom(instance: StoredInstance, query: UriQuery): Promise<Uint8Array> {
  const [first] = query.rendering;
  if (first !== undefined) throw new HttpError(400, `The parameter ${first} does not go with application/dicom.`);
  return transcoded(instance, syntaxFor(instance, query.transferSyntax));
}

/** 8.2.11: what was asked for if it is possible, else Explicit VR Little Endian; neither Implicit VR nor Big Endian. */
function syntaxFor(instance: StoredInstance, wanted: string | undefined): string {
  if (wanted !== undefined && !transferSyntax(wanted))
    throw new HttpError(400, `The parameter transferSyntax is the UID of a transfer syntax, and "${wanted}" is none.`);
  const never = [implicitLittleEndian, explicitBigEndian];
  if (wanted !== undefined && !never.includes(wanted) && canTranscode(instance, wanted)) return wanted;
  return canTranscode(instance, explicitLittleEndian) ? explicitLittleEndian : instance.transferSyntax;
}
