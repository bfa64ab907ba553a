import type { RequirementId } from '../../schemas/requirements.ts';
import { type ClientCheck, clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import type { XmlElement } from '../kit/read/xml.ts';
import { childrenOf, childText, documentsIn, documentsToRender, elementsIn, wsRequest } from '../kit/ws-asked.ts';

const rendered = /RetrieveRenderedImagingDocumentSetRequest>/;
const others = /RetrieveImagingDocumentSet(Information)?Request>/;

const ofImages = [
  ...['Annotation', 'Rows', 'Columns', 'Region', 'WindowCenter', 'WindowWidth', 'ImageQuality', 'PresentationUID', 'PresentationSeriesUID'],
  'FrameNumber',
];

/** A check that elements of the rendered request are in no other one. */
function onlyRendered(
  id: string,
  row: RequirementId,
  names: readonly string[],
  other: RequirementId | null = null,
  more: readonly string[] = [],
): ClientCheck {
  return clientCheck({
    id: `wado-ws/client-rendering/${id}`,
    title: `${[...names, ...more].join(', ')} are for the request for renderings`,
    requires: [row, ...(other ? [other] : [])],
    wrongClient: onBody(
      others,
      hearsText(text =>
        text.replaceAll('</ihe:DocumentUniqueId>', `</ihe:DocumentUniqueId><wado:${names[0]} xmlns:wado="urn:dicom:wado:ws:2011"/>`),
      ),
    ),
    looks(t, exchange) {
      const request = wsRequest(exchange);
      if (!request?.element || request.action === 'rendered') return;
      const found = new Set(elementsIn(request.element).map(({ name }) => name));
      const within = (list: readonly string[]) => list.filter(name => found.has(name));
      t.expect(`what only a request for renderings has and is in ${request.element.name}`, within(names), []);
      if (other) t.expect(`what only a request for renderings has and is in ${request.element.name}`, within(more), [], { row: other });
    },
  });
}

// PS3.18-2013 8.1.5, 8.1.6, 8.2.2 and 8.2.4 to 8.2.6; 8.2.1, 8.2.3 and 8.2.9 do not forbid the others in so many words.
export const contentTypeList = onlyRendered('content-types-are-of-renderings', 'WADO-WS-8.1.5-03', ['ContentTypeList']);
export const charsetList = onlyRendered('charsets-are-of-renderings', 'WADO-WS-8.1.6-01', ['CharsetList']);
export const parameters = onlyRendered(
  'parameters-are-of-renderings',
  'WADO-WS-8.2-01',
  ['Rows', 'Region', 'WindowCenter', 'WindowWidth'],
  'WADO-WS-8.2-02',
  ['Annotation', 'Columns', 'PresentationUID'],
);

// 8.2.7 does not have it with application/dicom; 6.4.1.1 has it all the same, so this warns only.
export const frameNumber = clientCheck({
  id: 'wado-ws/client-rendering/frame-number-is-of-renderings',
  title: 'FrameNumber is not sent for a DICOM object',
  requires: ['WADO-WS-8.2.7-03'],
  wrongClient: onBody(
    /RetrieveImagingDocumentSetRequest>/,
    hearsText(text =>
      text.replaceAll(
        '</ihe:DocumentUniqueId>',
        '</ihe:DocumentUniqueId><wado:FrameNumber xmlns:wado="urn:dicom:wado:ws:2011">3</wado:FrameNumber>',
      ),
    ),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'retrieve' || !request.element) return;
    const numbers = documentsIn(request.element).flatMap(document => childrenOf(document, 'FrameNumber'));
    t.expect(
      'FrameNumber of documents that are retrieved as DICOM objects',
      numbers.map(({ text }) => text.trim()),
      [],
    );
  },
});

// 6.4.2.1.
export const perDocument = clientCheck({
  id: 'wado-ws/client-rendering/given-per-document',
  title: 'Parameters for renderings stand in each RenderedDocumentRequest',
  requires: ['WADO-WS-6.4.2.1-06'],
  wrongClient: onBody(
    rendered,
    hearsText(text => text.replaceAll(/<wado:StudyRequest [^>]*>/g, start => `${start}<wado:Rows>64</wado:Rows>`)),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'rendered' || !request.element) return;
    const { element } = request;
    const above = [element, ...elementsIn(element)].filter(({ name }) => ['StudyRequest', 'SeriesRequest', element.name].includes(name));
    const names = [...ofImages, 'Anonymize', 'ContentTypeList', 'CharsetList'];
    t.expect(
      'the parameters that stand outside of a document',
      above.flatMap(({ name, children }) => children.filter(child => names.includes(child.name)).map(child => `${child.name} in ${name}`)),
      [],
    );
  },
});

/** The media types that are accepted for a document, in lower case. */
const typesOf = (document: XmlElement): readonly string[] =>
  childrenOf(document, 'ContentTypeList').flatMap(list => childrenOf(list, 'ContentType').map(({ text }) => text.trim().toLowerCase()));
const isText = (type: string) => /^text\/|^application\/(rtf|x-hl7-cda)/.test(type);
const isNoImage = (type: string) => !/^(image|video|\*)\//.test(type);

// 8.2. Of which class an object is, only the media types of the request tell.
export const forImages = clientCheck({
  id: 'wado-ws/client-rendering/for-images-only',
  title: 'Parameters for images are not sent where all media types are those of texts',
  requires: ['WADO-WS-8.2-04'],
  wrongClient: onBody(
    rendered,
    hearsText(text => text.replaceAll(/<wado:ContentType>[^<]*/g, '<wado:ContentType>text/html')),
  ),
  looks(t, exchange) {
    for (const document of documentsToRender(exchange)) {
      const types = typesOf(document);
      if (types.length === 0) continue;
      const sent = ofImages.filter(name => childrenOf(document, name).length > 0);
      t.expect('the parameters for images that are sent for a text', types.every(isText) ? sent : [], []);
    }
  },
});

// 8.2.1.
export const annotation = clientCheck({
  id: 'wado-ws/client-rendering/annotation',
  title: 'Annotation is patient, technique or both, and goes with an image',
  requires: ['WADO-WS-8.2.1-01'],
  wrongClient: onBody(
    /<wado:Annotation>/,
    hearsText(text => text.replaceAll(/<wado:Annotation>[^<]*/g, '<wado:Annotation>all')),
  ),
  looks(t, exchange) {
    for (const document of documentsToRender(exchange)) {
      const value = childText(document, 'Annotation');
      if (value === null) continue;
      const known = (text: string) => text.split(',').every(each => ['patient', 'technique'].includes(each.trim()));
      t.expect('Annotation', value, satisfying('patient, technique or both', known));
      const types = typesOf(document);
      t.expect('whether Annotation is sent where no media type is that of an image', types.length > 0 && types.every(isNoImage), false);
      if (types.some(isNoImage) && !types.every(isNoImage)) t.record('Annotation', 'with media types of images and others in one list');
    }
  },
});
