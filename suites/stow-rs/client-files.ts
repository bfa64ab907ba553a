import { dicomObjectType } from '../../schemas/media-types.ts';
import { clientCheck } from '../harness/client.ts';
import { hears, hearsParts, on } from '../kit/faults.ts';
import { textIn } from '../kit/objects.ts';
import { dataSetIn, filesIn, storeRequest } from '../kit/store-request.ts';
import { posts } from './module.ts';

// PS3.18-2013 6.6 and 6.6.1.1.1: each part is one PS3.10 file.
export const onePerPart = clientCheck({
  id: 'stow-rs/client-files/one-file-in-each-part',
  title: 'Each part of a request that announces DICOM files is one DICOM file',
  requires: ['STOW-RS-6.6-05', 'STOW-RS-6.6.1.1.1-01'],
  wrongClient: on(
    posts,
    hearsParts(([first, ...rest]) => (first ? [{ ...first, body: Buffer.concat([first.body, ...rest.map(({ body }) => body)]) }] : [])),
  ),
  looks(t, exchange) {
    for (const part of filesIn(storeRequest(exchange)) ?? []) {
      const read = dataSetIn(part);
      t.expect('a part of a request that announces DICOM files', typeof read === 'string' ? read : 'a DICOM file', 'a DICOM file');
      const signs =
        Buffer.from(part.body)
          .toString('latin1')
          .split(/\0{128}DICM\x02\0/).length - 1;
      t.expect('the DICOM files in one part', Math.max(1, signs), 1, { row: 'STOW-RS-6.6.1.1.1-01' });
    }
  },
});

// 6.6.1.1.1: Content-Type: application/dicom.
export const labelled = clientCheck({
  id: 'stow-rs/client-files/content-type-of-the-parts',
  title: 'The parts of a request that announces DICOM files have Content-Type: application/dicom',
  requires: ['STOW-RS-6.6.1.1.1-02'],
  wrongClient: on(
    posts,
    hearsParts(parts => parts.map(part => ({ ...part, headers: ['Content-Type: application/octet-stream'] }))),
  ),
  looks(t, exchange) {
    for (const { mediaType } of filesIn(storeRequest(exchange)) ?? [])
      t.expect('the Content-Type of a part of a request that announces DICOM files', mediaType.type || 'none', dicomObjectType);
  },
});

// 6.6.1.1: with a study in the URL all instances belong to it.
export const oneStudy = clientCheck({
  id: 'stow-rs/client-files/study-of-the-url',
  title: 'With a study in the URL, the instances of a store request belong to it',
  requires: ['STOW-RS-6.6.1.1-04'],
  wrongClient: on(
    posts,
    hears(url => {
      url.pathname = url.pathname.replace(/\/studies\/.*$/, '/studies/1.2.3');
    }),
  ),
  looks(t, exchange) {
    const request = storeRequest(exchange);
    if (!request?.study) return;
    for (const part of filesIn(request) ?? []) {
      const read = dataSetIn(part);
      if (typeof read !== 'string')
        t.expect('Study Instance UID of an instance that is sent to a study', textIn(read, 'StudyInstanceUID'), request.study);
    }
  },
});
