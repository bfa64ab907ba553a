import type { DataSet, Element } from '../../schemas/data-set.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { type BulkReference, referencesOf } from '../kit/bulk.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptOctets } from '../kit/media.ts';
import { framesOf, imagesOf, instancesOf, type StoredInstance } from '../kit/pixels.ts';
import { ask, partsOf, plain } from '../kit/retrieve.ts';

const bulk = /\/bulk/;

/** A value that metadata give by reference, with the bytes that were stored: little endian, as PS3.5 has them. */
interface Known {
  readonly reference: BulkReference;
  readonly bytes: Uint8Array;
}

/** The values of a study whose bytes are known and that metadata give by reference. */
async function known(
  t: Trial,
  study: { readonly studyInstanceUID: string; readonly instances: readonly StoredInstance[] },
): Promise<readonly Known[]> {
  return (await referencesOf(t, study)).flatMap(reference => {
    const stored = study.instances.find(({ sopInstanceUID }) => sopInstanceUID === reference.sopInstanceUID);
    const bytes = stored && bytesOf(elementAt(stored.dataSet, reference.path));
    return bytes ? [{ reference, bytes }] : [];
  });
}

/** The element at a path such as `00880200[1].7FE00010`. */
function elementAt(dataSet: DataSet, path: string): Element | undefined {
  const [first = '', ...rest] = path.split('.');
  const [, tag = '', item] = /^([0-9A-F]{8})(?:\[(\d+)\])?$/.exec(first) ?? [];
  const element = dataSet.get(tag);
  if (rest.length === 0) return element;
  const inside = element && 'items' in element ? element.items[Number(item) - 1] : undefined;
  return inside && elementAt(inside, rest.join('.'));
}

function bytesOf(element: Element | undefined): Uint8Array | null {
  if (element && 'bytes' in element) return element.bytes;
  if (!element || !('values' in element) || element.values.some(value => typeof value === 'string')) return null;
  const arrays = { FL: Float32Array, FD: Float64Array, SL: Int32Array, SS: Int16Array, UL: Uint32Array, US: Uint16Array };
  const { buffer } = new arrays[element.vr as keyof typeof arrays](element.values.map(Number));
  return new Uint8Array(buffer);
}

/** PS3.5-2013 8.1.1 and 6.2: the byte that makes a value field even may be there or not. */
const isValue = (bytes: Uint8Array) =>
  satisfying(`the ${bytes.length} bytes that were stored`, (sent: Uint8Array) => {
    const length = Math.min(sent.length, bytes.length);
    return Math.abs(sent.length - bytes.length) <= 1 && Buffer.compare(sent.subarray(0, length), bytes.subarray(0, length)) === 0;
  });

/** The value as it is sent, its parts put together, since later editions send pixel data frame by frame. */
async function octetsOf(t: Trial, { reference }: Known): Promise<Uint8Array | null> {
  const exchange = await ask(t, reference.url, acceptOctets);
  return exchange.response.status === 200 ? plain(Buffer.concat(partsOf(t, exchange).map(part => part.body))) : null;
}

// PS3.18-2013 6.5.5.2.1: the value field of the attribute, little endian, and nothing else.
export const valueField = check({
  id: 'wado-rs/bulkdata-values/the-value-field',
  title: 'A bulk data item is the value of its attribute, little endian and byte for byte',
  requires: ['WADO-RS-6.5.5-11', 'WADO-RS-6.5.5-14', 'WADO-RS-6.5.6-01'],
  given: { ct: fixture('ct'), vrs: fixture('every-vr'), payloads: fixture('payloads') },
  fault: on(
    bulk,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(part.body.toString('base64')) }))),
  ),
  async run(t, given) {
    let compared = 0;
    for (const study of Object.values(given)) {
      for (const each of (await known(t, study)).slice(0, 20)) {
        const sent = await octetsOf(t, each);
        if (sent === null) continue;
        compared += 1;
        t.expect(
          `the bytes in the bulk data of ${each.reference.name}`,
          sent.length,
          satisfying('all of them', (n: number) => n >= each.bytes.length),
          {
            row: 'WADO-RS-6.5.5-14',
          },
        );
        t.expect(`the bulk data of ${each.reference.name}`, sent, isValue(each.bytes));
      }
    }
    if (compared === 0) t.skip('the metadata of the target refer to no bulk data whose value is known');
  },
});

// 6.5.5.2.1 and PS3.5-2013 8.2: pixel data are one value, with all frames.
export const allFrames = check({
  id: 'wado-rs/bulkdata-values/all-frames',
  title: 'The bulk data of a multi-frame image hold all frames, one after the other',
  requires: ['WADO-RS-6.5.5-12', 'WADO-RS-6.5.6-01'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    bulk,
    sendsParts(all => all.map(part => ({ ...part, body: part.body.subarray(0, part.body.length / 5) }))),
  ),
  async run(t, { multi }) {
    const pixels = (await known(t, multi)).filter(({ reference }) => reference.path === '7FE00010');
    if (pixels.length === 0) t.skip('the metadata of the target do not refer to pixel data');
    for (const each of pixels) {
      const image = imagesOf(multi).find(({ sopInstanceUID }) => sopInstanceUID === each.reference.sopInstanceUID);
      const frames = image ? framesOf(image) : null;
      const sent = await octetsOf(t, each);
      if (!frames || sent === null) continue;
      const whole = Buffer.concat(frames);
      t.expect(
        `the bytes of the pixel data of ${frames.length} frames`,
        sent.length - whole.length,
        satisfying(`${whole.length}, or one more`, n => n === 0 || n === 1),
      );
      t.expect(`the pixel data of ${frames.length} frames`, sent, isValue(whole));
    }
    t.record('images compared', String(pixels.length));
  },
});

// 6.5.6: the URL leads to the value of that attribute, at whatever depth it stands.
export const nested = check({
  id: 'wado-rs/bulkdata-values/in-sequences',
  title: 'The bulk data URL of an attribute in a sequence yields the value that stands there',
  requires: ['WADO-RS-6.5.5-20', 'WADO-RS-6.5.6-01'],
  given: { nested: fixture('nested'), forms: fixture('pixel-forms') },
  fault: on(
    /bulkdata\/.*\./,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.from('the pixel data of the image itself') }))),
  ),
  async run(t, given) {
    let compared = 0;
    for (const study of Object.values(given)) {
      const inItems = (await known(t, { ...study, instances: instancesOf(study) })).filter(({ reference }) => reference.path.includes('['));
      for (const each of inItems) {
        const sent = await octetsOf(t, each);
        if (sent === null) continue;
        compared += 1;
        t.expect(`the bulk data of ${each.reference.name}`, sent, isValue(each.bytes));
      }
    }
    if (compared === 0) t.skip('the metadata of the target refer to no bulk data in sequences');
  },
});
