import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { secondaryCapture } from '../../fixtures/corpus/common.ts';
import { pictureSize } from '../../fixtures/corpus/rendering.ts';
import { presentationState } from '../../fixtures/corpus/states.ts';
import { type CorpusName, studyNamed } from '../../fixtures/corpus.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import { pixels, type Shape } from '../../fixtures/pixels.ts';
import { dataSet, type Recipe } from '../../fixtures/recipe.ts';
import { sopClasses } from '../../schemas/sop-classes.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { type RenderOptions, render } from '../services/render.ts';
import { storedInstance } from '../storage/store.ts';
import { cropped } from './picture.ts';

const folder = mkdtempSync(join(tmpdir(), 'rendering-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = spawnSync('dcm2pnm', ['--version'], { stdio: 'ignore' }).error ? 'dcm2pnm, which is not installed' : '';

interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly samples: Uint8Array;
}

/** A binary PGM or PPM file. */
function readPnm(path: string): Image {
  const bytes = readFileSync(path);
  const [head = '', kind, width, height] = /^P([56])\s(?:#[^\n]*\n)?\s*(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 300)) ?? [];
  return { width: Number(width), height: Number(height), channels: kind === '6' ? 3 : 1, samples: bytes.subarray(head.length) };
}

function run(tool: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(tool, args);
  expect(status, stderr.toString()).toBe(0);
}

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** What DCMTK makes of a file. */
function theirs(file: Uint8Array, ...options: string[]): Image {
  const out = join(folder, 'out.pnm');
  run('dcm2pnm', '+op', ...options, put('in.dcm', file), out);
  return readPnm(out);
}

async function ours(file: Uint8Array, options: RenderOptions = {}): Promise<Image> {
  const [picture] = (await render(storedInstance(file), { frame: 1, ...options })).frames;
  if (!picture) throw new Error('nothing was rendered');
  return picture;
}

const fixtureFile = (study: CorpusName, name: string): Uint8Array => {
  const found = studyNamed(study).instances.find(each => each.name === name);
  if (!found) throw new Error(`there is no ${name} in ${study}`);
  return found.part10();
};

/** The largest difference of a sample, in grays; sizes have to be the same. */
function largest(a: Image, b: Image): number {
  expect([a.width, a.height, a.channels]).toEqual([b.width, b.height, b.channels]);
  return a.samples.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (b.samples[i] ?? 0))), 0);
}

/** The ratio of signal to noise in decibels. */
function psnr(a: Image, b: Image): number {
  expect([a.width, a.height, a.channels]).toEqual([b.width, b.height, b.channels]);
  const squares = a.samples.reduce((sum, sample, i) => sum + (sample - (b.samples[i] ?? 0)) ** 2, 0);
  return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 ** 2 * a.samples.length) / squares);
}

/** An image that the corpus has no need of. */
function made(shape: Shape, value: (row: number, column: number, sample: number) => number, attributes: Recipe = {}): Uint8Array {
  const image = pixels(shape, 1, ({ row, column, sample }) => value(row, column, sample));
  const set = dataSet({
    ...secondaryCapture,
    ...image.attributes,
    ...attributes,
    SOPClassUID: sopClasses['Secondary Capture Image Storage'],
    SOPInstanceUID: '2.25.1.1',
    StudyInstanceUID: '2.25.1.2',
    SeriesInstanceUID: '2.25.1.3',
  });
  return writePart10(set, { transferSyntax: explicitLittleEndian });
}

const shape = { rows: 40, columns: 60, bits: 16 } as const;
const words = (...values: number[]) => ({ vr: 'OW', bytes: Buffer.from(Uint16Array.from(values).buffer) }) as const;
const us = (...values: number[]) => ({ vr: 'US', values }) as const;
const steps = Array.from({ length: 256 }, (_, i) => Math.round(4095 * Math.sqrt(i / 255)));

describe.skipIf(missing)(`DCMTK renders the same${missing && ` (not run: needs ${missing})`}`, () => {
  test.each([
    ['the ramp', fixtureFile('rendering', 'ramp'), 0, 400],
    ['the ramp, narrow', fixtureFile('rendering', 'ramp'), -500, 1],
    ['the ramp, odd width', fixtureFile('rendering', 'ramp'), 37.5, 351],
    ['the squares', fixtureFile('rendering', 'quadrants'), 100, 1500],
    ['MONOCHROME1', fixtureFile('rendering', 'monochrome1'), 100, 120],
    ['a CT slice', fixtureFile('ct', 'slice-3'), 40, 400],
    ['12 bits in 16', fixtureFile('transfer-syntaxes', 'explicit-little-endian'), 1000, 2500],
    ['Big Endian', fixtureFile('transfer-syntaxes', 'big-endian'), 1000, 2500],
    ['signed 12 bits', made({ ...shape, stored: 12, signed: true }, (row, column) => ((row * 60 + column) % 4096) - 2048), 100, 900],
    ['16 bits', made(shape, (row, column) => row * 1600 + column * 3), 30_000, 50_000],
    ['8 bits', made({ rows: 16, columns: 16 }, (row, column) => row * 16 + column), 100, 90],
    [
      'slope and intercept',
      made(shape, (row, column) => row * 60 + column, { RescaleSlope: '0.5', RescaleIntercept: '-300', RescaleType: 'US' }),
      200,
      500,
    ],
    [
      'a Modality LUT',
      made({ ...shape, stored: 8 }, (row, column) => (row * 6 + column) % 256, {
        ModalityLUTSequence: [{ LUTDescriptor: us(256, 0, 16), ModalityLUTType: 'US', LUTData: words(...steps) }],
      }),
      2000,
      3000,
    ],
  ] as const)('%s with a window', async (_, file, center, width) => {
    expect(
      largest(await ours(file, { window: { center, width } }), theirs(file, '+Ww', String(center), String(width))),
    ).toBeLessThanOrEqual(1);
  });

  test.each([
    ['the stored window', fixtureFile('rendering', 'ramp'), ['+Wi', '1']],
    [
      'a sigmoid window',
      made(shape, (row, column) => row * 60 + column, { WindowCenter: '1200', WindowWidth: '800', VOILUTFunction: 'SIGMOID' }),
      ['+Wi', '1', '+Wfs'],
    ],
    [
      'a VOI LUT',
      made({ ...shape, stored: 8 }, (row, column) => (row * 6 + column) % 256, {
        VOILUTSequence: [{ LUTDescriptor: us(256, 0, 12), LUTData: words(...steps) }],
      }),
      ['+Wl', '1'],
    ],
    ['everything there is', made(shape, (row, column) => 500 + row * 60 + column), ['+Wm']],
    ['RGB', fixtureFile('colour', 'rgb'), []],
    ['RGB by plane', fixtureFile('colour', 'rgb-planar'), []],
    ['a palette', fixtureFile('colour', 'palette'), []],
    ['RLE', fixtureFile('transfer-syntaxes', 'rle'), ['+Wi', '1']],
    [
      'an overlay',
      made({ rows: 16, columns: 16 }, (row, column) => row * 8 + column, {
        '60000010': us(8),
        '60000011': us(8),
        '60000040': 'G',
        '60000050': { vr: 'SS', values: [3, 5] },
        '60000100': us(1),
        '60000102': us(0),
        '60003000': { vr: 'OW', bytes: Buffer.from('ff818181818181ff', 'hex') },
      }),
      ['+O', '0'],
    ],
  ] as const)('%s', async (name, file, options) => {
    const picture = await ours(file);
    expect(largest(picture, theirs(file, ...options)), name).toBeLessThanOrEqual(1);
  });

  // DCMTK cuts off the products of its conversion where we round their sum.
  test('YBR_FULL, within two', async () => {
    const value = (row: number, column: number, sample: number) => [row * 12, column * 8, 250 - column * 4][sample] ?? 0;
    const file = made({ rows: 20, columns: 30, samples: 3, photometric: 'YBR_FULL' }, value);
    expect(largest(await ours(file), theirs(file))).toBeLessThanOrEqual(2);
  });

  test('a region, and a frame', async () => {
    const file = fixtureFile('rendering', 'quadrants');
    const region = { left: 0.25, top: 0.5, right: 0.75, bottom: 1 };
    expect(largest(await ours(file, { region }), theirs(file, '+Wi', '1', '+C', '100', '150', '200', '150'))).toBeLessThanOrEqual(1);
    const several = fixtureFile('multi-frame', 'enhanced-mr');
    expect(largest(await ours(several, { frame: 3 }), theirs(several, '+F', '3', '+Ww', '500', '1000'))).toBeLessThanOrEqual(1);
  });

  test.each([
    ['smaller', 100],
    ['larger', 600],
  ])('%s, it is the same but for the filter', async (_, rows) => {
    const file = fixtureFile('rendering', 'ramp');
    expect(psnr(await ours(file, { rows }), theirs(file, '+Wi', '1', '+a', '+Syv', String(rows)))).toBeGreaterThan(35);
  });

  // dcmp2pgm turns and flips the whole image and leaves the displayed area to the display, so it is cut out here.
  test.each([
    ['whole', { left: 0, top: 0, width: 400, height: 300 }],
    ['flipped', { left: 0, top: 0, width: 400, height: 300 }],
    ['part', { left: 100, top: 50, width: 200, height: 100 }],
    ['turned', { left: 50, top: 50, width: 200, height: 300 }],
  ] as const)('through the presentation state "%s"', async (name, area) => {
    const image = fixtureFile('rendering', 'quadrants');
    const state = fixtureFile('rendering', name);
    const out = join(folder, 'state.pgm');
    run('dcmp2pgm', '-p', put('state.dcm', state), put('image.dcm', image), out);
    const theirArea = cropped({ ...readPnm(out), channels: 1 }, area);
    expect(largest(await ours(image, { presentation: storedInstance(state) }), theirArea)).toBeLessThanOrEqual(1);
  });

  const squares = fixtureFile('rendering', 'quadrants');
  const { rows, columns } = pictureSize;
  const reference = {
    ReferencedSOPClassUID: sopClasses['CT Image Storage'],
    ReferencedSOPInstanceUID: storedInstance(squares).sopInstanceUID,
  };
  /** A presentation state of the squares with more attributes than those of the corpus. */
  const stateWith = (attributes: Recipe): Uint8Array => {
    const { seriesInstanceUID, studyInstanceUID } = storedInstance(squares);
    const set = dataSet({
      ...presentationState({ name: 'made' }, seriesInstanceUID, reference, { rows, columns }),
      Modality: 'PR',
      PatientName: 'CONFTEST^Made',
      ...attributes,
      SOPClassUID: sopClasses['Grayscale Softcopy Presentation State Storage'],
      SOPInstanceUID: '2.25.1.4',
      StudyInstanceUID: studyInstanceUID,
      SeriesInstanceUID: '2.25.1.5',
      SeriesNumber: 9,
      InstanceNumber: 1,
    });
    return writePart10(set, { transferSyntax: explicitLittleEndian });
  };

  test.each([
    ['an inverse Presentation LUT Shape', { PresentationLUTShape: 'INVERSE' }],
    [
      'a Presentation LUT',
      { PresentationLUTShape: undefined, PresentationLUTSequence: [{ LUTDescriptor: us(256, 0, 12), LUTData: words(...steps) }] },
    ],
    ['a window of its own', { SoftcopyVOILUTSequence: [{ WindowCenter: '100', WindowWidth: '900' }] }],
    ['half a turn', { ImageRotation: 180, ImageHorizontalFlip: 'N' }],
    ['three quarters of a turn, flipped', { ImageRotation: 270, ImageHorizontalFlip: 'Y' }],
  ] as readonly (readonly [string, Recipe])[])('through a presentation state with %s', async (_, attributes) => {
    const state = stateWith(attributes);
    const out = join(folder, 'state.pgm');
    run('dcmp2pgm', '-p', put('state.dcm', state), put('image.dcm', squares), out);
    const [mine, theirs] = [await ours(squares, { presentation: storedInstance(state) }), readPnm(out)];
    const apart = mine.samples.reduce((count, sample, i) => count + (Math.abs(sample - (theirs.samples[i] ?? 0)) > 1 ? 1 : 0), 0);
    expect([mine.width, mine.height]).toEqual([theirs.width, theirs.height]);
    expect(apart).toBe(0);
  });
});
