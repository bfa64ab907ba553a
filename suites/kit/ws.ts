import type { RequirementId } from '../../schemas/requirements.ts';
import { namespaces, severities, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import type { Ask, Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { Unreadable } from './read/defect.ts';
import { addressed, deepText, includesIn, partsFor, readSoap, type SoapMessage, type SoapPart } from './read/soap.ts';
import type { XmlElement } from './read/xml.ts';
import { undecided } from './retrieve.ts';
import { endpoint, envelope, newMessageId, posting, requestBody, type WantedDocument, type Wrapping } from './ws-request.ts';

const { rs, wado } = namespaces;

/** A RegistryError of an answer; what is missing is empty. */
export interface RegistryError {
  readonly severity: string;
  readonly errorCode: string;
  readonly codeContext: string;
  readonly location: string;
}

/** The content of a document, and how it came: as a part of the message, inlined as base64, or not at all. */
export interface DocumentContent {
  readonly how: 'part' | 'inline' | 'missing';
  readonly bytes: Uint8Array;
  readonly part?: SoapPart;
}

/** A response element for one document, whatever its name is. */
export interface DocumentResponse {
  readonly element: XmlElement;
  /** DocumentUniqueId, or SourceDocumentUniqueId of a rendering. */
  readonly uid: string;
  readonly content: DocumentContent;
  /** The text of a child; undefined when there is none. Names with a colon have the prefix of a namespace. */
  text(name: string): string | undefined;
}

/** An answer to a WADO-WS message, read leniently: its form is left to the checks of the form. */
export interface WsAnswer {
  readonly exchange: Exchange;
  readonly status: number;
  readonly messageId: string;
  /** Null with the reason in `why` when the answer is no SOAP message. */
  readonly message: SoapMessage | null;
  readonly why: string;
  /** The child of Body; null when there is none, or a fault. */
  readonly element: XmlElement | null;
  readonly registry: XmlElement | null;
  /** RegistryResponse/@status; empty when there is none. */
  readonly overall: string;
  readonly errors: readonly RegistryError[];
  readonly documents: readonly DocumentResponse[];
}

/** Sends an action about documents and reads the answer; statuses that decide nothing skip. */
export async function askWs(
  t: Trial,
  action: WsAction,
  documents: readonly WantedDocument[],
  { last, ...wrapping }: Wrapping & { readonly last?: string } = {},
): Promise<WsAnswer> {
  const messageId = wrapping.messageId ?? newMessageId();
  const uri = wrapping.action ?? wsActions[action].request.action;
  const xml = envelope(requestBody(action, documents, last), { ...wrapping, action: uri, messageId });
  return sendWs(t, posting(xml, uri, wrapping), messageId);
}

/** Sends a message as it stands and reads the answer. */
export async function sendWs(t: Trial, ask: Ask, messageId = ''): Promise<WsAnswer> {
  const exchange = await t.send({ ...ask, endpoint });
  undecided(t, exchange.response.status);
  return readWs(exchange, messageId);
}

function readWs(exchange: Exchange, messageId: string): WsAnswer {
  const { status } = exchange.response;
  const nothing = { exchange, status, messageId, element: null, registry: null, overall: '', errors: [], documents: [] };
  try {
    const message = readSoap(exchange);
    const [element = null] = message.fault ? [] : message.body;
    const found = element?.children ?? [];
    const registry = found.find(({ name, namespace }) => name === 'RegistryResponse' && [rs, wado].includes(namespace as never)) ?? null;
    return {
      ...nothing,
      message,
      why: '',
      element,
      registry,
      overall: registry?.attributes.get('status') ?? '',
      errors: (registry?.children ?? [])
        .filter(({ name }) => name === 'RegistryErrorList')
        .flatMap(({ children }) => children.filter(({ name }) => name === 'RegistryError'))
        .map(errorOf),
      documents: found
        .filter(({ name }) => /^(Rendered)?Document(Set|Information)?Response$/.test(name))
        .map(each => documentOf(each, message)),
    };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...nothing, message: null, why: error.message };
  }
}

function errorOf({ attributes }: XmlElement): RegistryError {
  const get = (name: string) => attributes.get(name)?.trim() ?? '';
  return { severity: get('severity'), errorCode: get('errorCode'), codeContext: get('codeContext'), location: get('location') };
}

function documentOf(element: XmlElement, message: SoapMessage): DocumentResponse {
  const child = (name: string) => {
    const [prefix, local] = name.includes(':') ? name.split(':') : [undefined, name];
    return element.children.find(
      each => each.name === local && (prefix === undefined || each.namespace === namespaces[prefix as keyof typeof namespaces]),
    );
  };
  const text = (name: string) => {
    const found = child(name);
    return found && deepText(found).trim();
  };
  return {
    element,
    uid: text('SourceDocumentUniqueId') ?? text('DocumentUniqueId') ?? '',
    content: contentOf(child('Document'), message),
    text,
  };
}

function contentOf(element: XmlElement | undefined, message: SoapMessage): DocumentContent {
  const missing = { how: 'missing', bytes: new Uint8Array() } as const;
  if (!element) return missing;
  const [href] = includesIn(element);
  if (href !== undefined) {
    const [part] = partsFor(href, message);
    return part ? { how: 'part', bytes: part.body, part } : missing;
  }
  const bytes = Buffer.from(element.text.replaceAll(/\s/g, ''), 'base64');
  return bytes.length === 0 ? missing : { how: 'inline', bytes };
}

/** The errors, warnings excepted, that name a document. */
export const errorsFor = ({ errors }: WsAnswer, uid: string): readonly RegistryError[] =>
  errors.filter(({ severity, location }) => location === uid && severity !== severities.warning);

/** The response elements for a document. */
export const responsesFor = ({ documents }: WsAnswer, uid: string): readonly DocumentResponse[] =>
  documents.filter(each => each.uid === uid);

/** What an answer is, in words. */
export function wordsFor({ status, message, why }: WsAnswer): string {
  if (message === null) return status >= 400 ? `status ${status} without a SOAP message` : `status ${status}, no SOAP message: ${why}`;
  const { fault } = message;
  if (fault) return `status ${status}, a SOAP fault ${fault.code}${fault.subcode && `/${fault.subcode}`}: ${fault.reason.slice(0, 120)}`;
  return `status ${status}, ${message.body[0]?.name ?? 'an empty Body'}`;
}

/** Expects an answer that is a normal response: status 200 and no fault. */
export function expectAnswered(t: Trial, answer: WsAnswer, what: string, row?: RequirementId): void {
  const options = row === undefined ? {} : { row };
  const normal = answer.status === 200 && answer.element !== null;
  t.expect(`the answer to ${what}`, normal ? 'a response' : wordsFor(answer), 'a response', options);
}

/** The response for one document, which is expected to be delivered. */
export function expectDelivered(t: Trial, answer: WsAnswer, uid: string, what: string, row?: RequirementId): DocumentResponse {
  expectAnswered(t, answer, what, row);
  const [response] = responsesFor(answer, uid).length > 0 ? responsesFor(answer, uid) : onlyOne(answer);
  const outcome = response ? 'a document' : [answer.overall, ...answer.errors.map(told)].join('; ') || 'nothing';
  t.expect(`what is delivered for ${what}`, outcome, 'a document', row === undefined ? {} : { row });
  if (!response) throw new Error('an expectation of a document was let pass');
  return response;
}

/** Where one document was asked for, the one response is for it, whatever it says. */
const onlyOne = ({ documents }: WsAnswer): readonly DocumentResponse[] => (documents.length === 1 ? documents : []);

const told = ({ errorCode, codeContext }: RegistryError): string => `${errorCode} ${codeContext}`.slice(0, 160);

/** The Message ID that an answer relates to; empty when it says none. */
export const relatesTo = (answer: WsAnswer): string => (answer.message ? addressed(answer.message, 'RelatesTo') : '');

/** The action of an answer; empty when it says none. */
export const actionOf = (answer: WsAnswer): string => (answer.message ? addressed(answer.message, 'Action') : '');
