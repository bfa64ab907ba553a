import { asOf, type ByEdition } from '../../schemas/editions.ts';
import { jsonModelType, nativeModelType } from '../../schemas/media-types.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { toJsonModel } from '../dicom/json-model.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { acceptedRanges, covers, refusedTypes } from './accept.ts';
import { bulkDataUris } from './bulk-url.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { multipartRelated } from './multipart.ts';
import { instancesAt } from './resource.ts';

/** Whether metadata can be had as JSON. */
const offersJson: ByEdition<true> = { '2014a': true };

/** What a client gets that takes both. */
const preferred: ByEdition<'xml' | 'json'> = { '2013': 'xml', '2016c': 'json' };

/** PS3.18-2013 6.5.6: the attributes of all instances; values that are long go by reference. */
export function retrieveMetadata(call: Call): Response {
  const instances = instancesAt(call);
  const json = jsonTypeFor(call);
  if (json === null) {
    // 6.5.6.2: the parameter tells how inline binary is encoded, which is always little endian here.
    const type = `${nativeModelType}; transfer-syntax=${explicitLittleEndian}`;
    const parts = instances.map(instance => () => ({
      headers: [['Content-Type', type] as const],
      body: Buffer.from(toNativeXml(instance.dataSet, { bulkDataUri: bulkDataUris(call, instance) })),
    }));
    return multipartRelated(parts, nativeModelType, call.url.pathname);
  }
  const documents = instances.map(instance => toJsonModel(instance.dataSet, { bulkDataUri: bulkDataUris(call, instance) }));
  return new Response(`[${documents.join(',')}]`, { headers: { 'Content-Type': json, Vary: 'Accept' } });
}

/** The media type of JSON that is to be sent, or null for XML; 406 when neither is accepted. */
function jsonTypeFor({ request, context }: Call): string | null {
  const header = request.headers.get('Accept');
  const refused = refusedTypes(header);
  const offered = asOf(offersJson, context.edition) === true;
  const named = asOf(jsonModelType, context.edition) ?? 'application/json';
  for (const range of acceptedRanges(header)) {
    const xml = (range.multipart || range.type === '*/*') && covers(range, nativeModelType) && !refused.has(nativeModelType);
    const json =
      offered && !range.multipart
        ? ['application/json', 'application/dicom+json'].find(type => covers(range, type) && !refused.has(type))
        : undefined;
    if (xml && (json === undefined || asOf(preferred, context.edition) === 'xml')) return null;
    if (json !== undefined) return range.type === json ? json : named;
  }
  throw new HttpError(406, `Metadata can be had as multipart/related; type="${nativeModelType}"${offered ? ` and as ${named}` : ''}.`);
}
