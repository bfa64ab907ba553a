import { namespaces } from '../../schemas/wado-ws.ts';

/** Finished XML. */
export interface Xml {
  readonly xml: string;
}

type Content = Xml | string | undefined | readonly Content[];

/** An element by its qualified name: text is escaped, finished XML stands as it is, what is undefined is left out. */
export function element(name: string, attributes: Readonly<Record<string, string | undefined>>, ...content: readonly Content[]): Xml {
  const head = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escaped(value)}"`));
  const body = content.map(written).join('');
  return { xml: body === '' ? `<${name}${head.join('')}/>` : `<${name}${head.join('')}>${body}</${name}>` };
}

/** An element with text, or nothing where the text is undefined. */
export function optional(name: string, text: string | undefined): Xml | undefined {
  return text === undefined ? undefined : element(name, {}, text);
}

/** The declarations of these prefixes, as attributes. */
export function declaring(...prefixes: readonly (keyof typeof namespaces)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(prefixes.map(prefix => [`xmlns:${prefix}`, namespaces[prefix]]));
}

function written(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escaped(content);
  return 'xml' in content ? content.xml : content.map(written).join('');
}

/** XML 1.0 2.2 and 2.4; what XML cannot hold is left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
