import { explicitBigEndian } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Given } from '../harness/given.ts';
import { referencesOf, sameUrl } from '../kit/bulk.ts';
import { answers, on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { framesOf, imagesOf, instancesOf } from '../kit/pixels.ts';
import { ask, fetched, instancePath, mediaTypeOf, parametersOf, parts, partsOf, seriesPath, studyPath } from '../kit/retrieve.ts';

const asOctets = (path: RegExp) => (request: Request) =>
  path.test(new URL(request.url).pathname) && /octet-stream/.test(request.headers.get('Accept') ?? '');
const ofObject = /\/studies\/[0-9.]+(\/series\/[0-9.]+(\/instances\/[0-9.]+)?)?$/;

/** That an image can be had as bulk data at all; the first check of this file judges that, the others need it. */
const offersBulkData: Given<true> = {
  key: 'objects as application/octet-stream',
  async provide(t) {
    const [image] = imagesOf(await t.given(fixture('ct')));
    if (image) await fetched(t, instancePath(image), acceptOctets, { row: 'WADO-RS-6.5-15' });
    return true;
  },
};

// PS3.18-2013 6.5: octet-stream has to be supported, and Accept decides what a resource yields.
export const offered = check({
  id: 'wado-rs/as-bulk-data/accept-decides',
  title: 'An image asked for as application/octet-stream comes as bulk data, asked for as application/dicom as an object',
  requires: ['WADO-RS-6.5-15', 'WADO-RS-6.5-04', 'WADO-RS-7-01'],
  given: { ct: fixture('ct') },
  fault: on(asOctets(ofObject), server => request => server(new Request(request.url, { headers: { Accept: acceptDicom } }))),
  async run(t, { ct }) {
    const isObject = (body: Uint8Array) => Buffer.from(body.subarray(128, 132)).toString('latin1') === 'DICM';
    for (const image of imagesOf(ct).slice(0, 1)) {
      const asObject = await parts(t, instancePath(image), acceptDicom, { row: 'WADO-RS-7-01' });
      const asBulkData = await parts(t, instancePath(image), acceptOctets);
      t.expect(
        'the parts of an image asked for as application/dicom that are PS3.10 files',
        asObject.map(part => isObject(part.body)),
        asObject.map(() => true),
        { row: 'WADO-RS-6.5-04' },
      );
      t.expect(
        'the parts of an image asked for as application/octet-stream that are PS3.10 files',
        asBulkData.filter(part => isObject(part.body)).length,
        0,
        { row: 'WADO-RS-6.5-04' },
      );
    }
  },
});

// 6.5.3.2.2: the value of the pixel data, whole, is among the items.
export const pixels = check({
  id: 'wado-rs/as-bulk-data/pixel-data',
  title: 'The bulk data of an image hold its pixels',
  requires: ['WADO-RS-6.5.3-07', 'WADO-RS-6.5-09', 'WADO-RS-6.5-22'],
  given: { offers: offersBulkData, several: fixture('transfer-syntaxes'), ct: fixture('ct') },
  fault: on(
    asOctets(ofObject),
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(part.body).fill(0) }))),
  ),
  async run(t, { several, ct }) {
    for (const study of [ct, several]) {
      for (const image of imagesOf(study).slice(0, 6)) {
        const native = framesOf(image);
        if (!native) continue;
        const whole = Buffer.concat(native);
        const sent = await parts(t, instancePath(image), acceptOctets, { row: 'WADO-RS-6.5-22' });
        const found = sent.some(
          ({ body }) => Buffer.compare(body.subarray(0, whole.length), whole) === 0 && body.length - whole.length <= 1,
        );
        t.expect(
          `that the pixels of an image stored in ${image.transferSyntax} are among the ${sent.length} parts of its bulk data`,
          found,
          true,
          image.transferSyntax === explicitBigEndian ? { row: 'WADO-RS-6.5-09' } : {},
        );
      }
    }
  },
});

// 6.5.1.2.2: all bulk data that the metadata refer to.
export const complete = check({
  id: 'wado-rs/as-bulk-data/all-that-the-metadata-refer-to',
  title: 'A study, series or instance as bulk data has all items that its metadata refer to',
  requires: ['WADO-RS-6.5.1-11', 'WADO-RS-6.5.2-07', 'WADO-RS-6.5.3-07', 'WADO-RS-6.5.1-13', 'WADO-RS-6.5-10', 'WADO-RS-6.5.6-01'],
  given: { offers: offersBulkData, ct: fixture('ct') },
  fault: on(
    asOctets(ofObject),
    sendsParts(all => all.slice(0, -1)),
  ),
  async run(t, { ct }) {
    const references = await referencesOf(t, ct);
    if (references.length === 0) t.skip('the metadata of the target refer to no bulk data');
    const [image] = imagesOf(ct);
    if (!image) return;
    const levels = [
      ['study', studyPath(ct), references, 'WADO-RS-6.5.1-11'],
      [
        'series',
        seriesPath(image),
        references.filter(reference => reference.seriesInstanceUID === image.seriesInstanceUID),
        'WADO-RS-6.5.2-07',
      ],
      [
        'instance',
        instancePath(image),
        references.filter(reference => reference.sopInstanceUID === image.sopInstanceUID),
        'WADO-RS-6.5.3-07',
      ],
    ] as const;
    for (const [level, path, wanted, row] of levels) {
      const locations = (await parts(t, path, acceptOctets)).map(part => part.location);
      const different = new Set(wanted.map(({ url }) => url)).size;
      const count = (n: number) => satisfying(`${n} or more`, (found: number) => found >= n);
      t.expect(`the parts of the bulk data of a ${level} whose metadata refer to ${different} values`, locations.length, count(different), {
        row,
      });
      t.expect(`the different URLs of these parts of a ${level}`, new Set(locations).size, count(different), { row: 'WADO-RS-6.5-10' });
      const missing = wanted.filter(({ url }) => !locations.some(location => sameUrl(location, url))).map(({ name }) => name);
      const told = level === 'study' ? 'WADO-RS-6.5.1-13' : row;
      t.expect(`the bulk data of a ${level} that its metadata refer to and that do not come with the same URL`, missing, [], { row: told });
    }
  },
});

// 6.5.1.2.2: the labels of each item.
export const labels = check({
  id: 'wado-rs/as-bulk-data/labels',
  title: 'Each bulk data item is labelled application/octet-stream and says where it is',
  requires: ['WADO-RS-6.5.1-12', 'WADO-RS-6.5.3-08', 'WADO-RS-6.5.3-17'],
  given: { offers: offersBulkData, ct: fixture('ct') },
  fault: on(
    asOctets(ofObject),
    sendsParts(all => all.map(part => ({ ...part, headers: part.headers.filter(line => !/^content-location/i.test(line)) }))),
  ),
  async run(t, { ct }) {
    const [image] = imagesOf(ct);
    if (!image) return;
    for (const [level, path] of [
      ['study', studyPath(ct)],
      ['instance', instancePath(image)],
    ] as const) {
      const exchange = await fetched(t, path, acceptOctets);
      const row = level === 'study' ? 'WADO-RS-6.5.1-12' : 'WADO-RS-6.5.3-08';
      t.expect(
        `the type parameter of a ${level} as bulk data`,
        parametersOf(exchange).get('type')?.toLowerCase(),
        'application/octet-stream',
        { row: 'WADO-RS-6.5.3-17' },
      );
      t.expect(`the Content-Type of a ${level} as bulk data`, mediaTypeOf(exchange), 'multipart/related', { row: 'WADO-RS-6.5.3-17' });
      for (const part of partsOf(t, exchange)) {
        t.expect(`the Content-Type of a part of a ${level} as bulk data`, part.mediaType, 'application/octet-stream', { row });
        t.expect(`that a part of a ${level} as bulk data has a Content-Location`, part.location !== null, true, { row });
      }
    }
  },
});

/** A message that has nothing but its last delimiter. */
const withoutParts = answers(
  () =>
    new Response('--nothing--\r\n', {
      headers: { 'Content-Type': 'multipart/related; type="application/octet-stream"; boundary=nothing' },
    }),
);

// 6.5.1.2: nothing to send is no plain success.
export const nothing = check({
  id: 'wado-rs/as-bulk-data/of-an-object-without-any',
  title: 'An object without bulk data, asked for as bulk data, is no success without content',
  requires: ['WADO-RS-6.5.7-08', 'WADO-RS-MIME-19'],
  given: { sr: fixture('sr') },
  fault: on(asOctets(ofObject), withoutParts),
  async run(t, { sr }) {
    for (const instance of instancesOf(sr).slice(0, 1)) {
      const exchange = await ask(t, instancePath(instance), acceptOctets);
      const { status: code } = exchange.response;
      if (code === 200)
        t.expect('that the bulk data of a structured report, sent with 200, have a part', partsOf(t, exchange).length > 0, true, {
          row: 'WADO-RS-MIME-19',
        });
      else t.expect('the status for the bulk data of a structured report', code, anyOf(404, 406, 400));
    }
  },
});
