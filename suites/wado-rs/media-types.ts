import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { frameShape } from '../kit/pixels.ts';
import { isStreamOf, streamInWords, streamOf } from '../kit/read/stream.ts';
import { ask, instancePath, partsOf } from '../kit/retrieve.ts';
import { acceptStream, expectStream, knownFrames, mediaTypeFor, streams } from '../kit/streams.ts';

const syntax = (last: string) => `1.2.840.10008.1.2.${last}`;
const frames = /\/frames\//;
/** The frames of an image as a list for the URL. */
const all = (count: number) => Array.from({ length: count }, (_, i) => i + 1).join(',');

/** A server that sends streams with one byte changed, the first one behind these bytes. */
const marksOtherwise = (behind: readonly number[], offset: number, value: number) =>
  on(
    frames,
    sendsParts(parts =>
      parts.map(part => {
        const body = Buffer.from(part.body);
        const at = body.indexOf(Buffer.from(behind));
        if (at !== -1) body[at + offset] = value;
        return { ...part, body };
      }),
    ),
  );

const cod = [0xff, 0x52, 0x00, 0x0c];

/** A check that a media type without parameter stands for one lossless transfer syntax (Table 6.5-1). */
function bare(claim: string, title: string, row: RequirementId, uid: string, fault: Check['fault']): Check {
  return check({
    id: `wado-rs/media-types/${claim}`,
    title,
    requires: [row],
    given: { compressed: fixture('compressed') },
    fault,
    async run(t, { compressed }) {
      const type = mediaTypeFor(t, uid);
      let seen = 0;
      for (const image of compressed.instances.filter(({ transferSyntax }) => transferSyntax === uid)) {
        const count = frameShape(image.dataSet)?.frames ?? 1;
        const answer = await streams(t, `${instancePath(image)}/frames/${all(count)}`, acceptStream(type), row);
        if (!answer) continue;
        seen += 1;
        const known = knownFrames(image);
        for (const [i, part] of answer.parts.entries()) {
          const what = `a frame stored in ${uid}, asked for as ${type} without transfer-syntax`;
          await expectStream(t, what, part, { uid, image, known: answer.parts.length === count ? known[i] : undefined, row });
        }
      }
      if (seen === 0) t.skip(`the target does not offer frames as ${type}`);
    },
  });
}

// PS3.18-2013 Table 6.5-1: without parameter a lossless transfer syntax is meant.
export const jpeg = bare(
  'bare-jpeg-is-lossless',
  'The JPEG media type without transfer-syntax stands for JPEG Lossless with first-order prediction',
  'WADO-RS-T6.5-1-01',
  syntax('4.70'),
  marksOtherwise([0xff, 0xc3], 1, 0xc0),
);
export const jpegLs = bare(
  'bare-jpeg-ls-is-lossless',
  'The JPEG-LS media type without transfer-syntax stands for JPEG-LS Lossless',
  'WADO-RS-T6.5-1-03',
  syntax('4.80'),
  marksOtherwise([0xff, 0xda, 0x00, 0x08, 0x01], 7, 2),
);
export const jpeg2000 = bare(
  'bare-jpeg-2000-is-lossless',
  'The JPEG 2000 media type without transfer-syntax stands for JPEG 2000 Lossless Only',
  'WADO-RS-T6.5-1-04',
  syntax('4.90'),
  marksOtherwise(cod, 13, 0),
);
export const jpeg2000Part2 = bare(
  'bare-jpeg-2000-part-2-is-lossless',
  'The media type of JPEG 2000 Part 2 without transfer-syntax stands for its lossless transfer syntax',
  'WADO-RS-T6.5-1-05',
  syntax('4.92'),
  marksOtherwise(cod, 13, 0),
);

const jpegProcesses = ['4.50', '4.51', '4.57', '4.70'].map(syntax);

// Table 6.5-1: the parameter selects the process.
export const processes = check({
  id: 'wado-rs/media-types/jpeg-process-by-transfer-syntax',
  title:
    'The JPEG media type with a transfer-syntax yields that process of JPEG, named on the part where it is not what the bare type stands for',
  requires: ['WADO-RS-T6.5-1-06', 'WADO-RS-T6.5-1-11'],
  given: { compressed: fixture('compressed') },
  fault: marksOtherwise([0xff, 0xc1], 1, 0xc3),
  async run(t, { compressed }) {
    let seen = 0;
    for (const image of compressed.instances.filter(({ transferSyntax }) => jpegProcesses.includes(transferSyntax))) {
      const uid = image.transferSyntax;
      const answer = await streams(t, `${instancePath(image)}/frames/1`, acceptStream(mediaTypeFor(t, uid), uid), 'WADO-RS-T6.5-1-06');
      if (!answer) continue;
      seen += 1;
      for (const part of answer.parts) {
        await expectStream(t, `a frame in ${uid}`, part, { uid, image, known: knownFrames(image)[0], row: 'WADO-RS-T6.5-1-06' });
        if (uid !== syntax('4.70'))
          t.expect(`the transfer-syntax on the part with a frame in ${uid}`, part.parameters.get('transfer-syntax') ?? 'not told', uid, {
            row: 'WADO-RS-T6.5-1-11',
          });
      }
    }
    if (seen === 0) t.skip(`the target does not offer frames as ${mediaTypeFor(t, syntax('4.50'))}`);
  },
});

// Table 6.5-1: a lossy transfer syntax is sent only when it is named.
export const lossyByName = check({
  id: 'wado-rs/media-types/loss-only-by-name',
  title: 'Frames that lost something are sent only to those who name their transfer syntax',
  requires: ['WADO-RS-T6.5-1-07'],
  given: { compressed: fixture('compressed') },
  fault: on(frames, server => request => {
    const accept = request.headers.get('Accept') ?? '';
    const lossy = /jp2"$/.test(accept) ? `${accept}; transfer-syntax=${syntax('4.91')}` : accept;
    return server(new Request(request.url, { headers: { Accept: lossy } }));
  }),
  async run(t, { compressed }) {
    const lossless: Readonly<Record<string, string>> = {
      [syntax('4.81')]: syntax('4.80'),
      [syntax('4.91')]: syntax('4.90'),
      [syntax('4.93')]: syntax('4.92'),
    };
    for (const image of compressed.instances) {
      const meant = lossless[image.transferSyntax];
      if (meant === undefined) continue;
      const type = mediaTypeFor(t, image.transferSyntax);
      const path = `${instancePath(image)}/frames/${all(frameShape(image.dataSet)?.frames ?? 1)}`;
      const exchange = await ask(t, path, acceptStream(type));
      const { status } = exchange.response;
      t.record(`frames stored in ${image.transferSyntax}, asked for as ${type} without transfer-syntax`, `status ${status}`);
      for (const part of status === 200 || status === 206 ? partsOf(t, exchange) : []) {
        const stream = streamOf(part.body);
        t.expect(
          `what is sent of an image with loss for ${type} without transfer-syntax`,
          streamInWords(stream),
          satisfying(`a stream of ${meant}`, () => isStreamOf(meant, stream)),
        );
      }
    }
  },
});

// Table 6.5-1, note, and PS3.5-2013 A.4.4: the code stream, not a JP2 file.
export const codeStream = check({
  id: 'wado-rs/media-types/jpeg-2000-code-stream',
  title: 'Frames as JPEG 2000 are code streams without a JP2 file around them',
  requires: ['WADO-RS-T6.5-1-13'],
  given: { compressed: fixture('compressed') },
  fault: on(
    frames,
    sendsParts(parts => parts.map(part => ({ ...part, body: Buffer.concat([Buffer.from('0000000c6a5020200d0a870a', 'hex'), part.body]) }))),
  ),
  async run(t, { compressed }) {
    let seen = 0;
    for (const image of compressed.instances.filter(({ transferSyntax }) => transferSyntax === syntax('4.90'))) {
      const answer = await streams(
        t,
        `${instancePath(image)}/frames/1`,
        acceptStream(mediaTypeFor(t, syntax('4.90'))),
        'WADO-RS-T6.5-1-13',
      );
      for (const { body } of answer?.parts ?? []) {
        seen += 1;
        t.expect('the first bytes of a frame as JPEG 2000', Buffer.from(body.subarray(0, 4)).toString('hex'), 'ff4fff51');
      }
    }
    if (seen === 0) t.skip(`the target does not offer frames as ${mediaTypeFor(t, syntax('4.90'))}`);
  },
});
