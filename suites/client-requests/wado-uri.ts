import { studyNamed } from '../../fixtures/corpus.ts';
import type { Ask } from '../harness/trial.ts';
import { type UriParameters, uriQuery } from '../kit/uri-query.ts';

const rendered = (name: string, parameters: UriParameters, accept = '*/*', more: Readonly<Record<string, string>> = {}): Ask => {
  const of = studyNamed('rendering').instances.find(each => each.name === name);
  if (!of) throw new Error(`there is no ${name}`);
  return { to: `http://client.invalid/wado${uriQuery(of, parameters)}`, headers: [['Accept', accept], ...Object.entries(more)] };
};
const state = studyNamed('rendering').instances.find(each => each.name === 'flipped');

/** The WADO-URI requests of a right client. */
export const uriRequests = (): readonly Ask[] => [
  rendered('ramp', {
    contentType: 'image/png,image/jpeg;q=0.5',
    rows: 100,
    columns: 100,
    windowCenter: '-40.5',
    windowWidth: 400,
    imageQuality: 80,
  }),
  rendered('ramp', { region: '0.1,0.1,0.9,0.9', annotation: 'patient,technique', frameNumber: 1 }, 'image/jpeg, application/dicom'),
  rendered('quadrants', { presentationUID: state?.sopInstanceUID ?? '', presentationSeriesUID: state?.seriesInstanceUID ?? '' }),
  rendered(
    'ramp',
    { contentType: 'application/dicom', charset: 'UTF-8', anonymize: 'yes', transferSyntax: '1.2.840.10008.1.2.5' },
    'application/dicom, image/jpeg',
    { 'Accept-Charset': 'utf-8, iso-8859-1;q=0.5' },
  ),
  rendered('ramp', { contentType: 'application/dicom', transferSyntax: '1.2.840.10008.1.2.4.81', imageQuality: 80 }, 'application/dicom'),
  reportRequest(),
];

function reportRequest(): Ask {
  const [of] = studyNamed('sr').instances;
  if (!of) throw new Error('the study sr is empty');
  return { to: `http://client.invalid/wado${uriQuery(of)}`, headers: [['Accept', '*/*']] };
}
