import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on } from '../kit/faults.ts';
import { decoded, retrieveRequest } from '../kit/rs-request.ts';

const instances = /\/instances\/[^/]+$/;
const frames = /\/frames\//;

// PS3.18-2013 6.5. HEAD and OPTIONS are no retrieves.
export const method = clientCheck({
  id: 'wado-rs/client-resources/get',
  title: 'Retrieves use GET',
  requires: ['WADO-RS-6.5-02'],
  wrongClient: on(instances, server => request => server(new Request(request.url, { method: 'POST', headers: request.headers }))),
  looks(t, exchange) {
    const request = retrieveRequest(exchange);
    if (request) t.expect('the method of a retrieve', request.method, 'GET');
  },
});

const uid = '[0-9.]{1,64}';
const instance = `studies/${uid}/series/${uid}/instances/${uid}`;
/** Which levels have metadata depends on the edition, and is told by the answer. */
const templates = [
  ...[`studies/${uid}`, `studies/${uid}/series/${uid}`, instance].flatMap(level => [level, `${level}/metadata`]),
  `${instance}/frames/[^/]+`,
];
const literally = new RegExp(`^(${templates.join('|')})$`);

/** RFC 2396 2.3: unreserved characters may be escaped without meaning anything else. */
const unescaped = (path: string) =>
  path.replaceAll(/%[2-7][\da-f]/gi, triple => {
    const character = decoded(triple);
    return /[\w.~-]/.test(character) ? character : triple;
  });

// PS3.18-2013 6.5 to 6.5.6.1. A UID is taken as the client found it: leading zeros in it are not of its making.
export const words = clientCheck({
  id: 'wado-rs/client-resources/literal-words',
  title: 'The paths of retrieves are made of the words of the standard and of UIDs, and of nothing else',
  requires: ['WADO-RS-6.5-19'],
  wrongClient: on(
    instances,
    hears(url => {
      url.pathname = url.pathname.replace('/studies/', '/Studies/');
    }),
  ),
  looks(t, exchange) {
    const request = retrieveRequest(exchange);
    // A bulk data URL is the server's.
    if (request?.method !== 'GET' || request.what === 'bulk data') return;
    const template = satisfying(
      'studies/{UID}, series/{UID} and instances/{UID} behind it, then metadata or frames/{list}, in lower case, with no slash at the end',
      (path: string) => literally.test(path),
    );
    t.expect('the path of a retrieve', unescaped(request.resource), template);
  },
});

// 6.5.4.1.
export const frameList = clientCheck({
  id: 'wado-rs/client-resources/each-frame-once',
  title: 'A frame list names each frame once',
  requires: ['WADO-RS-6.5.4-07'],
  wrongClient: on(
    frames,
    hears(url => {
      url.pathname = url.pathname.replace(/\/frames\/(\d+)/, '/frames/$1,$1');
    }),
  ),
  looks(t, exchange) {
    const list = retrieveRequest(exchange)?.frames ?? null;
    if (list === null) return;
    const numbers = list.split(',').map(number => (/^\d+$/.test(number) ? String(Number(number)) : number));
    t.expect(
      'the frame numbers that a frame list names twice',
      numbers.filter((number, i) => numbers.indexOf(number) !== i),
      [],
    );
  },
});
