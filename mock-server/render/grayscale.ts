import type { DataSet } from '../../schemas/data-set.ts';
import { itemsOf, numberOf, numbersOf, textOf, textsOf } from '../dicom/values.ts';
import type { ImageShape } from '../pixels/frames.ts';
import { looked, lookupIn } from './lookup.ts';
import type { Picture } from './picture.ts';
import { storedWords, type Words } from './samples.ts';

/** A window on the values after the Modality LUT (PS3.3-2013 C.11.2). */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** Where the transformations of a frame are described: in the image, or in a presentation state. */
export interface GrayscaleSources {
  readonly modality: DataSet;
  readonly voi: DataSet;
  /** What the viewer asks for in place of the VOI of the data set. */
  readonly window?: Window;
  /** Presentation LUT Shape or Sequence of a presentation state (PS3.3-2013 C.11.6); that of the image when absent. */
  readonly presentation?: DataSet;
}

type Transform = (value: number) => number;
/** Values from 0 for black to 1 for white. */
type ToUnit = Transform;

/** A frame of one sample a pixel as 8-bit gray: Modality LUT, VOI LUT, Presentation LUT (PS3.4-2013 N.2). */
export function grayPicture(frame: Uint8Array, shape: ImageShape, image: DataSet, sources: GrayscaleSources): Picture {
  const { words, sample } = storedWords(frame, shape, image);
  // Equal words become equal grays, and there are far fewer of them than pixels.
  const different = distinct(words);
  const modality = modalityOf(sources.modality, shape.isSigned);
  const modalityValues = Float64Array.from(different, word => modality(sample(word)));
  const { apply: voi, window } = voiOf(sources, shape, modalityValues);
  const presentation = presentationOf(image, sources.presentation);
  const grays = Uint8Array.from(modalityValues, value => Math.round(255 * presentation(clamp(voi(value)))));
  return { width: shape.columns, height: shape.rows, channels: 1, samples: mapped(words, different, grays), ...(window ? { window } : {}) };
}

function distinct(words: Words): readonly number[] {
  if (words instanceof Uint32Array) return [...new Set(words)];
  const seen = new Uint8Array(2 ** (8 * words.BYTES_PER_ELEMENT));
  for (let i = 0; i < words.length; i += 1) seen[words[i] as number] = 1;
  const found: number[] = [];
  for (let word = seen.indexOf(1); word !== -1; word = seen.indexOf(1, word + 1)) found.push(word);
  return found;
}

/** Each word as what stands for it. */
function mapped(words: Words, different: readonly number[], grays: Uint8Array): Uint8Array {
  if (words instanceof Uint32Array) {
    const table = new Map(different.map((word, i) => [word, grays[i] ?? 0]));
    return Uint8Array.from(words, word => table.get(word) ?? 0);
  }
  const table = new Uint8Array(2 ** (8 * words.BYTES_PER_ELEMENT));
  for (const [i, word] of different.entries()) table[word] = grays[i] ?? 0;
  const samples = new Uint8Array(words.length);
  for (let i = 0; i < samples.length; i += 1) samples[i] = table[words[i] as number] as number;
  return samples;
}

const clamp = (unit: number): number => Math.min(1, Math.max(0, unit));

/** PS3.3-2013 C.11.1: a table, or rescale slope and intercept. */
function modalityOf(dataSet: DataSet, signed: boolean): Transform {
  const [item] = itemsOf(dataSet, 'ModalityLUTSequence');
  const lookup = item && lookupIn(item, signed);
  if (lookup) return value => looked(lookup, value);
  const slope = numberOf(dataSet, 'RescaleSlope') ?? 1;
  const intercept = numberOf(dataSet, 'RescaleIntercept') ?? 0;
  return value => value * slope + intercept;
}

/** PS3.3-2013 C.11.2: the window asked for, else the first window, else the first table, else everything there is. */
function voiOf(
  { voi, window }: GrayscaleSources,
  shape: ImageShape,
  values: Float64Array,
): { readonly apply: ToUnit; readonly window?: Window } {
  if (window) return { apply: linear(window), window };
  const [center] = numbersOf(voi, 'WindowCenter');
  const [width] = numbersOf(voi, 'WindowWidth');
  if (center !== undefined && width !== undefined && width >= 1) {
    const first = { center, width };
    return { apply: textsOf(voi, 'VOILUTFunction')[0] === 'SIGMOID' ? sigmoid(first) : linear(first), window: first };
  }
  const [item] = itemsOf(voi, 'VOILUTSequence');
  const lookup =
    item &&
    lookupIn(
      item,
      values.some(value => value < 0),
    );
  if (lookup) return { apply: value => looked(lookup, value) / (2 ** lookup.bits - 1) };
  const [lowest, highest] =
    shape.bitsStored <= 8 && values.every(value => value >= 0 && value < 2 ** shape.bitsStored)
      ? [0, 2 ** shape.bitsStored - 1]
      : extremes(values);
  // C.11.2.1.2: the window whose ends these two are.
  const all = { center: (lowest + highest + 1) / 2, width: highest - lowest + 1 };
  return { apply: value => (highest === lowest ? 0 : (value - lowest) / (highest - lowest)), window: all };
}

function extremes(values: Float64Array): readonly [number, number] {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

/** PS3.3-2013 C.11.2.1.2: the linear function. */
export function linear({ center, width }: Window): ToUnit {
  const low = center - 0.5 - (width - 1) / 2;
  const high = center - 0.5 + (width - 1) / 2;
  return value => (value <= low ? 0 : value > high ? 1 : (value - (center - 0.5)) / (width - 1) + 0.5);
}

/** PS3.3-2013 C.11.2.1.3.1. */
function sigmoid({ center, width }: Window): ToUnit {
  return value => 1 / (1 + Math.exp((-4 * (value - center)) / width));
}

/** PS3.3-2013 C.11.4 and C.11.6: a table or a shape; an image without either is white where MONOCHROME1 is lowest (C.7.6.3.1.2). */
function presentationOf(image: DataSet, state: DataSet | undefined): Transform {
  const [item] = itemsOf(state ?? image, 'PresentationLUTSequence');
  const lookup = item && lookupIn(item, false);
  if (lookup) {
    const last = lookup.entries.length - 1;
    return unit => looked(lookup, lookup.first + unit * last) / (2 ** lookup.bits - 1);
  }
  const inverse = state
    ? textOf(state, 'PresentationLUTShape') === 'INVERSE'
    : textOf(image, 'PhotometricInterpretation') === 'MONOCHROME1';
  return inverse ? unit => 1 - unit : unit => unit;
}
