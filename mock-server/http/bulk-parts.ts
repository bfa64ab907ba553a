import type { Element } from '../../schemas/data-set.ts';
import { uncompressedBulkDataType } from '../../schemas/media-types.ts';
import type { ElementPath } from '../dicom/bulk.ts';
import { canDecode, frameOf, holdsAllFrames, imageShape, pixelData, wholeStream } from '../pixels/frames.ts';
import { canEncode, decodedShape, streamOf } from '../pixels/transcode.ts';
import type { StoredInstance } from '../storage/store.ts';
import { bulkDataUrl } from './bulk-url.ts';
import type { Call } from './context.ts';
import type { MakePart, Part } from './multipart.ts';
import type { Form } from './negotiate.ts';

/** A value that goes by reference. */
export interface BulkItem {
  readonly instance: StoredInstance;
  readonly path: ElementPath;
  readonly element: Element;
}

/** Whether the value is the Pixel Data of the instance itself. */
const isPixelData = ({ path }: BulkItem): boolean => path.length === 1 && path[0] === pixelData;

/** The value as the bytes of application/octet-stream: uncompressed, little endian (PS3.18-2013 6.5). */
export async function octetsOf({ instance, element }: BulkItem): Promise<Uint8Array> {
  if ('bytes' in element) return element.bytes;
  if ('fragments' in element) {
    const frames = imageShape(instance.dataSet)?.frames ?? 0;
    return Buffer.concat(await Promise.all(Array.from({ length: frames }, (_, i) => nativeFrame(instance, i))));
  }
  return 'values' in element ? numbers(element.vr, element.values.map(Number)) : new Uint8Array();
}

async function nativeFrame(instance: StoredInstance, index: number): Promise<Uint8Array> {
  const frame = await frameOf(instance.dataSet, instance.transferSyntax, index);
  if (!frame) throw new Error(`frame ${index + 1} of ${instance.sopInstanceUID} cannot be decoded`);
  return frame;
}

function numbers(vr: Element['vr'], values: readonly number[]): Uint8Array {
  const arrays = { FL: Float32Array, FD: Float64Array, SL: Int32Array, SS: Int16Array, UL: Uint32Array, US: Uint16Array } as const;
  const { buffer } = new (arrays[vr as keyof typeof arrays] ?? Uint8Array)(values);
  return new Uint8Array(buffer);
}

/** Whether a value can be sent in a form; what is stored with loss only is sent as it is (6.5). */
export function canSend(item: BulkItem, form: Form): boolean {
  const { instance, element } = item;
  if (form.kind === 'octets')
    return (
      !('fragments' in element) ||
      (isPixelData(item) && imageShape(instance.dataSet) !== null && canDecode(instance.dataSet, instance.transferSyntax))
    );
  return form.kind === 'streams' && isPixelData(item) && canStream(instance, form.transferSyntax);
}

/** Whether the frames of an instance can be sent as streams of a transfer syntax. */
export function canStream(instance: StoredInstance, uid: string): boolean {
  const shape = imageShape(instance.dataSet);
  if (uid === instance.transferSyntax) return shape !== null;
  return (
    shape !== null && canDecode(instance.dataSet, instance.transferSyntax) && canEncode(uid, decodedShape(shape, instance.transferSyntax))
  );
}

/** The parts for a value in a form for which `canSend` holds: one, or one for each frame of a single-frame media type (Table 6.5-1). */
export function partsOf(call: Call, item: BulkItem, form: Form): readonly MakePart[] {
  const url = bulkDataUrl(call, item.instance, item.path);
  if (form.kind !== 'streams') return [async () => part(uncompressedBulkDataType, url, await octetsOf(item))];
  if (holdsAllFrames(form.transferSyntax)) return [allFramesPart(call, item.instance, form)];
  const frames = imageShape(item.instance.dataSet)?.frames ?? 0;
  // 6.5.3.2.2: the only frame of an image has the URL of the bulk data, with nothing added.
  if (frames === 1) return [framePart(call, item.instance, form, 0, '')];
  return Array.from({ length: frames }, (_, i) => framePart(call, item.instance, form, i));
}

/** The part that holds all frames of an instance in one stream (6.5.4.2.1). */
export function allFramesPart(
  call: Call,
  instance: StoredInstance,
  { mediaType, transferSyntax }: Extract<Form, { kind: 'streams' }>,
): MakePart {
  const element = instance.dataSet.get(pixelData);
  const stream = element && 'fragments' in element ? wholeStream(element) : new Uint8Array();
  return () => part(`${mediaType}; transfer-syntax=${transferSyntax}`, bulkDataUrl(call, instance, [pixelData]), stream);
}

/** The part for one frame, counted from 0 (6.5.4.2.1). */
export function framePart(call: Call, instance: StoredInstance, form: Form, index: number, suffix = `/frames/${index + 1}`): MakePart {
  const url = bulkDataUrl(call, instance, [pixelData]) + suffix;
  return async () => {
    if (form.kind !== 'streams') return part(uncompressedBulkDataType, url, await nativeFrame(instance, index));
    const stream = await streamOf(instance, form.transferSyntax, index);
    if (!stream) throw new Error(`frame ${index + 1} of ${instance.sopInstanceUID} cannot be sent in ${form.transferSyntax}`);
    return part(`${form.mediaType}; transfer-syntax=${form.transferSyntax}`, url, stream);
  };
}

const part = (type: string, location: string, body: Uint8Array): Part => ({
  headers: [
    ['Content-Type', type],
    ['Content-Location', location],
  ],
  body,
});
