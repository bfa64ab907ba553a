import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hears, on } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { textIn } from '../kit/objects.ts';
import type { InstanceUids } from '../kit/retrieve.ts';
import { askUri, instanceNamed, readObject, uriType } from '../kit/uri.ts';
import { anyImage } from '../kit/uri-pictures.ts';
import { uriQuery } from '../kit/uri-query.ts';

const asked = (contentType: string) => hears(url => url.searchParams.set('contentType', contentType));
const alwaysDicom = on(request => /requestType=WADO/.test(request.url) && !/contentType=/.test(request.url), asked('application/dicom'));
const alwaysJpeg = on(
  request => /requestType=WADO/.test(request.url) && !/contentType=/.test(request.url),
  hears(url => {
    url.searchParams.set('contentType', 'image/jpeg');
    url.searchParams.set('frameNumber', '1');
  }),
);

/** What an object comes as when no media type is asked for. */
async function byDefault(t: Trial, of: InstanceUids, accept = '*/*'): Promise<string> {
  return uriType(await askUri(t, uriQuery(of), accept));
}

// PS3.18-2013 7.1.1 and 7.1.2.
export const singleFrame = check({
  id: 'wado-uri/defaults/single-frame-images-are-jpeg',
  title: 'A single-frame image comes as image/jpeg when nothing else is asked for',
  requires: ['WADO-URI-7.1.2-03', 'WADO-URI-7.1.1-01'],
  given: { image: anyImage },
  fault: alwaysDicom,
  async run(t, { image }) {
    t.expect('what a single-frame image comes as', await byDefault(t, image), 'image/jpeg', { row: 'WADO-URI-7.1.1-01' });
    const both = await byDefault(t, image, 'application/dicom, image/jpeg');
    t.expect('what a single-frame image comes as with Accept: application/dicom, image/jpeg', both, 'image/jpeg');
  },
});

// 7.1.1: an instance of a multi-frame class that holds one frame only. 7.2.1 takes in the whole class, so this is not a must.
export const oneFrame = check({
  id: 'wado-uri/defaults/one-frame-of-a-multi-frame-class-is-single-frame',
  title: 'An image of a multi-frame class that has one frame comes as image/jpeg',
  requires: ['WADO-URI-7.1.1-02'],
  given: { rendering: fixture('rendering') },
  fault: alwaysDicom,
  async run(t, { rendering }) {
    t.expect(
      'what a multi-frame class image with one frame comes as',
      await byDefault(t, instanceNamed(rendering, 'one-frame')),
      'image/jpeg',
    );
  },
});

// 7.1.1: a frame picked out of several.
export const pickedFrame = check({
  id: 'wado-uri/defaults/a-picked-frame-is-single-frame',
  title: 'A frame picked with frameNumber comes as image/jpeg, not as the whole object',
  requires: ['WADO-URI-7.1.1-03'],
  given: { several: fixture('multi-frame') },
  fault: on(
    /frameNumber=/,
    hears(url => url.searchParams.delete('frameNumber')),
  ),
  async run(t, { several }) {
    const exchange = await askUri(t, uriQuery(instanceNamed(several, 'secondary-capture'), { frameNumber: 2 }));
    const type = uriType(exchange);
    t.expect('what frame 2 of a multi-frame image comes as', type, anyOf('image/jpeg', 'application/dicom'));
    if (type !== 'application/dicom') return;
    const frames = textIn(readObject(t, exchange).dataSet, 'NumberOfFrames') || '1';
    t.expect('the frames in the DICOM object that frame 2 comes as', frames, '1');
  },
});

// 7.2.1 and 7.2.2.
export const multiFrame = check({
  id: 'wado-uri/defaults/multi-frame-images-are-dicom',
  title: 'A multi-frame image comes as application/dicom when nothing else is asked for',
  requires: ['WADO-URI-7.2.2-02', 'WADO-URI-7.2.1-01'],
  given: { several: fixture('multi-frame') },
  fault: alwaysJpeg,
  async run(t, { several }) {
    for (const image of several.instances) {
      const type = await byDefault(t, image);
      t.expect(`what the multi-frame image "${image.name}" comes as`, type, 'application/dicom');
      t.expect(`what the multi-frame image "${image.name}" comes as`, type, 'application/dicom', { row: 'WADO-URI-7.2.1-01' });
    }
  },
});

// 7.3.1 and 7.3.2: key object selections are text.
export const text = check({
  id: 'wado-uri/defaults/reports-are-html',
  title: 'Structured reports and key object selections come as text/html when nothing else is asked for',
  requires: ['WADO-URI-7.3.2-04', 'WADO-URI-7.3.1-01'],
  given: { sr: fixture('sr'), mixed: fixture('mixed') },
  fault: alwaysDicom,
  async run(t, { sr, mixed }) {
    t.expect('what a key object selection comes as', await byDefault(t, instanceNamed(mixed, 'key-objects')), 'text/html', {
      row: 'WADO-URI-7.3.1-01',
    });
    t.expect('what a structured report comes as', await byDefault(t, instanceNamed(sr, 'plain')), 'text/html');
  },
});

// 7.4.1 and 7.4.2.
export const other = check({
  id: 'wado-uri/defaults/other-objects-are-dicom',
  title: 'What is neither image nor text comes as application/dicom when nothing else is asked for',
  requires: ['WADO-URI-7.4.2-02', 'WADO-URI-7.4.1-01'],
  given: { mixed: fixture('mixed'), rendering: fixture('rendering') },
  fault: on(request => /requestType=WADO/.test(request.url) && !/contentType=/.test(request.url), asked('application/pdf')),
  async run(t, { mixed, rendering }) {
    const objects: readonly (readonly [string, FixtureInstance, RequirementId])[] = [
      ['an encapsulated PDF', instanceNamed(mixed, 'pdf'), 'WADO-URI-7.4.1-01'],
      ['a presentation state', instanceNamed(rendering, 'whole'), 'WADO-URI-7.4.2-02'],
    ];
    for (const [what, of, row] of objects) t.expect(`what ${what} comes as`, await byDefault(t, of), 'application/dicom', { row });
  },
});

// 7 and 8.1.5: the default follows from the class of the object.
export const byClass = check({
  id: 'wado-uri/defaults/each-class-has-its-own',
  title: 'The default media type depends on the class of the object',
  requires: ['WADO-URI-7-01', 'WADO-URI-8.1.5-07'],
  given: { rendering: fixture('rendering'), several: fixture('multi-frame'), sr: fixture('sr'), mixed: fixture('mixed') },
  fault: alwaysDicom,
  async run(t, { rendering, several, sr, mixed }) {
    const objects = [
      instanceNamed(rendering, 'ramp'),
      instanceNamed(several, 'secondary-capture'),
      instanceNamed(sr, 'plain'),
      instanceNamed(mixed, 'pdf'),
    ];
    const types = [];
    for (const of of objects) types.push(await byDefault(t, of));
    const distinct = new Set(types.filter(type => !type.startsWith('status')));
    const several3 = satisfying('more than one media type', (set: ReadonlySet<string>) => set.size > 1);
    t.expect('the defaults of a CT image, a multi-frame image, a report and a PDF', distinct, several3);
    t.expect(
      'the defaults of a CT image, a multi-frame image, a report and a PDF',
      types,
      ['image/jpeg', 'application/dicom', 'text/html', 'application/dicom'],
      {
        row: 'WADO-URI-8.1.5-07',
      },
    );
  },
});

const deaf = on(/requestType=WADO/, server => request => {
  const headers = new Headers(request.headers);
  headers.set('Accept', '*/*');
  return server(new Request(request.url, { headers }));
});

// 7.1.2 and 6.3.2.1: the default has to be compatible with Accept.
export const yields = check({
  id: 'wado-uri/defaults/they-yield-to-accept',
  title: 'The default media type is not sent to a client that does not accept it',
  requires: ['WADO-URI-7.1.2-04', 'WADO-URI-7.3.2-11', 'WADO-URI-7.4.2-04'],
  given: { rendering: fixture('rendering'), several: fixture('multi-frame'), sr: fixture('sr') },
  fault: deaf,
  async run(t, { rendering, several, sr }) {
    const report = await byDefault(t, instanceNamed(sr, 'plain'), 'application/dicom');
    t.expect('what a report comes as with Accept: application/dicom', report, noneOf('text/html'), { row: 'WADO-URI-7.3.2-11' });
    for (const of of [instanceNamed(several, 'secondary-capture'), instanceNamed(rendering, 'whole')]) {
      const type = await byDefault(t, of, 'image/jpeg');
      t.expect(`what "${of.name}" comes as with Accept: image/jpeg`, type, noneOf('application/dicom'), { row: 'WADO-URI-7.4.2-04' });
    }
    const image = await byDefault(t, instanceNamed(rendering, 'ramp'), 'application/dicom');
    t.expect('what a CT image comes as with Accept: application/dicom', image, noneOf('image/jpeg'));
  },
});
