import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { answers, hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { looksLike } from '../kit/read/picture.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { mediaTypeOf, undecided } from '../kit/retrieve.ts';
import { askAsItIs, askUri, decoded, fetchedUri, instanceNamed, inWords, isRefusal, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

// PS3.18-2013 6.1, 6.2 and Annex B.1: one GET, one answer, and the object is in it.
export const get = check({
  id: 'wado-uri/requests/get-is-answered-with-the-object',
  title: 'A GET with the four required parameters is answered with the object',
  requires: ['WADO-URI-6.2-02', 'WADO-URI-6.1-01', 'WADO-URI-B-01', 'WADO-URI-6.2.1-05'],
  given: { rendering: fixture('rendering') },
  fault: on(/requestType=WADO/, status(405)),
  async run(t, { rendering }) {
    const exchange = await fetchedUri(t, instanceNamed(rendering, 'ramp'));
    const isObject = /^(image\/|application\/dicom)/.test(signatureOf(exchange.response.body));
    t.expect(
      'what the first bytes of the answer show',
      isObject ? 'a picture or a DICOM object' : 'neither',
      'a picture or a DICOM object',
      {
        row: 'WADO-URI-6.1-01',
      },
    );
    t.expect('the media type of a CT image without more parameters', mediaTypeOf(exchange), 'image/jpeg', { row: 'WADO-URI-B-01' });
    t.record('the path of the endpoint', new URL(exchange.request.url).pathname);
  },
});

// 6.2.1 with RFC 2396 2.4: an escaped character is the character.
export const escapes = check({
  id: 'wado-uri/requests/escapes-are-decoded',
  title: 'Escaped characters in parameter values are read as the characters they stand for',
  requires: ['WADO-URI-6.2.1-02'],
  given: { rendering: fixture('rendering') },
  fault: on(/%2E/i, status(404)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
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
  given: { rendering: fixture('rendering') },
  fault: on(/\?(?!requestType)/, status(400)),
  async run(t, { rendering }) {
    const parameters = uriQuery(instanceNamed(rendering, 'ramp'), { contentType: 'application/dicom' }).slice(1).split('&');
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
  given: { rendering: fixture('rendering') },
  fault: on(/xSuiteUnknown/, status(400)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const known = uriType(await askUri(t, uriQuery(image, { contentType: 'image/jpeg' })));
    const unknown = uriType(await askUri(t, uriQuery(image, { contentType: 'image/jpeg', xSuiteUnknown: 1 })));
    t.expect('what a request with xSuiteUnknown=1 added is answered with', unknown, known);
  },
});

// Annex A.1: a space may be written as "+".
export const plus = check({
  id: 'wado-uri/requests/plus-is-a-space',
  title: 'A plus sign in the query is read as a space',
  requires: ['WADO-URI-A-02'],
  given: { rendering: fixture('rendering') },
  fault: on(/,\+/, status(406)),
  async run(t, { rendering }) {
    const query = uriQuery(instanceNamed(rendering, 'ramp'));
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
  given: { rendering: fixture('rendering') },
  fault: server => {
    let asked = 0;
    return request => (asked++ % 2 === 0 ? server(request) : status(404)(server)(request));
  },
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const exchanges = [];
    for (let i = 0; i < 3; i += 1) exchanges.push(await askUri(t, uriQuery(image, { contentType: 'image/jpeg' })));
    const [first] = exchanges;
    const types = exchanges.map(uriType);
    t.expect('what three equal requests are answered with', types, [types[0], types[0], types[0]]);
    if (first === undefined || types.some(type => type !== 'image/jpeg')) return;
    const pictures = await Promise.all(exchanges.map(each => decoded(t, each)));
    const same = pictures.every(each => pictures[0] !== undefined && looksLike(each, pictures[0]));
    t.expect('that the three pictures show the same', same, true);
  },
});

const noCrash = satisfying('a normal answer or a 4xx status', (s: number) => s < 500);

// RFC 2616 10.4: what is wrong with a request is told by 4xx.
export const broken = check({
  id: 'wado-uri/requests/broken-queries-are-no-server-error',
  title: 'A query that is broken, very long or repeats a parameter is not answered with 5xx',
  requires: ['WADO-URI-HTTP-01'],
  given: { rendering: fixture('rendering') },
  fault: on(/%zz/, status(500)),
  async run(t, { rendering }) {
    const query = uriQuery(instanceNamed(rendering, 'ramp'));
    for (const [what, more] of [
      ['with a broken escape (%zz)', '&contentType=%zz'],
      ['of more than 8000 characters', `&xSuiteLong=${'a'.repeat(8000)}`],
      ['with contentType twice', '&contentType=image%2Fjpeg&contentType=image%2Fpng'],
    ] as const) {
      const { response } = await t.send({ to: query + more, endpoint: 'wado-uri', headers: { Accept: '*/*' } });
      undecided(t, response.status);
      t.expect(`the status of a query ${what}`, response.status, noCrash);
    }
  },
});

// 6.2 with RFC 2616 9: only GET retrieves. The UIDs are those of nothing.
export const otherMethods = check({
  id: 'wado-uri/requests/put-and-delete-do-nothing',
  title: 'PUT and DELETE on the endpoint are refused',
  requires: ['WADO-URI-HTTP-02'],
  fault: on(request => request.method === 'PUT', status(200)),
  async run(t) {
    const nothing = { studyInstanceUID: unknownUid, seriesInstanceUID: unknownUid, sopInstanceUID: unknownUid };
    for (const method of ['PUT', 'DELETE']) {
      const { response } = await t.send({ method, to: uriQuery(nothing), endpoint: 'wado-uri' });
      undecided(t, response.status);
      const refused = satisfying('a 4xx status or 501', (s: number) => isRefusal(s) || s === 501);
      t.expect(`the status of ${method} for an object that does not exist`, response.status, refused);
    }
  },
});

// RFC 2616 9.4: HEAD is GET without the body.
export const head = check({
  id: 'wado-uri/requests/head-is-recorded',
  title: 'What HEAD is answered with is written down',
  requires: ['WADO-URI-HTTP-03', 'WADO-URI-6.2-02'],
  given: { rendering: fixture('rendering') },
  fault: on(request => request.method === 'GET' && /requestType=WADO/.test(request.url), status(405)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const got = await fetchedUri(t, image, {}, { row: 'WADO-URI-6.2-02' });
    const { response } = await t.send({ method: 'HEAD', to: uriQuery(image), endpoint: 'wado-uri', headers: { Accept: '*/*' } });
    const same = response.status === got.response.status ? 'the status of GET' : `status ${response.status}`;
    t.record('HEAD is answered with', `${same} and ${response.body.length} bytes of body`);
  },
});

const asPicture = answers(response =>
  response.ok ? response : new Response('no', { status: response.status, headers: { 'Content-Type': 'image/jpeg' } }),
);

// RFC 2616 7.2.1: an error is not the object.
export const errorsAreNoObjects = check({
  id: 'wado-uri/requests/errors-are-not-labelled-as-objects',
  title: 'The body of an error is not labelled as a picture or a DICOM object',
  requires: ['WADO-URI-HTTP-05'],
  given: { rendering: fixture('rendering') },
  fault: asPicture,
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    for (const [of, parameters] of [
      [{ ...image, sopInstanceUID: unknownUid }, {}],
      [image, { contentType: 'image/x-no-such' }],
    ] as const) {
      const exchange = await askUri(t, uriQuery(of, parameters));
      if (exchange.response.status < 400) {
        t.record(`the status of ${inWords(of, parameters)}`, String(exchange.response.status));
        continue;
      }
      const noObject = satisfying('text or nothing', (type: string) => !/^(image|video)\/|^application\/dicom$/.test(type));
      t.expect(`the media type of an answer with status ${exchange.response.status}`, mediaTypeOf(exchange), noObject);
    }
  },
});

// 6.3.2.2: one object in an answer; 6.2: one object in a request.
export const oneObject = check({
  id: 'wado-uri/requests/one-object-in-an-answer',
  title: 'A request that names two objects gets at most one',
  requires: ['WADO-URI-6.3.2.2-02'],
  given: { rendering: fixture('rendering') },
  fault: on(
    url => (url.url.match(/objectUID=/g) ?? []).length > 1,
    answers(() => new Response(Buffer.from('504b030414000000', 'hex'), { headers: { 'Content-Type': 'application/zip' } })),
  ),
  async run(t, { rendering }) {
    const query = uriQuery(instanceNamed(rendering, 'ramp'), { contentType: 'application/dicom' });
    const exchange = await askUri(t, `${query}&objectUID=${instanceNamed(rendering, 'quadrants').sopInstanceUID}`);
    if (exchange.response.status !== 200) {
      t.record('a request with two objectUID', `refused with status ${exchange.response.status}`);
      return;
    }
    const what = mediaTypeOf(exchange).startsWith('multipart/') ? 'several parts' : signatureOf(exchange.response.body) || 'something else';
    t.expect('what a request with two objectUID is answered with', what, anyOf('application/dicom', 'image/jpeg'));
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
