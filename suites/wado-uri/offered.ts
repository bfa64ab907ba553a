import type { CorpusName } from '../../fixtures/corpus.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { textIn } from '../kit/objects.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { mediaTypeOf } from '../kit/retrieve.ts';
import { askUri, dicomBy, fetchedUri, instanceNamed, uriType } from '../kit/uri.ts';
import { anyImage, decoded } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const refuses = (type: RegExp) => on(type, status(406));

// PS3.18-2013 7.1.2, 7.2.2, 7.3.2 and 7.4.2: application/dicom for everything.
export const dicom = check({
  id: 'wado-uri/offered/everything-as-dicom',
  title: 'Objects of each class can be had as application/dicom',
  requires: ['WADO-URI-7.1.2-01', 'WADO-URI-7.2.2-01', 'WADO-URI-7.3.2-01', 'WADO-URI-7.4.2-01'],
  given: { rendering: fixture('rendering'), several: fixture('multi-frame'), sr: fixture('sr'), mixed: fixture('mixed') },
  fault: refuses(/contentType=application%2Fdicom/),
  async run(t, { rendering, several, sr, mixed }) {
    const objects = [
      [instanceNamed(rendering, 'ramp'), 'WADO-URI-7.1.2-01'],
      [instanceNamed(sr, 'plain'), 'WADO-URI-7.3.2-01'],
      [instanceNamed(mixed, 'pdf'), 'WADO-URI-7.4.2-01'],
      [instanceNamed(rendering, 'whole'), 'WADO-URI-7.4.2-01'],
    ] as const;
    for (const [of, row] of objects) await fetchedUri(t, of, { contentType: 'application/dicom' }, { row });
    for (const of of several.instances) {
      const { dataSet } = await dicomBy(t, of, {}, { row: 'WADO-URI-7.2.2-01' });
      t.expect(`the frames of "${of.name}"`, textIn(dataSet, 'NumberOfFrames'), textIn(of.dataSet, 'NumberOfFrames'), {
        row: 'WADO-URI-7.2.2-01',
      });
    }
  },
});

// 7.2.2: a video, although nothing can be said about the transfer syntax in which it comes.
export const video = check({
  id: 'wado-uri/offered/video-as-dicom',
  title: 'A video can be had as application/dicom',
  requires: ['WADO-URI-7.2.2-01'],
  given: { video: fixture('video') },
  fault: on(/contentType=application%2Fdicom/, status(500)),
  async run(t, { video }) {
    const [of] = video.instances;
    if (of) await fetchedUri(t, of, { contentType: 'application/dicom' });
  },
});

const pictures: readonly (readonly [CorpusName, string])[] = [
  ['rendering', 'ramp'],
  ['rendering', 'monochrome1'],
  ['colour', 'rgb'],
  ['colour', 'rgb-planar'],
  ['colour', 'palette'],
  ['transfer-syntaxes', 'explicit-little-endian'],
];

// 7.1.2: image/jpeg for every single-frame image.
export const jpeg = check({
  id: 'wado-uri/offered/single-frame-images-as-jpeg',
  title: 'Single-frame images can be had as image/jpeg: 8 and 16 bits, gray, inverted, colour and palette',
  requires: ['WADO-URI-7.1.2-02'],
  given: { rendering: fixture('rendering'), colour: fixture('colour'), 'transfer-syntaxes': fixture('transfer-syntaxes') },
  fault: refuses(/contentType=image%2Fjpeg/),
  async run(t, studies) {
    for (const [study, name] of pictures) {
      const found = studies[study as keyof typeof studies];
      const exchange = await fetchedUri(t, instanceNamed(found, name), { contentType: 'image/jpeg' });
      t.expect(`what "${name}" comes as`, mediaTypeOf(exchange), 'image/jpeg');
      const { width, height } = await decoded(t, exchange);
      t.expect(`that the picture of "${name}" has pixels`, width * height > 0, true);
    }
  },
});

const optional: readonly (readonly [string, RequirementId])[] = [
  ['image/gif', 'WADO-URI-7.1.2-07'],
  ['image/png', 'WADO-URI-7.1.2-08'],
  ['image/jp2', 'WADO-URI-7.1.2-09'],
];

// 7.1.2: should be there, until 2015c.
export const otherPictures = check({
  id: 'wado-uri/offered/single-frame-images-as-gif-png-and-jp2',
  title: 'Single-frame images can be had as image/gif, image/png and image/jp2',
  requires: ['WADO-URI-7.1.2-07', 'WADO-URI-7.1.2-08', 'WADO-URI-7.1.2-09'],
  given: { image: anyImage },
  fault: refuses(/contentType=image%2F(gif|png|jp2)/),
  async run(t, { image }) {
    for (const [type, row] of optional) {
      const exchange = await askUri(t, uriQuery(image, { contentType: type }));
      t.expect(`what contentType=${type} comes as`, uriType(exchange), type, { row });
      if (uriType(exchange) === type) t.expect(`what the body labelled ${type} is`, signatureOf(exchange.response.body), type, { row });
    }
  },
});

// 7.2.2: optional renderings of several frames.
export const moving = check({
  id: 'wado-uri/offered/multi-frame-images-as-gif-or-video',
  title: 'What a multi-frame image comes as when GIF or video is asked for is written down',
  requires: ['WADO-URI-7.2.2-03', 'WADO-URI-7.2.2-04', 'WADO-URI-6.3.2.1-05'],
  given: { several: fixture('multi-frame') },
  fault: on(/contentType=(image%2Fgif|video)/, server => async request => {
    const response = await server(request);
    return new Response(await response.arrayBuffer(), { status: 200, headers: { 'Content-Type': 'image/jpeg' } });
  }),
  async run(t, { several }) {
    for (const type of ['image/gif', 'video/mpeg']) {
      const exchange = await askUri(t, uriQuery(instanceNamed(several, 'secondary-capture'), { contentType: type }));
      const got = uriType(exchange);
      t.record(`a multi-frame image with contentType=${type}`, got);
      if (got.startsWith('status') || got === 'application/dicom') continue;
      t.expect(`the media type of a multi-frame image with contentType=${type}`, got, type, { row: 'WADO-URI-6.3.2.1-05' });
      if (got === 'image/gif') t.record('the frames in the GIF', String((await decoded(t, exchange)).frames));
    }
  },
});

// 7.4.2: an encapsulated document in its own type.
export const document = check({
  id: 'wado-uri/offered/encapsulated-documents-in-their-own-type',
  title: 'What is sent as the PDF of an encapsulated PDF is a PDF',
  requires: ['WADO-URI-7.4.2-03', 'WADO-URI-6.3-02'],
  given: { mixed: fixture('mixed') },
  fault: on(/contentType=application%2Fpdf/, server => async request => {
    const response = await server(request);
    return new Response('no document', { status: response.status, headers: response.headers });
  }),
  async run(t, { mixed }) {
    const exchange = await askUri(t, uriQuery(instanceNamed(mixed, 'pdf'), { contentType: 'application/pdf' }));
    t.record('an encapsulated PDF with contentType=application/pdf', uriType(exchange));
    if (uriType(exchange) !== 'application/pdf') return;
    t.expect('what the body labelled application/pdf is', signatureOf(exchange.response.body) || 'something else', 'application/pdf', {
      row: 'WADO-URI-6.3-02',
    });
  },
});

// 7.1.2 with Annex B.3 and B.4: the examples of the standard.
export const example3 = check({
  id: 'wado-uri/offered/the-example-with-everything',
  title: 'The example of Annex B.3 with region, size, window, annotation and a ranked list is answered with a picture of the right size',
  requires: ['WADO-URI-B-03'],
  given: { image: anyImage },
  fault: on(
    /level=1/,
    hearsKey('columns', () => '1000'),
  ),
  async run(t, { image }) {
    const more =
      '&contentType=image%2Fjp2;level=1,image%2Fjpeg;q=0.5&annotation=patient,technique&columns=400&rows=300&region=0.3,0.4,0.5,0.5&windowCenter=-1000&windowWidth=2500';
    const exchange = await askUri(t, uriQuery(image) + more, 'image/jp2;level=1, image/jpeg;q=0.5, application/dicom');
    t.expect('what the example of B.3 comes as', uriType(exchange), anyOf('image/jp2', 'image/jpeg'));
    const size = pictureSize(exchange.response.body) ?? (uriType(exchange) === 'image/jpeg' ? await decoded(t, exchange) : null);
    if (!size) return;
    t.expect('that the picture is at most 400 columns wide and 300 rows high', size.width <= 400 && size.height <= 300, true);
  },
});

/** ISO/IEC 15444-1 I.5.3.1: width and height in the image header box of a JP2 file; null for other files. */
function pictureSize(body: Uint8Array): { readonly width: number; readonly height: number } | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 512));
  const at = bytes.indexOf('ihdr', 0, 'latin1');
  if (signatureOf(body) !== 'image/jp2' || at === -1 || bytes.length < at + 12) return null;
  return { height: bytes.readUInt32BE(at + 4), width: bytes.readUInt32BE(at + 8) };
}
