import type { DataSet, Element } from '../../../schemas/data-set.ts';
import { tagOf } from '../../../schemas/dictionary.ts';
import { rleLossless, transferSyntax } from '../../../schemas/transfer-syntaxes.ts';
import type { Oddities } from './data-set.ts';
import type { Defect } from './defect.ts';
import { isOfOtherKind, streamInWords, streamOf } from './stream.ts';

type Encapsulated = Extract<Element, { readonly fragments: unknown }>;

const syntaxes = (...last: readonly string[]) => new Set(last.map(each => `1.2.840.10008.1.2.${each}`));
const videos = syntaxes('4.100', '4.101', '4.102', '4.103');
const multiComponent = syntaxes('4.92', '4.93');
const jpeg2000 = syntaxes('4.90', '4.91');

/** How the Pixel Data of a file break the rules of encapsulation (PS3.5-2013 8.2 and A.4). */
export function encapsulationDefects(dataSet: DataSet, uid: string, { encapsulation: [written] }: Oddities): readonly Defect[] {
  const pixels = dataSet.get(tagOf('PixelData'));
  const syntax = transferSyntax(uid);
  if (!pixels || !syntax) return [];
  if (!('fragments' in pixels))
    return syntax.encapsulated ? [{ row: 'WADO-RS-ENC-01', what: `the Pixel Data have a length, although the file is in ${uid}` }] : [];
  if (!syntax.encapsulated) return [{ row: 'WADO-RS-P10-07', what: `the Pixel Data are encapsulated, although the file is in ${uid}` }];
  const defects: Defect[] = [];
  if (written && written.vr !== 'OB')
    defects.push({ row: 'WADO-RS-ENC-01', what: `the encapsulated Pixel Data have the VR ${written.vr}` });
  if (written && written.oddFragments.length > 0)
    defects.push({ row: 'WADO-RS-ENC-03', what: `fragment ${written.oddFragments[0]} has an odd length` });
  if (written && written.delimiterLength !== 0)
    defects.push({ row: 'WADO-RS-ENC-03', what: `the Sequence Delimitation Item has the length ${written.delimiterLength}` });
  return [...defects, ...tableDefects(pixels, framesOf(dataSet), uid), ...fragmentDefects(pixels, framesOf(dataSet), uid)];
}

function framesOf(dataSet: DataSet): number {
  const element = dataSet.get(tagOf('NumberOfFrames'));
  return Math.max(1, Number((element && 'values' in element ? element.values[0] : undefined) ?? 1));
}

/** Where each fragment's item tag stands, counted from the first one behind the table. */
function starts(fragments: readonly Uint8Array[]): readonly number[] {
  let at = 0;
  return fragments.map(fragment => {
    const start = at;
    at += 8 + fragment.length;
    return start;
  });
}

/** A.4: no offsets, or one for each frame, to the first fragment of it. */
function tableDefects({ offsets, fragments }: Encapsulated, frames: number, uid: string): readonly Defect[] {
  if (offsets.length === 0 || multiComponent.has(uid)) return [];
  const row = 'WADO-RS-ENC-02';
  if (videos.has(uid)) return [{ row, what: 'the Basic Offset Table of a video is not empty' }];
  if (offsets.length !== frames)
    return [{ row, what: `the Basic Offset Table has ${offsets.length} offsets for ${frames} frame${frames === 1 ? '' : 's'}` }];
  const places = starts(fragments);
  const wrong = offsets.findIndex((offset, i) => !places.includes(offset) || offset <= (offsets[i - 1] ?? -1) || (i === 0 && offset !== 0));
  return wrong === -1 ? [] : [{ row, what: `the offset of frame ${wrong + 1} is ${offsets[wrong]}, where no frame begins` }];
}

/** A.4.1 to A.4.4 and 8.2.5 to 8.2.7: no fragment spans two frames, and each frame is what the transfer syntax says. */
function fragmentDefects({ offsets, fragments }: Encapsulated, frames: number, uid: string): readonly Defect[] {
  if (multiComponent.has(uid)) return [];
  const count = fragments.length;
  const row = 'WADO-RS-ENC-04';
  if (videos.has(uid)) return count === 1 ? [] : [{ row, what: `the video is in ${count} fragments` }];
  if (uid === rleLossless && count !== frames) return [{ row, what: `${frames} RLE frames are in ${count} fragments` }];
  if (count < frames) return [{ row, what: `${frames} frames are in ${count} fragments` }];
  const places = starts(fragments);
  const first =
    frames === 1
      ? [0]
      : offsets.length === frames
        ? offsets.map(offset => places.indexOf(offset))
        : count === frames
          ? [...places.keys()]
          : [0];
  return first.flatMap((index, frame): Defect[] => {
    const stream = streamOf(Buffer.concat(fragments.slice(Math.max(0, index), first[frame + 1])));
    if (stream.kind === 'jpeg-2000' && stream.boxed && jpeg2000.has(uid))
      return [{ row: 'WADO-RS-ENC-07', what: `frame ${frame + 1} begins with the boxes of a JP2 file` }];
    // What was stored under another name of its family is no fault of who sends it.
    if (!isOfOtherKind(uid, stream)) return [];
    return [{ row: 'WADO-RS-P10-07', what: `frame ${frame + 1} of a file in ${uid} is ${streamInWords(stream)}` }];
  });
}
