import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { answers, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { mediaTypeOf, undecided } from '../kit/retrieve.ts';
import { anyObject, askUri, fetchedUri, instanceNamed, inWords, isRefusal } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const noCrash = satisfying('a normal answer or a 4xx status', (s: number) => s < 500);

// RFC 2616 10.4: what is wrong with a request is told by 4xx.
export const broken = check({
  id: 'wado-uri/requests/broken-queries-are-no-server-error',
  title: 'A query that is broken, very long or repeats a parameter is not answered with 5xx',
  requires: ['WADO-URI-HTTP-01'],
  given: { any: anyObject },
  fault: on(/%zz/, status(500)),
  async run(t, { any }) {
    const query = uriQuery(any);
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
  given: { any: anyObject },
  fault: on(request => request.method === 'GET' && /requestType=WADO/.test(request.url), status(405)),
  async run(t, { any }) {
    const got = await fetchedUri(t, any, {}, { row: 'WADO-URI-6.2-02' });
    const { response } = await t.send({ method: 'HEAD', to: uriQuery(any), endpoint: 'wado-uri', headers: { Accept: '*/*' } });
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
  given: { any: anyObject },
  fault: asPicture,
  async run(t, { any }) {
    for (const [of, parameters] of [
      [{ ...any, sopInstanceUID: unknownUid }, {}],
      [any, { contentType: 'image/x-no-such' }],
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
