import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { frameShape } from '../kit/pixels.ts';
import { streamInWords, streamOf } from '../kit/read/stream.ts';
import { instancePath, type Part } from '../kit/retrieve.ts';
import { acceptStream, mediaTypeFor, streams } from '../kit/streams.ts';

const syntax = (last: string) => `1.2.840.10008.1.2.${last}`;
const mpeg2 = [syntax('4.100'), syntax('4.101')];
const mpeg4 = [syntax('4.102'), syntax('4.103')];
const part2 = [syntax('4.92'), syntax('4.93')];
const inMultiFrameType = (request: Request) => /type="(video\/|image\/.*jpx)/.test(request.headers.get('Accept') ?? '');

const framesIn = (image: FixtureInstance) => frameShape(image.dataSet)?.frames ?? 1;
const list = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Expects the Content-Location of a part with several frames to be legal: no frame list, or one with %2C, which may be left out only for all frames. */
function expectLocation(t: Trial, what: string, part: Part, frames: readonly number[], count: number, row: RequirementId): void {
  const suffix = /\/frames\/([^/?#]*)$/.exec(part.location ?? '')?.[1] ?? '';
  const whole = frames.length === count;
  t.expect(
    `the frame list in the Content-Location of ${what}`,
    suffix.replaceAll('%2c', '%2C'),
    anyOf(...(whole ? [''] : []), frames.join('%2C'), frames.join(',')),
    { row },
  );
}

// PS3.18-2013 6.5: a video is labelled with its multi-frame media type.
export const videos = check({
  id: 'wado-rs/multi-frame-types/video',
  title: 'The pixel data of a video come as a video, labelled with a transfer syntax of its media type',
  requires: ['WADO-RS-6.5-13', 'WADO-RS-T6.5-1-08', 'WADO-RS-6.5.3-11', 'WADO-RS-6.5.3-12', 'WADO-RS-7-04'],
  given: { video: fixture('video-clips') },
  fault: on(
    inMultiFrameType,
    sendsParts(all =>
      all.map(part => ({ ...part, headers: part.headers.map(line => line.replace(/video\/\w+/, 'application/octet-stream')) })),
    ),
  ),
  async run(t, { video }) {
    let seen = 0;
    for (const image of video.instances.filter(({ transferSyntax }) => [...mpeg2, ...mpeg4].includes(transferSyntax))) {
      const uid = image.transferSyntax;
      const type = mediaTypeFor(t, uid);
      const answer = await streams(t, instancePath(image), acceptStream(type, uid), 'WADO-RS-6.5-13');
      t.record(`a video stored in ${uid}, asked for as ${type}`, answer ? 'sent' : 'refused');
      if (!answer) continue;
      seen += 1;
      const family = mpeg2.includes(uid) ? mpeg2 : mpeg4;
      for (const part of answer.parts) {
        t.expect(`the Content-Type of a video asked for as ${type}`, part.mediaType, type);
        const told = part.parameters.get('transfer-syntax');
        if (told !== undefined)
          t.expect(`the transfer-syntax on a video that is labelled ${type}`, told, anyOf(...family), { row: 'WADO-RS-T6.5-1-08' });
        const stream = streamOf(part.body);
        t.expect(
          `what is sent as ${type}`,
          streamInWords(stream),
          satisfying('a video', () => stream.kind.startsWith('mpeg') || stream.kind === 'unknown'),
        );
        if (answer.parts.length === 1)
          expectLocation(t, 'a part with a whole video', part, list(framesIn(image)), framesIn(image), 'WADO-RS-6.5.3-11');
      }
    }
    if (seen === 0) t.skip('the target does not offer videos as video/mpeg and video/mp4');
  },
});

// 6.5.4.2.1: several frames in one part.
export const frames = check({
  id: 'wado-rs/multi-frame-types/frames-in-one-part',
  title: 'A part with several frames names them in its Content-Location, unless it has all of the image',
  requires: ['WADO-RS-6.5.4-31', 'WADO-RS-6.5.4-28', 'WADO-RS-6.5.3-11'],
  given: { compressed: fixture('compressed') },
  fault: on(
    inMultiFrameType,
    sendsParts(all =>
      all.map(part => ({
        ...part,
        headers: part.headers.map(line => line.replace(/^(content-location:.*?)(\/frames\/.*)?$/i, '$1/frames/1;2;3')),
      })),
    ),
  ),
  async run(t, { compressed }) {
    let seen = 0;
    for (const image of compressed.instances.filter(({ transferSyntax }) => part2.includes(transferSyntax))) {
      const uid = image.transferSyntax;
      const accept = acceptStream(mediaTypeFor(t, uid), uid);
      for (const asked of [list(framesIn(image)), [1, 2]]) {
        const answer = await streams(t, `${instancePath(image)}/frames/${asked.join(',')}`, accept, 'WADO-RS-6.5.4-31');
        t.record(
          `frames ${asked.join(',')} of ${framesIn(image)} as ${mediaTypeFor(t, uid)}`,
          answer ? `${answer.parts.length} parts` : 'refused',
        );
        const [part] = answer?.parts ?? [];
        if (!part) continue;
        seen += 1;
        if (answer?.parts.length === 1)
          expectLocation(t, `a part with frames ${asked.join(',')}`, part, asked, framesIn(image), 'WADO-RS-6.5.4-31');
      }
      const whole = await streams(t, instancePath(image), accept, 'WADO-RS-6.5.3-11');
      if (whole?.parts.length === 1 && whole.parts[0])
        expectLocation(
          t,
          'the part with all frames of an instance',
          whole.parts[0],
          list(framesIn(image)),
          framesIn(image),
          'WADO-RS-6.5.3-11',
        );
    }
    if (seen === 0) t.skip('the target does not offer frames as JPEG 2000 Part 2');
  },
});
