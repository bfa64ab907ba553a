import type { DataSet } from '../../schemas/data-set.ts';
import { rleLossless, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { numberOf } from '../dicom/values.ts';
import { frameOf, type ImageShape, imageShape } from '../pixels/frames.ts';
import { type Annotation, annotated } from '../render/annotate.ts';
import { colourPicture, isColour } from '../render/colour.ts';
import type { RenderedFrames } from '../render/encode.ts';
import { attributesOfFrame } from '../render/functional-groups.ts';
import { drawAnnotations } from '../render/graphics.ts';
import { grayPicture, type Window } from '../render/grayscale.ts';
import { overlaysOf } from '../render/overlay.ts';
import { cropped, NotRenderable, type Picture, paint, resized, sizeWithin } from '../render/picture.ts';
import { shuttered } from '../render/shutter.ts';
import { displayedArea, grayscaleOf, refersTo } from '../render/state.ts';
import type { StoredInstance } from '../storage/store.ts';

export { defaultQuality, type EncodeOptions, encodePictures, pictureTypes, type RenderedFrames } from '../render/encode.ts';
export { NotRenderable, type Picture } from '../render/picture.ts';

/** A part of an image, in fractions of its width and height (PS3.18-2013 8.2.4). */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How an image is to be rendered (PS3.18-2013 8.2); everything may be absent. */
export interface RenderOptions {
  /** Counted from 1; all frames when absent. */
  readonly frame?: number;
  /** The height wanted; with `columns` the most (8.2.2). */
  readonly rows?: number;
  /** The width wanted; with `rows` the most (8.2.3). */
  readonly columns?: number;
  readonly region?: Region;
  /** In place of the VOI of the image. */
  readonly window?: Window;
  /** A presentation state that refers to the image; `window` has no effect with it. */
  readonly presentation?: StoredInstance;
  readonly annotation?: readonly Annotation[];
}

/** Renders an image: frame, gray or colour transformations, presentation state, region, size, annotation, in this order. Throws NotRenderable, and RangeError for a frame that is not there. */
export function render(instance: StoredInstance, options: RenderOptions = {}): Promise<RenderedFrames> {
  const { presentation, ...others } = options;
  const key = JSON.stringify(others);
  const before = lately.find(each => each.instance === instance && each.presentation === presentation && each.key === key);
  if (before) return before.rendered;
  const rendered = renderAnew(instance, options);
  lately.push({ instance, presentation, key, rendered });
  if (lately.length > mostRenderings) lately.shift();
  // What is large is not kept, nor what could not be made.
  const forget = () => {
    lately = lately.filter(each => each.rendered !== rendered);
  };
  rendered.then(({ frames }) => frames.reduce((sum, { samples }) => sum + samples.length, 0) > largestRendering && forget(), forget);
  return rendered;
}

interface Rendering {
  readonly instance: StoredInstance;
  readonly presentation: StoredInstance | undefined;
  readonly key: string;
  readonly rendered: Promise<RenderedFrames>;
}

/** What was rendered last: who looks at an image looks at it again. Stored instances never change. */
let lately: Rendering[] = [];
const mostRenderings = 32;
/** In bytes, of all frames. */
const largestRendering = 1024 * 1024;

async function renderAnew(instance: StoredInstance, options: RenderOptions): Promise<RenderedFrames> {
  const shape = imageShape(instance.dataSet);
  if (!shape) throw new NotRenderable('The object has no pixels.');
  if (options.frame !== undefined && (options.frame < 1 || options.frame > shape.frames))
    throw new RangeError(`There is no frame ${options.frame}: the image has ${shape.frames}.`);
  if (options.presentation && !refersTo(options.presentation, instance.sopInstanceUID))
    throw new NotRenderable('The presentation state does not refer to this image.');
  const numbers = options.frame === undefined ? Array.from({ length: shape.frames }, (_, i) => i) : [options.frame - 1];
  const frames: Picture[] = [];
  for (const frame of numbers) frames.push(await renderFrame(instance, shape, frame, options));
  return { frames, frameTime: numberOf(instance.dataSet, 'FrameTime') ?? 100 };
}

async function renderFrame(instance: StoredInstance, shape: ImageShape, frame: number, options: RenderOptions): Promise<Picture> {
  const { dataSet } = instance;
  const native = await frameOf(dataSet, instance.transferSyntax, frame).catch(() => null);
  if (!native) throw new NotRenderable(`Pixels in the transfer syntax ${instance.transferSyntax} cannot be rendered.`);
  const state = options.presentation?.dataSet;
  const referred = { sopInstanceUID: instance.sopInstanceUID, frame };
  const image = attributesOfFrame(dataSet, frame, 'PixelValueTransformationSequence', 'FrameVOILUTSequence');
  const decoded = asDecoded(shape, instance);
  const sources = state
    ? grayscaleOf(state, referred)
    : { modality: image, voi: image, ...(options.window ? { window: options.window } : {}) };
  const base = isColour(decoded) ? colourPicture(native, decoded, dataSet) : grayPicture(native, decoded, dataSet, sources);

  let picture = state ? base : withOverlays(base, dataSet, frame);
  let cuts = false;
  if (state) {
    const geometry = await displayedArea(shuttered(withOverlays(base, activated(state, dataSet), frame), state), state, referred);
    drawAnnotations(geometry, state, referred);
    picture = geometry.picture;
    cuts = geometry.magnified;
  }
  if (options.region) picture = regionOf(picture, options.region);
  picture = cuts ? cutTo(picture, options) : await scaledTo(picture, options);
  const done = options.annotation ? annotated(picture, options.annotation, dataSet, frame) : picture;
  return base.window ? { ...done, window: base.window } : done;
}

/** How the samples of `frameOf` lie: what was compressed comes as RGB by pixel, RLE excepted (PS3.5-2013 8.2). */
function asDecoded(shape: ImageShape, { transferSyntax: uid }: StoredInstance): ImageShape {
  const isStream = transferSyntax(uid)?.encapsulated === true && uid !== rleLossless;
  return isStream && shape.samplesPerPixel === 3 ? { ...shape, planar: false, photometric: 'RGB' } : shape;
}

/** PS3.3-2013 C.9.2: overlays are drawn white. */
function withOverlays(picture: Picture, dataSet: DataSet, frame: number): Picture {
  const overlays = overlaysOf(dataSet, frame);
  if (overlays.length === 0) return picture;
  const copy = { ...picture, samples: Uint8Array.from(picture.samples) };
  for (const { rows, columns, top, left, isSet } of overlays) {
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1) if (isSet(row, column)) paint(copy, left + column, top + row, 255);
  }
  return copy;
}

/** PS3.3-2013 C.11.7: the overlays that a presentation state activates, of its own or of the image. */
function activated(state: DataSet, image: DataSet): DataSet {
  const layers = [...state].filter(([tag, element]) => /^60..1001$/.test(tag) && 'values' in element && element.values.length > 0);
  const groups = layers.map(([tag]) => tag.slice(0, 4));
  const source = (group: string) => (state.has(`${group}3000`) ? state : image);
  return new Map(groups.flatMap(group => [...source(group)].filter(([tag]) => tag.startsWith(group))));
}

/** PS3.18-2013 8.2.4: the pixels between the coordinates, at least one. */
function regionOf(picture: Picture, { left, top, right, bottom }: Region): Picture {
  const x = Math.min(picture.width - 1, Math.round(left * picture.width));
  const y = Math.min(picture.height - 1, Math.round(top * picture.height));
  const width = Math.max(1, Math.round(right * picture.width) - x);
  const height = Math.max(1, Math.round(bottom * picture.height) - y);
  return cropped(picture, { left: x, top: y, width, height });
}

async function scaledTo(picture: Picture, { rows, columns }: RenderOptions): Promise<Picture> {
  const { width, height } = sizeWithin(picture, rows, columns);
  return resized(picture, width, height);
}

/** PS3.18-2013 8.2.9: what is magnified is cut to rows and columns. */
function cutTo(picture: Picture, { rows = picture.height, columns = picture.width }: RenderOptions): Picture {
  const [width, height] = [Math.min(columns, picture.width), Math.min(rows, picture.height)];
  return cropped(picture, { left: 0, top: 0, width, height });
}
