import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import { hears, hearsKey, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { askUri, instanceNamed, typeBy, uriType } from '../kit/uri.ts';
import { anyImage } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

// 6.3.2.1: one of those that are listed, preferably the one that is wanted most.
export const oneOfTheList = check({
  id: 'wado-uri/negotiation/one-of-the-list',
  title: 'A rendered answer has one of the media types that contentType lists',
  requires: ['WADO-URI-6.3.2.1-01', 'WADO-URI-8.1.5-05'],
  given: { image: anyImage },
  fault: on(
    /contentType=/,
    hearsKey('contentType', () => 'image/gif'),
  ),
  async run(t, { image }) {
    const listed = await typeBy(t, image, { contentType: 'image/png,image/jpeg' });
    t.expect('what contentType=image/png,image/jpeg comes as', listed, anyOf('image/png', 'image/jpeg'));
    const known = await typeBy(t, image, { contentType: 'image/x-no-such,image/jpeg' });
    t.expect('what contentType=image/x-no-such,image/jpeg comes as', known, 'image/jpeg', { row: 'WADO-URI-8.1.5-05' });
  },
});

export const preferred = check({
  id: 'wado-uri/negotiation/the-one-that-is-wanted-most',
  title: 'Of the listed media types that the server has it sends the one with the highest preference value',
  requires: ['WADO-URI-6.3.2.1-02'],
  given: { image: anyImage },
  fault: on(
    /contentType=/,
    hearsKey('contentType', list => list.replaceAll(/;q=[\d.]+/g, '')),
  ),
  async run(t, { image }) {
    if ((await typeBy(t, image, { contentType: 'image/png' })) !== 'image/png')
      t.skip('the target has no second rendered media type to prefer: it does not send image/png');
    const first = await typeBy(t, image, { contentType: 'image/jpeg;q=0.2,image/png;q=0.9' });
    t.expect('what contentType=image/jpeg;q=0.2,image/png;q=0.9 comes as', first, 'image/png');
    const other = await typeBy(t, image, { contentType: 'image/png;q=0.2,image/jpeg;q=0.9' });
    t.expect('what contentType=image/png;q=0.2,image/jpeg;q=0.9 comes as', other, 'image/jpeg');
  },
});

// 6.3.2.1 and its note: 406 when nothing fits; until 2015c.
export const nothingFits = check({
  id: 'wado-uri/negotiation/nothing-fits',
  title: 'An image in a media type that the server does not have is answered 406, and never in another rendered type',
  requires: ['WADO-URI-6.3.2.1-04', 'WADO-URI-6.3.2.1-05'],
  given: { image: anyImage },
  fault: on(
    /contentType=(image%2Fx|video)/,
    hears(url => url.searchParams.delete('contentType')),
  ),
  async run(t, { image }) {
    t.expect('what contentType=image/x-no-such comes as', await typeBy(t, image, { contentType: 'image/x-no-such' }), 'status 406');
    const video = await typeBy(t, image, { contentType: 'video/mpeg' });
    const noOther = satisfying(
      'status 406, video/mpeg or an error',
      (each: string) => each.startsWith('status') || each === 'video/mpeg' || each === 'application/dicom',
    );
    t.expect('what a single-frame image comes as with contentType=video/mpeg', video, noOther, { row: 'WADO-URI-6.3.2.1-05' });
  },
});

export const notAsDicom = check({
  id: 'wado-uri/negotiation/not-as-dicom-instead',
  title: 'application/dicom is not sent when contentType names other types only',
  requires: ['WADO-URI-6.3.2.1-06'],
  given: { image: anyImage },
  fault: on(
    /contentType=video/,
    hearsKey('contentType', () => 'application/dicom'),
  ),
  async run(t, { image }) {
    const type = await typeBy(t, image, { contentType: 'video/mpeg' });
    t.expect('what a single-frame image comes as with contentType=video/mpeg', type, noneOf('application/dicom'));
  },
});

// RFC 2616 3.7 and 2.1: case and white space.
export const spelling = check({
  id: 'wado-uri/negotiation/case-and-white-space',
  title: 'Letter case of a media type and white space after a comma do not matter',
  requires: ['WADO-URI-8.1.5-06'],
  given: { image: anyImage },
  fault: on(/contentType=(IMAGE|[^&]*%20)/, status(406)),
  async run(t, { image }) {
    t.expect('what contentType=IMAGE/JPEG comes as', await typeBy(t, image, { contentType: 'IMAGE/JPEG' }), 'image/jpeg');
    const spaced = await typeBy(t, image, { contentType: 'image/x-no-such, image/jpeg' });
    t.expect('what a list with a space after the comma comes as', spaced, 'image/jpeg');
  },
});

// 8.1.5 and Annex B.3: a media type with a parameter of its own.
export const parameters = check({
  id: 'wado-uri/negotiation/types-with-parameters',
  title: 'A listed media type may have parameters of its own',
  requires: ['WADO-URI-8.1.5-08'],
  given: { image: anyImage },
  fault: on(/level=1/, status(400)),
  async run(t, { image }) {
    const query = `${uriQuery(image)}&contentType=image%2Fjp2;level=1,image%2Fjpeg;q=0.3`;
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
    const type = await typeBy(t, instanceNamed(sr, 'plain'), { contentType: 'text/x-no-such' });
    t.expect('what a report comes as with contentType=text/x-no-such', type, anyOf('text/html', 'status 406'));
  },
});
