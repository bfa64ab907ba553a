import { check } from '../harness/check.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { instancePath } from '../kit/retrieve.ts';
import { acceptStream, expectStream, knownFrames, mediaTypeFor, streams } from '../kit/streams.ts';

const losslessJpeg = '1.2.840.10008.1.2.4.70';

// PS3.5-2013 A.4: a frame may lie in several fragments, and the offset table is none of them.
export const fragments = check({
  id: 'wado-rs/compressed-bulk-data/frames-from-fragments',
  title: 'Frames that lie in several fragments come whole, with and without Basic Offset Table',
  requires: ['WADO-RS-6.5.4-20', 'WADO-RS-6.5.4-21'],
  given: { fragmented: fixture('fragments') },
  fault: on(
    request => /\/frames\/2/.test(request.url),
    sendsParts(all => all.map(part => ({ ...part, body: part.body.subarray(0, part.body.length / 3) }))),
  ),
  async run(t, { fragmented }) {
    let seen = 0;
    for (const image of fragmented.instances) {
      const row = image.name.startsWith('three') ? 'WADO-RS-6.5.4-20' : 'WADO-RS-6.5.4-21';
      for (const [i, known] of knownFrames(image).entries()) {
        const answer = await streams(
          t,
          `${instancePath(image)}/frames/${i + 1}`,
          acceptStream(mediaTypeFor(t, losslessJpeg), losslessJpeg),
          row,
        );
        t.record(`frames of an image with fragments ${image.name.replaceAll('-', ' ')}`, answer ? 'sent' : 'refused');
        if (!answer) continue;
        seen += 1;
        const what = `frame ${i + 1} of an image with fragments ${image.name.replaceAll('-', ' ')}`;
        t.expect(`the number of parts for ${what}`, answer.parts.length, 1, { row });
        for (const part of answer.parts) await expectStream(t, what, part, { uid: losslessJpeg, image, known, row });
      }
    }
    if (seen === 0) t.skip(`the target does not offer frames as ${mediaTypeFor(t, losslessJpeg)}`);
  },
});
