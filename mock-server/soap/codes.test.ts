import { expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import { copyOfStudy, type FixtureInstance } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { explicitLittleEndian, rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { namespaces, type WsAction, type WsSituation, wsActions, wsErrorCode, wsSituations } from '../../schemas/wado-ws.ts';
import { createMockServer, type MockServerOptions } from '../index.ts';

const instance = (study: Parameters<typeof studyNamed>[0], name: string): FixtureInstance => {
  const found = studyNamed(study).instances.find(each => each.name === name);
  if (!found) throw new Error(`${study} has no ${name}`);
  return found;
};
const [slice, report] = [instance('ct', 'slice-1'), instance('ct', 'report')];
const [ramp, quadrants, state] = [instance('rendering', 'ramp'), instance('rendering', 'quadrants'), instance('rendering', 'flipped')];

interface Provocation {
  readonly action?: WsAction;
  readonly of: Pick<FixtureInstance, 'studyInstanceUID' | 'seriesInstanceUID' | 'sopInstanceUID'>;
  readonly inside?: string;
  readonly times?: number;
  readonly options?: MockServerOptions;
  readonly before?: (server: ReturnType<typeof createMockServer>) => void;
}

const jpeg = '<wado:ContentTypeList><wado:ContentType>image/jpeg</wado:ContentType></wado:ContentTypeList>';
const list = (uid: string) =>
  `<iherad:TransferSyntaxUIDList><iherad:TransferSyntaxUID>${uid}</iherad:TransferSyntaxUID></iherad:TransferSyntaxUIDList>`;
const states = (uid: string, series: string) =>
  `<wado:PresentationUID>${uid}</wado:PresentationUID><wado:PresentationSeriesUID>${series}</wado:PresentationSeriesUID>${jpeg}`;
const [copy] = copyOfStudy(studyNamed('ct'), 7).instances;
if (!copy) throw new Error('the fixture ct is empty');
const broken = () =>
  writePart10(new Map(copy.dataSet).set(tagOf('PixelData'), { vr: 'OB', offsets: [], fragments: [Buffer.alloc(64, 0xff)] }), {
    transferSyntax: rleLossless,
  });

/** PS3.18-2013 Table 6.4-1: a request for each situation. */
const provocations: Readonly<Record<WsSituation, Provocation>> = {
  cannotAnonymize: { of: instance('mixed', 'pdf'), inside: '<wado:Anonymize>yes</wado:Anonymize>' },
  noAnonymization: { of: slice, inside: '<wado:Anonymize>yes</wado:Anonymize>', options: { anonymises: false } },
  offLine: { of: slice, before: server => server.takeOffLine(slice.studyInstanceUID) },
  noLongerAvailable: { of: slice, before: server => server.remove(slice.studyInstanceUID) },
  overLimits: { of: slice, times: 3, options: { maximumDocuments: 2 } },
  unknownFormat: { of: slice, inside: list('2.25.1') },
  impossibleFormat: { of: report, inside: list('1.2.840.10008.1.2.4.70') },
  singleFrameFormat: { action: 'rendered', of: instance('multi-frame', 'secondary-capture'), inside: jpeg },
  notOfTheSopClass: { action: 'rendered', of: quadrants, inside: states(ramp.sopInstanceUID, ramp.seriesInstanceUID) },
  contradictingIdentifiers: { of: { ...slice, seriesInstanceUID: report.seriesInstanceUID } },
  unsupportedSopClass: { action: 'rendered', of: state, inside: jpeg },
  invalidValue: { action: 'rendered', of: ramp, inside: `<wado:Rows>abc</wado:Rows>${jpeg}` },
  unsupportedParameter: { action: 'rendered', of: ramp, inside: `<wado:Rotation>90</wado:Rotation>${jpeg}` },
  processingFailed: { of: copy, inside: list(explicitLittleEndian), before: server => server.add(broken()) },
  unknownStudy: { of: { ...slice, studyInstanceUID: '2.25.1' } },
  unknownSeries: { of: { ...slice, seriesInstanceUID: '2.25.1' } },
  unknownDocument: { of: { ...slice, sopInstanceUID: '2.25.1' } },
  frameOutOfRange: {
    action: 'rendered',
    of: instance('multi-frame', 'secondary-capture'),
    inside: `<wado:FrameNumber>6</wado:FrameNumber>${jpeg}`,
  },
  unknownPresentation: { action: 'rendered', of: quadrants, inside: states('2.25.1', state.seriesInstanceUID) },
  unknownPresentationSeries: { action: 'rendered', of: quadrants, inside: states(state.sopInstanceUID, '2.25.1') },
};

async function provoke(
  { action = 'retrieve', of, inside = '', times = 1, options = {}, before }: Provocation,
  edition: string,
): Promise<string> {
  const server = createMockServer({ ...options, edition });
  before?.(server);
  const { prefix, name, action: uri } = wsActions[action].request;
  const [level, element] = action === 'retrieve' ? ['iherad', 'ihe:DocumentRequest'] : ['wado', 'wado:RenderedDocumentRequest'];
  const declared = (['ihe', 'iherad', 'wado'] as const).map(each => ` xmlns:${each}="${namespaces[each]}"`).join('');
  const document = `<${element}><ihe:DocumentUniqueId>${of.sopInstanceUID}</ihe:DocumentUniqueId>${inside}</${element}>`;
  const body = `<${prefix}:${name}${declared}><${level}:StudyRequest studyInstanceUID="${of.studyInstanceUID}"><${level}:SeriesRequest seriesInstanceUID="${of.seriesInstanceUID}">${document.repeat(times)}</${level}:SeriesRequest></${level}:StudyRequest></${prefix}:${name}>`;
  const envelope = `<s:Envelope xmlns:s="${namespaces.soap12}" xmlns:a="${namespaces.wsa}"><s:Header><a:Action>${uri}</a:Action><a:MessageID>urn:uuid:1</a:MessageID></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  const request = new Request('http://x/wado-ws', { method: 'POST', headers: { 'Content-Type': 'application/soap+xml' }, body: envelope });
  const text = await (await server.fetch(request)).text();
  return /errorCode="([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 500);
}

test.each(Object.entries(provocations) as [WsSituation, Provocation][])(
  '%s has its code, as each edition prints it',
  async (situation, how) => {
    const digits = String(wsSituations[situation]).padStart(4, '0');
    expect(await provoke(how, '2014c')).toBe(`urn:dicom:wado:${digits}`);
    expect(await provoke(how, '2013')).toBe(wsErrorCode(situation, '2013'));
  },
);

test('the placeholders of 2013 are those of the table', () => {
  expect([wsErrorCode('cannotAnonymize', '2013'), wsErrorCode('contradictingIdentifiers', '2014b')]).toEqual([
    'urn:dicom:wado:XXX1',
    'urn:dicom:wado:XX10',
  ]);
});
