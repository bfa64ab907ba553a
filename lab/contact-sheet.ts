import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { studyNamed } from '../fixtures/corpus.ts';
import { createMockServer } from '../mock-server/index.ts';
import { type UriParameters, uriQuery } from '../suites/kit/uri-query.ts';

// Run with the folder as argument: what the mock server renders, on one picture and as documents, for somebody to look at.
const folder = process.argv[2] ?? 'contact-sheet';
const server = createMockServer();
const tile = { width: 420, height: 340 } as const;
const columns = 4;

async function answer(study: Parameters<typeof studyNamed>[0], name: string, parameters: UriParameters): Promise<Buffer> {
  const of = studyNamed(study).instances.find(each => each.name === name);
  if (!of) throw new Error(`there is no ${name} in ${study}`);
  const response = await server.fetch(new Request(`http://mock.invalid/wado${uriQuery(of, parameters)}`));
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

const state = (name: string): UriParameters => {
  const found = studyNamed('rendering').instances.find(each => each.name === name);
  return { presentationUID: found?.sopInstanceUID ?? '', presentationSeriesUID: found?.seriesInstanceUID ?? '' };
};

const tiles: readonly (readonly [Parameters<typeof studyNamed>[0], string, UriParameters])[] = [
  ['rendering', 'ramp', {}],
  ['rendering', 'ramp', { windowCenter: 0, windowWidth: 400 }],
  ['rendering', 'ramp', { annotation: 'patient,technique' }],
  ['rendering', 'monochrome1', { rows: 300 }],
  ['rendering', 'quadrants', {}],
  ['rendering', 'quadrants', { region: '0.25,0.5,0.75,1' }],
  ...['whole', 'flipped', 'part', 'part-magnified', 'turned', 'annotated'].map(name => ['rendering', 'quadrants', state(name)] as const),
  ['rendering', 'quadrants', { ...state('turned'), annotation: 'patient,technique' }],
  ['colour', 'rgb', { rows: 200 }],
  ['colour', 'palette', { rows: 200 }],
  ['multi-frame', 'secondary-capture', { frameNumber: 3, rows: 240 }],
  ['ct', 'slice-4', { rows: 300 }],
];

await mkdir(folder, { recursive: true });
const pictures = await Promise.all(
  tiles.map(async ([study, name, parameters], i) => ({
    input: await answer(study, name, { contentType: 'image/png', ...parameters }),
    left: (i % columns) * tile.width + 10,
    top: Math.floor(i / columns) * tile.height + 10,
  })),
);
const height = Math.ceil(tiles.length / columns) * tile.height;
const sheet = sharp({ create: { width: columns * tile.width, height, channels: 3, background: '#335' } });
await sheet.composite(pictures).png().toFile(join(folder, 'pictures.png'));
await writeFile(join(folder, 'frames.gif'), await answer('multi-frame', 'enhanced-mr', { contentType: 'image/gif' }));
for (const [type, file] of [
  ['text/html', 'report.html'],
  ['text/plain', 'report.txt'],
  ['text/xml', 'report.xml'],
  ['text/rtf', 'report.rtf'],
  ['application/pdf', 'report.pdf'],
] as const)
  await writeFile(join(folder, file), await answer('value-types', 'report', { contentType: type }));
