import { describe, expect, test } from 'vitest';
import { base, verdictOn } from './client-requests/verdict.ts';

describe('searches that are wrong', () => {
  const values = [
    ...[
      'StudyDate=2013-05-09',
      'StudyDate=201305',
      'StudyDate=20130101,20130102',
      'StudyDate=20130101%5C20130102',
      'StudyDate=today',
      'StudyDate=*',
    ],
    ...['StudyTime=9:30', 'StudyTime=09*', 'PatientBirthDate=-', 'AcquisitionDateTime=2013*', '00080020=20130101-20130102-20130103'],
    ...[
      'StudyInstanceUID=1.2.*',
      'StudyInstanceUID=1.2.3-1.2.9',
      'SOPClassUID=CT',
      'SeriesNumber=1-5',
      'SeriesNumber=*',
      'PatientSize=1.7-1.8',
    ],
    ...['ModalitiesInStudy=CT%5CMR', 'ModalitiesInStudy=CT,MR', 'PatientName=A%5CB', 'AccessionNumber=1%5C2', 'PatientAge=04*', 'Rows=>1'],
    ...['RequestAttributesSequence=A', '00400275.00400009=1%5C2', 'PatientAge=040Y-050Y', 'NumberOfStudyRelatedSeries=1-'],
  ];
  test.each(values)('%s', query => {
    expect(verdictOn('qido-rs/client-values/of-a-matching-type', { url: `${base}/instances?${query}` })).toBe('fail');
  });
  test.each([
    'Modality=CT',
    '00080060=CT',
    'includefield=SeriesDescription',
    'includefield=StudyDate,0020000E',
    'SOPInstanceUID=1.2',
    'Manufacturer=A',
  ])('a search of studies for %s', query =>
    expect(verdictOn('qido-rs/client-keys/of-the-level', { url: `${base}/studies?${query}` })).toBe('fail'),
  );
  test.each(['SOPClassUID=1.2', 'includefield=Rows', '00400275.00400009=A&InstanceNumber=1'])('a search of series for %s', query =>
    expect(verdictOn('qido-rs/client-keys/of-the-level', { url: `${base}/studies/1.2/series?${query}` })).toBe('fail'),
  );
  test.each(['PatientName=A&00100010=B', 'StudyDate=&StudyDate=20130509', '00400275.00400009=A&RequestAttributesSequence.00400009=B'])(
    '%s',
    query => expect(verdictOn('qido-rs/client-keys/once', { url: `${base}/series?${query}` })).toBe('fail'),
  );
  test.each([
    'PatientName=A^B',
    'PatientName=A\\B',
    'PatientName=100%',
    'PatientName=%u00e9',
    'PatientName={A}',
    'PatientID=[1]',
    'PatientID=a|b',
  ])('%s', query => expect(verdictOn('qido-rs/client-keys/encoded', { url: `${base}/studies?${query}` })).toBe('fail'));
  test.each([
    ['series', 'application/json'],
    ['studies?PatientID=1', ''],
    ['studies', 'application/x-www-form-urlencoded'],
    ['studies/1.2/instances', ''],
  ])('POST %s with Content-Type %s', (resource, type) =>
    expect(verdictOn('qido-rs/client-message/get', { method: 'POST', url: `${base}/${resource}`, headers: [['Content-Type', type]] })).toBe(
      'fail',
    ),
  );
});

const instance = `${base}/studies/1.2/series/1.3/instances/1.4`;

describe('retrieves that are wrong', () => {
  const paths = [
    ...[
      'study/1.2',
      'Studies/1.2',
      'studies/1.2/',
      'studies/1.2/Series/1.3',
      'studies/1.2/serie/1.3',
      'studies/1.2/series/1.3/instance/1.4',
    ],
    ...[
      'studies/1.2/series/1.3/INSTANCES/1.4',
      'studies/1.2/instances/1.4',
      'studies/urn:oid:1.2',
      'studies/1.2%00',
      'studies/1.2%20/metadata',
    ],
    ...[
      'studies/1.2/Metadata',
      'studies/1.2/series/1.3/instances/1.4/frame/1',
      'studies/1.2/series/1.3/instances/1.4/frames/1/',
      'studies/ACC-1',
    ],
  ];
  test.each(paths)('%s', path => expect(verdictOn('wado-rs/client-resources/literal-words', { url: `${base}/${path}` })).toBe('fail'));
  test.each(['1,1', '1%2C2%2c1', '01,1', '3,2,3'])('frames/%s', list =>
    expect(verdictOn('wado-rs/client-resources/each-frame-once', { url: `${instance}/frames/${list}` })).toBe('fail'),
  );
  test.each([
    ['', 'application/dicom', '2013'],
    ['', 'multipart/related; type="application/dicom+xml"', '2013'],
    ['', 'multipart/mixed; type="application/dicom"', '2013'],
    ['', 'multipart/related; type="image/jpeg"', '2013'],
    ['', 'application/dicom+json', '2020c'],
    ['', 'multipart/related; type="application/dicom"; q=0, text/html', '2013'],
    ['/frames/1', 'multipart/related; type="application/dicom"', '2013'],
    ['/frames/1', 'multipart/related; type="image/dicom+jpeg"', '2016c'],
    ['/frames/1', 'image/*', '2013'],
    ['/bulkdata/7FE00010', 'application/octet-stream', '2013'],
    ['/metadata', 'application/json', '2013'],
    ['/metadata', 'application/dicom+json', '2014a'],
    ['/metadata', 'application/dicom+xml', '2014a'],
    ['/metadata', 'multipart/related; type="application/dicom"', '2020c'],
  ])('%s with Accept: %s in %s', (resource, accept, edition) =>
    expect(
      verdictOn('wado-rs/client-accept/what-the-action-defines', { url: instance + resource, headers: [['Accept', accept]] }, edition),
    ).toBe('fail'),
  );
  test.each([
    'multipart/related; type="image/dicom+jpeg"; transfer-syntax=1.2.840.10008.1.2.4.90',
    'multipart/related; type="image/dicom+jp2; transfer-syntax=1.2.840.10008.1.2.1"',
    'multipart/related; type="application/dicom"; transfer_syntax=1.2.840.10008.1.2.4.90',
    'multipart/related; type="application/dicom"; TransferSyntaxUID=1.2.840.10008.1.2.4.90',
  ])('Accept: %s', accept =>
    expect(verdictOn('wado-rs/client-accept/transfer-syntax', { url: instance, headers: [['Accept', accept]] })).toBe('fail'),
  );
});
