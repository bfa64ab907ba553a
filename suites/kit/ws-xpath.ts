import type { Trial } from '../harness/trial.ts';
import type { Desk } from './givens/ws.ts';
import { Unreadable } from './read/defect.ts';
import { deepText, includesIn, partsFor } from './read/soap.ts';
import { readXml, type XmlElement } from './read/xml.ts';
import type { InstanceUids } from './retrieve.ts';
import { type DocumentResponse, expectDelivered, type WsAnswer } from './ws.ts';
import { xmlText } from './ws-request.ts';

/** The result of an XPath: the elements that were selected, if it came as XML, and its text. */
export interface XPathResult {
  readonly elements: readonly XmlElement[];
  readonly text: string;
}

/** The children of a DocumentInformationRequest for an XPath. */
export const xpathOf = (...xpaths: readonly string[]): string => xpaths.map(each => `<wado:XPath>${xmlText(each)}</wado:XPath>`).join('');

/** The elements XPathResponse of a response, within their list. */
export function xpathResponses({ element }: DocumentResponse): readonly XmlElement[] {
  const list = element.children.find(({ name }) => name === 'XPathResponseList');
  return (list ?? element).children.filter(({ name }) => name === 'XPathResponse');
}

/** The result in an XPathResponse, whether it is XML content, escaped text or a part of the message: PS3.18-2013 6.4.3.2 does not settle that. */
export function resultIn(response: XmlElement, answer: WsAnswer): XPathResult {
  const [href] = includesIn(response);
  const [part] = href !== undefined && answer.message ? partsFor(href, answer.message) : [];
  if (part) return fromText(Buffer.from(part.body).toString('utf8'));
  if (response.children.length > 0) return { elements: response.children, text: deepText(response).trim() };
  return fromText(response.text);
}

function fromText(text: string): XPathResult {
  if (text.trimStart().startsWith('<')) {
    try {
      const { children } = readXml(Buffer.from(`<x>${text.replace(/^\s*<\?xml[^>]*\?>/, '')}</x>`));
      return { elements: children, text: children.map(deepText).join('').trim() };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return { elements: [], text: text.trim() };
}

/** Applies an XPath to an instance, which is expected to be delivered, and reads the first result. */
export async function selected(t: Trial, desk: Desk, instance: InstanceUids, xpath: string, inside = ''): Promise<XPathResult> {
  const answer = await desk.ask(t, [desk.want(instance, { inside: `${inside}${xpathOf(xpath)}` })]);
  const response = expectDelivered(t, answer, instance.sopInstanceUID, `the XPath ${xpath}`);
  const [first] = xpathResponses(response);
  return first ? resultIn(first, answer) : { elements: [], text: '' };
}

/** An element as XML by itself; blanks between children and prefixed attributes other than xml:space are lost. */
export function toXml({ name, namespace, attributes, text, children }: XmlElement): string {
  const kept = [...attributes].filter(([key]) => !/^xmlns(:|$)/.test(key) && (!key.includes(':') || key === 'xml:space'));
  const written = kept.map(([key, value]) => ` ${key}="${xmlText(value)}"`).join('');
  return `<${name} xmlns="${xmlText(namespace)}"${written}>${xmlText(text)}${children.map(toXml).join('')}</${name}>`;
}
