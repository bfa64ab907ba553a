import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { answers, hearsHeaders, on, onAccept, sendsHeaders, sendsText, status } from '../kit/faults.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { hearing } from '../right-servers/hearing.ts';

const isSearch = /\/(studies|series|instances)(\?|$)/;
const asks = (method: string) => (request: Request) => request.method === method;
const refuses =
  (code: number, headers: Record<string, string> = {}, body: string | null = 'No.'): Fault =>
  () =>
  async request =>
    new Response(request.method === 'HEAD' ? null : body, { status: code, headers });
const errors = (from: number, to: number): Fault =>
  answers(response => (response.status === from ? new Response(response.body, { status: to, headers: response.headers }) : response));
/** A server whose refusals say something else. */
const says = (body: string | null, type = 'text/plain', which = (_: number) => true): Fault =>
  answers((response, { method }) => {
    if (response.status < 400 || !which(response.status)) return response;
    const headers = new Headers(response.headers);
    headers.delete('Content-Length');
    headers.set('Content-Type', type);
    return new Response(method === 'HEAD' ? null : body, { status: response.status, headers });
  });
/** A server that answers one of so many requests in another way. */
const everyNth =
  (n: number, fault: Fault): Fault =>
  server => {
    let asked = 0;
    const other = fault(server);
    return request => (++asked % n === 0 ? other(request) : server(request));
  };

/** Everything has moved below another path of the same server (RFC 2616 10.3). */
const moved =
  (code: number): Fault =>
  server =>
  async request => {
    const url = new URL(request.url);
    if (url.pathname.startsWith('/moved/')) {
      url.pathname = url.pathname.replace('/moved/', '/');
      return server(new Request(url, { method: request.method, headers: request.headers }));
    }
    url.pathname = `/moved${url.pathname}`;
    return new Response(null, { status: code, headers: { Location: url.href } });
  };

/** Accept values that a server may take for any form that the resource has. */
const takesFor = (accept: RegExp | null, meant: string): Fault =>
  on(
    request => (accept === null ? request.headers.get('Accept') === null : accept.test(request.headers.get('Accept') ?? '')),
    hearsHeaders({ Accept: meant }),
  );
const ofObjects = /\/studies\/[0-9.]+(\/series\/[0-9.]+(\/instances\/[0-9.]+)?)?$/;

/** Servers that do otherwise than the mock server what HTTP leaves to them. */
const variants: Readonly<Record<string, Fault>> = {
  // RFC 2616 7.1: header fields that mean nothing here.
  'there are many other header fields': sendsHeaders(headers => {
    const more = {
      Server: 'archive/1.0 (any)',
      Date: 'Wed, 25 Nov 2026 03:00:00 GMT',
      Via: '1.1 proxy',
      'Strict-Transport-Security': 'max-age=600',
      'Set-Cookie': 'session=1; Path=/',
      'Last-Modified': 'Wed, 25 Nov 2026 02:00:00 GMT',
      'Cache-Control': 'private, max-age=60',
      ETag: 'W/"1"',
      'MIME-Version': '1.0',
      'Content-Language': 'en',
      'Content-Disposition': 'attachment; filename="study.dcm"',
      'X-Content-Type-Options': 'nosniff',
      'Accept-Ranges': 'none',
      Warning: '299 server "something"',
    };
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
  }),
  // RFC 2616 13.6 and 14.44.
  'answers may be cached and vary by everything': sendsHeaders({ 'Cache-Control': 'public, max-age=600', Vary: '*' }),
  'answers may be cached and vary by several fields': sendsHeaders({ ETag: '"1"', Vary: 'Accept-Encoding, ACCEPT' }),
  'answers are not to be kept': sendsHeaders({ ETag: '"1"', 'Cache-Control': 'no-store', Vary: null }),
  // 14.11: codings that the client accepts.
  'answers are compressed for those who accept it': on(
    request => /gzip/.test(request.headers.get('Accept-Encoding') ?? ''),
    answers(async response => {
      const headers = new Headers(response.headers);
      headers.set('Content-Encoding', 'gzip');
      headers.set('Vary', 'Accept-Encoding, Accept');
      return new Response(gzipSync(Buffer.from(await response.arrayBuffer())), { status: response.status, headers });
    }),
  ),
  // 10.3: another URL of the same server.
  'everything is found elsewhere (302)': moved(302),
  'everything is temporarily elsewhere (307)': moved(307),
  'everything has moved for good (301)': moved(301),
  'what is asked for can be seen elsewhere (303)': on(asks('GET'), moved(303)),
  // 5.1.1, 9.4 and 10.4.6: methods.
  'HEAD is not allowed': on(asks('HEAD'), refuses(405, { Allow: 'GET' })),
  'HEAD is not implemented': on(asks('HEAD'), refuses(501)),
  'only GET is implemented': on(request => request.method !== 'GET', refuses(501)),
  'other methods have no resource': on(asks('PATCH'), refuses(404)),
  'other methods are forbidden': on(asks('PATCH'), refuses(403)),
  'other methods are not allowed, whatever the resource': on(
    request => request.method !== 'GET' && request.method !== 'HEAD',
    refuses(405, { Allow: 'GET, HEAD, OPTIONS' }, null),
  ),
  // 10.4: what a refusal says.
  'refusals are pages': says('<!DOCTYPE html><title>No</title><p>Ask for something else.', 'text/html; charset=utf-8'),
  'refusals are problems in JSON': says('{"title":"No"}', 'application/problem+json'),
  'other refusals than 406 have no body': says(null, 'text/plain', status => status !== 406),
  // PS3.18-2013 Table 6.5-2: malformed is not defined, so 400 and 404 are both right.
  'what is malformed is 404': errors(400, 404),
  'UIDs that are none are 400': on(/\/studies\/(?![0-9.]*(?:\/|$)|\?)|\.\.|\.0\d|\/\d[0-9.]{64,}/, refuses(400)),
  'frames that do not exist are 400': on(
    /\/frames\//,
    answers((response, request) =>
      response.status === 404 && !/2\.25\.1(\/|$)/.test(request.url) ? new Response('No such frame.', { status: 400 }) : response,
    ),
  ),
  // Table 6.5-2 and RFC 2616 10.4.2, 10.4.4, 10.5.4.
  'the service is unavailable now and then': everyNth(7, refuses(503, { 'Retry-After': '1' })),
  'every third request is too many': everyNth(3, refuses(429)),
  'frames need a login': on(/\/frames\//, refuses(401, { 'WWW-Authenticate': 'Basic realm="frames"' })),
  'bulk data are forbidden': on(/\/bulkdata\//, refuses(403)),
  'metadata need a login': on(/\/metadata$/, refuses(401, { 'WWW-Authenticate': 'Basic realm="metadata"' })),
  'other origins are forbidden': on(request => request.headers.has('Origin'), refuses(403)),
  'everything needs a login': refuses(401, { 'WWW-Authenticate': 'Basic realm="all"' }),
  'everything is unavailable': refuses(503),
  'one study is forbidden': on(/\/studies\/[0-9.]*\.2(\/|$)/, refuses(403)),
  // 6.5.1.1 and RFC 2616 14.1: any form will do where nothing is said about it.
  'objects come as bulk data where anything will do': on(ofObjects, takesFor(/\*\/\*/, acceptOctets)),
  'objects come as bulk data where nothing is said': on(ofObjects, takesFor(null, acceptOctets)),
  'objects come as objects where any multipart will do': takesFor(/^multipart\/\*/, acceptDicom),
  // RFC 2045 5.1: a slash has to be quoted, so that the 2013 print is not legal.
  'types without quotation marks are refused': onAccept(/type=[^"]/, status(406)),
  'transfer-syntax within the type is refused': onAccept(/type="[^"]*;/, status(400)),
  'the misprint of 6.5.1.1 is malformed': onAccept(/related=/, status(400)),
  // What the services beside WADO-RS do is nothing to it.
  'there is no search': on(isSearch, refuses(404)),
  'there is no search, and it says so': on(isSearch, refuses(501)),
  'searches go astray': on(isSearch, refuses(500)),
  'searches need a login': on(isSearch, refuses(401, { 'WWW-Authenticate': 'Basic realm="search"' })),
  'searches tell of studies only': on(
    isSearch,
    sendsText(text => text.replaceAll(/"(0020000E|00080018)":\{[^}]*\},?/g, '')),
  ),
  'searches tell of nothing': on(
    isSearch,
    sendsText(text => text.replaceAll(/"Value":\[[^[\]]*\],?/g, '')),
  ),
  'searches find nothing': on(
    isSearch,
    sendsText(() => '[]'),
  ),
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });
});
