import { namespaces, soap11Namespace, soapType, xopType } from '../../../schemas/wado-ws.ts';
import { type Exchange, headerValue } from '../../harness/wire.ts';
import { type Defect, Unreadable } from './defect.ts';
import { readMediaType } from './header.ts';
import { type MultipartPart, readMultipart } from './multipart.ts';
import { readXml, type XmlElement } from './xml.ts';

/** A SOAP fault in either version. */
export interface Fault {
  /** The local name of the code, such as Sender. */
  readonly code: string;
  /** The local name of the innermost subcode; empty when there is none. */
  readonly subcode: string;
  readonly reason: string;
}

/** A part of a message other than its root. */
export interface SoapPart extends MultipartPart {
  /** Content-ID without angle brackets. */
  readonly contentId: string;
  /** Type and subtype of its Content-Type. */
  readonly mediaType: string;
}

/** A SOAP message as it came. */
export interface SoapMessage {
  /** Whether it came as multipart/related. */
  readonly packaged: boolean;
  readonly version: '1.2' | '1.1' | 'unknown';
  /** The bytes of the Envelope. */
  readonly envelope: Uint8Array;
  /** The Envelope. */
  readonly root: XmlElement;
  readonly headers: readonly XmlElement[];
  /** The children of Body. */
  readonly body: readonly XmlElement[];
  readonly fault: Fault | null;
  readonly instructions: readonly string[];
  /** The character encoding that the XML declaration names; empty when it names none. */
  readonly encoding: string;
  readonly parts: readonly SoapPart[];
  readonly defects: readonly Defect[];
}

const versions: Readonly<Record<string, SoapMessage['version']>> = { [namespaces.soap12]: '1.2', [soap11Namespace]: '1.1' };

/** Reads the SOAP message of an answer; Unreadable when there is none. */
export function readSoap({ response }: Exchange): SoapMessage {
  return readSoapBody(headerValue(response.headers, 'Content-Type') ?? '', response.body);
}

/** Reads the SOAP message of a request or an answer with this Content-Type; Unreadable when there is none. */
export function readSoapBody(contentType: string, bytes: Uint8Array): SoapMessage {
  const defects: Defect[] = [];
  const { envelope, parts, packaged } = unpack(contentType, bytes, defects);
  const instructions: string[] = [];
  const root = readXml(envelope, instructions);
  if (root.name !== 'Envelope') throw new Unreadable(`its root is ${root.name}, not Envelope`);
  const section = (name: string) => root.children.find(child => child.namespace === root.namespace && child.name === name);
  const body = section('Body')?.children ?? [];
  const encoding = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/.exec(
    Buffer.from(envelope.subarray(0, 200)).toString('latin1'),
  )?.[1];
  return {
    packaged,
    envelope,
    version: versions[root.namespace] ?? 'unknown',
    root,
    headers: section('Header')?.children ?? [],
    body,
    fault: faultIn(body, root.namespace),
    instructions,
    encoding: encoding ?? '',
    parts,
    defects,
  };
}

const bare = (id: string): string => id.trim().replace(/^<|>$/g, '');

interface Unpacked {
  readonly envelope: Uint8Array;
  readonly parts: readonly SoapPart[];
  readonly packaged: boolean;
}

/** MTOM 3.2, XOP 1.0 4 and RFC 2387: the root is the part that start names, or the first one. */
function unpack(contentType: string, body: Uint8Array, defects: Defect[]): Unpacked {
  const { type, parameters } = readMediaType(contentType).value;
  if (!type.startsWith('multipart/')) {
    if (body.length === 0) throw new Unreadable('its body is empty');
    return { envelope: body, parts: [], packaged: false };
  }
  const parts = readMultipart(contentType, body).value.parts.map(
    (part): SoapPart => ({
      ...part,
      contentId: bare(headerValue(part.headers, 'Content-ID') ?? ''),
      mediaType: mediaTypeOf(part),
    }),
  );
  const start = parameters.get('start');
  const named = start === undefined ? parts[0] : parts.find(({ contentId }) => contentId === bare(start));
  // RFC 2387 3.2: start names a part of the message.
  if (start !== undefined && !named) defects.push({ row: 'WADO-WS-6.4-15', what: `start is "${start}" and no part has that Content-ID` });
  const root = named ?? parts.find(({ mediaType }) => mediaType === xopType) ?? parts[0];
  if (!root) throw new Unreadable('its multipart message has no part');
  const { parameters: ofRoot } = readMediaType(headerValue(root.headers, 'Content-Type') ?? '').value;
  if (root.mediaType !== xopType)
    defects.push({ row: 'WADO-WS-6.4-15', what: `the root part is ${root.mediaType || 'of no type'}, not ${xopType}` });
  else if (typeIn(ofRoot.get('type')) !== soapType)
    defects.push({
      row: 'WADO-WS-6.4-15',
      what: `the type parameter of the root part is ${ofRoot.get('type') ?? 'missing'}, not ${soapType}`,
    });
  return { envelope: root.body, parts: parts.filter(part => part !== root), packaged: true };
}

const mediaTypeOf = (part: MultipartPart): string => readMediaType(headerValue(part.headers, 'Content-Type') ?? '').value.type;

/** The media type in a parameter that may have parameters of its own. */
export function typeIn(parameter: string | undefined): string {
  return (parameter ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** SOAP 1.2 Part 1 5.4; SOAP 1.1 4.4. */
function faultIn(body: readonly XmlElement[], namespace: string): Fault | null {
  const fault = body.find(child => child.name === 'Fault' && child.namespace === namespace);
  if (!fault) return null;
  const child = (of: XmlElement | undefined, name: string) => of?.children.find(each => each.name === name);
  const local = (text: string | undefined) => text?.trim().replace(/^.*:/, '') ?? '';
  const old = child(fault, 'faultcode');
  if (old) return { code: local(old.text), subcode: '', reason: child(fault, 'faultstring')?.text.trim() ?? '' };
  const code = child(fault, 'Code');
  let inner = child(code, 'Subcode');
  for (let next = child(inner, 'Subcode'); next; next = child(inner, 'Subcode')) inner = next;
  return {
    code: local(child(code, 'Value')?.text),
    subcode: local(child(inner, 'Value')?.text),
    reason: child(child(fault, 'Reason'), 'Text')?.text.trim() ?? '',
  };
}

/** The headers of WS-Addressing with this name. */
export function addressing({ headers }: SoapMessage, name: string): readonly XmlElement[] {
  return headers.filter(header => header.namespace === namespaces.wsa && header.name === name);
}

/** The only value of a header of WS-Addressing; empty when it is missing. */
export function addressed(message: SoapMessage, name: string): string {
  return addressing(message, name)[0]?.text.trim() ?? '';
}

/** The text of an element and of all elements in it. */
export function deepText({ text, children }: XmlElement): string {
  return text + children.map(deepText).join('');
}

/** The references to parts in an element. */
export function includesIn(element: XmlElement): readonly string[] {
  const own = element.name === 'Include' && element.namespace === namespaces.xop ? [element.attributes.get('href') ?? ''] : [];
  return [...own, ...element.children.flatMap(includesIn)];
}

/** The parts that a reference means (RFC 2392): the percent-decoded id, or the id as it stands. */
export function partsFor(href: string, { parts }: SoapMessage): readonly SoapPart[] {
  const id = /^cid:(.*)$/i.exec(href.trim())?.[1];
  if (id === undefined) return [];
  const exact = parts.filter(({ contentId }) => contentId === decoded(id));
  return exact.length > 0 ? exact : parts.filter(({ contentId }) => contentId === id);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
