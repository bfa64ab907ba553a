import { studyNamed } from '../../fixtures/corpus.ts';
import type { Edition } from '../../schemas/editions.ts';
import type { Ask } from '../harness/trial.ts';
import { instancePath, seriesPath, studyPath } from '../kit/retrieve.ts';

const of = studyNamed('multi-frame').instances[0];
if (!of) throw new Error('the study multi-frame is empty');
const [study, series, instance] = [studyPath(of), seriesPath(of), instancePath(of)];

const parts = (type: string) => `multipart/related; type="${type}"`;
const get = (to: string, accept?: string): Ask => ({ to, ...(accept === undefined ? {} : { headers: { Accept: accept } }) });

/** What every edition has. */
const always: readonly Ask[] = [
  get(study, parts('application/dicom')),
  get(study, 'multipart/related; type=application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70'),
  get(`${study.replaceAll('.', '%2E')}`, parts('application/dicom')),
  get(series, `${parts('application/octet-stream')}, ${parts('application/dicom')};q=0.1`),
  get(instance),
  get(instance, '*/*'),
  get(instance, 'application/json, text/plain, */*'),
  get(instance, 'multipart/related'),
  get(instance, 'multipart/*'),
  get(instance, `text/html, ${parts('application/dicom')}; transfer-syntax=1.2.840.10008.1.2.4.50`),
  get(instance, 'Multipart/Related;TYPE="Application/DICOM"'),
  get(`${instance}/frames/1`, parts('application/octet-stream')),
  get(`${instance}/frames/2,1`, `${parts('video/mp4')}; transfer-syntax=1.2.840.10008.1.2.4.102, ${parts('application/octet-stream')}`),
  get(`${instance}/frames/1%2C2`, `${parts('application/octet-stream')}; transfer-syntax=1.2.840.10008.1.2.1`),
  get(`${study}/metadata`, parts('application/dicom+xml')),
  get(`${study}/metadata`, 'multipart/related; type=application/dicom+xml; q=0.9, application/dicom+json'),
  get(`${instance}/bulkdata/7FE00010`, parts('application/octet-stream')),
  { to: study, method: 'HEAD' },
];

/** Until 2016b, the media types of Table 6.5-1 had names of their own. */
const until2016: readonly Ask[] = [
  get(`${instance}/frames/1`, parts('image/dicom+jpeg')),
  get(`${instance}/frames/1`, `${parts('image/dicom+jpeg')}; transfer-syntax=1.2.840.10008.1.2.4.50`),
  get(`${instance}/frames/1`, 'multipart/related; type=image/dicom+jp2; transfer-syntax=1.2.840.10008.1.2.4.91'),
  get(`${instance}/frames/1`, 'multipart/related; type="image/dicom+jpeg-ls; transfer-syntax=1.2.840.10008.1.2.4.81"'),
  get(instance, `${parts('image/dicom+rle')}, ${parts('image/dicom+jpx')}`),
];

const since2014: readonly Ask[] = [get(`${study}/metadata`, 'application/json'), get(`${series}/metadata`, parts('application/dicom+xml'))];

/** From 2016c on one part will do, and JSON has a media type of its own. */
const since2016: readonly Ask[] = [
  get(`${study}/metadata`, 'application/dicom+json'),
  get(`${instance}/metadata`, parts('application/dicom+xml')),
  get(instance, 'application/dicom'),
  get(instance, 'application/dicom; transfer-syntax=*'),
  get(instance, `${parts('application/dicom')}; transfer-syntax=*`),
  get(`${instance}/frames/1`, 'image/jpeg'),
  get(`${instance}/frames/1`, 'image/jp2; transfer-syntax=1.2.840.10008.1.2.4.91, image/*;q=0.5'),
  get(`${instance}/frames/1`, `${parts('video/mpeg')}, ${parts('image/jpx')}; transfer-syntax=1.2.840.10008.1.2.4.93`),
  get(`${instance}/frames/1`, `${parts('video/mp4')}; transfer-syntax=1.2.840.10008.1.2.4.104`),
  get(`${instance}/bulkdata/7FE00010`, 'application/octet-stream'),
  get(`${instance}/bulkdata/00420011`, 'application/pdf'),
  get(`${instance}?accept=application/dicom`, 'text/html'),
];

/** The retrieves of a right client, in each form that the edition has. */
export const retrieves = (edition: Edition): readonly Ask[] => [
  ...always,
  ...(edition < '2016c' ? until2016 : since2016),
  ...(edition < '2014a' || edition >= '2016c' ? [] : since2014),
];
