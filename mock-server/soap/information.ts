import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { namespaces } from '../../schemas/wado-ws.ts';
import type { BulkDataUri, ElementPath } from '../dicom/bulk.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { type Found, problem } from '../services/documents.ts';
import type { Wanted } from './actions.ts';
import { anonymised } from './anonymised.ts';
import { unknownParameters } from './request.ts';
import type { Delivery } from './response.ts';
import { childrenNamed } from './xml-read.ts';
import { element, optional } from './xml-write.ts';
import { openModel } from './xpath.ts';
import { BadXPath } from './xpath-tokens.ts';

/** What stands in a DocumentInformationRequest (PS3.18-2013 6.4.3.1). */
const known = {
  [namespaces.ihe]: ['HomeCommunityId', 'RepositoryUniqueId', 'DocumentUniqueId'],
  [namespaces.wado]: ['Anonymize', 'XPath'],
};

/** PS3.18-2013 6.4.3.2: the results of XPaths on the Native DICOM Model of a document, in the order of the request; bulk data goes by reference. */
export async function deliverInformation(wanted: Wanted): Promise<Found<Delivery>> {
  const { document, instance, bulkDataUri } = wanted;
  const [unknown] = unknownParameters(document, known);
  if (unknown !== undefined) return problem('unsupportedParameter', `${unknown} is no parameter of this action`);
  const xpaths = childrenNamed(document.element, namespaces.wado, 'XPath');
  if (xpaths.length === 0) return problem('invalidValue', 'there is no XPath');
  const shown = anonymised(wanted);
  if ('problem' in shown) return shown;
  const refers = bulkDataUri(instance);
  // Of what is anonymised nothing refers to what is not.
  const dataSet = document.anonymize ? withoutReferences(shown.found.dataSet, refers) : shown.found.dataSet;
  const model = openModel(toNativeXml(dataSet, { bulkDataUri: refers }));
  try {
    const responses = xpaths.map(({ text, prefixes }) => element('wado:XPathResponse', {}, { xml: model.select(text, prefixes) }));
    return {
      found: {
        elements: [
          optional('ihe:RepositoryUniqueId', document.repositoryUniqueId),
          element('ihe:DocumentUniqueId', {}, document.documentUniqueId),
          element('wado:XPathResponseList', {}, responses),
        ],
      },
    };
  } catch (error) {
    if (error instanceof BadXPath) return problem('invalidValue', `the XPath cannot be evaluated: ${error.message}`);
    throw error;
  } finally {
    model.close();
  }
}

function withoutReferences(dataSet: DataSet, refers: BulkDataUri, at: ElementPath = []): DataSet {
  return new Map(
    [...dataSet].flatMap(([tag, element]): readonly (readonly [Tag, Element])[] => {
      const path = [...at, tag];
      if ('items' in element)
        return [[tag, { ...element, items: element.items.map((item, i) => withoutReferences(item, refers, [...path, i])) }]];
      return refers(path, element) === null ? [[tag, element]] : [];
    }),
  );
}
