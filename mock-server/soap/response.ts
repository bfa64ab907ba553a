import type { Edition } from '../../schemas/editions.ts';
import {
  namespaces,
  registryStatuses,
  severities,
  unknownRepository,
  type WsAction,
  wsActions,
  wsErrorCode,
} from '../../schemas/wado-ws.ts';
import type { Found, Problem } from '../services/documents.ts';
import type { Octets } from '../storage/octets.ts';
import type { DocumentRequest } from './request.ts';
import { declaring, element, optional, type Xml } from './xml-write.ts';

/** The content of a document, as a part of the message. */
export interface Attachment {
  readonly contentId: string;
  readonly mediaType: string;
  readonly body: Uint8Array | Octets;
}

/** What an action yields for one document: what stands in its response element, and the content that goes with it. */
export interface Delivery {
  readonly elements: readonly (Xml | undefined)[];
  readonly content?: { readonly mediaType: string; readonly body: Uint8Array | Octets };
}

/** A body and what goes with it. */
export interface Response {
  readonly body: Xml;
  readonly attachments: readonly Attachment[];
}

const responseElements: Readonly<Record<WsAction, string>> = {
  retrieve: 'ihe:DocumentResponse',
  rendered: 'wado:RenderedDocumentResponse',
  information: 'wado:DocumentInformationResponse',
};

/** PS3.18-2013 6.4.1.2.1, 6.4.2.2 and 6.4.3.2: the overall status, an error for each document that is withheld, and an element for each one that is not. */
export function responseOf(
  action: WsAction,
  outcomes: readonly { readonly document: DocumentRequest; readonly outcome: Found<Delivery> }[],
  edition: Edition,
): Response {
  const attachments: Attachment[] = [];
  const errors: Xml[] = [];
  const responses: Xml[] = [];
  for (const { document, outcome } of outcomes) {
    if ('problem' in outcome) {
      errors.push(registryError(document, outcome.problem, edition));
      continue;
    }
    const { elements, content } = outcome.found;
    const attachment = content && { contentId: `document-${attachments.length + 1}@wado-ws.invalid`, ...content };
    if (attachment) attachments.push(attachment);
    responses.push(
      element(
        responseElements[action],
        {},
        // The values of the request (6.4.1.2.1).
        optional('ihe:HomeCommunityId', document.homeCommunityId),
        elements,
        attachment && [element('ihe:mimeType', {}, attachment.mediaType), element('ihe:Document', {}, include(attachment))],
      ),
    );
  }
  const { prefix, name } = wsActions[action].response;
  const body = element(`${prefix}:${name}`, declaring('ihe', 'rs', 'wado'), registryResponse(errors, responses.length), responses);
  return { body, attachments };
}

function registryResponse(errors: readonly Xml[], delivered: number): Xml {
  const status = errors.length === 0 ? 'success' : delivered === 0 ? 'failure' : 'partialSuccess';
  const list = errors.length === 0 ? undefined : element('rs:RegistryErrorList', { highestSeverity: severities.error }, errors);
  return element('rs:RegistryResponse', { status: registryStatuses[status] }, list);
}

function registryError({ documentUniqueId }: DocumentRequest, { situation, why }: Problem, edition: Edition): Xml {
  const errorCode = situation === 'unknownRepository' ? unknownRepository : wsErrorCode(situation, edition);
  return element('rs:RegistryError', { errorCode, codeContext: why, location: documentUniqueId, severity: severities.error });
}

/** XOP 1.0 2.1: the content stands in a part of its own. */
const include = ({ contentId }: Attachment): Xml => element('xop:Include', { 'xmlns:xop': namespaces.xop, href: `cid:${contentId}` });
