import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { hears, on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptOctets } from '../kit/media.ts';
import { frameShape, frameSize, framesOf, imagesOf } from '../kit/pixels.ts';
import { fetched, instancePath, parametersOf, parts, partsOf } from '../kit/retrieve.ts';

const frames = /\/frames\//;
const bodiesOf = async (...request: Parameters<typeof parts>) => (await parts(...request)).map(part => part.body);

// PS3.18-2013 6.5.4.1 and PS3.4-2013 Y.3.2.1.1: numbers count from 1.
export const theFrameAsked = check({
  id: 'wado-rs/frames/the-frame-that-was-asked-for',
  title: 'Each frame of a multi-frame image comes as its own pixels',
  requires: ['WADO-RS-6.5.4-15', 'WADO-RS-6.5.4-01', 'WADO-RS-6.5.4-04'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    frames,
    hears(url => (url.pathname = url.pathname.replace(/frames\/.*/, 'frames/1'))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 2)) {
      const native = framesOf(image) ?? [];
      for (const [i, pixels] of native.slice(0, 4).entries()) {
        const sent = await bodiesOf(t, `${instancePath(image)}/frames/${i + 1}`, acceptOctets, { row: 'WADO-RS-6.5.4-01' });
        t.expect(`the pixels sent for frame ${i + 1} of ${native.length}`, sent, [pixels], i === 0 ? { row: 'WADO-RS-6.5.4-04' } : {});
      }
    }
  },
});

export const lists = check({
  id: 'wado-rs/frames/lists',
  title: 'A list of frames comes as one part for each, in the order of the list',
  requires: ['WADO-RS-6.5.4-06', 'WADO-RS-6.5.4-02', 'WADO-RS-6.5.4-05', 'WADO-RS-6.5.4-13'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    /\/frames\/\d+(,|%2C)/i,
    sendsParts(all => [...all].sort((a, b) => a.body.compare(b.body))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const native = framesOf(image) ?? [];
      if (native.length < 3) continue;
      for (const list of [
        [1, 3],
        [3, 1, 2],
        [native.length, 1, 2],
      ]) {
        const ascending = list.every((number, i) => number > (list[i - 1] ?? 0));
        const row = ascending ? 'WADO-RS-6.5.4-02' : 'WADO-RS-6.5.4-05';
        const answer = await parts(t, `${instancePath(image)}/frames/${list.join(',')}`, acceptOctets, { row });
        const sent = answer.map(part => part.body);
        const types = [...new Set(answer.map(part => part.mediaType))];
        t.expect(`the Content-Type of the parts for the frame list ${list.join(',')}`, types, ['application/octet-stream'], {
          row: 'WADO-RS-6.5.4-13',
        });
        t.expect(`the number of parts for the frame list ${list.join(',')}`, sent.length, list.length, { row: 'WADO-RS-6.5.4-02' });
        const order = sent.map(body => native.findIndex(frame => Buffer.compare(frame, body) === 0) + 1);
        t.expect(`the frames sent for the list ${list.join(',')}, by their pixels (0: none of them)`, order, list);
      }
    }
  },
});

// 6.5.4.1: the separator may be written %2C.
export const escapedComma = check({
  id: 'wado-rs/frames/escaped-comma',
  title: 'A frame list with %2C means the same as one with commas',
  requires: ['WADO-RS-6.5.4-03'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    /%2C/i,
    hears(url => (url.pathname = url.pathname.replace(/%2C.*/i, ''))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const plain = await bodiesOf(t, `${instancePath(image)}/frames/1,2`, acceptOctets);
      for (const comma of ['%2C', '%2c']) {
        t.expect(
          `the parts for the frame list 1${comma}2`,
          await bodiesOf(t, `${instancePath(image)}/frames/1${comma}2`, acceptOctets),
          plain,
        );
      }
    }
  },
});

export const oneByOne = check({
  id: 'wado-rs/frames/one-by-one-as-in-a-list',
  title: 'A frame asked for alone has the same bytes as in a list',
  requires: ['WADO-RS-6.5.4-30'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    /\/frames\/\d+$/,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(part.body).reverse() }))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const [, second] = await bodiesOf(t, `${instancePath(image)}/frames/1,2`, acceptOctets);
      const [alone] = await bodiesOf(t, `${instancePath(image)}/frames/2`, acceptOctets);
      t.expect('frame 2 asked for alone', alone, second);
    }
  },
});

// 6.5.4: single-frame images have a frame 1, too.
export const singleFrame = check({
  id: 'wado-rs/frames/frame-1-of-a-single-frame-image',
  title: 'frames/1 of an image without Number of Frames is the image',
  requires: ['WADO-RS-6.5.4-12', 'WADO-RS-6.5.4-14', 'WADO-RS-6.5-09'],
  given: { ct: fixture('ct') },
  fault: on(
    frames,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.concat([part.body, Buffer.from('\r\n')]) }))),
  ),
  async run(t, { ct }) {
    for (const image of imagesOf(ct).slice(0, 2)) {
      const [pixels] = framesOf(image) ?? [];
      const sent = await bodiesOf(t, `${instancePath(image)}/frames/1`, acceptOctets);
      t.expect(
        'the length of frame 1 of a single-frame image',
        sent.map(body => body.length),
        [pixels?.length],
        { row: 'WADO-RS-6.5.4-14' },
      );
      t.expect('the pixels of frame 1 of a single-frame image', sent, [pixels], { row: 'WADO-RS-6.5-09' });
    }
  },
});

// PS3.5-2013 8.1.1: the value field is padded as a whole, never frame by frame.
export const oddSizes = check({
  id: 'wado-rs/frames/odd-sizes',
  title: 'Frames of an odd number of bytes come without padding between them',
  requires: ['WADO-RS-6.5.4-14', 'WADO-RS-6.5.4-15'],
  given: { odd: fixture('odd-sizes') },
  fault: on(
    frames,
    sendsParts(all => all.map(part => ({ ...part, body: Buffer.concat([part.body, Buffer.alloc(part.body.length % 2)]) }))),
  ),
  async run(t, { odd }) {
    for (const image of imagesOf(odd)) {
      const shape = frameShape(image.dataSet);
      const native = framesOf(image);
      if (!shape || !native) continue;
      const size = frameSize(shape);
      for (const [i, pixels] of native.entries()) {
        const [sent = new Uint8Array()] = await bodiesOf(t, `${instancePath(image)}/frames/${i + 1}`, acceptOctets);
        const last = i + 1 === native.length;
        t.expect(
          `the bytes of frame ${i + 1} of ${native.length}, ${shape.columns} by ${shape.rows}`,
          sent.length,
          last ? anyOf(size, size + ((size * native.length) % 2)) : size,
        );
        t.expect(`the pixels of frame ${i + 1}`, sent.subarray(0, size), pixels, { row: 'WADO-RS-6.5.4-15' });
      }
    }
  },
});

// 6.5.4.2.1: Content-Location is the bulk data URL, optionally with the frame number.
export const contentLocation = check({
  id: 'wado-rs/frames/content-location',
  title: 'Each frame says by Content-Location where it is',
  requires: ['WADO-RS-6.5.4-27', 'WADO-RS-6.5.4-26'],
  given: { multi: fixture('multi-frame') },
  fault: on(
    frames,
    sendsParts(all => all.map(part => ({ ...part, headers: part.headers.filter(line => !/^content-location/i.test(line)) }))),
  ),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const list = [2, 1];
      const exchange = await fetched(t, `${instancePath(image)}/frames/${list.join(',')}`, acceptOctets);
      const sent = partsOf(t, exchange);
      t.expect(
        'the type parameter of a message with frames',
        parametersOf(exchange).get('type')?.split(';')[0]?.toLowerCase(),
        sent[0]?.mediaType,
        {
          row: 'WADO-RS-6.5.4-26',
        },
      );
      for (const [i, part] of sent.entries()) {
        t.expect(
          `the Content-Location of frame ${list[i]}`,
          part.location,
          satisfying('a URL', (url: string | null) => url !== null),
        );
        const suffixes = [...(part.location ?? '').matchAll(/\/frames\/([^/?#]+)/g)].map(([, numbers]) => numbers);
        t.expect(`the frame numbers at the end of the Content-Location of frame ${list[i]}`, suffixes, anyOf([], [String(list[i])]));
      }
    }
  },
});
