import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { allAttributes, documents } from '../kit/documents.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptXml } from '../kit/media.ts';
import { instancesOf } from '../kit/pixels.ts';
import { fetched, mediaTypeOf, parametersOf, studyPath } from '../kit/retrieve.ts';

const metadata = /\/metadata$/;
const pathOf = (study: { readonly studyInstanceUID: string }) => `${studyPath(study)}/metadata`;

// PS3.18-2013 6.5.6.2: one document for each instance.
export const everyInstance = check({
  id: 'wado-rs/metadata/one-document-for-each-instance',
  title: 'The metadata of a study have one part for each instance',
  requires: ['WADO-RS-6.5.6-06', 'WADO-RS-6.5.6-01', 'WADO-RS-6.5.6-04', 'WADO-RS-6.5-08', 'MODEL-XML-A.1.6-02'],
  given: { ct: fixture('ct'), mixed: fixture('mixed') },
  fault: on(
    metadata,
    sendsParts(all => all.slice(0, 1)),
  ),
  async run(t, given) {
    for (const [name, study] of Object.entries(given)) {
      const found = await documents(t, pathOf(study), { row: name === 'ct' ? 'WADO-RS-6.5.6-01' : 'WADO-RS-6.5.6-04' });
      const sent = found.map(({ sopInstanceUID }) => sopInstanceUID);
      const several = found.flatMap(({ defects }) => defects.filter(({ row }) => row === 'MODEL-XML-A.1.6-02').map(({ what }) => what));
      t.expect('the documents with more than one data set', several, [], { row: 'MODEL-XML-A.1.6-02' });
      const stored = instancesOf(study).map(instance => instance.sopInstanceUID);
      t.expect('the number of parts of the metadata', sent.length, stored.length, { row: 'WADO-RS-6.5-08' });
      t.expect('the SOP Instance UIDs of the metadata', [...sent].sort(), [...stored].sort());
    }
  },
});

// 6.5.6.2.1: the labels.
export const labels = check({
  id: 'wado-rs/metadata/labels',
  title: 'Metadata are labelled application/dicom+xml, on the message and on each part',
  requires: ['WADO-RS-6.5.6-07', 'WADO-RS-6.5.6-05'],
  given: { ct: fixture('ct') },
  fault: on(
    metadata,
    sendsParts(all =>
      all.map(part => ({ ...part, headers: part.headers.map(line => line.replace('application/dicom+xml', 'application/xml')) })),
    ),
  ),
  async run(t, { ct }) {
    const exchange = await fetched(t, pathOf(ct), acceptXml);
    t.expect('the Content-Type of metadata', mediaTypeOf(exchange), 'multipart/related', { row: 'WADO-RS-6.5.6-05' });
    t.expect('the type parameter of metadata', parametersOf(exchange).get('type')?.toLowerCase(), 'application/dicom+xml', {
      row: 'WADO-RS-6.5.6-05',
    });
    const types = (await documents(t, pathOf(ct))).map(({ part }) => part.mediaType);
    t.expect('the Content-Type of the parts of metadata', [...new Set(types)], ['application/dicom+xml']);
  },
});

// 6.5.6.2.2: transfer-syntax names the encoding of the inline binary values.
export const transferSyntax = check({
  id: 'wado-rs/metadata/transfer-syntax-of-inline-values',
  title: 'Parts with inline binary values name the transfer syntax of these',
  requires: ['WADO-RS-6.5.6-08'],
  given: { ct: fixture('ct'), private: fixture('private') },
  fault: on(
    metadata,
    sendsParts(all => all.map(part => ({ ...part, headers: part.headers.map(line => line.replace(/;\s*transfer-syntax=[^;]*/, '')) }))),
  ),
  async run(t, given) {
    let inline = 0;
    for (const study of Object.values(given)) {
      for (const { part, attributes } of await documents(t, pathOf(study))) {
        const uid = part.parameters.get('transfer-syntax');
        if (!allAttributes(attributes).some(({ content }) => content.kind === 'inline')) continue;
        inline += 1;
        t.expect(
          'the transfer-syntax parameter of a part with inline binary values',
          uid,
          satisfying('a UID', (value: string | undefined) => /^1\.2\.840\.10008\.1\.2(\.\d+)*$/.test(value ?? '')),
        );
      }
    }
    t.record('documents with inline binary values', String(inline));
  },
});
