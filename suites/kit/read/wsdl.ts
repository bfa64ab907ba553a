import { Unreadable } from './defect.ts';
import { readXml, type XmlElement } from './xml.ts';

/** One message of an operation: the element of its part as `{namespace}name`, and its action; empty where it is not told. */
export interface WsdlMessage {
  readonly element: string;
  readonly action: string;
}

/** An operation of a port type with the soapAction of its binding. */
export interface Operation {
  readonly name: string;
  readonly input: WsdlMessage;
  readonly output: WsdlMessage;
  /** Null where the WSDL has no binding, which may be in one that imports it. */
  readonly soapAction: string | null;
}

/** What a WSDL 1.1 says of the operations of a service. */
export interface Wsdl {
  readonly operations: readonly Operation[];
  /** The namespaces that it imports, defines or declares. */
  readonly namespaces: readonly string[];
}

const wsdl = 'http://schemas.xmlsoap.org/wsdl/';
const actionAttributes = ['http://www.w3.org/2006/05/addressing/wsdl', 'http://www.w3.org/2007/05/addressing/metadata'].map(
  namespace => `{${namespace}}Action`,
);

/** Reads a WSDL; null for what is none, or has no operations itself. */
export function readWsdl(bytes: Uint8Array): Wsdl | null {
  const root = parsed(bytes);
  if (root?.name !== 'definitions' || root.namespace !== wsdl) return null;
  const messages = new Map(
    childrenOf(root, 'message').map(message => [message.attributes.get('name') ?? '', partElement(root, message)] as const),
  );
  const bound = childrenOf(root, 'binding').flatMap(binding => childrenOf(binding, 'operation'));
  const soapActions = new Map(
    bound.map(operation => [
      operation.attributes.get('name') ?? '',
      operation.children.find(({ name, namespace }) => name === 'operation' && namespace !== wsdl)?.attributes.get('soapAction') ?? '',
    ]),
  );
  const operations = childrenOf(root, 'portType')
    .flatMap(portType => childrenOf(portType, 'operation'))
    .map((operation): Operation => {
      const name = operation.attributes.get('name') ?? '';
      const side = (which: string): WsdlMessage => {
        const [found] = childrenOf(operation, which);
        const message = found?.attributes.get('message')?.replace(/^.*:/, '') ?? '';
        const action = actionAttributes.map(attribute => found?.qualified.get(attribute)).find(each => each !== undefined);
        return { element: messages.get(message) ?? '', action: action ?? '' };
      };
      return { name, input: side('input'), output: side('output'), soapAction: bound.length === 0 ? null : (soapActions.get(name) ?? '') };
    });
  return operations.length === 0 ? null : { operations, namespaces: namespacesIn(root) };
}

function parsed(bytes: Uint8Array): XmlElement | null {
  try {
    return readXml(bytes);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

const childrenOf = ({ children }: XmlElement, name: string): readonly XmlElement[] =>
  children.filter(child => child.name === name && child.namespace === wsdl);

/** The element of the first part of a message; prefixes may be declared on the part, the message or the root. */
function partElement(root: XmlElement, message: XmlElement): string {
  const [part] = childrenOf(message, 'part');
  const qualified = part?.attributes.get('element') ?? '';
  const [prefix, local] = qualified.includes(':') ? qualified.split(':') : ['', qualified];
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  const namespace = [part, message, root].map(each => each?.attributes.get(declaration)).find(each => each !== undefined);
  return `{${namespace ?? ''}}${local}`;
}

function namespacesIn({ name, attributes, children }: XmlElement): readonly string[] {
  const told = name === 'import' ? attributes.get('namespace') : name === 'schema' ? attributes.get('targetNamespace') : undefined;
  const declared = [...attributes].filter(([key]) => key.startsWith('xmlns')).map(([, namespace]) => namespace);
  return [...(told === undefined ? [] : [told]), ...declared, ...children.flatMap(namespacesIn)];
}
