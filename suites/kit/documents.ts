import { tagOf } from '../../schemas/dictionary.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attribute, Attributes } from './compare.ts';
import { acceptXml } from './media.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readNativeXml } from './read/native-xml.ts';
import { fetched, type Part, partsOf, type Telling } from './retrieve.ts';

/** A Native DICOM Model document of metadata. */
export interface MetadataDocument {
  readonly part: Part;
  readonly attributes: Attributes;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly defects: readonly Defect[];
  /** The URL of the metadata, against which relative ones are resolved. */
  readonly url: string;
}

/** All attributes of a document, those in items included. */
export function allAttributes(attributes: Attributes): readonly Attribute[] {
  return attributes.flatMap(attribute => [
    attribute,
    ...(attribute.content.kind === 'items' ? attribute.content.items.flatMap(allAttributes) : []),
  ]);
}

/** The first value of an attribute, as text; empty when there is none. */
export function valueIn(attributes: Attributes, keyword: string): string {
  const content = attributes.find(({ tag }) => tag === tagOf(keyword))?.content;
  return content?.kind === 'values' ? String(content.values[0] ?? '').trim() : '';
}

/** Asks for metadata as XML, expects success and reads the documents. */
export async function documents(t: Trial, to: string, telling: Telling = {}): Promise<readonly MetadataDocument[]> {
  const exchange = await fetched(t, to, acceptXml, telling);
  return partsOf(t, exchange, telling).map((part, i) => {
    const { value: attributes, defects } = readOrTell(t, part.body, `document ${i + 1} of the metadata`, telling);
    const uid = (keyword: string) => valueIn(attributes, keyword);
    return {
      part,
      attributes,
      defects,
      sopInstanceUID: uid('SOPInstanceUID'),
      seriesInstanceUID: uid('SeriesInstanceUID'),
      url: exchange.request.url,
    };
  });
}

function readOrTell(
  t: Trial,
  body: Uint8Array,
  what: string,
  { row }: Telling,
): { readonly value: Attributes; readonly defects: readonly Defect[] } {
  try {
    return readNativeXml(body);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect(what, error.message, 'a Native DICOM Model document that can be read', row === undefined ? {} : { row });
    return t.skip(`what cannot be read tells nothing: ${error.message}`);
  }
}
