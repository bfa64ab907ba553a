import { dicomObjectType, nativeModelType } from '../../schemas/media-types.ts';
import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, hearsBody, hearsHeaders, on } from '../kit/faults.ts';
import { storeRequest, typeOf } from '../kit/store-request.ts';
import { posts } from './module.ts';

const forms = satisfying(`${dicomObjectType} or ${nativeModelType}, or JSON where the edition has it`, (type: string) =>
  [dicomObjectType, nativeModelType, 'application/json', 'application/dicom+json'].includes(type),
);

// PS3.18-2013 6.6 and 6.6.1.1: multipart/related, and the type says what is in it.
export const multipart = clientCheck({
  id: 'stow-rs/client-message/multipart-related',
  title: 'Store requests are multipart/related messages that say what their parts are',
  requires: ['STOW-RS-6.6-04', 'STOW-RS-6.6-15', 'STOW-RS-6.6.1.1-11', 'STOW-RS-6.6.1.1-12'],
  wrongClient: on(posts, hearsHeaders({ 'Content-Type': dicomObjectType })),
  looks(t, exchange) {
    const request = storeRequest(exchange);
    if (!request) return;
    const { contentType, parts } = request;
    t.expect(
      'the Content-Type of a store request',
      contentType.type || 'none',
      satisfying('a media type', (type: string) => type !== 'none'),
      {
        row: 'STOW-RS-6.6-15',
      },
    );
    t.expect('the Content-Type of a store request', contentType.type, 'multipart/related', { row: 'STOW-RS-6.6-04' });
    const holdsXml = typeof parts !== 'string' && parts[0]?.mediaType.type === nativeModelType;
    t.expect('the type parameter of the Content-Type of a store request', typeOf(request), forms, {
      row: holdsXml ? 'STOW-RS-6.6.1.1-12' : 'STOW-RS-6.6.1.1-11',
    });
    t.expect(
      'the parts of a store request',
      typeof parts === 'string' ? parts : parts.length,
      satisfying('at least 1', (n: unknown) => Number(n) >= 1),
      {
        row: 'STOW-RS-6.6-04',
      },
    );
  },
});

// RFC 2046 5.1.1.
export const boundary = clientCheck({
  id: 'stow-rs/client-message/boundary',
  title: 'The boundary of a store request is given, has at most 70 characters, and closes the message',
  requires: ['STOW-RS-6.6.1.1-14'],
  wrongClient: on(
    posts,
    hearsBody(body => body.subarray(0, body.length - 4)),
  ),
  looks(t, exchange) {
    const request = storeRequest(exchange);
    if (request?.contentType.type !== 'multipart/related') return;
    const text = request.contentType.parameters.get('boundary') ?? '';
    t.expect(
      'the boundary of a store request',
      text,
      satisfying('1 to 70 characters', (all: string) => all.length >= 1 && all.length <= 70),
    );
    const body = Buffer.from(exchange.request.body ?? []);
    const closed = body.includes(`--${text}--`, Math.max(0, body.length - 4096), 'latin1');
    t.expect('whether a store request ends with its boundary between hyphens', closed, true);
  },
});

// 6.6.1.1: POST to studies or to a study.
export const method = clientCheck({
  id: 'stow-rs/client-message/post',
  title: 'Store requests use POST',
  requires: ['STOW-RS-6.6.1.1-09'],
  wrongClient: on(
    posts,
    server => async request =>
      server(new Request(request.url, { method: 'PUT', headers: request.headers, body: await request.arrayBuffer() })),
  ),
  looks(t, exchange) {
    const request = storeRequest(exchange);
    if (request) t.expect('the method of a store request', request.method, 'POST');
  },
});

// 6.6.1.1 with PS3.5-2013 9.1.
export const studyUid = clientCheck({
  id: 'stow-rs/client-message/study-in-the-url-is-a-uid',
  title: 'The study in the URL of a store request is a UID',
  requires: ['STOW-RS-6.6.1.1-19'],
  wrongClient: on(
    posts,
    hears(url => {
      url.pathname = url.pathname.replace(/\/studies\/.*$/, '/studies/7f1c-accession');
    }),
  ),
  looks(t, exchange) {
    const study = storeRequest(exchange)?.study;
    if (study === undefined || study === null || study === '') return;
    const isUid = satisfying(
      'digits and dots, at most 64, no part with a leading zero',
      (uid: string) => uid.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(uid),
    );
    t.expect('the study in the URL of a store request', study, isUid);
  },
});
