import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import { on, sendsHeaders } from '../kit/faults.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { type JpegFrame, readJpegFrame } from '../kit/read/picture.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { mediaTypeOf } from '../kit/retrieve.ts';
import { askUri, uriType } from '../kit/uri.ts';
import { anyImage } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const isUri = ({ request }: Exchange) => request.method === 'GET' && /[?&]requestType=WADO(&|$)/.test(request.url);
const isCoded = ({ response }: Exchange) => (headerValue(response.headers, 'Content-Encoding') ?? 'identity').toLowerCase() !== 'identity';
const succeeded = (exchange: Exchange) => isUri(exchange) && exchange.response.status === 200;
const contentTypeOf = ({ request }: Exchange) => new URL(request.url).searchParams.get('contentType') ?? 'no contentType';

// PS3.18-2013 6.3 with RFC 2616 4.4: the length that is told is the length of the body.
export const framing = check({
  id: 'wado-uri/every-answer/content-length-is-the-length-of-the-body',
  title: 'A Content-Length tells the number of bytes of the body',
  requires: ['WADO-URI-6.3-01'],
  given: { image: anyImage },
  fault: on(/requestType=WADO/, sendsHeaders({ 'Content-Length': '12' })),
  async run(t, { image }) {
    const { response } = await askUri(t, uriQuery(image));
    t.record('Content-Length of a picture', headerValue(response.headers, 'Content-Length') === null ? 'not sent' : 'sent');
  },
  watch(t, exchange) {
    const length = headerValue(exchange.response.headers, 'Content-Length');
    if (!isUri(exchange) || length === null || [204, 304].includes(exchange.response.status)) return;
    t.expect(`the Content-Length of an answer with ${contentTypeOf(exchange)}`, length, String(exchange.response.body.length));
  },
});

// 6.3.1.1 and 6.3.2.1 with RFC 2616 14.17: the media type is that of the body. Types without a signature are believed unless the body has that of another one.
export const labels = check({
  id: 'wado-uri/every-answer/content-type-is-that-of-the-body',
  title: 'Content-Type names what the body is',
  requires: ['WADO-URI-6.3-02'],
  given: { image: anyImage },
  fault: on(/contentType=image%2Fpng/, sendsHeaders({ 'Content-Type': 'image/jpeg' })),
  async run(t, { image }) {
    for (const contentType of ['image/png', 'image/jpeg', 'application/dicom'])
      t.record(`what ${contentType} is answered with`, uriType(await askUri(t, uriQuery(image, { contentType }))));
  },
  watch(t, exchange) {
    if (!succeeded(exchange) || isCoded(exchange) || exchange.response.body.length === 0) return;
    const [told, seen] = [mediaTypeOf(exchange), signatureOf(exchange.response.body)];
    const known = ['application/dicom', 'image/jpeg', 'image/png', 'image/gif', 'image/jp2', 'application/pdf', 'text/rtf'];
    if (seen === '' && !known.includes(told)) return;
    t.expect(`what the body of an answer labelled ${told || 'with nothing'} is`, seen || 'something else', told);
  },
});

// 6.3.2.2: a single part in the sense of MIME.
export const single = check({
  id: 'wado-uri/every-answer/not-multipart',
  title: 'An answer is one part and not multipart',
  requires: ['WADO-URI-6.3.2.2-01'],
  given: { image: anyImage },
  fault: on(/requestType=WADO/, sendsHeaders({ 'Content-Type': 'multipart/related; type="image/jpeg"; boundary=b' })),
  async run(t, { image }) {
    await askUri(t, uriQuery(image));
  },
  watch(t, exchange) {
    if (!succeeded(exchange)) return;
    t.expect(
      `the media type of an answer with ${contentTypeOf(exchange)}`,
      mediaTypeOf(exchange),
      satisfying('a type that is not multipart', (type: string) => !type.startsWith('multipart/')),
    );
  },
});

/** The frame header of an answer as JPEG; null for other answers and for what is no JPEG at all, which `labels` judges. */
function jpegOf(exchange: Exchange): JpegFrame | null {
  if (!succeeded(exchange) || isCoded(exchange) || mediaTypeOf(exchange) !== 'image/jpeg') return null;
  try {
    return readJpegFrame(exchange.response.body);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** The same stream with another marker in place of that of the frame header. */
const remarked = (marker: number, precision: number) => (body: Buffer) => {
  const changed = Buffer.from(body);
  const at = changed.indexOf(Buffer.of(0xff, 0xc0));
  if (at === -1) return changed;
  changed[at + 1] = marker;
  changed[at + 4] = precision;
  return changed;
};

// 7.1.2: the baseline process; the print also says non-sequential, so 8-bit progressive streams are taken.
export const baseline = check({
  id: 'wado-uri/every-answer/jpeg-is-baseline',
  title: 'Pictures as image/jpeg are of the baseline process, 8 bits and Huffman coded',
  requires: ['WADO-URI-7.1.2-05', 'WADO-URI-7.1.2-06'],
  given: { image: anyImage },
  fault: on(/requestType=WADO/, sendsJpeg(remarked(0xc3, 8))),
  async run(t, { image }) {
    const type = uriType(await askUri(t, uriQuery(image, { contentType: 'image/jpeg' })));
    t.record('what image/jpeg is answered with', type);
  },
  watch(t, exchange) {
    const frame = jpegOf(exchange);
    if (!frame) return;
    const process = satisfying('SOF0', (name: string) => name === 'SOF0' || (name === 'SOF2' && frame.precision === 8));
    t.expect('the process of a picture as image/jpeg', frame.process, process);
    t.expect('the bits of a sample of a picture as image/jpeg', frame.precision, 8, { row: 'WADO-URI-7.1.2-06' });
    t.expect('that a picture as image/jpeg has Huffman tables', frame.huffman, true, { row: 'WADO-URI-7.1.2-06' });
  },
});

function sendsJpeg(change: (body: Buffer) => Buffer): Parameters<typeof on>[1] {
  return server => async request => {
    const response = await server(request);
    if (response.headers.get('Content-Type') !== 'image/jpeg') return response;
    return new Response(change(Buffer.from(await response.arrayBuffer())), { headers: response.headers });
  };
}
