import { check } from '../harness/check.ts';
import { headerValue } from '../harness/wire.ts';
import { on, sendsHeaders, sendsParts, sendsText, together } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { framesOf, imagesOf } from '../kit/pixels.ts';
import { readMediaType } from '../kit/read/header.ts';
import { ask, fetched, instancePath, parts, partsOf, studyPath } from '../kit/retrieve.ts';

// RFC 2046 5.1.1: the line break before a delimiter belongs to the delimiter, every other one to the content.
export const lineBreaks = check({
  id: 'wado-rs/payloads/line-breaks-at-the-ends',
  title: 'Content that begins and ends with line breaks arrives byte for byte',
  requires: ['WADO-RS-MIME-12'],
  given: { payloads: fixture('payloads'), ct: fixture('ct') },
  fault: on(
    /\/frames\//,
    sendsParts(all =>
      all.map(part => ({ ...part, body: part.body.subarray(-2).toString('latin1') === '\r\n' ? part.body.subarray(0, -2) : part.body })),
    ),
  ),
  async run(t, { payloads, ct }) {
    for (const image of [...imagesOf(payloads), ...imagesOf(ct).slice(0, 1)]) {
      const [pixels] = framesOf(image) ?? [];
      const exchange = await ask(t, `${instancePath(image)}/frames/1`, acceptOctets);
      if (exchange.response.status !== 200 || !pixels) continue;
      const bodies = partsOf(t, exchange).map(part => part.body);
      t.expect(
        'the length of a frame that begins and ends with line breaks',
        bodies.map(body => body.length),
        [pixels.length],
      );
      t.expect('a frame that begins and ends with line breaks', bodies, [pixels]);
    }
    const sent = await parts(t, studyPath(payloads), acceptDicom);
    t.expect('the number of parts of a study whose pixels look like delimiter lines', sent.length, payloads.instances.length);
  },
});

/** A server that always uses this boundary, as some have been seen to do. */
const fixed = 'boundary';
const alwaysTheSame = together(
  sendsText((text, request) => {
    const delimiter = /^--(\w+)/.exec(text)?.[1] ?? '';
    return request.method === 'GET' ? text.replaceAll(delimiter, fixed) : text;
  }),
  sendsHeaders(headers => headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/boundary=.*/, `boundary=${fixed}`))),
);

// RFC 2046 5.1: no line of the content begins with the delimiter.
export const boundary = check({
  id: 'wado-rs/payloads/delimiter-in-the-content',
  title: 'The boundary of a message does not occur in its content',
  requires: ['WADO-RS-MIME-13'],
  given: { payloads: fixture('payloads') },
  fault: on(/\/studies\//, alwaysTheSame),
  async run(t, { payloads }) {
    for (const image of imagesOf(payloads)) {
      const exchange = await fetched(t, instancePath(image), acceptDicom);
      const told = readMediaType(headerValue(exchange.response.headers, 'Content-Type') ?? '').value.parameters.get('boundary') ?? '';
      const content = Buffer.from(image.dataSet.get('7FE00010') ? Buffer.concat(framesOf(image) ?? []) : []);
      t.expect(
        'that the pixels of an image have a line that begins with the delimiter of the message',
        content.includes(`\r\n--${told}`),
        false,
      );
      t.expect('the number of parts for an image whose pixels look like delimiter lines', partsOf(t, exchange).length, 1);
    }
  },
});
