import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { hears, on, sendsBytes, sendsHeaders, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { type RetrievedObject, textIn } from '../kit/objects.ts';
import { nativeFrames } from '../kit/pixels.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { mediaTypeOf, parametersOf } from '../kit/retrieve.ts';
import { anyObject, askUri, dicomBy, fetchedUri, instanceNamed, isRefusal, readObject } from '../kit/uri.ts';
import { type UriParameters, uriQuery } from '../kit/uri-query.ts';

const dicom = { contentType: 'application/dicom' } as const;
const asDicom = /contentType=application%2Fdicom/;

// PS3.18-2013 6.3.1.1: the media type of RFC 3240. Parameters are undefined in 2013 and forbidden later.
export const label = check({
  id: 'wado-uri/dicom/media-type',
  title: 'A DICOM object is labelled application/dicom, without transfer-syntax and charset',
  requires: ['WADO-URI-6.3.1.1-01', 'WADO-URI-6.3.1.1-02'],
  given: { any: anyObject },
  fault: on(asDicom, sendsHeaders({ 'Content-Type': 'application/x-dicom; transfer-syntax=1.2.840.10008.1.2.1' })),
  async run(t, { any }) {
    const exchange = await fetchedUri(t, any, dicom);
    const undefinedHere = ['transfer-syntax', 'charset'].filter(name => parametersOf(exchange).has(name));
    t.expect('the parameters of the Content-Type of a DICOM object', undefinedHere, [], { row: 'WADO-URI-6.3.1.1-02' });
    t.expect('the media type of a DICOM object', mediaTypeOf(exchange), 'application/dicom');
  },
});

/** Reads a PS3.10 file; what is none is an unmet expectation of the row. */
function part10(t: Trial, { response }: Exchange, row: RequirementId): ReturnType<typeof readPart10> {
  try {
    return readPart10(response.body);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the body of a DICOM answer', error.message, 'a PS3.10 file that can be read', { row });
    throw error;
  }
}

// 6.3.1.2 with PS3.10-2013 7.1: preamble, prefix and File Meta Information.
export const file = check({
  id: 'wado-uri/dicom/a-file-with-meta-information',
  title: 'A DICOM object is a PS3.10 file with preamble, prefix and File Meta Information that fits its data set',
  requires: ['WADO-URI-6.3.1.2-01', 'WADO-URI-6.3.1.2-02', 'WADO-URI-6.3.1.2-03'],
  given: { any: anyObject },
  fault: on(
    asDicom,
    sendsBytes(body => body.subarray(132)),
  ),
  async run(t, { any }) {
    const exchange = await fetchedUri(t, any, dicom);
    const prefix = Buffer.from(exchange.response.body.subarray(128, 132)).toString('latin1');
    t.expect('the four bytes behind the preamble of 128', prefix, 'DICM');
    const { defects } = part10(t, exchange, 'WADO-URI-6.3.1.2-02');
    const of = (...rows: readonly RequirementId[]) => defects.filter(({ row }) => rows.includes(row)).map(({ what }) => what);
    const inMeta = of('WADO-RS-P10-04', 'WADO-RS-P10-05', 'WADO-RS-P10-08');
    t.expect('the defects of the File Meta Information', inMeta, [], { row: 'WADO-URI-6.3.1.2-02' });
    t.expect('the UIDs that the File Meta Information has unlike the data set', of('WADO-RS-P10-06'), [], {
      row: 'WADO-URI-6.3.1.2-03',
    });
  },
});

const versionless = (body: Buffer) => {
  const changed = Buffer.from(body);
  // The group length is the first element of group 0002.
  changed.writeUInt32LE(changed.readUInt32LE(140) + 2, 140);
  return changed;
};

export const groupLength = check({
  id: 'wado-uri/dicom/meta-information-is-complete',
  title: 'The File Meta Information has its elements, and its length is right',
  requires: ['WADO-URI-6.3.1.2-02'],
  given: { any: anyObject },
  fault: on(asDicom, sendsBytes(versionless)),
  async run(t, { any }) {
    const { defects } = part10(t, await fetchedUri(t, any, dicom), 'WADO-URI-6.3.1.2-02');
    const rows: readonly RequirementId[] = ['WADO-RS-P10-04', 'WADO-RS-P10-05', 'WADO-RS-P10-08'];
    t.expect(
      'the defects of the File Meta Information',
      defects.filter(({ row }) => rows.includes(row)).map(({ what }) => what),
      [],
    );
  },
});

// 6.3.1.2: it is the object that was asked for. Archives may correct other attributes.
export const same = check({
  id: 'wado-uri/dicom/the-object-that-was-asked-for',
  title: 'The data set is that of the requested object, with the identity of its patient',
  requires: ['WADO-URI-6.3.1.2-04', 'WADO-URI-RAD55-04'],
  given: { ct: fixture('ct') },
  fault: on(
    asDicom,
    hears(url => url.searchParams.set('objectUID', `${url.searchParams.get('seriesUID')}.2`)),
  ),
  async run(t, { ct }) {
    const slice = instanceNamed(ct, 'slice-1');
    const { dataSet } = await dicomBy(t, slice);
    const uids = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];
    const valuesIn = (keywords: readonly string[], set: RetrievedObject['dataSet']) => keywords.map(keyword => textIn(set, keyword));
    const patient = ['PatientID', 'PatientBirthDate', 'PatientSex', ...uids];
    t.expect('the patient and the UIDs in the data set', valuesIn(patient, dataSet), valuesIn(patient, slice.dataSet), {
      row: 'WADO-URI-RAD55-04',
    });
    t.expect('the UIDs in the data set', valuesIn(uids, dataSet), valuesIn(uids, slice.dataSet));
  },
});

const outOfPlace: readonly UriParameters[] = [
  { rows: 10 },
  { windowCenter: 40, windowWidth: 400 },
  { region: '0,0,0.5,0.5' },
  { annotation: 'patient' },
];

// 8.2: the text forbids these to the client and says nothing about the server.
export const misplaced = check({
  id: 'wado-uri/dicom/parameters-for-pictures-do-not-alter-it',
  title: 'Parameters for rendered images are refused with application/dicom, or do nothing',
  requires: ['WADO-URI-8.2-02'],
  given: { ct: fixture('ct') },
  fault: on(/contentType=application%2Fdicom.*rows=/, status(500)),
  async run(t, { ct }) {
    const slice = instanceNamed(ct, 'slice-1');
    for (const parameters of outOfPlace) {
      const exchange = await askUri(t, uriQuery(slice, { ...dicom, ...parameters }));
      const { status: got } = exchange.response;
      const names = Object.keys(parameters).join(' and ');
      const either = satisfying('200 or a 4xx status', (s: number) => s === 200 || isRefusal(s));
      t.expect(`the status of application/dicom with ${names}`, got, either);
      if (got !== 200 || mediaTypeOf(exchange) !== 'application/dicom') continue;
      const { dataSet, transferSyntax } = readObject(t, exchange);
      const [sent] = nativeFrames(dataSet, transferSyntax) ?? [];
      const same = sent && slice.nativeFrames?.[0] && Buffer.compare(sent, slice.nativeFrames[0]) === 0;
      if (sent) t.expect(`that the pixels of application/dicom with ${names} are those that are stored`, same, true);
    }
  },
});
