import { SaxesParser } from 'saxes';

/** An element as a message of a client holds it. */
export interface Element {
  readonly namespace: string;
  /** Without prefix. */
  readonly name: string;
  /** Values by name; the names of those in a namespace as `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** The text directly in it. */
  readonly text: string;
  /** The namespaces by prefix that an XPath in it may use. */
  readonly prefixes: Readonly<Record<string, string>>;
}

/** Why a text is no XML that is read here. */
export class MalformedXml extends Error {}

/** What a message may be at most: it is read before anybody knows who sent it. */
const limits = { bytes: 1024 * 1024, depth: 64, elements: 20_000, attributes: 64, markup: 64 * 1024 } as const;

interface Open {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Open[];
  text: string;
  readonly prefixes: Record<string, string>;
}

/**
 * Reads an XML document. A document type declaration is refused as SOAP 1.2 Part 1 5 demands, so that there are no entities to expand and nothing to fetch; so are processing
 * instructions, and what is too large or too deep.
 */
export function readXml(bytes: Uint8Array): Element {
  if (bytes.length > limits.bytes) throw new MalformedXml(`the message has ${bytes.length} bytes, more than ${limits.bytes}`);
  const parser = new SaxesParser({ xmlns: true });
  const stack: Open[] = [];
  let root: Open | undefined;
  let elements = 0;
  let attributes = 0;
  parser.on('error', error => {
    throw new MalformedXml(`the message is not well-formed XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('doctype', () => {
    throw new MalformedXml('the message has a document type declaration, which SOAP does not allow');
  });
  parser.on('processinginstruction', () => {
    throw new MalformedXml('the message has a processing instruction, which SOAP does not allow');
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.attributes) throw new MalformedXml(`an element has more than ${limits.attributes} attributes`);
  });
  parser.on('opentag', tag => {
    attributes = 0;
    elements += 1;
    if (elements > limits.elements) throw new MalformedXml(`the message has more than ${limits.elements} elements`);
    const around = stack.at(-1);
    const element: Open = {
      namespace: tag.uri,
      name: tag.local,
      attributes: new Map(
        Object.values(tag.attributes)
          .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
          .map(({ uri, local, value }) => [uri === '' ? local : `{${uri}}${local}`, value]),
      ),
      children: [],
      text: '',
      prefixes: Object.keys(tag.ns).length === 0 && around ? around.prefixes : { ...around?.prefixes, ...tag.ns },
    };
    around?.children.push(element);
    root ??= element;
    if (stack.push(element) > limits.depth) throw new MalformedXml(`its elements are nested more than ${limits.depth} deep`);
  });
  const add = (text: string) => {
    const open = stack.at(-1);
    if (open) open.text += text;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    stack.pop();
  });
  const text = decoded(bytes);
  bounded(text);
  // Piece by piece, so that what is refused is refused as soon as it is met.
  for (let at = 0; at < text.length; at += piece) parser.write(text.slice(at, at + piece));
  parser.close();
  if (!root) throw new MalformedXml('the message has no element');
  return root;
}

/** Refuses a tag, a comment, a CDATA section or a text that is longer than any that a message has a use for, before it is read character by character. */
function bounded(text: string): void {
  const tooLong = () => new MalformedXml(`the message has a tag or a text of more than ${limits.markup} characters`);
  let end = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', end)) {
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : '>';
    const closed = text.indexOf(close, at);
    if (at - end > limits.markup || (closed === -1 ? text.length : closed) - at > limits.markup) throw tooLong();
    end = closed === -1 ? text.length : closed;
  }
  if (text.length - end > limits.markup) throw tooLong();
}

const piece = 65_536;

/** XML 1.0 4.3.3; WS-I Basic Profile R1012: UTF-8 or UTF-16. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const label = first === 0xfe && second === 0xff ? 'utf-16be' : first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedXml(`the message has bytes that are no ${label.toUpperCase()}`);
  }
}

/** The children with a name in a namespace. */
export function childrenNamed({ children }: Element, namespace: string, ...names: readonly string[]): readonly Element[] {
  return children.filter(child => child.namespace === namespace && names.includes(child.name));
}

/** The text of the first child with a name in a namespace, without blanks around it; undefined where there is none. */
export function textOf(element: Element, namespace: string, name: string): string | undefined {
  return childrenNamed(element, namespace, name)[0]?.text.trim();
}
