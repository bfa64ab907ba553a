import { uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { canDecode, holdsAllFrames, imageShape } from '../pixels/frames.ts';
import { allFramesPart, canStream, framePart } from './bulk-parts.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { multipartRelated } from './multipart.ts';
import { acceptedForms } from './negotiate.ts';
import { notAcceptable } from './objects.ts';
import { onLineAt } from './resource.ts';

/** PS3.18-2013 6.5.4: frames of an instance, in the order of the list. */
export function retrieveFrames(call: Call): Response {
  const [instance] = onLineAt(call).instances;
  const numbers = frameNumbers(call.path.frames ?? '');
  const shape = instance && imageShape(instance.dataSet);
  if (!shape) throw new HttpError(404, 'This instance has no frames.');
  const missing = numbers.find(number => number > shape.frames);
  if (missing !== undefined) throw new HttpError(404, `There is no frame ${missing}: this instance has ${shape.frames}.`);
  // Where one stream holds all frames, fewer cannot be taken out of it, and their order is that of the stream.
  const everyFrame = numbers.length === shape.frames && numbers.every((number, i) => number === i + 1);
  const form = acceptedForms(call, ['octets', 'streams']).find(each => {
    if (each.kind !== 'streams') return canDecode(instance.dataSet, instance.transferSyntax);
    return canStream(instance, each.transferSyntax) && (everyFrame || !holdsAllFrames(each.transferSyntax));
  });
  if (!form) throw new HttpError(406, notAcceptable);
  const type = form.kind === 'streams' ? form.mediaType : uncompressedBulkDataType;
  if (form.kind === 'streams' && holdsAllFrames(form.transferSyntax))
    return multipartRelated([allFramesPart(call, instance, form)], type, call.url.pathname);
  return multipartRelated(
    numbers.map(number => framePart(call, instance, form, number - 1)),
    type,
    call.url.pathname,
  );
}

/** 6.5.4.1: frame numbers from 1 on, separated by commas, none twice. */
function frameNumbers(list: string): readonly number[] {
  const numbers = list.split(',').map(text => (/^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : Number.NaN));
  if (numbers.some(Number.isNaN))
    throw new HttpError(400, `"${list}" is no list of frame numbers, which count from 1 and are separated by commas.`);
  if (new Set(numbers).size < numbers.length) throw new HttpError(400, `A frame number stands twice in "${list}".`);
  return numbers;
}
