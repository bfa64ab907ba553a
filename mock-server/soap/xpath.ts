import { ParseOption, XmlAttribute, XmlDocument, XmlElement, type XmlNode, XmlXPath, XmlXPathError } from 'libxml2-wasm';
import { nativeModelNamespace } from '../../schemas/wado-ws.ts';
import { escaped } from './xml-write.ts';
import { readXPath } from './xpath-grammar.ts';
import { BadXPath } from './xpath-tokens.ts';

/** A document in the Native DICOM Model that XPaths can be applied to, until it is closed. */
export interface Model {
  /** The result of an XPath as XML content; empty where nothing matches. Throws BadXPath. */
  select(xpath: string, prefixes: Readonly<Record<string, string>>): string;
  close(): void;
}

/** The most that one XPath may cost, in visited nodes. */
const budget = 100_000_000;

const declaration = ` xmlns="${nativeModelNamespace}"`;

/**
 * Opens a Native DICOM Model document. PS3.19's own XPaths have no prefixes, so that names without one select elements of the model: expressions without prefixes are applied to the document
 * as if it had no namespace, those with prefixes as it is.
 */
export function openModel(xml: string): Model {
  const bare = parsed(xml.replace(declaration, ''));
  const nodes = xml.split('<').length * 3;
  let qualified: XmlDocument | undefined;
  return {
    select(text, prefixes) {
      const facts = readXPath(text, nodes);
      if (facts.cost > budget) throw new BadXPath('it would take too long');
      const unknown = [...facts.prefixes].find(prefix => prefix !== 'xml' && prefixes[prefix] === undefined);
      if (unknown !== undefined) throw new BadXPath(`the prefix ${unknown} is not declared`);
      const inNamespace = [...facts.prefixes].some(prefix => prefix !== 'xml') || text.includes('namespace-uri');
      if (inNamespace) qualified ??= parsed(xml);
      const used = Object.fromEntries(
        [...facts.prefixes].filter(prefix => prefix !== 'xml').map(prefix => [prefix, prefixes[prefix] ?? '']),
      );
      return evaluated(inNamespace && qualified ? qualified : bare, text, used);
    },
    close() {
      bare.dispose();
      qualified?.dispose();
    },
  };
}

const parsed = (xml: string): XmlDocument =>
  XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET });

function evaluated(document: XmlDocument, text: string, prefixes: Readonly<Record<string, string>>): string {
  const expression = XmlXPath.compile(text, prefixes);
  try {
    const result = document.eval(expression);
    return Array.isArray(result) ? result.map(node => nodeXml(document, node)).join('') : escaped(String(result));
  } catch (error) {
    if (error instanceof XmlXPathError) throw new BadXPath('it has operands of the wrong type');
    throw error;
  } finally {
    expression.dispose();
  }
}

function nodeXml(document: XmlDocument, node: XmlNode): string {
  if (node instanceof XmlElement) return elementXml(node);
  if (node instanceof XmlAttribute) return escaped(node.value);
  // The root node of the document stands for all of it.
  return node.parent === null && node.content === document.root.content ? elementXml(document.root) : escaped(node.content);
}

/** An element as XML that says what namespace it is in. */
function elementXml(element: XmlElement): string {
  const xml = element.toString({ format: false });
  return xml.slice(0, 600).includes(declaration) ? xml : xml.replace(/^<([A-Za-z]+)/, `<$1${declaration}`);
}
