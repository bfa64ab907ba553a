import sharp from 'sharp';
import { expect, test } from 'vitest';
import { studyNamed } from '../fixtures/corpus.ts';
import { createMockServer } from './index.ts';

const server = createMockServer();
const instanceOf = (study: Parameters<typeof studyNamed>[0], name: string) => {
  const found = studyNamed(study).instances.find(each => each.name === name);
  if (!found) throw new Error(`there is no ${name} in ${study}`);
  return found;
};
const ct = instanceOf('ct', 'slice-1');
const several = instanceOf('multi-frame', 'secondary-capture');
const report = instanceOf('sr', 'deep');

function query(of: typeof ct, more = ''): string {
  const uids = `studyUID=${of.studyInstanceUID}&seriesUID=${of.seriesInstanceUID}&objectUID=${of.sopInstanceUID}`;
  return `?requestType=WADO&${uids}${more}`;
}
const ask = (search: string, headers: Record<string, string> = {}) =>
  server.fetch(new Request(`http://mock.example/wado${search}`, { headers }));
const body = async (response: Response) => Buffer.from(await response.arrayBuffer());
const typeOf = async (of: typeof ct, more = '', headers = {}) => {
  const response = await ask(query(of, more), headers);
  return response.ok ? response.headers.get('Content-Type') : response.status;
};

test('each class of objects has its default', async () => {
  expect(await typeOf(ct)).toBe('image/jpeg');
  expect(await typeOf(several)).toBe('application/dicom');
  expect(await typeOf(several, '&frameNumber=2')).toBe('image/jpeg');
  expect(await typeOf(report)).toBe('text/html; charset=UTF-8');
  expect(await typeOf(instanceOf('mixed', 'key-objects'))).toBe('text/html; charset=UTF-8');
  expect(await typeOf(instanceOf('mixed', 'pdf'))).toBe('application/dicom');
});

test.each([
  [ct, 'image/jpeg', 'ffd8ff'],
  [ct, 'image/png', '89504e47'],
  [ct, 'image/gif', '47494638'],
  [ct, 'image/jp2', '0000000c6a5020200d0a870a'],
  [several, 'image/gif', '47494638'],
  [report, 'text/html', Buffer.from('<!DOCTYPE html>').toString('hex')],
  [report, 'text/plain', Buffer.from('Radiology Report').toString('hex')],
  [report, 'text/xml', Buffer.from('<?xml').toString('hex')],
  [report, 'text/rtf', Buffer.from('{\\rtf1').toString('hex')],
  [report, 'application/pdf', Buffer.from('%PDF-1.').toString('hex')],
  [instanceOf('mixed', 'pdf'), 'application/pdf', Buffer.from('%PDF-1.').toString('hex')],
] as const)('%o as %s', async (of, type, signature) => {
  const response = await ask(query(of, `&contentType=${encodeURIComponent(type)}`), { Accept: '*/*' });
  expect(response.headers.get('Content-Type')?.split(';')[0]).toBe(type);
  expect((await body(response)).toString('hex').slice(0, signature.length)).toBe(signature);
});

test.each([
  ['&rows=0', 400, 'rows'],
  ['&columns=1e3', 400, 'columns'],
  ['&region=0,0,1', 400, 'region'],
  ['&windowCenter=40', 400, 'windowCenter'],
  ['&windowCenter=40&windowWidth=0', 400, 'windowWidth'],
  ['&imageQuality=101', 400, 'imageQuality'],
  ['&annotation=nothing', 400, 'annotation'],
  ['&anonymize=no', 400, 'anonymize'],
  ['&anonymize=yes', 400, 'anonymize'],
  ['&contentType=application/dicom&rows=10', 400, 'rows'],
  ['&contentType=application/dicom&transferSyntax=1.2.3', 400, 'transferSyntax'],
  ['&transferSyntax=1.2.840.10008.1.2.1', 400, 'transferSyntax'],
  ['&presentationUID=1.2.3', 400, 'presentationUID'],
  ['&presentationUID=1.2.3&presentationSeriesUID=1.2', 404, 'presentationUID'],
  ['&contentType=image/x-no-such', 406, 'image/x-no-such'],
  ['&studyUID=1.2.3', 400, 'studyUID'],
] as const)('%s is answered with %i and a sentence that names %s', async (more, status, name) => {
  const response = await ask(query(ct, more));
  expect(response.status).toBe(status);
  const sentence = await response.text();
  expect(sentence).toContain(name);
  expect(sentence).toMatch(/^[A-Z][^\n]+\.\n$/);
});

const pixels = async (of: typeof ct, more: string) => {
  const response = await ask(query(of, `&contentType=image/png${more}`));
  const { data, info } = await sharp(await body(response))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: [...data], width: info.width, height: info.height, channels: info.channels };
};

test.each(['rgb', 'rgb-planar', 'palette'])('the squares of %s have their colours', async name => {
  const { data } = await pixels(instanceOf('colour', name), '');
  const at = (row: number, column: number) => data.slice((row * 8 + column) * 3, (row * 8 + column) * 3 + 3);
  expect([at(1, 1), at(1, 6), at(6, 1), at(6, 6)]).toEqual([
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
  ]);
});

test('a window maps values after the rescale to gray', async () => {
  const { data, width, height, channels } = await pixels(ct, '&windowCenter=-1900&windowWidth=401');
  expect([width, height]).toEqual([16, 12]);
  // PS3.3-2013 C.11.2.1.2, on stored values -1000 + 100 row + 10 column - 1 and a rescale intercept of -1024.
  const value = (row: number, column: number) => -1000 + 100 * row + 10 * column - 1 - 1024;
  const gray = (x: number) => Math.round(255 * Math.min(1, Math.max(0, (x + 1900.5) / 400 + 0.5)));
  for (const [row, column] of [
    [0, 0],
    [0, 12],
    [1, 8],
    [3, 15],
    [8, 0],
  ] as const)
    expect(data[(row * 16 + column) * channels]).toBe(gray(value(row, column)));
});

test('region comes before size, and the ratio is kept', async () => {
  const size = async (more: string) => {
    const { width, height } = await pixels(ct, more);
    return [width, height];
  };
  expect(await size('&region=0.25,0.5,0.75,1.0')).toEqual([8, 6]);
  expect(await size('&region=0.25,0.5,0.75,1.0&columns=4')).toEqual([4, 3]);
  expect(await size('&rows=24')).toEqual([32, 24]);
  expect(await size('&rows=100&columns=32')).toEqual([32, 24]);
});

test('an anonymous object is another one, and the same one each time', async () => {
  const of = `&contentType=application/dicom&anonymize=yes`;
  const [one, again] = [await body(await ask(query(ct, of))), await body(await ask(query(ct, of)))];
  expect(one.equals(again)).toBe(true);
  expect(one.toString('latin1')).not.toMatch(/CONFTEST-CT|CONFTEST\^Ct/);
  expect(one.toString('latin1')).not.toContain(ct.sopInstanceUID);
});

test('text is in the character set that was asked for if that can be', async () => {
  const latin = instanceOf('charset-latin-1', 'image');
  const dicom = async (charset: string) =>
    (await body(await ask(query(latin, `&contentType=application/dicom&charset=${charset}`)))).toString('latin1');
  expect(await dicom('UTF-8')).toContain('ISO_IR 192');
  expect(await dicom('x-none')).toContain('ISO_IR 100');
  expect(await typeOf(report, '', { 'Accept-Charset': 'x-none, iso-8859-1' })).toBe('text/html; charset=ISO-8859-1');
});
