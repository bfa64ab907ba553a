import { type CorpusName, studyNamed } from '../../fixtures/corpus.ts';
import { repositoryUniqueId } from '../../fixtures/uids.ts';
import { laterRenderedStem, namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import type { Ask } from '../harness/trial.ts';
import { envelope, posting, requestBody, syntaxList, type WantedDocument, type Wrapping } from '../kit/ws-request.ts';

const wanted = (names: readonly CorpusName[], inside: string, repository: string | null): readonly WantedDocument[] =>
  names.flatMap(name => studyNamed(name).instances.slice(0, 2)).map(of => ({ ...of, repository, inside }));
const documents = (inside = '', repository: string | null = repositoryUniqueId) => wanted(['ct', 'sr'], inside, repository);
const images = (inside: string) => wanted(['ct'], inside, repositoryUniqueId);

interface Message extends Wrapping {
  readonly last?: string;
}

function sent(action: WsAction, of: readonly WantedDocument[], { last = '', ...wrapping }: Message = {}): Ask {
  const uri = wrapping.action ?? wsActions[action].request.action;
  const xml = envelope(requestBody(action, of, last), { ...wrapping, action: uri });
  return at(posting(xml, uri, wrapping));
}
const at = (ask: Ask): Ask => ({ ...ask, to: 'http://client.invalid/wado-ws' });

const explicit = syntaxList(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.70']);
const listInIhe = explicit.replaceAll(/(<\/?)iherad:(TransferSyntaxUID>)/g, '$1ihe:$2');
const types = (...all: readonly string[]) =>
  `<wado:ContentTypeList>${all.map(type => `<wado:ContentType>${type}</wado:ContentType>`).join('')}</wado:ContentTypeList>`;
const elements = (all: Readonly<Record<string, string | number>>) =>
  Object.entries(all)
    .map(([name, value]) => `<wado:${name}>${value}</wado:${name}>`)
    .join('');
const region = (names: readonly string[]) =>
  elements({ Region: elements(Object.fromEntries(names.map((name, i) => [name, ['0.0', '.25', '0.5', '1'][i] ?? '']))) });

const [slice] = studyNamed('ct').instances;
if (!slice) throw new Error('the study ct is empty');

/** A message with its own prefixes, layout and order, as a library makes it. */
const laidOut = `<s:Envelope xmlns:s="${namespaces.soap12}" xmlns:a='${namespaces.wsa}'>
  <s:Header>
    <a:MessageID>urn:uuid:1b0f6a1e-0000-4000-8000-000000000002</a:MessageID>
    <a:To>http://client.invalid/wado-ws</a:To>
    <a:ReplyTo><a:Address>${namespaces.wsa}/anonymous</a:Address></a:ReplyTo>
    <a:Action s:mustUnderstand="true">
      ${wsActions.information.request.action}
    </a:Action>
  </s:Header>
  <s:Body>
    <!-- all metadata -->
    <RetrieveImagingDocumentSetInformationRequest xmlns="${namespaces.wado}">
      <StudyRequest studyInstanceUID="${slice.studyInstanceUID}">
        <SeriesRequest seriesInstanceUID="${slice.seriesInstanceUID}">
          <DocumentInformationRequest>
            <i:RepositoryUniqueId xmlns:i="${namespaces.ihe}">${repositoryUniqueId}</i:RepositoryUniqueId>
            <i:DocumentUniqueId xmlns:i="${namespaces.ihe}">
              ${slice.sopInstanceUID}
            </i:DocumentUniqueId>
            <XPath>/</XPath>
          </DocumentInformationRequest>
        </SeriesRequest>
      </StudyRequest>
    </RetrieveImagingDocumentSetInformationRequest>
  </s:Body>
</s:Envelope>`;

const other = `<s:Envelope xmlns:s="${namespaces.soap12}"><s:Body><q xmlns="urn:other">ask for RetrieveImagingDocumentSet later</q></s:Body></s:Envelope>`;

/** The messages of a right WADO-WS client: the three actions with and without what is optional. */
export const wsMessages = (): readonly Ask[] => [
  sent('retrieve', documents(), { last: explicit }),
  sent('retrieve', documents('', null), { last: explicit, packaged: true }),
  sent('retrieve', documents(explicit + elements({ Anonymize: 'yes' }))),
  sent(
    'retrieve',
    documents(listInIhe).map(each => ({ ...each, home: 'urn:oid:1.2.3' })),
  ),
  sent('rendered', documents(types('image/jpeg'), null)),
  sent(
    'rendered',
    images(
      elements({ Annotation: 'patient,technique', Rows: 64, Columns: ' 64 ' }) +
        region(['XMin', 'YMin', 'XMax', 'YMax']) +
        elements({ WindowWidth: '4e2', WindowCenter: '-40.5', ImageQuality: 80, Anonymize: 'yes', FrameNumber: 1 }) +
        types('image/png', 'image/jpeg') +
        elements({ CharsetList: elements({ Charset: 'UTF-8' }) }),
    ),
    { packaged: true },
  ),
  sent('rendered', images(types('image/jpeg') + elements({ Annotation: 'technique' }) + region(['Xmin', 'Ymin', 'Xmax', 'Ymax'])), {
    action: `${laterRenderedStem}${wsActions.rendered.name}`,
  }),
  sent(
    'rendered',
    images(
      types('text/html', 'image/jpeg') + elements({ Region: '0,0,0.5,0.5', PresentationUID: '1.2.3', PresentationSeriesUID: '1.2.4' }),
    ),
  ),
  sent('rendered', documents(types('text/plain') + elements({ CharsetList: 'UTF-8' }))),
  sent('information', documents(elements({ XPath: '//*[@keyword="Modality"]' }))),
  sent(
    'information',
    documents(elements({ XPath: '/', Anonymize: 'yes' })).map(each => ({ ...each, home: 'urn:oid:1.2.3' })),
  ),
  at(posting(laidOut, wsActions.information.request.action)),
  at(posting(other, 'urn:other')),
  { to: 'http://client.invalid/wado-ws?wsdl' },
];
