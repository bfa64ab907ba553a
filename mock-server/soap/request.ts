import { namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import type { Named } from '../services/documents.ts';
import { SoapFault } from './fault.ts';
import { childrenNamed, type Element, textOf } from './xml-read.ts';

/** One document of a request. */
export interface DocumentRequest extends Named {
  readonly homeCommunityId: string | undefined;
  readonly frameNumber: string | undefined;
  readonly anonymize: boolean;
  /** The element, for what only one action knows. */
  readonly element: Element;
}

const { ihe, iherad, wado } = namespaces;

/** How the messages of an action are built (PS3.18-2013 6.4.1.1, 6.4.2.1, 6.4.3.1). */
const shapes = {
  retrieve: { levels: iherad, namespace: ihe, name: 'DocumentRequest' },
  rendered: { levels: wado, namespace: wado, name: 'RenderedDocumentRequest' },
  information: { levels: wado, namespace: wado, name: 'DocumentInformationRequest' },
} as const;

/** The documents of a request in their order; a SoapFault where the message is not built as its action wants. */
export function documentsIn(action: WsAction, root: Element): readonly DocumentRequest[] {
  const { prefix, name } = wsActions[action].request;
  if (root.namespace !== namespaces[prefix] || root.name !== name)
    throw new SoapFault('Sender', `the Body holds ${root.name} of "${root.namespace}" where ${name} of "${namespaces[prefix]}" belongs`);
  const { levels, namespace, name: inner } = shapes[action];
  return below(root, levels, 'StudyRequest').flatMap(study =>
    below(study, levels, 'SeriesRequest').flatMap(series =>
      below(series, namespace, inner).map(element =>
        documentOf(element, uidOf(study, 'studyInstanceUID'), uidOf(series, 'seriesInstanceUID')),
      ),
    ),
  );
}

/** Each level holds one or more of the next. */
function below(parent: Element, namespace: string, name: string): readonly Element[] {
  const found = childrenNamed(parent, namespace, name);
  if (found.length === 0) throw new SoapFault('Sender', `${parent.name} has no ${name} of "${namespace}"`);
  return found;
}

function uidOf(element: Element, attribute: string): string {
  const uid = element.attributes.get(attribute);
  if (uid === undefined) throw new SoapFault('Sender', `${element.name} has no attribute ${attribute}`);
  return uid;
}

function documentOf(element: Element, studyInstanceUID: string, seriesInstanceUID: string): DocumentRequest {
  const documentUniqueId = textOf(element, ihe, 'DocumentUniqueId') ?? '';
  if (documentUniqueId === '') throw new SoapFault('Sender', `a ${element.name} has no DocumentUniqueId`);
  return {
    studyInstanceUID,
    seriesInstanceUID,
    documentUniqueId,
    repositoryUniqueId: textOf(element, ihe, 'RepositoryUniqueId'),
    homeCommunityId: textOf(element, ihe, 'HomeCommunityId'),
    frameNumber: textOf(element, wado, 'FrameNumber'),
    // 8.1.7: the value is "yes"; whoever sends another one means the same, and is not given an identified object for it.
    anonymize: childrenNamed(element, wado, 'Anonymize').length > 0,
    element,
  };
}

/**
 * The transfer syntaxes that a document may be sent in, in the order of the request; undefined where there is no list. PS3.18-2013 6.4.1.1 puts the list into each DocumentRequest,
 * IHE RAD-69 under the root; the text prints its entries in both namespaces of IHE.
 */
export function transferSyntaxesFor(root: Element, document: DocumentRequest): readonly string[] | undefined {
  const lists = [document.element, root].flatMap(parent => childrenNamed(parent, iherad, 'TransferSyntaxUIDList'));
  const [list] = lists;
  if (!list) return undefined;
  const uids = [iherad, ihe].flatMap(namespace => childrenNamed(list, namespace, 'TransferSyntaxUID')).map(({ text }) => text.trim());
  if (uids.length === 0) throw new SoapFault('Sender', 'a TransferSyntaxUIDList is empty');
  return uids;
}

/** The names of the children that the action does not know. */
export function unknownParameters({ element }: DocumentRequest, known: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return element.children.filter(({ namespace, name }) => !known[namespace]?.includes(name)).map(({ name }) => name);
}
