import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, byEdition, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import { answers, hears, on, sendsStatus } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { readMultipart } from '../kit/read/multipart.ts';
import { type Form, find, inWords, sendSearch } from '../kit/search.ts';

const forms: readonly Form[] = ['json', 'xml'];

/** PS3.18-2013 6.7.1.3: 200; later 204, which a target of today sends in any edition. */
const statusForNothing = byEdition({ '2013': 200, '2016a': anyOf(200, 204) });

async function expectStatus(t: Trial, resource: string, form: Form, row: RequirementId): Promise<Exchange> {
  const exchange = await sendSearch(t, resource, { form });
  if (exchange.response.status === 406) t.skip(`the target has no results in ${form}, which is judged by itself`);
  t.expect(`the status of GET ${inWords(resource)} (${form}), which finds nothing`, exchange.response.status, statusForNothing, { row });
  t.record('the status for nothing found', String(exchange.response.status));
  return exchange;
}

export const success = check({
  id: 'qido-rs/nothing-found/is-success',
  title: 'A search that finds nothing is answered with success',
  requires: ['QIDO-RS-6.7.1.3-02', 'QIDO-RS-6.7.1.3-14'],
  given: { ct: fixture('ct') },
  fault: answers(async (response, request) => (request.url.includes(unknownUid) ? new Response('Not found', { status: 404 }) : response)),
  async run(t, { ct }) {
    const study = `studies/${ct.studyInstanceUID}`;
    for (const form of forms) {
      await expectStatus(t, `studies?StudyInstanceUID=${unknownUid}`, form, 'QIDO-RS-6.7.1.3-02');
      await expectStatus(t, `${study}/series?SeriesInstanceUID=${unknownUid}`, form, 'QIDO-RS-6.7.1.3-02');
    }
  },
});

// PS3.18-2013 Table 6.7-1: 200 with any matches in the body.
export const found = check({
  id: 'qido-rs/nothing-found/matches-are-sent-with-200',
  title: 'A search that finds something is answered with status 200',
  requires: ['QIDO-RS-6.7.1.3-01', 'QIDO-RS-6.7.1.3-10'],
  given: { ct: fixture('ct') },
  fault: on(/limit=/, sendsStatus(206)),
  async run(t, { ct }) {
    for (const resource of [`studies?StudyInstanceUID=${ct.studyInstanceUID}`, `studies/${ct.studyInstanceUID}/series?limit=1`]) {
      const { response } = await sendSearch(t, resource);
      t.expect(`the status of GET ${inWords(resource)}, which has matches`, response.status, 200);
    }
  },
});

// PS3.18-2013 6.7.1.2.3.1: the body is empty.
export const emptyXml = check({
  id: 'qido-rs/nothing-found/empty-xml-body',
  title: 'XML results that find nothing have an empty body',
  requires: ['QIDO-RS-6.7.1.2.3.1-04'],
  fault: answers(async (response, request) => {
    const isXml = /xml/.test(request.headers.get('Accept') ?? '') && request.url.includes(unknownUid);
    const body = '--b\r\nContent-Type: application/dicom+xml\r\n\r\n<NativeDicomModel/>\r\n--b--\r\n';
    return isXml
      ? new Response(body, { headers: { 'Content-Type': 'multipart/related; type="application/dicom+xml"; boundary=b' } })
      : response;
  }),
  async run(t) {
    const { response } = await sendSearch(t, `studies?StudyInstanceUID=${unknownUid}`, { form: 'xml' });
    if (response.status !== 200) t.skip(`nothing found is answered with status ${response.status}, which is judged by itself`);
    if (response.body.length > 0 && /json/.test(headerValue(response.headers, 'Content-Type') ?? ''))
      t.skip('the target answers in JSON although XML was asked for, which is judged by itself');
    t.expect(
      'the number of parts of the XML answer that finds nothing',
      partsIn(response.body, headerValue(response.headers, 'Content-Type') ?? ''),
      0,
    );
    t.record(
      'an XML answer that finds nothing',
      response.body.length === 0 ? 'has no body' : `has a body of ${response.body.length} bytes`,
    );
  },
});

/** The number of parts; a message of a closing delimiter only has none, and a body that is no multipart message counts as one part. */
function partsIn(body: Uint8Array, type: string): number {
  const text = Buffer.from(body).toString('latin1').trim();
  if (text === '' || /^--\S+--$/.test(text)) return 0;
  try {
    return readMultipart(type, body).value.parts.length;
  } catch {
    return 1;
  }
}

// PS3.18-2013 6.7.1.2.3.2: the message is empty; what an empty JSON message is, the text does not say.
export const emptyJson = check({
  id: 'qido-rs/nothing-found/empty-json-message',
  title: 'JSON results that find nothing are an empty array',
  requires: ['QIDO-RS-6.7.1.2.3.2-04'],
  fault: answers(async (response, request) =>
    request.url.includes(unknownUid) && /json/.test(request.headers.get('Accept') ?? '')
      ? new Response('[{}]', { headers: { 'Content-Type': 'application/json' } })
      : response,
  ),
  async run(t) {
    const { response } = await sendSearch(t, `studies?StudyInstanceUID=${unknownUid}`, { form: 'json' });
    if (response.status !== 200) t.skip(`nothing found is answered with status ${response.status}, which is judged by itself`);
    const text = Buffer.from(response.body).toString('utf8').replaceAll(/\s/g, '');
    t.expect('the JSON answer that finds nothing', text, anyOf('[]', '', '{}'));
  },
});

// PS3.4-2013 C.4.1.3.1.1: the UIDs in the path select; no such entity means no matches.
export const unknownPath = check({
  id: 'qido-rs/nothing-found/below-an-unknown-study',
  title: 'Below a study or series that is not there, nothing is found',
  requires: ['QIDO-RS-6.7.1.2.1-04', 'QIDO-RS-6.7.1.2.1-03'],
  given: { ct: fixture('ct'), mixed: fixture('mixed') },
  // The study in the path is not looked at.
  fault: hears(url => {
    const [path, series] = /\/studies\/[\d.]+\/series\/([\d.]+)\/instances$/.exec(url.pathname) ?? [];
    if (!path || !series) return;
    url.pathname = url.pathname.replace(path, '/instances');
    url.searchParams.set('SeriesInstanceUID', series);
  }),
  async run(t, { ct, mixed }) {
    const answered = satisfying('200, 204 or 404', (code: number) => [200, 204, 404].includes(code));
    const nothing = async (resource: string, row: RequirementId) => {
      const { response } = await sendSearch(t, resource);
      t.expect(`the status of GET ${inWords(resource)}, where there is no such study or series`, response.status, answered, { row });
      const results = response.status === 404 ? [] : (await find(t, resource, { row })).results;
      t.expect(`the number of results of GET ${inWords(resource)}, where there is no such study or series`, results.length, 0, { row });
    };
    await nothing(`studies/${unknownUid}/series`, 'QIDO-RS-6.7.1.2.1-03');
    await nothing(`studies/${ct.studyInstanceUID}/series/${unknownUid}/instances`, 'QIDO-RS-6.7.1.2.1-03');
    await nothing(`studies/${ct.studyInstanceUID}/series/${mixed.instances[0]?.seriesInstanceUID}/instances`, 'QIDO-RS-6.7.1.2.1-04');
  },
});
