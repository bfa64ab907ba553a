import { check } from '../harness/check.ts';
import type { Exchange } from '../harness/wire.ts';
import { hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { looksLike } from '../kit/read/picture.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { mediaTypeOf } from '../kit/retrieve.ts';
import { anyObject, askAsItIs, askUri, fetchedUri, instanceNamed, readObject, uriType } from '../kit/uri.ts';
import { anyImage, decoded } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

// PS3.18-2013 6.1, 6.2 and Annex B.1: one GET, one answer, and the object is in it.
export const get = check({
  id: 'wado-uri/requests/get-is-answered-with-the-object',
  title: 'A GET with the four required parameters is answered with the object',
  requires: ['WADO-URI-6.2-02', 'WADO-URI-6.1-01', 'WADO-URI-B-01', 'WADO-URI-6.2.1-05'],
  given: { image: anyImage },
  fault: on(/requestType=WADO/, status(405)),
  async run(t, { image }) {
    const exchange = await fetchedUri(t, image);
    const isObject = /^(image\/|application\/dicom)/.test(signatureOf(exchange.response.body));
    t.expect(
      'what the first bytes of the answer show',
      isObject ? 'a picture or a DICOM object' : 'neither',
      'a picture or a DICOM object',
      {
        row: 'WADO-URI-6.1-01',
      },
    );
    t.expect('the media type of a single-frame image without more parameters', mediaTypeOf(exchange), 'image/jpeg', {
      row: 'WADO-URI-B-01',
    });
    t.record('the path of the endpoint', new URL(exchange.request.url).pathname);
  },
});

// 6.2.1 with RFC 2396 2.4: an escaped character is the character.
export const escapes = check({
  id: 'wado-uri/requests/escapes-are-decoded',
  title: 'Escaped characters in parameter values are read as the characters they stand for',
  requires: ['WADO-URI-6.2.1-02'],
  given: { image: anyImage },
  fault: on(/%2E/i, status(404)),
  async run(t, { image }) {
    const escaped = uriQuery(image, { contentType: 'image/jpeg' });
    const type = async (query: string) => uriType(await askAsItIs(t, query));
    t.expect('what contentType=image%2Fjpeg is answered with', await type(escaped), 'image/jpeg');
    const dots = escaped.replace(/objectUID=[^&]+/, uid => uid.replaceAll('.', '%2E'));
    t.expect('what an objectUID with its dots written as %2E is answered with', await type(dots), 'image/jpeg');
    t.record('what contentType=image/jpeg with the slash as it is is answered with', await type(escaped.replace('%2F', '/')));
  },
});

// RFC 2396 and 8: the standard gives the order of parameters no meaning.
export const order = check({
  id: 'wado-uri/requests/the-order-of-parameters-means-nothing',
  title: 'The order of the parameters does not change the answer',
  requires: ['WADO-URI-6.2.1-04'],
  given: { any: anyObject },
  fault: on(/\?(?!requestType)/, status(400)),
  async run(t, { any }) {
    const parameters = uriQuery(any, { contentType: 'application/dicom' }).slice(1).split('&');
    const types: string[] = [];
    for (const list of [parameters, [...parameters].reverse(), [...parameters.slice(2), ...parameters.slice(0, 2)]])
      types.push(uriType(await askUri(t, `?${list.join('&')}`)));
    t.expect('what the same parameters in three orders are answered with', types, [types[0], types[0], types[0]]);
  },
});

// 2013 is silent about other parameters; later editions have them ignored.
export const unknownParameter = check({
  id: 'wado-uri/requests/unknown-parameters-are-ignored',
  title: 'A parameter that the standard does not define does not change the answer',
  requires: ['WADO-URI-6.2.1-07'],
  given: { any: anyObject },
  fault: on(/xSuiteUnknown/, status(400)),
  async run(t, { any }) {
    const known = uriType(await askUri(t, uriQuery(any, { contentType: 'application/dicom' })));
    const unknown = uriType(await askUri(t, uriQuery(any, { contentType: 'application/dicom', xSuiteUnknown: 1 })));
    t.expect('what a request with xSuiteUnknown=1 added is answered with', unknown, known);
  },
});

// Annex A.1: a space may be written as "+".
export const plus = check({
  id: 'wado-uri/requests/plus-is-a-space',
  title: 'A plus sign in the query is read as a space',
  requires: ['WADO-URI-A-02'],
  given: { image: anyImage },
  fault: on(/,\+/, status(406)),
  async run(t, { image }) {
    const query = uriQuery(image);
    const type = async (list: string) => uriType(await askUri(t, `${query}&contentType=${list}`));
    const wanted = await type('image%2Fx-no-such,%20image%2Fjpeg');
    t.expect('what a list of media types with "+" after the comma is answered with', await type('image%2Fx-no-such,+image%2Fjpeg'), wanted);
  },
});

// RFC 2616 9.1: GET is safe, so it can be repeated.
export const repeated = check({
  id: 'wado-uri/requests/the-same-each-time',
  title: 'The same request is answered the same each time',
  requires: ['WADO-URI-HTTP-04'],
  given: { any: anyObject },
  fault: server => {
    const asked = new Map<string, number>();
    return request => {
      const times = (asked.get(request.url) ?? 0) + 1;
      asked.set(request.url, times);
      return times === 3 ? status(404)(server)(request) : server(request);
    };
  },
  async run(t, { any }) {
    const exchanges: Exchange[] = [];
    for (let i = 0; i < 3; i += 1) exchanges.push(await askUri(t, uriQuery(any, { contentType: 'application/dicom' })));
    const types = exchanges.map(uriType);
    t.expect('what three equal requests are answered with', types, [types[0], types[0], types[0]]);
    if (types.some(type => type !== 'application/dicom')) return;
    const uids = exchanges.map(each => readObject(t, each).sopInstanceUID);
    t.expect('the SOP Instance UIDs of three answers', uids, [uids[0], uids[0], uids[0]]);
  },
});

// 6.2.1 and 8.2.4: the comma of a list may be escaped.
export const commas = check({
  id: 'wado-uri/requests/commas-may-be-escaped',
  title: 'The commas of a list mean the same as they are and as %2C',
  requires: ['WADO-URI-6.2.1-03'],
  given: { rendering: fixture('rendering') },
  fault: on(
    /region=[^&]*%2C/i,
    hears(url => url.searchParams.delete('region')),
  ),
  async run(t, { rendering }) {
    const query = uriQuery(instanceNamed(rendering, 'quadrants'), { contentType: 'image/jpeg' });
    const plain = await askUri(t, `${query}&region=0.0,0.0,0.5,0.5`);
    const escaped = await askUri(t, `${query}&region=0.0%2C0.0%2C0.5%2C0.5`);
    t.expect('what a region with escaped commas is answered with', uriType(escaped), uriType(plain));
    if (uriType(plain) !== 'image/jpeg' || uriType(escaped) !== 'image/jpeg') return;
    const [one, other] = [await decoded(t, plain), await decoded(t, escaped)];
    t.expect('the size of a region with escaped commas', [other.width, other.height], [one.width, one.height]);
    t.expect('that a region with escaped commas shows the same', looksLike(one, other), true);
  },
});
