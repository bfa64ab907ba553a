import type { RequirementId } from '../../schemas/requirements.ts';
import { type ClientCheck, clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on } from '../kit/faults.ts';
import { uriParameters, uriRequest } from '../kit/uri-request.ts';

const asked = /requestType=WADO/;

// PS3.18-2013 6.2.
export const method = clientCheck({
  id: 'wado-uri/client-query/get',
  title: 'WADO-URI requests use GET',
  requires: ['WADO-URI-6.2-01'],
  wrongClient: on(asked, server => request => server(new Request(request.url, { method: 'POST', headers: request.headers }))),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (request && request.method !== 'HEAD') t.expect('the method of a WADO-URI request', request.method, 'GET');
  },
});

// 6.2.1 with RFC 2396 2.4.3 and 3.4; Annex A for what is only told.
export const query = clientCheck({
  id: 'wado-uri/client-query/a-query-of-rfc-2396',
  title: 'The parameters are in a query whose escapes are complete',
  requires: ['WADO-URI-6.2.1-01', 'WADO-URI-A-03', 'WADO-URI-A-04'],
  wrongClient: on(
    asked,
    hears(url => {
      url.search = url.search.replace('requestType', 'xNote=100%&requestType');
    }),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request) return;
    const broken = request.query.match(/%(?![0-9a-f]{2}).{0,2}|[\s"<>\\^`{|}]/gi) ?? [];
    t.expect('what is no escape and no character of a query', broken.slice(0, 3), []);
    const literal = ['/', ';', ','].filter(character => request.query.includes(character));
    if (literal.length > 0) t.record('reserved characters that stand in values as they are', literal.join(' '));
    const order = [...request.values.keys()].filter(name => uriParameters.includes(name));
    const inOrder = order.every((name, i) => i === 0 || uriParameters.indexOf(name) > uriParameters.indexOf(order[i - 1] ?? ''));
    t.record('the order of the parameters', inOrder ? 'that of the standard' : 'another one');
  },
});

// 8: the names as they are defined.
export const names = clientCheck({
  id: 'wado-uri/client-query/names-as-they-are-spelled',
  title: 'The names of parameters are spelled as the standard spells them',
  requires: ['WADO-URI-6.2.1-06'],
  wrongClient: on(
    asked,
    hears(url => {
      url.search = url.search.replace('studyUID', 'StudyUid');
    }),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request) return;
    const misspelled = [...request.values.keys()].filter(
      name => !uriParameters.includes(name) && uriParameters.some(known => known.toLowerCase() === name.toLowerCase()),
    );
    t.expect('the parameters in another spelling', misspelled, []);
  },
});

// 8.1.1.
export const requestType = clientCheck({
  id: 'wado-uri/client-query/request-type',
  title: 'requestType is there and is WADO',
  requires: ['WADO-URI-8.1.1-01', 'WADO-URI-8.1.1-02', 'WADO-URI-RAD55-01'],
  wrongClient: on(
    asked,
    hears(url => url.searchParams.set('requestType', 'wado')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request) return;
    const value = request.value('requestType');
    for (const row of ['WADO-URI-8.1.1-01', 'WADO-URI-RAD55-01'] as const)
      t.expect('whether there is a requestType', value !== null, true, { row });
    t.expect('requestType', value, 'WADO', { row: 'WADO-URI-8.1.1-02' });
  },
});

// 8.1.9: XPath is of WS mode.
export const xpath = clientCheck({
  id: 'wado-uri/client-query/no-xpath',
  title: 'No part of an object is asked for by XPath',
  requires: ['WADO-URI-8.1.9-01'],
  wrongClient: on(
    asked,
    hears(url => url.searchParams.set('XPath', '/DicomAttribute')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (request)
      t.expect(
        'the parameters for XPath',
        [...request.values.keys()].filter(name => /^xpath$/i.test(name)),
        [],
      );
  },
});

const isUid = (uid: string) => uid.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(uid);

/** A check that a UID is there, is one (PS3.5-2013 9.1) and has no NUL behind it. */
function uid(name: string, present: RequirementId, grammar: RequirementId, padding: RequirementId): ClientCheck {
  return clientCheck({
    id: `wado-uri/client-query/${name.replace(/[A-Z].*/, '')}-uid`,
    title: `${name} is there, is a UID and is not padded`,
    requires: [present, grammar, padding, 'WADO-URI-8.1-01', 'WADO-URI-RAD55-01'],
    wrongClient: on(
      asked,
      hears(url => url.searchParams.set(name, `${url.searchParams.get(name)}\0`)),
    ),
    looks(t, exchange) {
      const request = uriRequest(exchange);
      if (!request) return;
      const value = request.value(name);
      for (const row of [present, 'WADO-URI-8.1-01', 'WADO-URI-RAD55-01'] as const)
        t.expect(`whether ${name} is there`, value !== null && value !== '', true, { row });
      t.expect(`whether ${name} ends with NUL`, value?.endsWith('\0'), false, { row: padding });
      t.expect(
        name,
        value,
        satisfying('digits and dots, at most 64, no part with a leading zero', (text: string) => isUid(text)),
        { row: grammar },
      );
    },
  });
}

// 8.1.2 to 8.1.4.
export const studyUid = uid('studyUID', 'WADO-URI-8.1.2-01', 'WADO-URI-8.1.2-02', 'WADO-URI-8.1.2-03');
export const seriesUid = uid('seriesUID', 'WADO-URI-8.1.3-01', 'WADO-URI-8.1.3-02', 'WADO-URI-8.1.3-03');
export const objectUid = uid('objectUID', 'WADO-URI-8.1.4-01', 'WADO-URI-8.1.4-02', 'WADO-URI-8.1.4-03');

// 8.2.9 and 8.2.10: the same for presentation states, which come in pairs of UIDs.
export const presentation = clientCheck({
  id: 'wado-uri/client-query/presentation-uids',
  title: 'presentationUID and presentationSeriesUID go together, are UIDs and are not padded',
  requires: ['WADO-URI-8.2.10-01', 'WADO-URI-8.2.10-02', 'WADO-URI-8.2.9-02', 'WADO-URI-8.2.9-12', 'WADO-URI-8.2.10-03'],
  wrongClient: on(
    /presentationUID=/,
    hears(url => url.searchParams.delete('presentationSeriesUID')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const [state, series] = [request?.value('presentationUID') ?? null, request?.value('presentationSeriesUID') ?? null];
    if (state === null && series === null) return;
    t.expect('whether presentationUID comes with presentationSeriesUID', series !== null, true);
    t.expect('whether presentationSeriesUID comes with presentationUID', state !== null, true, { row: 'WADO-URI-8.2.10-02' });
    t.expect('whether presentationUID ends with NUL', state?.endsWith('\0'), false, { row: 'WADO-URI-8.2.9-02' });
    const uids = satisfying('a UID', (text: string) => isUid(text));
    t.expect('presentationUID', state, uids, { row: 'WADO-URI-8.2.9-12' });
    t.expect('presentationSeriesUID', series, uids, { row: 'WADO-URI-8.2.10-03' });
  },
});
