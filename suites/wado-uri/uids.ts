import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { answers, hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { anyObject, askUri, instanceNamed, isRefusal } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const refused = satisfying('a 4xx status, 404 preferred', isRefusal as (actual: never) => boolean);
const refusedAsWrong = satisfying('a 4xx status, 400 preferred', isRefusal as (actual: never) => boolean);

const levels = [
  ['studyUID', 'studyInstanceUID', 'WADO-URI-8.1.2-05'],
  ['seriesUID', 'seriesInstanceUID', 'WADO-URI-8.1.3-05'],
  ['objectUID', 'sopInstanceUID', 'WADO-URI-8.1.4-05'],
] as const satisfies readonly (readonly [string, string, RequirementId])[];

// PS3.18-2013 Annex A: for what is not there an error, or nothing.
export const unknown = check({
  id: 'wado-uri/uids/unknown-uids-are-refused',
  title: 'A study, series or object that is not there is answered with a client error',
  requires: ['WADO-URI-8.1.2-05', 'WADO-URI-8.1.3-05', 'WADO-URI-8.1.4-05', 'WADO-URI-A-01', 'WADO-URI-RAD55-08'],
  given: { any: anyObject },
  fault: on(
    new RegExp(`UID=${unknownUid}(&|$)`),
    answers(() => new Response(null, { status: 200 })),
  ),
  async run(t, { any }) {
    for (const [parameter, uid, row] of levels) {
      const { response } = await askUri(t, uriQuery({ ...any, [uid]: unknownUid }));
      t.expect(`the status for a ${parameter} that nothing is stored under`, response.status, refused, { row });
      t.record(`a ${parameter} that nothing is stored under`, `status ${response.status} with ${response.body.length} bytes`);
      if (parameter !== 'objectUID') continue;
      const error = satisfying('an error status, 404 expected', (s: number) => s >= 400);
      t.expect('the status for an unknown object of a known series', response.status, error, { row: 'WADO-URI-RAD55-08' });
    }
  },
});

const needed = [
  ['studyUID', 'WADO-URI-8.1.2-04'],
  ['seriesUID', 'WADO-URI-8.1.3-04'],
  ['objectUID', 'WADO-URI-8.1.4-04'],
] as const satisfies readonly (readonly [string, RequirementId])[];

// 8.1.2 to 8.1.4: the three UIDs are required.
export const missing = check({
  id: 'wado-uri/uids/missing-or-empty-uids-are-refused',
  title: 'A request without one of the UIDs, or with an empty one, is refused',
  requires: ['WADO-URI-8.1.2-04', 'WADO-URI-8.1.3-04', 'WADO-URI-8.1.4-04'],
  given: { any: anyObject },
  fault: server => async request => {
    const response = await server(request);
    return [400, 404].includes(response.status) ? new Response('the object', { status: 200 }) : response;
  },
  async run(t, { any }) {
    const query = uriQuery(any);
    for (const [parameter, row] of needed) {
      const without = await askUri(t, query.replace(new RegExp(`&${parameter}=[^&]*`), ''));
      t.expect(`the status without ${parameter}`, without.response.status, refusedAsWrong, { row });
      const empty = await askUri(t, query.replace(new RegExp(`&${parameter}=[^&]*`), `&${parameter}=`));
      t.expect(`the status with an empty ${parameter}`, empty.response.status, refused, { row });
    }
  },
});

// IHE RAD-55: nothing is stored under an empty UID. 400 is as good for a server that does not claim the transaction.
export const empty = check({
  id: 'wado-uri/uids/empty-study-and-series-are-not-found',
  title: 'An object is not found by its own UID when the UIDs of study and series are empty',
  requires: ['WADO-URI-RAD55-06'],
  given: { any: anyObject },
  fault: on(/studyUID=&/, status(500)),
  async run(t, { any }) {
    const query = uriQuery(any);
    const [noStudy, noSeries] = [query.replace(/&studyUID=[^&]*/, '&studyUID='), query.replace(/&seriesUID=[^&]*/, '&seriesUID=')];
    const neither = noStudy.replace(/&seriesUID=[^&]*/, '&seriesUID=');
    for (const [what, each] of [
      ['study UID', noStudy],
      ['series UID', noSeries],
      ['study and series UID', neither],
    ] as const)
      t.expect(`the status with an empty ${what}`, (await askUri(t, each)).response.status, refused);
  },
});

// 8.1.2 to 8.1.4: the object is one of the series, and the series one of the study.
export const together = check({
  id: 'wado-uri/uids/the-three-uids-belong-together',
  title: 'An object is not given under the UID of another series or study',
  requires: ['WADO-URI-8.1-02', 'WADO-URI-RAD55-05'],
  given: { rendering: fixture('rendering'), ct: fixture('ct') },
  fault: on(
    /requestType=WADO/,
    hears(url => {
      // It looks at nothing but the object.
      const [, study, series] = /^(.*)\.(\d+)\.\d+$/.exec(url.searchParams.get('objectUID') ?? '') ?? [];
      url.searchParams.set('studyUID', study ?? '');
      url.searchParams.set('seriesUID', `${study}.${series}`);
    }),
  ),
  async run(t, { rendering, ct }) {
    const image = instanceNamed(rendering, 'ramp');
    const { seriesInstanceUID } = instanceNamed(rendering, 'monochrome1');
    for (const [what, of] of [
      ['the UID of another series of its study', { ...image, seriesInstanceUID }],
      ['the UID of another study', { ...image, studyInstanceUID: ct.studyInstanceUID }],
    ] as const) {
      const { response } = await askUri(t, uriQuery(of));
      t.expect(`the status for an object with ${what}`, response.status, refused);
      t.expect(`the status for an object with ${what}`, response.status, refused, { row: 'WADO-URI-RAD55-05' });
    }
  },
});

// 8.1.1: what is no WADO request is not answered as one.
export const requestType = check({
  id: 'wado-uri/uids/request-type-is-wado',
  title: 'A request without requestType, or with another one, is not served',
  requires: ['WADO-URI-8.1.1-03', 'WADO-URI-8.1.1-04'],
  given: { any: anyObject },
  fault: on(
    request => new URL(request.url).pathname.endsWith('/wado'),
    hears(url => url.searchParams.set('requestType', 'WADO')),
  ),
  async run(t, { any }) {
    const query = uriQuery(any);
    const without = await askUri(t, query.replace('requestType=WADO&', ''));
    t.expect('the status without requestType', without.response.status, refusedAsWrong);
    const other = await askUri(t, query.replace('requestType=WADO', 'requestType=XYZ'));
    const orNotImplemented = satisfying('a 4xx status or 501', (s: number) => isRefusal(s) || s === 501);
    t.expect('the status for requestType=XYZ', other.response.status, orNotImplemented, { row: 'WADO-URI-8.1.1-04' });
  },
});
