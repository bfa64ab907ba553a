import { explicitBigEndian, implicitLittleEndian, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { clientCheck } from '../harness/client.ts';
import { noneOf, satisfying } from '../harness/expected.ts';
import { hears, on } from '../kit/faults.ts';
import { uriRequest, wantsDicom } from '../kit/uri-request.ts';

// PS3.5-2013 6.2: at most 12 and 16 bytes, with spaces around.
const isInteger = (text: string) => text.length <= 12 && /^ *[+-]?\d+ *$/.test(text);
const isDecimal = (text: string) => text.length <= 16 && /^ *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *$/.test(text);
const integer = satisfying('an integer string (IS)', isInteger as (actual: never) => boolean);

// 8.2.1.
export const annotation = clientCheck({
  id: 'wado-uri/client-rendering/annotation',
  title: 'annotation is a list of patient and technique, and is sent for pictures only',
  requires: ['WADO-URI-8.2.1-04', 'WADO-URI-8.2.1-02', 'WADO-URI-8.2.1-03', 'WADO-URI-8.2.1-01'],
  wrongClient: on(
    /annotation=/,
    hears(url => url.searchParams.set('annotation', 'all')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('annotation') ?? null;
    if (!request || value === null) {
      if (request) t.record('annotation', 'left out');
      return;
    }
    const known = satisfying('patient, technique or both', (list: string) =>
      list.split(',').every(each => /^\s*(patient|technique)\s*$/.test(each)),
    );
    t.expect('annotation', value, known);
    t.expect('whether annotation is sent with contentType=application/dicom', wantsDicom(request), false, { row: 'WADO-URI-8.2.1-02' });
    const texts = request.types.filter(type => !/^(image|video)\/|^application\/dicom$/.test(type));
    t.expect('the media types other than pictures that annotation is sent with', texts, [], { row: 'WADO-URI-8.2.1-03' });
  },
});

// 8.2: for images only. transferSyntax is left out, since 6.3.1.3 speaks of any object.
export const imagesOnly = clientCheck({
  id: 'wado-uri/client-rendering/for-images-only',
  title: 'Parameters for images are not sent for reports and documents',
  requires: ['WADO-URI-8.2-01'],
  wrongClient: on(
    /rows=/,
    hears(url => url.searchParams.set('contentType', 'text/html')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request) return;
    const isText = request.types.length > 0 && request.types.every(type => /^text\/|^application\/(pdf|xml)/.test(type));
    const names = [
      'annotation',
      'rows',
      'columns',
      'region',
      'windowCenter',
      'windowWidth',
      'frameNumber',
      'imageQuality',
      'presentationUID',
    ];
    if (isText || /^text\//.test(request.answered))
      t.expect(
        'the parameters for images that are sent for a text',
        names.filter(name => request.values.has(name)),
        [],
      );
  },
});

// 8.2.4.
export const region = clientCheck({
  id: 'wado-uri/client-rendering/region',
  title: 'region is four numbers from 0 to 1, the last two not 0, and is not sent with application/dicom',
  requires: ['WADO-URI-8.2.4-03', 'WADO-URI-8.2.4-04', 'WADO-URI-8.2.4-05', 'WADO-URI-8.2.4-02', 'WADO-URI-8.2.4-01'],
  wrongClient: on(
    /region=/,
    hears(url => url.searchParams.set('region', '0,0,200,100')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('region') ?? null;
    if (!request || value === null) {
      if (request) t.record('region', 'left out');
      return;
    }
    const members = value.split(',');
    const four = satisfying('four decimal strings', (list: readonly string[]) => list.length === 4 && list.every(isDecimal));
    t.expect('region', members, four);
    const numbers = members.map(Number);
    const range = satisfying('numbers from 0 to 1', (list: readonly number[]) => list.every(each => each >= 0 && each <= 1));
    t.expect('the numbers of region', numbers, range, { row: 'WADO-URI-8.2.4-04' });
    const notZero = satisfying('two that are not 0', (list: readonly number[]) => list.every(each => each !== 0));
    t.expect('the last two numbers of region', numbers.slice(2), notZero, { row: 'WADO-URI-8.2.4-05' });
    t.expect('whether region is sent with contentType=application/dicom', wantsDicom(request), false, { row: 'WADO-URI-8.2.4-02' });
  },
});

const isLossy = (uid: string | null): boolean => !['never', undefined].includes(transferSyntax(uid ?? '')?.lossy);

// 8.2.8.
export const imageQuality = clientCheck({
  id: 'wado-uri/client-rendering/image-quality',
  title: 'imageQuality is a number from 1 to 100, and goes with application/dicom only where a lossy transferSyntax is asked for',
  requires: ['WADO-URI-8.2.8-09', 'WADO-URI-8.2.8-08', 'WADO-URI-8.2.8-02', 'WADO-URI-8.2.8-01', 'WADO-URI-8.2.8-07'],
  wrongClient: on(
    /imageQuality=/,
    hears(url => url.searchParams.set('imageQuality', '0')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('imageQuality') ?? null;
    if (!request || value === null) {
      if (request) t.record('imageQuality', 'left out');
      return;
    }
    t.expect('imageQuality', value, integer, { row: 'WADO-URI-8.2.8-08' });
    const range = satisfying('a number from 1 to 100', (text: string) => Number(text) >= 1 && Number(text) <= 100);
    t.expect('imageQuality', value, range);
    const lossy = isLossy(request.value('transferSyntax'));
    if (wantsDicom(request)) t.expect('whether imageQuality comes with a lossy transferSyntax', lossy, true, { row: 'WADO-URI-8.2.8-02' });
  },
});

// 8.2.9.
export const presentation = clientCheck({
  id: 'wado-uri/client-rendering/presentation-state',
  title: 'A presentation state is not asked for with application/dicom',
  requires: ['WADO-URI-8.2.9-03', 'WADO-URI-8.2.9-01'],
  wrongClient: on(
    /presentationUID=/,
    hears(url => url.searchParams.set('contentType', 'application/dicom')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request) return;
    if (request.value('presentationUID') === null) t.record('presentationUID', 'left out');
    else t.expect('whether presentationUID is sent with contentType=application/dicom', wantsDicom(request), false);
  },
});

// 8.2.11.
export const syntax = clientCheck({
  id: 'wado-uri/client-rendering/transfer-syntax',
  title: 'transferSyntax is one UID, not that of Implicit VR or Big Endian, and is sent with application/dicom only',
  requires: ['WADO-URI-8.2.11-02', 'WADO-URI-8.2.11-03', 'WADO-URI-8.2.11-04', 'WADO-URI-8.2.11-10', 'WADO-URI-8.2.11-01'],
  wrongClient: on(
    /transferSyntax=/,
    hears(url => url.searchParams.set('contentType', 'image/jpeg')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('transferSyntax') ?? null;
    if (!request || value === null) {
      if (request) t.record('transferSyntax', 'left out');
      return;
    }
    t.expect('whether transferSyntax is a list', value.includes(','), false, { row: 'WADO-URI-8.2.11-10' });
    t.expect('transferSyntax', value, noneOf(implicitLittleEndian, explicitBigEndian), { row: 'WADO-URI-8.2.11-04' });
    if (!value.includes(',')) {
      const uid = satisfying('the UID of a transfer syntax', (text: string) =>
        /^1\.2\.840\.10008\.1\.2(\.\d+)*$|^(?!1\.2\.840\.10008\.)[\d.]+$/.test(text),
      );
      t.expect('transferSyntax', value, uid, { row: 'WADO-URI-8.2.11-03' });
    }
    // Without contentType the default may be application/dicom.
    if (request.types.length > 0) t.expect('the contentType that transferSyntax is sent with', request.types, ['application/dicom']);
  },
});
