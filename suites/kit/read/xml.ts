import { SaxesParser } from 'saxes';
import { Unreadable } from './defect.ts';

/** An element of an XML document: its own text is that of all text nodes in it, children left out. */
export interface XmlElement {
  /** Name without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Attributes by qualified name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Attributes in a namespace, as `{namespace}name`. */
  readonly qualified: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Growing {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Map<string, string>;
  readonly qualified: Map<string, string>;
  readonly children: Growing[];
  text: string;
}

const deepest = 200;

/**
 * Reads an XML document as well-formed as XML 1.0 and namespaces demand; Unreadable with line and column otherwise. What a document type declaration declares is not read. The
 * targets of processing instructions, and !DOCTYPE for a document type declaration, are added to `instructions`.
 */
export function readXml(bytes: Uint8Array, instructions: string[] = []): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const stack: Growing[] = [];
  let root: Growing | undefined;
  parser.on('error', error => {
    throw new Unreadable(error.message.replace(/^(\d+):(\d+): /, 'line $1, column $2: '));
  });
  parser.on('doctype', () => {
    instructions.push('!DOCTYPE');
  });
  parser.on('processinginstruction', ({ target }) => {
    instructions.push(target);
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    const element: Growing = {
      name: local,
      namespace: uri,
      attributes: new Map(
        Object.entries(attributes).map(([name, attribute]) => [name, typeof attribute === 'string' ? attribute : attribute.value]),
      ),
      qualified: new Map(
        Object.values(attributes).flatMap(each =>
          typeof each === 'string' || each.uri === '' ? [] : [[`{${each.uri}}${each.local}`, each.value] as const],
        ),
      ),
      children: [],
      text: '',
    };
    stack.at(-1)?.children.push(element);
    root ??= element;
    if (stack.push(element) > deepest) throw new Unreadable(`its elements are nested more than ${deepest} deep`);
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
  parser.write(decoded(bytes)).close();
  if (!root) throw new Unreadable('it has no element');
  return root;
}

/** XML 1.0 4.3.3 and Appendix F: by the byte order mark, else by what the declaration says, else UTF-8. */
function decoded(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ?? 'utf-8';
  const label = head.startsWith('\xfe\xff')
    ? 'utf-16be'
    : head.startsWith('\xff\xfe')
      ? 'utf-16le'
      : head.startsWith('\xef\xbb\xbf')
        ? 'utf-8'
        : declared;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Unreadable(error instanceof RangeError ? `its encoding ${label} is not known` : `it has bytes that are no ${label}`);
  }
}
