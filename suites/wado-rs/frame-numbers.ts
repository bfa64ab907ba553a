import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { hears, on, sendsStatus, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptOctets } from '../kit/media.ts';
import { framesOf, imagesOf, instancesOf } from '../kit/pixels.ts';
import { ask, instancePath } from '../kit/retrieve.ts';

const refused = anyOf(400, 404);

// PS3.18-2013 6.5.4 names no code for frames that do not exist; 404 and 400 both say so.
export const beyondTheEnd = check({
  id: 'wado-rs/frame-numbers/beyond-the-end',
  title: 'A frame beyond the last is refused, alone and in a list',
  requires: ['WADO-RS-6.5.4-11', 'WADO-RS-6.5.4-10'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    /\/frames\/1,\d/,
    hears(url => (url.pathname = url.pathname.replace(/,.*/, ''))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const count = framesOf(image)?.length ?? 1;
      const alone = await ask(t, `${instancePath(image)}/frames/${count + 1}`, acceptOctets);
      t.expect(`the status for frame ${count + 1} of ${count}`, alone.response.status, anyOf(404, 400, 406), { row: 'WADO-RS-6.5.4-10' });
      const listed = await ask(t, `${instancePath(image)}/frames/1,${count + 1}`, acceptOctets);
      t.expect(`the status for frames 1,${count + 1} of ${count}`, listed.response.status, anyOf(404, 400, 406, 206));
    }
  },
});

export const malformed = check({
  id: 'wado-rs/frame-numbers/malformed',
  title: 'Frame 0, negative and empty frame numbers are refused',
  requires: ['WADO-RS-6.5.4-09'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    /\/frames\/0/,
    hears(url => (url.pathname = url.pathname.replace(/frames\/0.*/, 'frames/1'))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      for (const list of ['0', '-1', 'a', '1,,2', '1.5', '1,0']) {
        const { response } = await ask(t, `${instancePath(image)}/frames/${list}`, acceptOctets);
        t.expect(`the status for the frame list "${list}"`, response.status, refused);
      }
    }
  },
});

// 6.5.4.1: the list has no duplicates.
export const repeated = check({
  id: 'wado-rs/frame-numbers/repeated',
  title: 'A frame number that stands twice in a list is refused',
  requires: ['WADO-RS-6.5.4-08'],
  given: { multi: fixture('multi-frame') },
  fault: on(/\/frames\/2,2/, status(500)),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const { response } = await ask(t, `${instancePath(image)}/frames/2,2`, acceptOctets);
      t.expect('the status for the frame list 2,2', response.status, refused);
    }
  },
});

export const withoutPixels = check({
  id: 'wado-rs/frame-numbers/of-an-object-without-pixels',
  title: 'A frame of an object without pixel data is refused',
  requires: ['WADO-RS-6.5.4-24'],
  given: { sr: fixture('sr') },
  fault: on(/\/frames\//, sendsStatus(200)),
  async run(t, { sr }) {
    for (const instance of instancesOf(sr).slice(0, 1)) {
      const exchange = await ask(t, `${instancePath(instance)}/frames/1`, acceptOctets);
      t.expect('the status for frame 1 of a structured report', exchange.response.status, anyOf(404, 406, 400));
    }
  },
});
