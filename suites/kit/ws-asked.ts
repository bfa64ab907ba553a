import { laterRenderedStem, namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { type Exchange, headerValue } from '../harness/wire.ts';
import { Unreadable } from './read/defect.ts';
import { type MediaType, readMediaType } from './read/header.ts';
import { addressed, readSoapBody, type SoapMessage } from './read/soap.ts';
import type { XmlElement } from './read/xml.ts';

/** A WADO-WS message of a client. */
export interface WsRequest {
  readonly method: string;
  readonly contentType: MediaType;
  /** The body as Latin-1 text, packaging included. */
  readonly text: string;
  /** Null with the reason in `why` when the body is no SOAP message. */
  readonly message: SoapMessage | null;
  readonly why: string;
  /** The action that is meant, by the element in the Body or else by wsa:Action; null when neither can be read. */
  readonly action: WsAction | null;
  /** The child of Body. */
  readonly element: XmlElement | null;
}

const soapTypes = /soap\+xml|xop\+xml|text\/xml|application\/xml/i;
const ours = /Retrieve(Rendered)?ImagingDocumentSet/;
const ourElement = /^Retrieve(Rendered)?ImagingDocumentSet(Information|Metadata)?(Request)?$/;

const byUri = new Map<string, WsAction>([
  ...(Object.keys(wsActions) as WsAction[]).map(action => [wsActions[action].request.action, action] as const),
  [`${laterRenderedStem}${wsActions.rendered.name}`, 'rendered'],
]);

/** Every check looks at the same exchange. */
const known = new WeakMap<Exchange, WsRequest | null>();

/** The WADO-WS message of an exchange, however wrong it is; null for other requests and for SOAP messages about something else. */
export function wsRequest(exchange: Exchange): WsRequest | null {
  const before = known.get(exchange);
  if (before !== undefined) return before;
  const request = read(exchange);
  known.set(exchange, request);
  return request;
}

function read({ request: { method, headers, body } }: Exchange): WsRequest | null {
  const header = headerValue(headers, 'Content-Type') ?? '';
  if (!body || body.length === 0 || !soapTypes.test(header)) return null;
  const text = Buffer.from(body).toString('latin1');
  if (!ours.test(text.replaceAll('\0', ''))) return null;
  const about = { method, contentType: readMediaType(header).value, text };
  try {
    const message = readSoapBody(header, body);
    const [element = null] = message.body;
    const named = element && ourElement.test(element.name) ? actionOf(element.name) : null;
    const action = named ?? byUri.get(addressed(message, 'Action')) ?? null;
    return action === null ? null : { ...about, message, why: '', action, element };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...about, message: null, why: error.message, action: null, element: null };
  }
}

function actionOf(element: string): WsAction {
  if (element.includes('Rendered')) return 'rendered';
  return /Information|Metadata/.test(element) ? 'information' : 'retrieve';
}

/** The document element of each action (PS3.18-2013 6.4.1.1, 6.4.2.1 and 6.4.3.1), and the namespaces of it and of the levels above. */
export const documentElements = {
  retrieve: { levels: namespaces.iherad, namespace: namespaces.ihe, name: 'DocumentRequest' },
  rendered: { levels: namespaces.wado, namespace: namespaces.wado, name: 'RenderedDocumentRequest' },
  information: { levels: namespaces.wado, namespace: namespaces.wado, name: 'DocumentInformationRequest' },
} as const satisfies Readonly<Record<WsAction, { readonly levels: string; readonly namespace: string; readonly name: string }>>;

const isDocument = ({ name }: XmlElement) => /^(Rendered)?Document(Information)?Request$/.test(name);

/** The elements of single documents wherever they stand, under whichever of their names. */
export const documentsIn = (element: XmlElement): readonly XmlElement[] =>
  element.children.flatMap(child => (isDocument(child) ? [child] : documentsIn(child)));

/** The documents of an exchange that are to be rendered; none for other requests. */
export function documentsToRender(exchange: Exchange): readonly XmlElement[] {
  const request = wsRequest(exchange);
  return request?.action === 'rendered' && request.element ? documentsIn(request.element) : [];
}

/** All elements in an element. */
export const elementsIn = (element: XmlElement): readonly XmlElement[] => element.children.flatMap(child => [child, ...elementsIn(child)]);

/** The children with a local name, in any namespace. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter(child => child.name === name);

/** The text of the first child with a local name, without the white space around it; null when there is none. */
export const childText = (element: XmlElement, name: string): string | null => childrenOf(element, name)[0]?.text.trim() ?? null;
