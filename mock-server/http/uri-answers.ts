import type { DataSet } from '../../schemas/data-set.ts';
import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { textOf } from '../dicom/values.ts';
import { canDecode, pixelData } from '../pixels/frames.ts';
import { canTranscode, transcoded } from '../pixels/transcode.ts';
import { anonymise, NotAnonymised } from '../services/anonymise.ts';
import { inCharacterSet } from '../services/character-set.ts';
import type { ObjectClass } from '../services/object-class.ts';
import { encodePictures, NotRenderable, pictureTypes, render } from '../services/render.ts';
import { renderReport, reportTypes } from '../services/report.ts';
import type { StoredInstance } from '../storage/store.ts';
import { HttpError } from './errors.ts';
import type { UriQuery } from './uri-query.ts';

/** PS3.18-2013 6.3.1.1. */
export const dicomType = 'application/dicom';

/** What an answer is made of. */
export interface Asked {
  readonly instance: StoredInstance;
  readonly query: UriQuery;
  /** The character sets that would do, by their IANA names, the most wanted first. */
  readonly charsets: readonly string[];
  readonly presentation?: StoredInstance;
}

/** The body of an answer and its Content-Type. */
export interface Answer {
  readonly type: string;
  readonly body: Uint8Array;
}

const videoTypes: Readonly<Record<string, string>> = { '1.2.840.10008.1.2.4.100': 'video/mpeg', '1.2.840.10008.1.2.4.101': 'video/mpeg' };

/** PS3.18-2013 7.1.2, 7.2.2, 7.3.2 and 7.4.2: the media types that an object can be had in, the default of its class first. */
export function offeredTypes(objectClass: ObjectClass, { dataSet, transferSyntax: stored }: StoredInstance): readonly string[] {
  const canRender = canDecode(dataSet, stored);
  const video = videoTypes[stored];
  const document = encapsulatedDocument(dataSet);
  switch (objectClass) {
    case 'single-frame':
      return canRender ? ['image/jpeg', dicomType, ...pictureTypes.filter(type => type !== 'image/jpeg')] : [dicomType];
    case 'multi-frame':
      return [dicomType, ...(canRender ? ['image/gif'] : []), ...(video ? [video] : [])];
    case 'text':
      return ['text/html', dicomType, ...reportTypes.filter(type => type !== 'text/html')];
    default:
      return [dicomType, ...(document ? [document.type] : [])];
  }
}

/** The object as a media type of `offeredTypes`. */
export async function answerAs(type: string, asked: Asked): Promise<Answer> {
  if (type === dicomType) return { type, body: await asDicom(asked) };
  if (pictureTypes.includes(type)) return { type, body: await asPicture(type, asked) };
  const { instance, charsets } = asked;
  if (reportTypes.includes(type) && !instance.dataSet.has('00420011')) {
    const { bytes, charset } = renderReport(instance, type, charsets);
    return { type: charset ? `${type}; charset=${charset}` : type, body: bytes };
  }
  const document = encapsulatedDocument(instance.dataSet);
  if (document?.type === type) return { type, body: document.body };
  const video = instance.dataSet.get(pixelData);
  return { type, body: video && 'fragments' in video ? Buffer.concat(video.fragments) : new Uint8Array() };
}

/** 6.3.1: a PS3.10 file. */
async function asDicom({ instance, query, charsets }: Asked): Promise<Uint8Array> {
  const syntax = syntaxFor(instance, query.transferSyntax);
  const inSet = charsets.length > 0 ? inCharacterSet(instance, charsets) : instance;
  try {
    return await transcoded(query.anonymize ? anonymise(inSet) : inSet, syntax, query.imageQuality);
  } catch (error) {
    // 8.1.7: an error when the server will not anonymise.
    if (error instanceof NotAnonymised) throw new HttpError(403, error.message);
    throw error;
  }
}

/** 8.2.11: what was asked for if it is possible, else Explicit VR Little Endian; neither Implicit VR nor Big Endian. What cannot be decoded stays as it is stored. */
function syntaxFor(instance: StoredInstance, wanted: string | undefined): string {
  if (wanted !== undefined && !transferSyntax(wanted))
    throw new HttpError(400, `The parameter transferSyntax is the UID of a transfer syntax, and "${wanted}" is none.`);
  const never = [implicitLittleEndian, explicitBigEndian];
  if (wanted !== undefined && !never.includes(wanted) && canTranscode(instance, wanted)) return wanted;
  return canTranscode(instance, explicitLittleEndian) ? explicitLittleEndian : instance.transferSyntax;
}

/** 8.2: an image as a picture. */
async function asPicture(type: string, { instance, query, presentation }: Asked): Promise<Uint8Array> {
  const { frameNumber: frame, rows, columns, region, window, annotation, imageQuality: quality } = query;
  // 8.2.7: ignored unless there are several frames.
  const frames = textOf(instance.dataSet, 'NumberOfFrames');
  const wanted = { frame: Number(frames) > 1 ? frame : undefined, rows, columns, region, window, annotation, presentation };
  const options = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  try {
    return await encodePictures(await render(instance, options), type, quality === undefined ? {} : { quality });
  } catch (error) {
    if (error instanceof NotRenderable) throw new HttpError(406, error.message);
    if (error instanceof RangeError) throw new HttpError(404, `${error.message} See the parameter frameNumber.`);
    throw error;
  }
}

/** PS3.3-2013 C.24.2: the document of an encapsulated document object, without the byte that makes its length even. */
function encapsulatedDocument(dataSet: DataSet): Answer | null {
  const document = dataSet.get('00420011');
  const type = textOf(dataSet, 'MIMETypeOfEncapsulatedDocument').toLowerCase();
  if (!document || !('bytes' in document) || type === '') return null;
  const { bytes } = document;
  return { type, body: bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes };
}
