import { expect, test } from 'vitest';
import { dataSet, type Recipe } from '../../fixtures/recipe.ts';
import type { Picture } from './picture.ts';
import { shuttered } from './shutter.ts';

// dcmp2pgm leaves shutters out, so they are held against PS3.3-2013 C.7.6.11 here: rows and columns are counted from 1.
const white: Picture = { width: 10, height: 8, channels: 1, samples: new Uint8Array(80).fill(255) };
const value: Recipe = { ShutterPresentationValue: { vr: 'US', values: [0x4040] } };
const at = ({ samples }: Picture, row: number, column: number) => samples[(row - 1) * 10 + column - 1];

test('a rectangular shutter covers what lies outside of its edges', () => {
  const edges = {
    ShutterLeftVerticalEdge: '3',
    ShutterRightVerticalEdge: '8',
    ShutterUpperHorizontalEdge: '2',
    ShutterLowerHorizontalEdge: '6',
  };
  const picture = shuttered(white, dataSet({ ShutterShape: 'RECTANGULAR', ...edges, ...value }));
  expect([at(picture, 2, 3), at(picture, 6, 8)]).toEqual([255, 255]);
  expect([at(picture, 1, 3), at(picture, 2, 2), at(picture, 7, 8), at(picture, 6, 9)]).toEqual([64, 64, 64, 64]);
});

test('a circular shutter covers what is further from its centre than its radius', () => {
  const circle = { CenterOfCircularShutter: ['4', '5'], RadiusOfCircularShutter: '2' };
  const picture = shuttered(white, dataSet({ ShutterShape: 'CIRCULAR', ...circle, ...value }));
  expect([at(picture, 4, 5), at(picture, 4, 7), at(picture, 2, 5)]).toEqual([255, 255, 255]);
  expect([at(picture, 4, 8), at(picture, 2, 7), at(picture, 8, 5)]).toEqual([64, 64, 64]);
});

test('a polygonal shutter covers what lies outside, and shutters add up', () => {
  const triangle = { VerticesOfThePolygonalShutter: ['1', '1', '8', '1', '8', '10'] };
  const edges = {
    ShutterLeftVerticalEdge: '2',
    ShutterRightVerticalEdge: '10',
    ShutterUpperHorizontalEdge: '1',
    ShutterLowerHorizontalEdge: '8',
  };
  const picture = shuttered(white, dataSet({ ShutterShape: ['POLYGONAL', 'RECTANGULAR'], ...triangle, ...edges, ...value }));
  expect([at(picture, 7, 3), at(picture, 2, 8), at(picture, 7, 1)]).toEqual([255, 64, 64]);
});

test('without a shutter nothing is covered', () => {
  expect(shuttered(white, dataSet({}))).toBe(white);
});
