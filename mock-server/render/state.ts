import type { DataSet } from '../../schemas/data-set.ts';
import { itemsOf, numberOf, numbersOf, textOf } from '../dicom/values.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { GrayscaleSources } from './grayscale.ts';
import { type Box, cropped, type Picture, resized, turned } from './picture.ts';

/** Which image, and which frame of it counted from 0. */
export interface Referred {
  readonly sopInstanceUID: string;
  readonly frame: number;
}

/** Whether a presentation state is about an image (PS3.3-2013 C.11.11). */
export function refersTo({ dataSet }: StoredInstance, sopInstanceUID: string): boolean {
  return itemsOf(dataSet, 'ReferencedSeriesSequence').some(series =>
    itemsOf(series, 'ReferencedImageSequence').some(image => textOf(image, 'ReferencedSOPInstanceUID') === sopInstanceUID),
  );
}

/** The items of a sequence of the state that hold for a frame: those that name it, and those that name nothing. */
export function itemsFor(state: DataSet, sequence: string, { sopInstanceUID, frame }: Referred): readonly DataSet[] {
  return itemsOf(state, sequence).filter(item => {
    const images = itemsOf(item, 'ReferencedImageSequence');
    if (images.length === 0) return true;
    return images.some(image => {
      const frames = numbersOf(image, 'ReferencedFrameNumber');
      return textOf(image, 'ReferencedSOPInstanceUID') === sopInstanceUID && (frames.length === 0 || frames.includes(frame + 1));
    });
  });
}

/** PS3.4-2013 N.2.1: the transformations of gray values are those of the state, not those of the image. */
export function grayscaleOf(state: DataSet, referred: Referred): GrayscaleSources {
  return { modality: state, voi: itemsFor(state, 'SoftcopyVOILUTSequence', referred)[0] ?? new Map(), presentation: state };
}

/** The displayed area of a frame after turning, and how its coordinates follow from those of the image. */
export interface Geometry {
  readonly picture: Picture;
  /** Whether rows and columns cut the picture instead of scaling it (PS3.18-2013 8.2.9, MAGNIFY). */
  readonly magnified: boolean;
  /** From image coordinates, 0\0 being the upper left corner of the first pixel, to those of the picture. */
  ofPixel(x: number, y: number): readonly [number, number];
}

/** PS3.3-2013 C.10.4 and C.10.6: the displayed area is cut out, turned, flipped and, where the state says so, magnified. */
export async function displayedArea(picture: Picture, state: DataSet, referred: Referred): Promise<Geometry> {
  const [area] = itemsFor(state, 'DisplayedAreaSelectionSequence', referred);
  const box = boxOf(area, picture);
  const degrees = numberOf(state, 'ImageRotation') ?? 0;
  const flip = textOf(state, 'ImageHorizontalFlip') === 'Y';
  const shown = turned(cropped(picture, box), degrees, flip);
  const magnified = area !== undefined && textOf(area, 'PresentationSizeMode') === 'MAGNIFY';
  const factor = magnified && area ? (numberOf(area, 'PresentationPixelMagnificationRatio') ?? 1) : 1;
  const size = (length: number) => Math.min(16_384, Math.max(1, Math.round(length * factor)));
  const result = await resized(shown, size(shown.width), size(shown.height));
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return {
    picture: result,
    magnified,
    ofPixel(x, y) {
      const [across, down] = [x - box.left, y - box.top];
      const places = [
        [across, down],
        [box.height - down, across],
        [box.width - across, box.height - down],
        [down, box.width - across],
      ] as const;
      const [placeX, placeY] = places[quarter] ?? places[0];
      return [(flip ? shown.width - placeX : placeX) * factor, placeY * factor];
    },
  };
}

/** The largest displayed area that is made, in pixels of either direction. */
const largest = 16_384;

/** C.10.4: the corners name pixels of the image, counted from 1, before it is turned. */
function boxOf(area: DataSet | undefined, { width, height }: Picture): Box {
  const [x1, y1] = area ? numbersOf(area, 'DisplayedAreaTopLeftHandCorner') : [];
  const [x2, y2] = area ? numbersOf(area, 'DisplayedAreaBottomRightHandCorner') : [];
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return { left: 0, top: 0, width, height };
  const [left, right] = [Math.min(x1, x2) - 1, Math.max(x1, x2)];
  const [top, bottom] = [Math.min(y1, y2) - 1, Math.max(y1, y2)];
  return { left, top, width: Math.min(largest, right - left), height: Math.min(largest, bottom - top) };
}
