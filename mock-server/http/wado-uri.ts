import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { refersTo } from '../render/state.ts';
import { type ObjectClass, objectClass } from '../services/object-class.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { Call, Context } from './context.ts';
import { HttpError } from './errors.ts';
import { answerAs, dicomType, offeredTypes } from './uri-answers.ts';
import { readUriQuery, type UriQuery } from './uri-query.ts';
import { chosenType, wantedCharsets } from './uri-types.ts';

/** PS3.18-2013 6.2 and 6.3: one object by the UIDs in the query, in the media type that fits. */
export async function retrieveByUri({ url, request, context }: Call): Promise<Response> {
  const query = readUriQuery(url.searchParams);
  const instance = namedBy(context, query);
  const kind = objectClass(instance, query.frameNumber);
  const wanted = chosenType(kind, offeredTypes(kind, instance), query.contentType, request.headers.get('Accept'));
  refuseMisplaced(query, kind, wanted.type);
  const presentation = stateFor(context, instance, query);
  // 8.1.6: the parameter says what is wanted among what Accept-Charset allows.
  const charsets = [query.charset, wanted.charset, request.headers.get('Accept-Charset')].flatMap(list => wantedCharsets(list ?? ''));
  const { type, body } = await answerAs(wanted.type, { instance, query, charsets, ...(presentation ? { presentation } : {}) });
  return new Response(body, { headers: { 'Content-Type': type, 'Content-Length': String(body.length) } });
}

/** 8.1.2 to 8.1.4: study, series and object belong together; 404 for what never was there, 410 for what was deleted. */
function namedBy({ store }: Context, { studyUID, seriesUID, objectUID }: UriQuery): StoredInstance {
  const [instance] = store.find(studyUID, seriesUID, objectUID);
  if (instance) return instance;
  if (store.wasRemoved(studyUID, seriesUID, objectUID)) throw new HttpError(410, 'This object was deleted.');
  throw new HttpError(404, 'There is no object with this objectUID in the series and study of seriesUID and studyUID.');
}

/** 8.1.7 and 8.2: which parameters do not go with which media type. */
function refuseMisplaced({ rendering, anonymize, imageQuality, transferSyntax: syntax }: UriQuery, kind: ObjectClass, type: string): void {
  const isImage = kind === 'single-frame' || kind === 'multi-frame';
  const refuse = (name: string) => {
    throw new HttpError(400, `The parameter ${name} does not go with ${type}${isImage ? '' : ', which is no image'}.`);
  };
  // 8.2.7: frameNumber means nothing where there are no frames.
  const [misplaced] = type === dicomType && isImage ? rendering : isImage ? [] : rendering.filter(name => name !== 'frameNumber');
  if (misplaced !== undefined) refuse(misplaced);
  if (anonymize && type !== dicomType) refuse('anonymize');
  if (syntax !== undefined && type !== dicomType) refuse('transferSyntax');
  const isLossy = (transferSyntax(syntax ?? '')?.lossy ?? 'never') !== 'never';
  if (imageQuality !== undefined && (!isImage || (type === dicomType && !isLossy))) refuse('imageQuality');
}

/** 8.2.9 and 8.2.10: the presentation state, which is in the study of the image and refers to it. */
function stateFor(
  { store }: Context,
  { studyInstanceUID, sopInstanceUID }: StoredInstance,
  { presentation }: UriQuery,
): StoredInstance | undefined {
  if (!presentation) return undefined;
  const [state] = store.find(studyInstanceUID, presentation.seriesUID, presentation.uid);
  if (!state || !refersTo(state, sopInstanceUID))
    throw new HttpError(
      404,
      'There is no presentation state of this image with this presentationUID in the series of presentationSeriesUID.',
    );
  return state;
}
