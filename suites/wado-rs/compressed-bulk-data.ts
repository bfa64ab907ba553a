import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { referencesOf } from '../kit/bulk.ts';
import { type LoosePart, on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { frameShape } from '../kit/pixels.ts';
import { instancePath, type Part, parametersOf, seriesPath, studyPath } from '../kit/retrieve.ts';
import { acceptStream, expectStream, knownFrames, mediaTypeFor, partsAt, samePath, streams } from '../kit/streams.ts';

const syntax = (last: string) => `1.2.840.10008.1.2.${last}`;
const [baseline, losslessJpeg, losslessJpeg2000] = [syntax('4.50'), syntax('4.70'), syntax('4.90')];
/** Requests for objects or bulk data in a compressed form. */
const asStream = (request: Request) => /type="(image|video)\//.test(request.headers.get('Accept') ?? '') && !/\/frames\//.test(request.url);
const framesIn = (image: FixtureInstance) => frameShape(image.dataSet)?.frames ?? 1;
const named = (t: Trial, uid: string) => acceptStream(mediaTypeFor(t, uid), uid);

/** The frame numbers at the end of the Content-Location of each part; empty where there are none. */
const suffixes = (parts: readonly Part[]) => parts.map(({ location }) => /\/frames\/([^/?#]+)$/.exec(location ?? '')?.[1] ?? '');
const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

const changesLocation = (change: (line: string) => string) =>
  on(
    asStream,
    sendsParts(all =>
      all.map(part => ({ ...part, headers: part.headers.map(line => (/^content-location/i.test(line) ? change(line) : line)) })),
    ),
  );

// PS3.18-2013 6.5: a single-frame image in a single-frame media type is one part, whatever the number of its fragments.
export const singleFrame = check({
  id: 'wado-rs/compressed-bulk-data/a-single-frame-is-one-part',
  title: 'A compressed single-frame image comes as one part with its media type and the URL of its pixel data',
  requires: ['WADO-RS-6.5-11', 'WADO-RS-6.5.3-09', 'WADO-RS-6.5.6-01'],
  given: { compressed: fixture('compressed') },
  fault: on(
    asStream,
    sendsParts(all =>
      all.flatMap(({ headers, body }): LoosePart[] => [
        { headers, body: body.subarray(0, body.length / 2) },
        { headers, body: body.subarray(body.length / 2) },
      ]),
    ),
  ),
  async run(t, { compressed }) {
    const references = await referencesOf(t, compressed);
    let seen = 0;
    for (const image of compressed.instances.filter(each => each.transferSyntax === losslessJpeg)) {
      const answer = await streams(t, instancePath(image), named(t, losslessJpeg), 'WADO-RS-6.5-11');
      if (!answer) continue;
      seen += 1;
      t.expect(`the number of parts of a single-frame image as ${mediaTypeFor(t, losslessJpeg)}`, answer.parts.length, 1);
      const url = references.find(({ sopInstanceUID, path }) => sopInstanceUID === image.sopInstanceUID && path === '7FE00010')?.url;
      for (const part of answer.parts) {
        await expectStream(t, 'the bulk data of a single-frame image', part, {
          uid: losslessJpeg,
          image,
          known: knownFrames(image)[0],
          row: 'WADO-RS-6.5-11',
        });
        const row = 'WADO-RS-6.5.3-09';
        t.expect('the Content-Type of the bulk data of a compressed single-frame image', part.mediaType, mediaTypeFor(t, losslessJpeg), {
          row,
        });
        if (url !== undefined)
          t.expect(
            'the Content-Location of the bulk data of a compressed single-frame image',
            samePath(part.location, url) ? url : part.location,
            url,
            { row },
          );
      }
    }
    if (seen === 0) t.skip(`the target does not offer images as ${mediaTypeFor(t, losslessJpeg)}`);
  },
});

// 6.5 and 6.5.1.2.2 to 6.5.3.2.2: each frame is a part with its own URL.
export const multiFrame = check({
  id: 'wado-rs/compressed-bulk-data/each-frame-is-a-part',
  title: 'A compressed multi-frame image comes as one part for each frame, with its number in the Content-Location, at every level',
  requires: ['WADO-RS-6.5-12', 'WADO-RS-6.5.3-10', 'WADO-RS-6.5.2-09', 'WADO-RS-6.5.1-18', 'WADO-RS-6.5.6-01'],
  given: { compressed: fixture('compressed') },
  fault: changesLocation(line => line.replace(/\/frames\/\d+$/, '')),
  async run(t, { compressed }) {
    const image = compressed.instances.find(each => each.transferSyntax === baseline && framesIn(each) > 1);
    if (!image) return;
    const url = (await referencesOf(t, compressed)).find(
      each => each.sopInstanceUID === image.sopInstanceUID && each.path === '7FE00010',
    )?.url;
    const levels: readonly (readonly [string, string, RequirementId])[] = [
      ['instance', instancePath(image), 'WADO-RS-6.5.3-10'],
      ['series', seriesPath(image), 'WADO-RS-6.5.2-09'],
      ['study', studyPath(image), 'WADO-RS-6.5.1-18'],
    ];
    let seen = 0;
    for (const [level, path, row] of levels) {
      // Above the instance only the URL tells to which image a part belongs.
      if (url === undefined && level !== 'instance') continue;
      const answer = await streams(t, path, named(t, baseline), row);
      if (!answer) continue;
      seen += 1;
      const mine = url === undefined ? answer.parts : partsAt(answer.parts, url);
      t.expect(
        `the number of parts of an image of ${framesIn(image)} frames, in the bulk data of its ${level}`,
        mine.length,
        framesIn(image),
        { row: 'WADO-RS-6.5-12' },
      );
      t.expect(
        `the frame numbers in the Content-Location of these parts, in the bulk data of the ${level}`,
        suffixes(mine).sort(),
        numbers(framesIn(image)),
        { row },
      );
      for (const part of mine) {
        const known = knownFrames(image)[Number(suffixes([part])[0]) - 1];
        await expectStream(t, `a frame in the bulk data of a ${level}`, part, { uid: baseline, image, known, row: 'WADO-RS-6.5-12' });
      }
    }
    if (seen === 0) t.skip(`the target does not offer images as ${mediaTypeFor(t, baseline)}`);
  },
});

// 6.5.1.2.2: the pixel data that can be encoded so.
export const study = check({
  id: 'wado-rs/compressed-bulk-data/of-a-study',
  title: 'A study asked for in a compressed media type comes with the pixels of each image that is stored so',
  requires: ['WADO-RS-6.5.1-14', 'WADO-RS-6.5.6-01'],
  given: { compressed: fixture('compressed') },
  fault: on(
    request => asStream(request) && /jp2/.test(request.headers.get('Accept') ?? ''),
    sendsParts(all => all.slice(0, 1)),
  ),
  async run(t, { compressed }) {
    const accept = acceptStream(mediaTypeFor(t, losslessJpeg2000));
    const images = compressed.instances.filter(each => each.transferSyntax === losslessJpeg2000);
    const alone = await streams(t, instancePath(images[0] ?? t.skip('no image')), accept, 'WADO-RS-6.5.1-14');
    if (!alone) return t.skip(`the target does not offer images as ${mediaTypeFor(t, losslessJpeg2000)}`);
    const answer = await streams(t, studyPath(compressed), accept, 'WADO-RS-6.5.1-14');
    // 6.5.1.2: what can only be sent in part may be refused as a whole.
    if (!answer) return t.skip('the target sends a study in a compressed media type as a whole or not at all (status 406)');
    const references = await referencesOf(t, compressed);
    for (const image of images) {
      const url = references.find(each => each.sopInstanceUID === image.sopInstanceUID && each.path === '7FE00010')?.url;
      if (url === undefined) continue;
      const mine = partsAt(answer.parts, url);
      t.expect('the number of parts for an image that is stored as JPEG 2000 Lossless, in its study', mine.length, 1);
      for (const part of mine)
        await expectStream(t, 'an image in the bulk data of a study', part, {
          uid: losslessJpeg2000,
          image,
          known: knownFrames(image)[0],
          row: 'WADO-RS-6.5.1-14',
        });
    }
  },
});

// 6.5.5.2.1: a compressed item has its media type and its URL.
export const item = check({
  id: 'wado-rs/compressed-bulk-data/by-its-own-url',
  title: 'The bulk data URL of compressed pixel data yields them with their media type',
  requires: ['WADO-RS-6.5.5-06', 'WADO-RS-6.5.5-21', 'WADO-RS-6.5.6-01'],
  given: { compressed: fixture('compressed') },
  fault: on(
    asStream,
    sendsParts(all =>
      all.map(part => ({ ...part, headers: part.headers.map(line => line.replace(/image\/[\w+-]+/, 'application/octet-stream')) })),
    ),
  ),
  async run(t, { compressed }) {
    const references = (await referencesOf(t, compressed)).filter(({ path }) => path === '7FE00010');
    let seen = 0;
    for (const image of compressed.instances.filter(each => each.transferSyntax === losslessJpeg)) {
      const url = references.find(({ sopInstanceUID }) => sopInstanceUID === image.sopInstanceUID)?.url;
      const answer = url === undefined ? null : await streams(t, url, named(t, losslessJpeg), 'WADO-RS-6.5.5-06');
      if (!answer || url === undefined) continue;
      seen += 1;
      t.record('the type of a message with a compressed bulk data item', parametersOf(answer.exchange).get('type') ?? 'not told');
      for (const part of answer.parts) {
        t.expect('the Content-Type of a compressed bulk data item', part.mediaType, mediaTypeFor(t, losslessJpeg));
        const right = [url, `${url}/frames/1`].find(each => samePath(part.location, each)) ?? part.location;
        t.expect('the Content-Location of a compressed bulk data item', right, anyOf(url, `${url}/frames/1`));
        await expectStream(t, 'a compressed bulk data item', part, {
          uid: losslessJpeg,
          image,
          known: knownFrames(image)[0],
          row: 'WADO-RS-6.5.5-06',
        });
      }
    }
    if (seen === 0) t.skip(`the target does not offer bulk data as ${mediaTypeFor(t, losslessJpeg)}`);
  },
});
