import type { DataSet } from '../../schemas/data-set.ts';
import { itemsOf, numbersOf, textOf } from '../dicom/values.ts';
import { writeText } from './annotate.ts';
import { cell } from './font.ts';
import { type Picture, paint } from './picture.ts';
import { isInside } from './shutter.ts';
import { type Geometry, itemsFor, type Referred } from './state.ts';

type Point = readonly [number, number];
const white = 255;

/** PS3.3-2013 C.10.5: draws the graphic and text objects of a presentation state into the displayed area. */
export function drawAnnotations(geometry: Geometry, state: DataSet, referred: Referred): void {
  for (const annotation of itemsFor(state, 'GraphicAnnotationSequence', referred)) {
    for (const graphic of itemsOf(annotation, 'GraphicObjectSequence')) drawGraphic(graphic, geometry);
    for (const text of itemsOf(annotation, 'TextObjectSequence')) drawTextObject(text, geometry);
  }
}

/** Points in the units of an object: of the image, or as a fraction of the displayed area (C.10.5.1.1). */
function placed(numbers: readonly number[], units: string, { picture, ofPixel }: Geometry): readonly Point[] {
  return Array.from({ length: numbers.length >> 1 }, (_, i) => {
    const [x = 0, y = 0] = numbers.slice(2 * i, 2 * i + 2);
    return units === 'DISPLAY' ? ([x * picture.width, y * picture.height] as const) : ofPixel(x, y);
  });
}

function drawGraphic(graphic: DataSet, geometry: Geometry): void {
  const { picture } = geometry;
  const points = placed(numbersOf(graphic, 'GraphicData'), textOf(graphic, 'GraphicAnnotationUnits'), geometry);
  const outline = outlineOf(textOf(graphic, 'GraphicType'), points);
  if (textOf(graphic, 'GraphicFilled') === 'Y') fill(picture, outline);
  const [first] = outline;
  if (first && outline.length === 1) dot(picture, first);
  for (const [i, point] of outline.entries()) {
    const before = outline[i - 1];
    if (before) line(picture, before, point);
  }
}

/** C.10.5.1.2: the points of an object joined by lines; interpolated curves are drawn through their points. */
function outlineOf(type: string, points: readonly Point[]): readonly Point[] {
  if (type === 'CIRCLE') {
    const [center = [0, 0], edge = [0, 0]] = points;
    const radius = Math.hypot(edge[0] - center[0], edge[1] - center[1]);
    return around(center, [radius, 0], [0, radius]);
  }
  if (type === 'ELLIPSE') {
    const [a = [0, 0], b = [0, 0], c = [0, 0], d = [0, 0]] = points;
    const half = (from: Point, to: Point): Point => [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2];
    return around([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], half(a, b), half(c, d));
  }
  return points;
}

const steps = 180;
function around(center: Point, one: Point, other: Point): readonly Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const [cosine, sine] = [Math.cos((2 * Math.PI * i) / steps), Math.sin((2 * Math.PI * i) / steps)];
    return [center[0] + cosine * one[0] + sine * other[0], center[1] + cosine * one[1] + sine * other[1]] as const;
  });
}

const dot = (picture: Picture, [x, y]: Point) => paint(picture, Math.floor(x), Math.floor(y), white);

function line(picture: Picture, from: Point, to: Point): void {
  const length = Math.min(40_000, Math.max(1, Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])))));
  for (let i = 0; i <= length; i += 1)
    dot(picture, [from[0] + ((to[0] - from[0]) * i) / length, from[1] + ((to[1] - from[1]) * i) / length]);
}

function fill(picture: Picture, outline: readonly Point[]): void {
  const vertices = outline.map(([x, y]) => [y, x] as const);
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1) if (isInside(vertices, y + 0.5, x + 0.5)) paint(picture, x, y, white);
  }
}

/** C.10.5.1.1: the text in its bounding box, or beside its anchor point. */
function drawTextObject(text: DataSet, geometry: Geometry): void {
  const { picture } = geometry;
  const [corner, opposite] = ['BoundingBoxTopLeftHandCorner', 'BoundingBoxBottomRightHandCorner'].map(
    keyword => placed(numbersOf(text, keyword), textOf(text, 'BoundingBoxAnnotationUnits'), geometry)[0],
  );
  const [anchor] = placed(numbersOf(text, 'AnchorPoint'), textOf(text, 'AnchorPointAnnotationUnits'), geometry);
  const lines = textOf(text, 'UnformattedTextValue').split(/\r\n|\r|\n/);
  const start = corner && opposite ? ([Math.min(corner[0], opposite[0]), Math.min(corner[1], opposite[1])] as const) : anchor;
  if (!start) return;
  for (const [i, each] of lines.entries()) writeText(picture, each, Math.round(start[0]), Math.round(start[1]) + i * cell.height);
  if (anchor && corner && textOf(text, 'AnchorPointVisibility') === 'Y') line(picture, start, anchor);
}
