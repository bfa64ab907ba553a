import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hears, hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import type { Accept } from '../kit/retrieve.ts';
import { askUri, instanceNamed, uriType } from '../kit/uri.ts';
import { type UriParameters, uriQuery } from '../kit/uri-query.ts';

type Of = Parameters<typeof uriQuery>[0];

/** What an object comes as. */
async function typeOf(t: Trial, of: Of, parameters: UriParameters, accept: Accept = '*/*'): Promise<string> {
  return uriType(await askUri(t, uriQuery(of, parameters), accept));
}

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
  given: { rendering: fixture('rendering') },
  fault: deaf,
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    for (const type of ['image/jpeg', 'image/png']) {
      const got = await typeOf(t, image, { contentType: type }, type);
      t.expect(
        `what a CT image comes as with contentType and Accept of ${type}`,
        got,
        satisfying(type, (each: string) => !isPicture(each) || each === type),
      );
    }
    const unwanted = await typeOf(t, image, {}, 'application/dicom');
    t.expect(
      'what a CT image comes as with Accept: application/dicom',
      unwanted,
      satisfying('no picture', (each: string) => !isPicture(each)),
    );
    const contrary = await typeOf(t, image, { contentType: 'image/png' }, 'image/jpeg');
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
  given: { rendering: fixture('rendering') },
  fault: on(/contentType=image%2Fpng/, deaf),
  async run(t, { rendering }) {
    const contrary = await typeOf(t, instanceNamed(rendering, 'ramp'), { contentType: 'image/png' }, 'image/jpeg');
    t.expect('what contentType=image/png comes as with Accept: image/jpeg', contrary, noneOf('image/png'));
  },
});

// RFC 2616 14.1: */* accepts everything.
export const anything = check({
  id: 'wado-uri/negotiation/accept-anything',
  title: 'Accept: */* allows each media type that section 7 obliges the server to have',
  requires: ['WADO-URI-6.2.2-04', 'WADO-URI-8.1.5-04'],
  given: { rendering: fixture('rendering'), sr: fixture('sr') },
  fault: server => async request => (request.headers.get('Accept') === '*/*' ? status(406)(server)(request) : server(request)),
  async run(t, { rendering, sr }) {
    const [image, report] = [instanceNamed(rendering, 'ramp'), instanceNamed(sr, 'plain')];
    for (const [of, type] of [
      [image, 'application/dicom'],
      [image, 'image/jpeg'],
      [report, 'application/dicom'],
      [report, 'text/plain'],
      [report, 'text/html'],
    ] as const)
      t.expect(`what contentType=${type} of "${of.name}" comes as with Accept: */*`, await typeOf(t, of, { contentType: type }), type);
  },
});

// 8.1.5: the one media type that is listed.
export const asAsked = check({
  id: 'wado-uri/negotiation/the-type-that-is-asked-for',
  title: 'A media type that stands alone in contentType is the one that is sent',
  requires: ['WADO-URI-8.1.5-04'],
  given: { rendering: fixture('rendering'), several: fixture('multi-frame') },
  fault: on(
    /requestType=WADO/,
    hears(url => url.searchParams.delete('contentType')),
  ),
  async run(t, { rendering }) {
    for (const type of ['image/jpeg', 'application/dicom']) {
      const got = await typeOf(t, instanceNamed(rendering, 'ramp'), { contentType: type }, 'application/dicom, image/jpeg');
      t.expect(`what contentType=${type} comes as`, got, type);
    }
  },
});

export const family = check({
  id: 'wado-uri/negotiation/accept-a-family',
  title: 'Accept: image/* allows image/jpeg',
  requires: ['WADO-URI-6.2.2-05'],
  given: { rendering: fixture('rendering') },
  fault: server => async request => (request.headers.get('Accept') === 'image/*' ? status(406)(server)(request) : server(request)),
  async run(t, { rendering }) {
    t.expect(
      'what a CT image comes as with Accept: image/*',
      await typeOf(t, instanceNamed(rendering, 'ramp'), {}, 'image/*'),
      'image/jpeg',
    );
  },
});

export const noAccept = check({
  id: 'wado-uri/negotiation/no-accept-accepts-everything',
  title: 'A request without Accept is served',
  requires: ['WADO-URI-6.2.2-06'],
  given: { rendering: fixture('rendering') },
  fault: server => async request => (request.headers.has('Accept') ? server(request) : status(406)(server)(request)),
  async run(t, { rendering }) {
    const exchange = await askUri(t, uriQuery(instanceNamed(rendering, 'ramp')), null);
    t.expect('the status without Accept', exchange.response.status, 200);
  },
});

// 6.3.2.1: one of those that are listed, preferably the one that is wanted most.
export const oneOfTheList = check({
  id: 'wado-uri/negotiation/one-of-the-list',
  title: 'A rendered answer has one of the media types that contentType lists',
  requires: ['WADO-URI-6.3.2.1-01', 'WADO-URI-8.1.5-05'],
  given: { rendering: fixture('rendering') },
  fault: on(
    /contentType=/,
    hearsKey('contentType', () => 'image/gif'),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    const listed = await typeOf(t, image, { contentType: 'image/png,image/jpeg' });
    t.expect('what contentType=image/png,image/jpeg comes as', listed, anyOf('image/png', 'image/jpeg'));
    const known = await typeOf(t, image, { contentType: 'image/x-no-such,image/jpeg' });
    t.expect('what contentType=image/x-no-such,image/jpeg comes as', known, 'image/jpeg', { row: 'WADO-URI-8.1.5-05' });
  },
});

export const preferred = check({
  id: 'wado-uri/negotiation/the-one-that-is-wanted-most',
  title: 'Of the listed media types that the server has it sends the one with the highest preference value',
  requires: ['WADO-URI-6.3.2.1-02'],
  given: { rendering: fixture('rendering') },
  fault: on(
    /contentType=/,
    hearsKey('contentType', list => list.replaceAll(/;q=[\d.]+/g, '')),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    if ((await typeOf(t, image, { contentType: 'image/png' })) !== 'image/png')
      t.skip('the target has no second rendered media type to prefer: it does not send image/png');
    const first = await typeOf(t, image, { contentType: 'image/jpeg;q=0.2,image/png;q=0.9' });
    t.expect('what contentType=image/jpeg;q=0.2,image/png;q=0.9 comes as', first, 'image/png');
    const other = await typeOf(t, image, { contentType: 'image/png;q=0.2,image/jpeg;q=0.9' });
    t.expect('what contentType=image/png;q=0.2,image/jpeg;q=0.9 comes as', other, 'image/jpeg');
  },
});

// 6.3.2.1 and its note: 406 when nothing fits; until 2015c.
export const nothingFits = check({
  id: 'wado-uri/negotiation/nothing-fits',
  title: 'An image in a media type that the server does not have is answered 406, and never in another rendered type',
  requires: ['WADO-URI-6.3.2.1-04', 'WADO-URI-6.3.2.1-05'],
  given: { rendering: fixture('rendering') },
  fault: on(
    /contentType=(image%2Fx|video)/,
    hears(url => url.searchParams.delete('contentType')),
  ),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    t.expect('what contentType=image/x-no-such comes as', await typeOf(t, image, { contentType: 'image/x-no-such' }), 'status 406');
    const video = await typeOf(t, image, { contentType: 'video/mpeg' });
    const noOther = satisfying(
      'status 406, video/mpeg or an error',
      (each: string) => each.startsWith('status') || each === 'video/mpeg' || each === 'application/dicom',
    );
    t.expect('what a CT image comes as with contentType=video/mpeg', video, noOther, { row: 'WADO-URI-6.3.2.1-05' });
  },
});

export const notAsDicom = check({
  id: 'wado-uri/negotiation/not-as-dicom-instead',
  title: 'application/dicom is not sent when contentType names other types only',
  requires: ['WADO-URI-6.3.2.1-06'],
  given: { rendering: fixture('rendering') },
  fault: on(
    /contentType=video/,
    hearsKey('contentType', () => 'application/dicom'),
  ),
  async run(t, { rendering }) {
    const type = await typeOf(t, instanceNamed(rendering, 'ramp'), { contentType: 'video/mpeg' });
    t.expect('what a CT image comes as with contentType=video/mpeg', type, noneOf('application/dicom'));
  },
});

// RFC 2616 3.7 and 2.1: case and white space.
export const spelling = check({
  id: 'wado-uri/negotiation/case-and-white-space',
  title: 'Letter case of a media type and white space after a comma do not matter',
  requires: ['WADO-URI-8.1.5-06'],
  given: { rendering: fixture('rendering') },
  fault: on(/contentType=(IMAGE|[^&]*%20)/, status(406)),
  async run(t, { rendering }) {
    const image = instanceNamed(rendering, 'ramp');
    t.expect('what contentType=IMAGE/JPEG comes as', await typeOf(t, image, { contentType: 'IMAGE/JPEG' }), 'image/jpeg');
    const spaced = await typeOf(t, image, { contentType: 'image/x-no-such, image/jpeg' });
    t.expect('what a list with a space after the comma comes as', spaced, 'image/jpeg');
  },
});

// 8.1.5 and Annex B.3: a media type with a parameter of its own.
export const parameters = check({
  id: 'wado-uri/negotiation/types-with-parameters',
  title: 'A listed media type may have parameters of its own',
  requires: ['WADO-URI-8.1.5-08'],
  given: { rendering: fixture('rendering') },
  fault: on(/level=1/, status(400)),
  async run(t, { rendering }) {
    const query = `${uriQuery(instanceNamed(rendering, 'ramp'))}&contentType=image%2Fjp2;level=1,image%2Fjpeg;q=0.3`;
    const type = uriType(await askUri(t, query));
    t.expect('what contentType=image%2Fjp2;level=1,image%2Fjpeg;q=0.3 comes as', type, anyOf('image/jp2', 'image/jpeg'));
  },
});

// 7.3.2: a report falls back to text/html; until 2015c.
export const reportFallsBack = check({
  id: 'wado-uri/negotiation/reports-fall-back-to-html',
  title: 'A report in a media type that the server does not have comes as text/html or is refused with 406',
  requires: ['WADO-URI-7.3.2-10'],
  given: { sr: fixture('sr') },
  fault: on(
    /contentType=text%2Fx-/,
    hearsKey('contentType', () => 'application/dicom'),
  ),
  async run(t, { sr }) {
    const type = await typeOf(t, instanceNamed(sr, 'plain'), { contentType: 'text/x-no-such' });
    t.expect('what a report comes as with contentType=text/x-no-such', type, anyOf('text/html', 'status 406'));
  },
});
