import { textOf } from '../dicom/values.ts';
import { answerAs, dicomType, offeredTypes } from '../http/uri-answers.ts';
import { refersTo } from '../render/state.ts';
import { type Found, problem } from '../services/documents.ts';
import { type ObjectClass, objectClass } from '../services/object-class.ts';
import { defaultQuality, encodePictures, NotRenderable, type Picture, pictureTypes, render } from '../services/render.ts';
import { reportTypes } from '../services/report.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { Wanted } from './actions.ts';
import { anonymised } from './anonymised.ts';
import { type RenderingParameters, renderingParameters } from './rendering-parameters.ts';
import type { DocumentRequest } from './request.ts';
import type { Delivery } from './response.ts';
import { element, optional, type Xml } from './xml-write.ts';

interface Rendering {
  readonly mediaType: string;
  readonly body: Uint8Array;
  readonly picture?: Picture;
  readonly quality?: number;
}

/** PS3.18-2013 6.4.2.2: a document as a rendering, and the values that were used for it. */
export async function deliverRendering(wanted: Wanted): Promise<Found<Delivery>> {
  const { document } = wanted;
  const parameters = renderingParameters(document);
  if ('problem' in parameters) return parameters;
  const type = typeFor(wanted.instance, parameters.found);
  if ('problem' in type) return type;
  const presentation = presentationFor(wanted, parameters.found);
  if ('problem' in presentation) return presentation;
  const instance = anonymised(wanted);
  if ('problem' in instance) return instance;
  const rendering = await rendered(type.found, instance.found, parameters.found, presentation.found);
  if ('problem' in rendering) return rendering;
  const { mediaType, body } = rendering.found;
  return { found: { elements: used(document, parameters.found, rendering.found), content: { mediaType, body } } };
}

const isPicture = (type: string): boolean => pictureTypes.includes(type);

/** Whether a frame is picked; FrameNumber means nothing for what is not multi-frame (8.2.7). */
const frameOf = ({ dataSet }: StoredInstance, { frameNumber }: RenderingParameters): number | undefined =>
  Number(textOf(dataSet, 'NumberOfFrames')) > 1 ? frameNumber : undefined;

/** 7.1 to 7.4 and 8.1.5: the first type of the list that the object can be had in; without a list the default of its class. */
function typeFor(instance: StoredInstance, parameters: RenderingParameters): Found<string> {
  const kind = objectClass(instance, frameOf(instance, parameters));
  const offered = offeredTypes(kind, instance).filter(type => type !== dicomType);
  const isImage = kind === 'single-frame' || kind === 'multi-frame';
  if (!isImage && parameters.forImages.length > 0)
    return problem('unsupportedParameter', `${parameters.forImages[0]} does not go with what is no image`);
  if (offered.length === 0) return problem('unsupportedSopClass', 'objects of this SOP class are not rendered');
  const { contentTypes } = parameters;
  if (contentTypes.length === 0 && kind === 'multi-frame')
    return problem('singleFrameFormat', 'a multi-frame image needs FrameNumber, or a ContentType for several frames');
  const [first = ''] = offered;
  const found = contentTypes.length === 0 ? first : contentTypes.flatMap(wanted => offered.find(type => covers(wanted, type)) ?? [])[0];
  // 7.3.2: a text object comes as text/html when only other types are wanted.
  if (found !== undefined || kind === 'text') return { found: found ?? first };
  return unavailable(kind, contentTypes);
}

const covers = (wanted: string, type: string): boolean => {
  const name = wanted.split(';')[0]?.trim() ?? '';
  return name === type || name === '*/*' || (name.endsWith('/*') && type.startsWith(name.slice(0, -1)));
};

function unavailable(kind: ObjectClass, contentTypes: readonly string[]): ReturnType<typeof problem> {
  const known = [...pictureTypes, ...reportTypes, 'application/pdf', dicomType];
  if (kind === 'multi-frame' && contentTypes.some(isPicture))
    return problem('singleFrameFormat', 'the format holds one frame; the image has several, and FrameNumber picks none');
  return contentTypes.some(type => known.includes(type))
    ? problem('impossibleFormat', 'the document cannot be rendered in any ContentType of the list')
    : problem('unknownFormat', 'no ContentType of the list is ever sent by this server');
}

/** 8.2.9 and 8.2.10: the state, which is in the study of the image and refers to it. */
function presentationFor({ store, instance }: Wanted, { presentation }: RenderingParameters): Found<StoredInstance | undefined> {
  if (!presentation) return { found: undefined };
  const { studyInstanceUID, sopInstanceUID } = instance;
  if (store.find(studyInstanceUID, presentation.seriesUID).length === 0)
    return problem('unknownPresentationSeries', 'there is no series PresentationSeriesUID in the study');
  const [state] = store.find(studyInstanceUID, presentation.seriesUID, presentation.uid);
  if (!state) return problem('unknownPresentation', 'there is no object PresentationUID in the series PresentationSeriesUID');
  if (textOf(state.dataSet, 'Modality') !== 'PR') return problem('notOfTheSopClass', 'PresentationUID names no presentation state');
  return refersTo(state, sopInstanceUID)
    ? { found: state }
    : problem('contradictingIdentifiers', 'the presentation state does not refer to the image');
}

async function rendered(
  type: string,
  instance: StoredInstance,
  parameters: RenderingParameters,
  presentation: StoredInstance | undefined,
): Promise<Found<Rendering>> {
  const { rows, columns, region, window, annotation, charsets, imageQuality } = parameters;
  if (!isPicture(type)) {
    const query = { studyUID: '', seriesUID: '', objectUID: '', anonymize: false, rendering: [] };
    const { type: mediaType, body } = await answerAs(type, { instance, query, charsets });
    return { found: { mediaType, body } };
  }
  const wanted = { frame: frameOf(instance, parameters), rows, columns, region, window, annotation, presentation };
  try {
    const frames = await render(instance, Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
    const quality = type === 'image/jpeg' ? (imageQuality ?? defaultQuality) : 100;
    const body = await encodePictures(frames, type, { quality });
    const [picture] = frames.frames;
    return { found: { mediaType: type, body, quality, ...(picture ? { picture } : {}) } };
  } catch (error) {
    if (error instanceof NotRenderable) return problem('processingFailed', error.message);
    if (error instanceof RangeError) return problem('frameOutOfRange', error.message);
    throw error;
  }
}

/** 6.4.2.2: the values actually used; empty where there is none, as for what is no picture. */
function used(document: DocumentRequest, parameters: RenderingParameters, { picture, quality }: Rendering): readonly (Xml | undefined)[] {
  const { annotation = [], region = { left: 0, top: 0, right: 1, bottom: 1 }, presentation } = parameters;
  const value = (name: string, text: string | number | undefined) =>
    element(`wado:${name}`, {}, text === undefined ? undefined : String(text));
  const corners = { XMin: region.left, YMin: region.top, XMax: region.right, YMax: region.bottom };
  return [
    optional('ihe:RepositoryUniqueId', document.repositoryUniqueId),
    element('wado:SourceDocumentUniqueId', {}, document.documentUniqueId),
    optional('wado:FrameNumber', document.frameNumber),
    value('Annotation', annotation.join(',') || undefined),
    value('Rows', picture?.height),
    value('Columns', picture?.width),
    element('wado:Region', {}, picture && Object.entries(corners).map(([name, each]) => value(name, each))),
    value('WindowWidth', picture?.window?.width),
    value('WindowCenter', picture?.window?.center),
    value('ImageQuality', quality),
    optional('wado:PresentationUID', presentation?.uid),
    optional('wado:PresentationSeriesUID', presentation?.seriesUID),
    optional('wado:Anonymize', document.anonymize ? 'yes' : undefined),
  ];
}
