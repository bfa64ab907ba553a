import { explicitLittleEndian, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { mayBeCoerced } from '../kit/as-held.ts';
import { rgbOf } from '../kit/colour.ts';
import { nearness } from '../kit/decode.ts';
import { hearsHeaders, on, sendsHeaders, sendsParts, sendsText, together } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { changes } from '../kit/kept.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { objectsOf } from '../kit/objects.ts';
import { frameShape, imagesOf } from '../kit/pixels.ts';
import { ask, instancePath, partsOf, studyPath } from '../kit/retrieve.ts';
import { knownFrames } from '../kit/streams.ts';

const named = (uid: string) => `${acceptDicom}; transfer-syntax=${uid}`;
const names = (request: Request) => /transfer-syntax/.test(request.headers.get('Accept') ?? '');
const inText = (change: (text: string) => string) =>
  sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(change(part.body.toString('latin1')), 'latin1') })));
const recognizable = 25;

// PS3.5-2013 8.1, 8.2.1 and 8.2.4: the attributes describe the pixels as they are sent.
export const consistent = check({
  id: 'wado-rs/transcoding/attributes-fit-the-pixels',
  title: 'Of a colour image that the server decompressed, the attributes describe the pixels that are sent',
  requires: ['WADO-RS-6.5.3-15'],
  given: { compressed: fixture('compressed') },
  fault: on(
    names,
    inText(text => text.replace(/(\x28\x00\x04\x00CS)..RGB /, '$1\x0c\x00YBR_FULL_422')),
  ),
  async run(t, { compressed }) {
    let seen = 0;
    for (const image of compressed.instances.filter(({ dataSet }) => frameShape(dataSet)?.samples === 3)) {
      const exchange = await ask(t, instancePath(image), named(explicitLittleEndian));
      if (exchange.response.status !== 200) continue;
      seen += 1;
      for (const { dataSet } of objectsOf(t, exchange)) {
        const rgb = rgbOf(dataSet);
        const [known = new Uint8Array()] = knownFrames(image);
        const shape = frameShape(image.dataSet);
        const near =
          typeof rgb === 'string' || !shape
            ? rgb
            : nearness(rgb, known, shape) >= recognizable
              ? 'the colours of the image'
              : 'other colours';
        t.expect(
          `the pixels of an image stored in ${image.transferSyntax}, sent uncompressed and read by the attributes that come with them`,
          near,
          'the colours of the image',
        );
      }
    }
    if (seen === 0) t.skip('the target does not send compressed colour images uncompressed');
  },
});

// A change of transfer syntax is no reason to change anything that does not describe the pixels.
export const untouched = check({
  id: 'wado-rs/transcoding/other-attributes-stay',
  title: 'Attributes that have nothing to do with the encoding come as they were stored',
  requires: ['WADO-RS-6.5.3-16'],
  given: { privates: fixture('private'), several: fixture('transfer-syntaxes'), vrs: fixture('every-vr') },
  fault: on(
    /\/instances\/[0-9.]+$/,
    inText(text => text.replaceAll('CONFTEST TWO', 'CONFTEST 2  ')),
  ),
  async run(t, given) {
    for (const study of Object.values(given)) {
      for (const instance of study.instances) {
        const exchange = await ask(t, instancePath(instance), acceptDicom);
        if (exchange.response.status !== 200) continue;
        for (const object of objectsOf(t, exchange)) {
          const found = changes(instance, object)
            .filter(({ where }) => !mayBeCoerced.test(where))
            .map(({ where }) => where);
          t.expect('the attributes of a stored object that come back changed', found.slice(0, 5), []);
        }
      }
    }
    t.record('objects compared', String(Object.values(given).reduce((sum, { instances }) => sum + instances.length, 0)));
  },
});

// PS3.18-2013 6.5: what is held with loss only need not be given as octets; a compressed stream is never that.
export const lossyAsOctets = check({
  id: 'wado-rs/transcoding/lossy-frames-as-octets',
  title: 'A frame that is held with loss comes as octets decompressed, or not at all',
  requires: ['WADO-RS-6.5.4-16', 'WADO-RS-6.5-23'],
  given: { compressed: fixture('compressed') },
  fault: on(
    request => /\/frames\//.test(request.url) && /octet-stream/.test(request.headers.get('Accept') ?? ''),
    together(
      hearsHeaders({ Accept: 'multipart/related; type="image/dicom+jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50' }),
      sendsText(text => text.replaceAll(/image\/dicom\+jpeg(; transfer-syntax=[\d.]+)?/g, 'application/octet-stream')),
      sendsHeaders(headers =>
        headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace('image/dicom+jpeg', 'application/octet-stream')),
      ),
    ),
  ),
  async run(t, { compressed }) {
    for (const image of compressed.instances.filter(({ originalFrames }) => originalFrames !== undefined)) {
      if (transferSyntax(image.transferSyntax)?.lossy === 'never') continue;
      const shape = frameShape(image.dataSet);
      const [known] = knownFrames(image);
      const exchange = await ask(t, `${instancePath(image)}/frames/1`, acceptOctets);
      t.record(`a frame stored in ${image.transferSyntax}, asked for as application/octet-stream`, `status ${exchange.response.status}`);
      if (exchange.response.status !== 200 || !shape || !known) continue;
      for (const { body } of partsOf(t, exchange)) {
        const jpeg = Buffer.from(body.subarray(0, 2)).toString('hex');
        t.expect(
          `the first bytes of a frame stored in ${image.transferSyntax}, sent as application/octet-stream`,
          jpeg,
          satisfying('those of pixels, not of a compressed stream', (bytes: string) => !['ffd8', 'ff4f'].includes(bytes)),
        );
      }
    }
  },
});

// 6.5.1.2: what cannot be converted makes the answer partial, or a refusal.
export const partial = check({
  id: 'wado-rs/transcoding/partial-answers-say-so',
  title: 'A study of which only some objects can be had as asked is no plain success',
  requires: ['WADO-RS-6.5.1-08', 'WADO-RS-6.5.7-10'],
  given: { video: fixture('video-clips') },
  fault: on(names, server => async request => {
    const response = await server(request);
    return response.status === 206 ? new Response(response.body, { status: 200, headers: response.headers }) : response;
  }),
  async run(t, { video }) {
    const exchange = await ask(t, studyPath(video), named(explicitLittleEndian));
    const { status, headers } = exchange.response;
    const sent = status === 200 || status === 206 ? objectsOf(t, exchange) : [];
    const asAsked = sent.filter(object => object.transferSyntax === explicitLittleEndian).length;
    const all = asAsked === video.instances.length;
    const what = `of ${video.instances.length} instances ${asAsked} come in Explicit VR Little Endian`;
    t.expect(
      `the status where ${what}`,
      status,
      satisfying(all ? '200' : '206 or 406', (code: number) => (all ? code === 200 : code === 206 || code === 406)),
    );
    t.expect('the objects that come in another transfer syntax than the one that was asked for', sent.length - asAsked, 0);
    if (status === 206) {
      t.expect(
        'the objects in a partial answer',
        asAsked,
        satisfying('at least one', (count: number) => count > 0),
      );
      t.record('Content-Range of a partial answer', headers.some(([name]) => name.toLowerCase() === 'content-range') ? 'sent' : 'not sent');
    }
  },
});

// 6.5.3.2: none of the bulk data as asked is 406.
export const nothingFits = check({
  id: 'wado-rs/transcoding/bulk-data-that-cannot-be-had',
  title: 'An instance whose pixels cannot be had in the media type that was asked for is answered 406',
  requires: ['WADO-RS-6.5.3-13'],
  given: { ct: fixture('ct') },
  fault: on(request => /video\/mpeg/.test(request.headers.get('Accept') ?? ''), hearsHeaders({ Accept: acceptOctets })),
  async run(t, { ct }) {
    for (const image of imagesOf(ct).slice(0, 1)) {
      const accept = 'multipart/related; type="video/mpeg"; transfer-syntax=1.2.840.10008.1.2.4.100';
      const { response } = await ask(t, instancePath(image), accept);
      t.expect(`the status for a CT slice with Accept: ${accept}`, response.status, 406);
    }
  },
});
