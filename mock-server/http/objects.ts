import { dicomObjectType, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { codecs } from '../pixels/codecs.ts';
import { canTranscode, transcoded } from '../pixels/transcode.ts';
import type { StoredInstance } from '../storage/store.ts';
import { canSend, partsOf } from './bulk-parts.ts';
import { bulkElements } from './bulk-url.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { type MakePart, multipartRelated } from './multipart.ts';
import { acceptedForms, type Form } from './negotiate.ts';
import { onLineAt } from './resource.ts';

/** What can be sent in one form, and whether that is everything. */
interface Offer {
  readonly type: string;
  readonly parts: readonly MakePart[];
  readonly complete: boolean;
}

/** PS3.18-2013 6.5.1 to 6.5.3: a study, series or instance as DICOM objects or as bulk data. */
export function retrieveObjects(call: Call): Response {
  const { instances, complete } = onLineAt(call);
  const offers = acceptedForms(call, ['objects', 'octets', 'streams']).map(form => offerOf(call, instances, form));
  const sent = offers.find(offer => offer.complete) ?? offers.find(offer => offer.parts.length > 0);
  if (!sent) throw new HttpError(406, notAcceptable);
  // 6.5.1.2: Partial Content when some of it cannot be converted, or cannot be had now.
  return multipartRelated(sent.parts, sent.type, call.url.pathname, sent.complete && complete ? 200 : 206);
}

/** RFC 2616 10.4.7: a list of what can be had. */
export const notAcceptable = `Answers can be had as multipart/related with type="${dicomObjectType}", type="${uncompressedBulkDataType}" and the media types of Table 6.5-1.`;

function offerOf(call: Call, instances: readonly StoredInstance[], form: Form): Offer {
  if (form.kind === 'objects') {
    const chosen = instances.flatMap(instance => {
      const uid = chosenSyntax(instance, form.transferSyntaxes);
      return uid === undefined ? [] : [{ instance, uid }];
    });
    const parts = chosen.map(({ instance, uid }) => async () => ({
      headers: [['Content-Type', dicomObjectType] as const],
      body: uid === instance.transferSyntax ? instance.octets : await transcoded(instance, uid),
    }));
    return { type: dicomObjectType, parts, complete: parts.length === instances.length };
  }
  const items = instances.flatMap(instance => bulkElements(call, instance).map(each => ({ ...each, instance })));
  const able = items.filter(item => canSend(item, form));
  const type = form.kind === 'streams' ? form.mediaType : uncompressedBulkDataType;
  return { type, parts: able.flatMap(item => partsOf(call, item, form)), complete: able.length === items.length && items.length > 0 };
}

/** The transfer syntax in which an instance is sent. Nothing asked for: Explicit VR Little Endian (6.5) where that can be had, as it is stored otherwise and where it is stored with loss. */
function chosenSyntax(instance: StoredInstance, wanted: readonly string[]): string | undefined {
  const named = wanted.find(uid => uid === '*' || canTranscode(instance, uid));
  if (named !== undefined && named !== '*') return named;
  if (wanted.length > 0 && named === undefined) return undefined;
  const lossy = codecs[instance.transferSyntax]?.lossy ?? false;
  return !lossy && canTranscode(instance, explicitLittleEndian) ? explicitLittleEndian : instance.transferSyntax;
}
