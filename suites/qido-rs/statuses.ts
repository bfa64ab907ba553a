import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { urlOf } from '../harness/target.ts';
import { headerValue, type WireResponse } from '../harness/wire.ts';
import { answers, on, status } from '../kit/faults.ts';
import { fewStudies } from '../kit/givens/few-studies.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptJson } from '../kit/media.ts';
import { sendSearch } from '../kit/search.ts';

// PS3.18-2013 Table 6.7-1: 400 for a query component that cannot be understood; what is understood all the same, or ignored, is answered.
export const notUnderstood = check({
  id: 'qido-rs/statuses/a-query-that-is-not-understood',
  title: 'A query that is refused because it cannot be understood is refused with 400',
  requires: ['QIDO-RS-6.7.1.3-03', 'QIDO-RS-6.7.1.3-09'],
  given: { ct: fixture('ct') },
  fault: on(/StudyDate=abc/, status(500)),
  async run(t, { ct }) {
    for (const query of ['StudyDate=abc', '00ZZ0010=1', 'StudyTime=half past ten'.replaceAll(' ', '%20')]) {
      const { status: code } = (await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&${query}`)).response;
      t.record(`the status for ${decodeURIComponent(query)}`, String(code));
      t.expect(`the status of a search with ${decodeURIComponent(query)}`, code, anyOf(200, 204, 400));
    }
  },
  watch(t, { request, response }) {
    if (request.method === 'GET' && /\/(studies|series|instances)\/?(\?|$)/.test(request.url))
      t.record('a status of searches', String(response.status));
  },
});

/** What an answer says of who asks: 401 comes with a challenge (RFC 2616 10.4.2). */
function refusalOf({ status: code, headers }: WireResponse): string {
  if (code === 401) return headerValue(headers, 'WWW-Authenticate') === null ? 'status 401 without WWW-Authenticate' : 'refused with 401';
  return code === 403 ? 'refused with 403' : code < 300 ? 'answered' : `status ${code}`;
}

// PS3.18-2013 Table 6.7-1: 401 for a client that is not authenticated.
export const unauthorized = check({
  id: 'qido-rs/statuses/a-client-that-is-not-known',
  title: 'A client that the server does not know is refused with 401 and a challenge, or answered',
  requires: ['QIDO-RS-6.7.1.3-04'],
  fault: on(
    /limit=1$/,
    answers(() => new Response('Who are you?', { status: 401 })),
  ),
  async run(t) {
    const resource = 'studies?limit=1';
    const known = refusalOf((await t.get(resource, { Accept: acceptJson(t.edition) })).response);
    t.record('a search with the header lines of the user', known);
    if (/^status 401/.test(known)) t.expect('the refusal of a client that is not authenticated', known, 'refused with 401');
    if (known !== 'answered' || (t.target.headers ?? []).length === 0) return;
    const { send } = t.target.transport;
    const stranger = await send({
      method: 'GET',
      url: urlOf(t.target, resource),
      headers: [['Accept', acceptJson(t.edition)]],
      body: null,
    });
    // 403 says less, and says no.
    t.expect(
      'a search without the header lines of the user',
      refusalOf(stranger),
      anyOf('refused with 401', 'refused with 403', 'answered'),
    );
  },
});

// PS3.18-2013 Table 6.7-1: 413 for a query that is too broad.
export const tooBroad = check({
  id: 'qido-rs/statuses/a-query-that-is-too-broad',
  title: 'A search without keys is answered, or refused with 413, and a narrower one succeeds',
  requires: ['QIDO-RS-6.7.1.3-06'],
  given: { ct: fixture('ct'), few: fewStudies },
  fault: on(/\/studies$/, status(500)),
  async run(t, { ct, few }) {
    // Who holds more is not asked for all of it; a page of everything is as broad a query.
    const resource = few ? 'studies' : 'studies?limit=100';
    const { status: code } = (await t.get(resource, { Accept: acceptJson(t.edition) })).response;
    t.record('a search without keys', code < 300 ? 'answered' : `status ${code}`);
    const fitting = satisfying('a success, or 413', (each: number) => each < 400 || [400, 401, 403, 406, 413, 429, 503].includes(each));
    t.expect('the status of a search for studies without keys', code, fitting);
    if (code !== 413) return;
    const narrow = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}`);
    t.expect('the status of a narrow search, where a broad one is refused with 413', narrow.response.status, 200);
  },
});
