import { clientCheck } from '../harness/client.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { hears, hearsHeaders, hearsKey, on } from '../kit/faults.ts';
import { searchRequest } from '../kit/rs-request.ts';

const searches = /\/(studies|series|instances)(\?|$)/;
const asks = (request: Request) => request.method === 'GET' && searches.test(request.url);

// PS3.18-2013 6.7.1.1: {SERVICE}/studies and the like. Whoever drops the port of the base URL does not come here at all.
export const baseUrl = clientCheck({
  id: 'qido-rs/client-message/below-the-base-url',
  title: 'The resources of searches stand behind the whole path of the base URL',
  requires: ['QIDO-RS-6.7.1.1-07'],
  wrongClient: on(
    asks,
    hears(url => {
      url.pathname = url.pathname.replace('/dicom-web', '');
    }),
  ),
  looks(t, exchange) {
    const request = searchRequest(exchange);
    const { rs } = t.roots;
    if (!request || rs === undefined) return;
    const root = rs.replace(/\/+$/, '');
    t.expect(
      'the path of a search',
      request.path,
      satisfying(`one below ${root}/, which the client was given`, (path: string) => path.startsWith(`${root}/`)),
    );
  },
});

// 6.7.1.1.
export const method = clientCheck({
  id: 'qido-rs/client-message/get',
  title: 'Searches use GET',
  requires: ['QIDO-RS-6.7.1.1-08'],
  wrongClient: on(
    asks,
    server => request =>
      server(
        new Request(request.url.replace(/\?.*$/, ''), {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new URL(request.url).search.slice(1),
        }),
      ),
  ),
  looks(t, exchange) {
    const request = searchRequest(exchange);
    if (request) t.expect('the method of a search', request.method, 'GET');
  },
});

// 6.7.1.1.
export const cacheControl = clientCheck({
  id: 'qido-rs/client-message/no-cache',
  title: 'Searches carry Cache-Control: no-cache',
  requires: ['QIDO-RS-6.7.1.1-19'],
  wrongClient: on(asks, hearsHeaders({ 'Cache-Control': null })),
  looks(t, exchange) {
    const request = searchRequest(exchange);
    if (request)
      t.expect(
        'the Cache-Control header of a search',
        request.cacheControl,
        satisfying('no-cache in it', (value: string) => /(^|[\s,])no-cache($|[\s,=])/i.test(value)),
      );
  },
});

// 6.7.1.1.
export const fuzzyMatching = clientCheck({
  id: 'qido-rs/client-message/fuzzymatching',
  title: 'fuzzymatching is true or false',
  requires: ['QIDO-RS-6.7.1.1-50'],
  wrongClient: hearsKey('fuzzymatching', () => '1'),
  looks(t, exchange) {
    for (const { name, value } of searchRequest(exchange)?.pairs ?? [])
      if (name === 'fuzzymatching') t.expect('fuzzymatching', value, anyOf('true', 'false'));
  },
});
