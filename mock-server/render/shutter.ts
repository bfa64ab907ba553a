import type { DataSet } from '../../schemas/data-set.ts';
import { numberOf, numbersOf, textsOf } from '../dicom/values.ts';
import { overlaysOf } from './overlay.ts';
import { type Picture, paint } from './picture.ts';

type Covers = (row: number, column: number) => boolean;

/** PS3.3-2013 C.7.6.11 and C.7.6.15: what a display shutter covers gets its presentation value, black when there is none. Rows and columns are counted from 1. */
export function shuttered(picture: Picture, dataSet: DataSet): Picture {
  const covers = textsOf(dataSet, 'ShutterShape').map(shape => coverOf(shape, dataSet));
  if (covers.length === 0) return picture;
  const gray = Math.round((numberOf(dataSet, 'ShutterPresentationValue') ?? 0) / 257);
  const copy = { ...picture, samples: Uint8Array.from(picture.samples) };
  for (let y = 0; y < copy.height; y += 1) {
    for (let x = 0; x < copy.width; x += 1) if (covers.some(cover => cover(y + 1, x + 1))) paint(copy, x, y, gray);
  }
  return copy;
}

function coverOf(shape: string, dataSet: DataSet): Covers {
  const edge = (keyword: string, absent: number) => numberOf(dataSet, keyword) ?? absent;
  if (shape === 'RECTANGULAR') {
    const [left, right] = [edge('ShutterLeftVerticalEdge', 0), edge('ShutterRightVerticalEdge', Number.POSITIVE_INFINITY)];
    const [upper, lower] = [edge('ShutterUpperHorizontalEdge', 0), edge('ShutterLowerHorizontalEdge', Number.POSITIVE_INFINITY)];
    return (row, column) => column < left || column > right || row < upper || row > lower;
  }
  if (shape === 'CIRCULAR') {
    const [centerRow = 0, centerColumn = 0] = numbersOf(dataSet, 'CenterOfCircularShutter');
    const radius = edge('RadiusOfCircularShutter', 0);
    return (row, column) => (row - centerRow) ** 2 + (column - centerColumn) ** 2 > radius ** 2;
  }
  if (shape === 'POLYGONAL') {
    const vertices = pairs(numbersOf(dataSet, 'VerticesOfThePolygonalShutter'));
    return (row, column) => !isInside(vertices, row, column);
  }
  const group = edge('ShutterOverlayGroup', 0).toString(16).toUpperCase();
  const overlay = shape === 'BITMAP' ? overlaysOf(dataSet, 0).find(each => each.group === group) : undefined;
  return (row, column) => overlay?.isSet(row - 1 - overlay.top, column - 1 - overlay.left) === true;
}

const pairs = (numbers: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: numbers.length >> 1 }, (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0] as const);

/** Whether a point lies inside a polygon, by the number of edges to the right of it. */
export function isInside(vertices: readonly (readonly [number, number])[], y: number, x: number): boolean {
  let inside = false;
  for (const [i, [y1, x1]] of vertices.entries()) {
    const [y2, x2] = vertices.at(i - 1) ?? [y1, x1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
