import sharp, { type Sharp } from 'sharp';
import type { Fault } from '../harness/check.ts';
import { answers } from './faults.ts';

/** A server that sends another picture in the same media type; what is no JPEG, PNG or GIF stays as it is. */
export function sendsPicture(change: (picture: Sharp) => Sharp): Fault {
  return answers(async (response, request) => {
    const type = response.headers.get('Content-Type') ?? '';
    const format = /^image\/(jpeg|png|gif)$/.exec(type)?.[1] as 'jpeg' | 'png' | 'gif' | undefined;
    if (!response.ok || format === undefined || request.method === 'HEAD') return response;
    const changed = change(sharp(Buffer.from(await response.arrayBuffer())));
    return new Response(await changed.toFormat(format).toBuffer(), { headers: { 'Content-Type': type } });
  });
}

/** A picture stretched to another shape. */
export const stretched =
  (width: number, height: number) =>
  (picture: Sharp): Sharp =>
    picture.resize(width, height, { fit: 'fill' });
