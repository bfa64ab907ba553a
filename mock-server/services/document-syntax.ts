import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  rleLossless,
  transferSyntax,
} from '../../schemas/transfer-syntaxes.ts';
import { jpipSyntaxes } from '../../schemas/wado-ws.ts';
import { codecs } from '../pixels/codecs.ts';
import { imageShape, pixelData } from '../pixels/frames.ts';
import { canTranscode, transcoded } from '../pixels/transcode.ts';
import type { Octets } from '../storage/octets.ts';
import type { StoredInstance } from '../storage/store.ts';
import { type Found, problem } from './documents.ts';

/** PS3.18-2013 8.2.11: these are not used in answers. */
const banned: readonly string[] = [implicitLittleEndian, explicitBigEndian];

const isJpip = (uid: string): boolean => (jpipSyntaxes as readonly string[]).includes(uid);

/** Whether anything is ever sent in a transfer syntax. */
function isProduced(uid: string): boolean {
  if (banned.includes(uid) || !transferSyntax(uid)) return false;
  return transferSyntax(uid)?.encapsulated === false || uid === rleLossless || codecs[uid]?.encode !== undefined;
}

const canSend = (instance: StoredInstance, uid: string): boolean =>
  !banned.includes(uid) && (canTranscode(instance, uid) || (isJpip(uid) && imageShape(instance.dataSet) !== null));

/**
 * The instance as a PS3.10 file in one of the transfer syntaxes of the request (PS3.18-2013 6.4.1.2): as it is stored if that is one of them, else without loss if that can be.
 * Without a list it is Explicit VR Little Endian (8.2.11), or what is stored where its pixels cannot be had without compression.
 */
export async function documentIn(
  instance: StoredInstance,
  listed: readonly string[] | undefined,
  jpipUrl: (instance: StoredInstance) => string,
): Promise<Found<Uint8Array | Octets>> {
  const wanted = listed ?? [explicitLittleEndian];
  const able = wanted.filter(uid => canSend(instance, uid));
  const uid =
    able.find(each => each === instance.transferSyntax) ??
    able.find(each => transferSyntax(each)?.lossy === 'never') ??
    able[0] ??
    (listed === undefined ? instance.transferSyntax : undefined);
  if (uid === undefined) {
    const known = wanted.some(isProduced);
    return problem(
      known ? 'impossibleFormat' : 'unknownFormat',
      known
        ? 'the instance cannot be brought into any transfer syntax of the list'
        : 'no transfer syntax of the list is ever sent by this server',
    );
  }
  if (uid === instance.transferSyntax) return { found: instance.octets };
  try {
    if (isJpip(uid) && uid !== instance.transferSyntax)
      return { found: writePart10(referenced(instance, jpipUrl), { transferSyntax: uid }) };
    return { found: await transcoded(instance, uid) };
  } catch (error) {
    return problem('processingFailed', `the instance could not be brought into ${uid}: ${error instanceof Error ? error.message : error}`);
  }
}

/** PS3.18-2013 6.4.1.2.2: the pixels taken out, and a URL put in from which they can be had. */
function referenced(instance: StoredInstance, jpipUrl: (instance: StoredInstance) => string): DataSet {
  const changed = new Map([...instance.dataSet].filter(([tag]) => tag !== pixelData));
  changed.set(tagOf('PixelDataProviderURL'), { vr: 'UT', values: [jpipUrl(instance)] });
  return new Map([...changed].sort(([a], [b]) => (a < b ? -1 : 1)));
}
