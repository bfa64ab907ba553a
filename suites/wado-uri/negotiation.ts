import { check } from '../harness/check.ts';
import { noneOf, satisfying } from '../harness/expected.ts';
import { hears, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { askUri, instanceNamed, typeBy } from '../kit/uri.ts';
import { anyImage } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const deaf = on(/requestType=WADO/, server => request => {
  const headers = new Headers(request.headers);
  headers.set('Accept', '*/*');
  return server(new Request(request.url, { headers }));
});
const isPicture = (type: string) => /^image\//.test(type);

// PS3.18-2013 6.3.2.1: what is not DICOM is compatible with Accept, whatever contentType says.
export const accept = check({
  id: 'wado-uri/negotiation/accept-binds',
  title: 'A rendered answer has a media type that Accept allows, whatever contentType asks for',
  requires: ['WADO-URI-6.2.2-03', 'WADO-URI-6.3.2.1-03'],
  given: { image: anyImage },
  fault: deaf,
  async run(t, { image }) {
    for (const type of ['image/jpeg', 'image/png']) {
      const got = await typeBy(t, image, { contentType: type }, type);
      t.expect(
        `what a single-frame image comes as with contentType and Accept of ${type}`,
        got,
        satisfying(type, (each: string) => !isPicture(each) || each === type),
      );
    }
    const unwanted = await typeBy(t, image, {}, 'application/dicom');
    t.expect(
      'what a single-frame image comes as with Accept: application/dicom',
      unwanted,
      satisfying('no picture', (each: string) => !isPicture(each)),
    );
    const contrary = await typeBy(t, image, { contentType: 'image/png' }, 'image/jpeg');
    const allowed = satisfying(
      'status 406 or an error',
      (each: string) => each.startsWith('status') || !isPicture(each) || each === 'image/jpeg',
    );
    t.expect('what contentType=image/png comes as with Accept: image/jpeg', contrary, allowed, { row: 'WADO-URI-6.3.2.1-03' });
  },
});

export const acceptPng = check({
  id: 'wado-uri/negotiation/content-type-does-not-override-accept',
  title: 'contentType=image/png is not answered as image/png to a client that accepts image/jpeg only',
  requires: ['WADO-URI-6.3.2.1-03'],
  given: { image: anyImage },
  fault: on(/contentType=image%2Fpng/, deaf),
  async run(t, { image }) {
    const contrary = await typeBy(t, image, { contentType: 'image/png' }, 'image/jpeg');
    t.expect('what contentType=image/png comes as with Accept: image/jpeg', contrary, noneOf('image/png'));
  },
});

// RFC 2616 14.1: */* accepts everything.
export const anything = check({
  id: 'wado-uri/negotiation/accept-anything',
  title: 'Accept: */* allows each media type that section 7 obliges the server to have',
  requires: ['WADO-URI-6.2.2-04', 'WADO-URI-8.1.5-04'],
  given: { image: anyImage, sr: fixture('sr') },
  fault: server => async request => (request.headers.get('Accept') === '*/*' ? status(406)(server)(request) : server(request)),
  async run(t, { image, sr }) {
    const report = instanceNamed(sr, 'plain');
    for (const [of, type] of [
      [image, 'application/dicom'],
      [image, 'image/jpeg'],
      [report, 'application/dicom'],
      [report, 'text/plain'],
      [report, 'text/html'],
    ] as const)
      t.expect(`what contentType=${type} of "${of.name}" comes as with Accept: */*`, await typeBy(t, of, { contentType: type }), type, {
        also: ['WADO-URI-8.1.5-04'],
      });
  },
});

// 8.1.5: the one media type that is listed.
export const asAsked = check({
  id: 'wado-uri/negotiation/the-type-that-is-asked-for',
  title: 'A media type that stands alone in contentType is the one that is sent',
  requires: ['WADO-URI-8.1.5-04'],
  given: { image: anyImage, several: fixture('multi-frame') },
  fault: on(
    /requestType=WADO/,
    hears(url => url.searchParams.delete('contentType')),
  ),
  async run(t, { image }) {
    for (const type of ['image/jpeg', 'application/dicom']) {
      const got = await typeBy(t, image, { contentType: type }, 'application/dicom, image/jpeg');
      t.expect(`what contentType=${type} comes as`, got, type);
    }
  },
});

export const family = check({
  id: 'wado-uri/negotiation/accept-a-family',
  title: 'Accept: image/* allows image/jpeg',
  requires: ['WADO-URI-6.2.2-05'],
  given: { image: anyImage },
  fault: server => async request => (request.headers.get('Accept') === 'image/*' ? status(406)(server)(request) : server(request)),
  async run(t, { image }) {
    t.expect('what a single-frame image comes as with Accept: image/*', await typeBy(t, image, {}, 'image/*'), 'image/jpeg');
  },
});

export const noAccept = check({
  id: 'wado-uri/negotiation/no-accept-accepts-everything',
  title: 'A request without Accept is served',
  requires: ['WADO-URI-6.2.2-06'],
  given: { image: anyImage },
  fault: server => async request => (request.headers.has('Accept') ? server(request) : status(406)(server)(request)),
  async run(t, { image }) {
    const exchange = await askUri(t, uriQuery(image), null);
    t.expect('the status without Accept', exchange.response.status, 200);
  },
});
