import { dicomObjectType } from '../../schemas/media-types.ts';
import { namespaces } from '../../schemas/wado-ws.ts';
import { documentIn } from '../services/document-syntax.ts';
import { type Found, problem } from '../services/documents.ts';
import type { Wanted } from './actions.ts';
import { anonymised } from './anonymised.ts';
import { transferSyntaxesFor, unknownParameters } from './request.ts';
import type { Delivery } from './response.ts';
import { element, optional } from './xml-write.ts';

/** What stands in a DocumentRequest (PS3.18-2013 6.4.1.1). */
const known = {
  [namespaces.ihe]: ['HomeCommunityId', 'RepositoryUniqueId', 'DocumentUniqueId'],
  [namespaces.wado]: ['Anonymize', 'FrameNumber'],
  [namespaces.iherad]: ['TransferSyntaxUIDList'],
};

/** PS3.18-2013 6.4.1.2: a document as a DICOM object. */
export async function deliverObject(wanted: Wanted): Promise<Found<Delivery>> {
  const { root, document, jpipUrl } = wanted;
  const [unknown] = unknownParameters(document, known);
  if (unknown !== undefined) return problem('unsupportedParameter', `${unknown} is no parameter of this action`);
  const shown = anonymised(wanted);
  if ('problem' in shown) return shown;
  const object = await documentIn(shown.found, transferSyntaxesFor(root, document), jpipUrl);
  if ('problem' in object) return object;
  return {
    found: {
      elements: [
        optional('ihe:RepositoryUniqueId', document.repositoryUniqueId),
        element('ihe:DocumentUniqueId', {}, document.documentUniqueId),
        optional('wado:FrameNumber', document.frameNumber),
      ],
      content: { mediaType: dicomObjectType, body: object.found },
    },
  };
}
