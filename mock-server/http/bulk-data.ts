import { uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { canSend, octetsOf, partsOf } from './bulk-parts.ts';
import { bulkDataUrl, elementAt } from './bulk-url.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { multipartRelated } from './multipart.ts';
import { acceptedForms } from './negotiate.ts';
import { notAcceptable } from './objects.ts';
import { onLineAt } from './resource.ts';

/** PS3.18-2013 6.5.5: the value of one attribute, or the bytes of it that Range asks for. */
export async function retrieveBulkData(call: Call): Promise<Response> {
  const [instance] = onLineAt(call).instances;
  const found = instance && elementAt(instance.dataSet, call.path.element ?? '');
  if (!found) throw new HttpError(404, 'There is no such value.');
  const item = { ...found, instance };
  const form = acceptedForms(call, ['octets', 'streams']).find(each => canSend(item, each));
  if (!form) throw new HttpError(406, notAcceptable);
  const type = form.kind === 'streams' ? form.mediaType : uncompressedBulkDataType;
  const range = form.kind === 'octets' ? call.request.headers.get('Range') : null;
  if (range === null) return multipartRelated(partsOf(call, item, form), type, call.url.pathname);
  const whole = await octetsOf(item);
  const wanted = byteRange(range, whole.length);
  if (wanted === null) return multipartRelated(partsOf(call, item, form), type, call.url.pathname);
  if (wanted === 'beyond') throw new HttpError(416, `The value has ${whole.length} bytes.`, { 'Content-Range': `bytes */${whole.length}` });
  // 6.5.5.2.1: the range is of the bulk data object, so it stands on the part.
  const [first, last] = wanted;
  const headers = [
    ['Content-Type', type],
    ['Content-Location', bulkDataUrl(call, instance, found.path)],
    ['Content-Range', `bytes ${first}-${last}/${whole.length}`],
  ] as const;
  return multipartRelated([() => ({ headers, body: whole.subarray(first, last + 1) })], type, call.url.pathname + range, 206);
}

/** RFC 2616 14.35.1: the first and last byte of a single range, null for what is to be ignored: another unit, a syntax error, several ranges. */
function byteRange(header: string, size: number): readonly [number, number] | 'beyond' | null {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header) ?? [];
  if (from === '' && to === '') return null;
  if (from === '') return Number(to) === 0 || size === 0 ? 'beyond' : [Math.max(0, size - Number(to)), size - 1];
  if (to !== '' && Number(to) < Number(from)) return null;
  if (Number(from) >= size) return 'beyond';
  return [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)];
}
