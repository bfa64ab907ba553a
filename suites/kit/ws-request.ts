import { randomUUID } from 'node:crypto';
import { namespaces, soapType, type WsAction, wsActions, xopType } from '../../schemas/wado-ws.ts';
import type { Ask } from '../harness/trial.ts';
import type { InstanceUids } from './retrieve.ts';

/** One document of a request, and what else stands in its element. */
export interface WantedDocument extends InstanceUids {
  /** The Repository Unique ID; left out when null. */
  readonly repository: string | null;
  readonly home?: string;
  /** XML behind DocumentUniqueId, with the prefixes ihe, iherad and wado. */
  readonly inside?: string;
}

/** How a message is wrapped. */
export interface Wrapping {
  /** The value of wsa:Action; that of the action when absent. */
  readonly action?: string;
  /** XML of more header blocks, with the prefixes soap12 and wsa. */
  readonly headers?: string;
  /** As an MTOM package, or alone, which is the default. */
  readonly packaged?: boolean;
  readonly messageId?: string;
}

/** Text for XML. */
export const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const elementNames: Readonly<Record<WsAction, readonly [level: string, document: string]>> = {
  retrieve: ['iherad', 'ihe:DocumentRequest'],
  rendered: ['wado', 'wado:RenderedDocumentRequest'],
  information: ['wado', 'wado:DocumentInformationRequest'],
};

/** The child of Body for an action (PS3.18-2013 6.4.1.1, 6.4.2.1, 6.4.3.1): documents under their studies and series; `last` is XML behind the studies. */
export function requestBody(action: WsAction, documents: readonly WantedDocument[], last = ''): string {
  const { prefix, name } = wsActions[action].request;
  const [level, inner] = elementNames[action];
  const declarations = (['ihe', 'iherad', 'wado'] as const).map(each => ` xmlns:${each}="${namespaces[each]}"`).join('');
  const studies = groups(documents, 'studyInstanceUID').map(([study, ofStudy]) => {
    const series = groups(ofStudy, 'seriesInstanceUID').map(
      ([uid, ofSeries]) =>
        `<${level}:SeriesRequest seriesInstanceUID="${uid}">${ofSeries.map(each => documentXml(inner, each)).join('')}</${level}:SeriesRequest>`,
    );
    return `<${level}:StudyRequest studyInstanceUID="${study}">${series.join('')}</${level}:StudyRequest>`;
  });
  return `<${prefix}:${name}${declarations}>${studies.join('')}${last}</${prefix}:${name}>`;
}

function documentXml(name: string, { repository, home, sopInstanceUID, inside = '' }: WantedDocument): string {
  const community = home === undefined ? '' : `<ihe:HomeCommunityId>${xmlText(home)}</ihe:HomeCommunityId>`;
  const of = repository === null ? '' : `<ihe:RepositoryUniqueId>${xmlText(repository)}</ihe:RepositoryUniqueId>`;
  return `<${name}>${community}${of}<ihe:DocumentUniqueId>${sopInstanceUID}</ihe:DocumentUniqueId>${inside}</${name}>`;
}

function groups<K extends string>(
  documents: readonly WantedDocument[],
  key: K & keyof InstanceUids,
): readonly (readonly [string, readonly WantedDocument[]])[] {
  const found = new Map<string, WantedDocument[]>();
  for (const each of documents) found.set(each[key], [...(found.get(each[key]) ?? []), each]);
  return [...found];
}

/** A list of transfer syntaxes (PS3.18-2013 8.2.11). */
export function syntaxList(uids: readonly string[]): string {
  const entries = uids.map(uid => `<iherad:TransferSyntaxUID>${uid}</iherad:TransferSyntaxUID>`).join('');
  return `<iherad:TransferSyntaxUIDList>${entries}</iherad:TransferSyntaxUIDList>`;
}

/** The envelope around a body. */
export function envelope(
  body: string,
  { action, headers = '', messageId, soap = namespaces.soap12 }: { readonly soap?: string } & Wrapping & { readonly action: string },
): string {
  const id = messageId ?? newMessageId();
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<soap12:Envelope xmlns:soap12="${soap}" xmlns:wsa="${namespaces.wsa}"><soap12:Header>` +
    `<wsa:Action soap12:mustUnderstand="1">${action}</wsa:Action><wsa:MessageID>${id}</wsa:MessageID>${headers}</soap12:Header>` +
    `<soap12:Body>${body}</soap12:Body></soap12:Envelope>`
  );
}

/** A Message ID that nobody has used before. */
export const newMessageId = (): string => `urn:uuid:${randomUUID()}`;

/** The endpoint of WADO-WS, as checks name it. */
export const endpoint = 'wado-ws';

/** A message as it is sent: POST, as PS3.18-2013 6.1 wants. */
export function posting(xml: string, action: string, { packaged = false }: Pick<Wrapping, 'packaged'> = {}): Ask {
  const [type, body] = packaged ? mtom(xml, action) : [`${soapType}; charset=UTF-8; action="${action}"`, xml];
  return { method: 'POST', to: '', endpoint, headers: { 'Content-Type': type }, body: Buffer.from(body) };
}

function mtom(xml: string, action: string): readonly [string, string] {
  const boundary = 'conformance-boundary';
  const id = 'request@conformance.invalid';
  const type = `multipart/related; type="${xopType}"; start="<${id}>"; start-info="${soapType}"; boundary="${boundary}"; action="${action}"`;
  const part = `Content-Type: ${xopType}; charset=UTF-8; type="${soapType}"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>`;
  return [type, `--${boundary}\r\n${part}\r\n\r\n${xml}\r\n--${boundary}--\r\n`];
}
