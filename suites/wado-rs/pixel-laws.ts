import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { type BulkReference, referencesOf } from '../kit/bulk.ts';
import { documents, type MetadataDocument, valueIn } from '../kit/documents.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { objectsOf, type RetrievedObject } from '../kit/objects.ts';
import { frameShape, nativeFrames } from '../kit/pixels.ts';
import { ask, type InstanceUids, instancePath, partsOf, plain, someStudies, studyPath } from '../kit/retrieve.ts';

const mostInstances = 6;
const mostFrames = 3;

/** A successful answer in octets, its parts put together, since later editions send pixel data frame by frame; null where the target does not give them. */
async function octets(t: Trial, to: string): Promise<Uint8Array | null> {
  const exchange = await ask(t, to, acceptOctets);
  return exchange.response.status === 200 ? plain(Buffer.concat(partsOf(t, exchange).map(part => part.body))) : null;
}

/** Instances whose pixel data metadata give by reference, with their documents; pixels of less than a byte are left aside, since frames then share bytes. */
function withPixels(found: readonly MetadataDocument[], references: readonly BulkReference[]) {
  return found.flatMap(document => {
    const reference = references.find(each => each.path === '7FE00010' && each.sopInstanceUID === document.sopInstanceUID);
    return reference && Number(valueIn(document.attributes, 'BitsAllocated')) % 8 === 0 ? [{ document, reference }] : [];
  });
}

// PS3.18-2013 6.5.5.2.1 and PS3.5-2013 8.2: the value of the pixel data is the frames, one after the other.
export const slices = check({
  id: 'wado-rs/pixel-laws/frames-are-slices-of-the-bulk-data',
  title: 'Each frame of an image is the slice of its bulk data that belongs to it',
  requires: ['WADO-RS-6.5.5-12', 'WADO-RS-6.5.6-01'],
  given: { held: someStudies },
  fault: on(
    /\/frames\//,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(part.body).reverse() }))),
  ),
  async run(t, { held }) {
    let compared = 0;
    for (const study of held.slice(0, 3)) {
      const found = withPixels(
        await documents(t, `${studyPath(study)}/metadata`, { row: 'WADO-RS-6.5.5-12' }),
        await referencesOf(t, study),
      );
      for (const { document, reference } of found.slice(0, mostInstances)) {
        const count = Math.max(1, Number(valueIn(document.attributes, 'NumberOfFrames') || 1));
        const whole = await octets(t, reference.url);
        if (whole === null) continue;
        for (let i = 0; i < Math.min(count, mostFrames); i++) {
          const frame = await octets(t, `${instancePath({ ...study, ...reference })}/frames/${i + 1}`);
          if (frame === null) continue;
          compared += 1;
          // The byte that makes a value field even may be there or not.
          const size = count === 1 ? Math.min(frame.length, whole.length) : Math.floor(whole.length / count);
          t.expect(
            `frame ${i + 1} of ${count}, compared with the bulk data of the image`,
            Buffer.compare(frame.subarray(0, size), whole.subarray(i * size, (i + 1) * size)) === 0 ? 'the same bytes' : 'other bytes',
            'the same bytes',
          );
        }
      }
    }
    if (compared === 0) t.skip('the target holds no image whose pixel data the metadata refer to and that can be had as octets');
  },
});

const forms = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.5'];

// PS3.5-2013 8 and A: these transfer syntaxes are forms of the same pixels.
export const equalPixels = check({
  id: 'wado-rs/pixel-laws/equal-in-every-lossless-transfer-syntax',
  title: 'An image that the target holds has the same pixels in every lossless transfer syntax that it is sent in',
  requires: ['WADO-RS-6.5.3-14'],
  given: { held: someStudies },
  fault: on(
    request => /transfer-syntax=1\.2\.840\.10008\.1\.2(?![.\d])/.test(request.headers.get('Accept') ?? ''),
    sendsParts(all =>
      all.map(part => {
        const body = Buffer.from(part.body);
        body[body.length - 2] = 1 ^ (body.at(-2) ?? 0);
        return { ...part, body };
      }),
    ),
  ),
  async run(t, { held }) {
    let compared = 0;
    const instances: readonly InstanceUids[] = held.flatMap(({ studyInstanceUID, series }) =>
      series.flatMap(({ seriesInstanceUID, sopInstanceUIDs }) =>
        sopInstanceUIDs.slice(0, 1).map(sopInstanceUID => ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID })),
      ),
    );
    for (const instance of instances.slice(0, mostInstances)) {
      let first: RetrievedObject | undefined;
      for (const uid of forms) {
        const exchange = await ask(t, instancePath(instance), `${acceptDicom}; transfer-syntax=${uid}`);
        const [object] = exchange.response.status === 200 ? objectsOf(t, exchange) : [];
        if (!object || object.transferSyntax !== uid || !nativeFrames(object.dataSet, uid)) continue;
        first ??= object;
        const [one, other] = [frameShape(first.dataSet), frameShape(object.dataSet)];
        if (object === first || one?.planar !== other?.planar || one?.photometric !== other?.photometric) continue;
        compared += 1;
        const [wanted, got] = [nativeFrames(first.dataSet, first.transferSyntax) ?? [], nativeFrames(object.dataSet, uid) ?? []];
        const same = wanted.length === got.length && wanted.every((frame, i) => Buffer.compare(frame, got[i] ?? new Uint8Array()) === 0);
        t.expect(
          `the pixels of an image in ${transferSyntax(uid)?.name}, compared with those in ${transferSyntax(first.transferSyntax)?.name}`,
          same ? 'the same' : 'others',
          'the same',
        );
      }
    }
    if (compared === 0) t.skip('the target holds no image that it sends in two of the uncompressed transfer syntaxes and RLE');
  },
});

// 6.5.6: metadata describe the instances of the study, neither more nor fewer.
export const described = check({
  id: 'wado-rs/pixel-laws/metadata-describe-what-is-retrieved',
  title: 'The metadata of a study describe the instances that retrieving the study gives',
  requires: ['WADO-RS-6.5.6-06'],
  given: { held: someStudies },
  fault: on(
    /\/metadata$/,
    sendsParts(all => all.slice(1)),
  ),
  async run(t, { held }) {
    for (const study of held.slice(0, 2)) {
      const look = async () => {
        const described = (await documents(t, `${studyPath(study)}/metadata`)).map(({ sopInstanceUID }) => sopInstanceUID);
        const exchange = await ask(t, studyPath(study), acceptDicom);
        t.record('the status of a study', String(exchange.response.status));
        // What comes in part only is less than what the metadata describe.
        if (exchange.response.status !== 200) return { retrieved: 0, notDescribed: 0, notRetrieved: 0 };
        const retrieved = objectsOf(t, exchange).map(({ sopInstanceUID }) => sopInstanceUID);
        return {
          retrieved: retrieved.length,
          notDescribed: retrieved.filter(uid => !described.includes(uid)).length,
          notRetrieved: described.filter(uid => !retrieved.includes(uid)).length,
        };
      };
      const first = await look();
      // What was stored in between is looked at again.
      const { retrieved, ...differences } = first.notDescribed + first.notRetrieved > 0 ? await look() : first;
      t.expect(`the instances of a study of ${retrieved} that only its metadata or only its objects have`, differences, {
        notDescribed: 0,
        notRetrieved: 0,
      });
    }
  },
});
