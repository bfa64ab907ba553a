import { namespaces } from '../../schemas/wado-ws.ts';
import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import type { XmlElement } from '../kit/read/xml.ts';
import { childrenOf, documentsIn, elementsIn, wsRequest } from '../kit/ws-asked.ts';

const atLeastOne = satisfying('at least 1', (count: number) => count >= 1);
const { wado } = namespaces;

/** The texts in a list that are there and say something. */
const entries = (list: XmlElement, name: string) => childrenOf(list, name).map(({ text }) => text.trim());

// PS3.18-2013 6.4.1.1 has a list in each document, IHE RAD-69 one for all; 8.2.11 makes it optional, so its absence warns only.
export const transferSyntaxes = clientCheck({
  id: 'wado-ws/client-lists/transfer-syntaxes',
  title: 'A request for DICOM objects lists the transfer syntaxes that the client understands',
  requires: ['WADO-WS-6.4.1.1-10'],
  wrongClient: onBody(
    /RetrieveImagingDocumentSetRequest>/,
    hearsText(text => text.replaceAll(/<iherad:TransferSyntaxUID>.*?<\/iherad:TransferSyntaxUID>/g, '')),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'retrieve' || !request.element) return;
    const { element } = request;
    const forAll = childrenOf(element, 'TransferSyntaxUIDList');
    for (const document of documentsIn(element)) {
      const lists = [...forAll, ...childrenOf(document, 'TransferSyntaxUIDList')];
      t.expect('the number of TransferSyntaxUIDList elements for a document', lists.length, atLeastOne);
      for (const list of lists)
        t.expect(
          'the number of TransferSyntaxUID elements in a TransferSyntaxUIDList',
          entries(list, 'TransferSyntaxUID').filter(uid => uid !== '').length,
          atLeastOne,
        );
    }
  },
});

const oneMediaType = satisfying('one media type such as image/jpeg', (text: string) => /^[\w.+*-]+\/[\w.+*-]+(\s*;[^,]*)?$/.test(text));

// 6.4.2.1 and 8.1.5.
export const contentTypes = clientCheck({
  id: 'wado-ws/client-lists/content-types',
  title: 'Each document to be rendered has a ContentTypeList with one media type in each ContentType',
  requires: ['WADO-WS-6.4.2.1-05'],
  wrongClient: onBody(
    /RetrieveRenderedImagingDocumentSetRequest>/,
    hearsText(text => text.replaceAll('<wado:ContentType>', '<wado:ContentType>image/png,')),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'rendered' || !request.element) return;
    for (const document of documentsIn(request.element)) {
      const lists = childrenOf(document, 'ContentTypeList');
      t.expect('the number of ContentTypeList elements of a document', lists.length, 1);
      const types = lists.flatMap(list => entries(list, 'ContentType'));
      t.expect('the number of ContentType elements in a ContentTypeList', types.length, atLeastOne);
      for (const type of types) t.expect('a ContentType', type, oneMediaType);
    }
  },
});

// 6.4.2.1 and 8.1.6. The schema of Annex E, which is informative, repeats CharsetList with text in it instead.
export const charsets = clientCheck({
  id: 'wado-ws/client-lists/charsets',
  title: 'A CharsetList holds one character set in each Charset',
  requires: ['WADO-WS-8.1.6-03'],
  wrongClient: onBody(
    /RetrieveRenderedImagingDocumentSetRequest>/,
    hearsText(text => text.replaceAll(/<wado:CharsetList>.*?<\/wado:CharsetList>/g, '<wado:CharsetList/>')),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'rendered' || !request.element) return;
    for (const list of documentsIn(request.element).flatMap(document => childrenOf(document, 'CharsetList'))) {
      if (list.children.length === 0 && list.text.trim() !== '') {
        t.record('CharsetList', 'with text in it, as the schema of Annex E has it');
        continue;
      }
      const names = entries(list, 'Charset');
      t.expect('the number of Charset elements in a CharsetList', names.length, atLeastOne);
      for (const name of names)
        t.expect(
          'a Charset',
          name,
          satisfying('one character set', (text: string) => /^[^\s,;]+$/.test(text)),
        );
    }
  },
});

// 6.4.3.1: `/` asks for everything.
export const xpath = clientCheck({
  id: 'wado-ws/client-lists/one-xpath',
  title: 'Each document of a request for metadata has exactly one XPath',
  requires: ['WADO-WS-6.4.3.1-04'],
  wrongClient: onBody(
    /RetrieveImagingDocumentSetInformationRequest>/,
    hearsText(text =>
      text.replaceAll('<wado:XPath>', '<wado:XPathList><wado:XPath>').replaceAll('</wado:XPath>', '</wado:XPath></wado:XPathList>'),
    ),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (request?.action !== 'information' || !request.element) return;
    for (const document of documentsIn(request.element))
      t.expect(
        `the number of XPath elements of ${wado} in a ${document.name}`,
        childrenOf(document, 'XPath').filter(({ namespace }) => namespace === wado).length,
        1,
      );
  },
});

// 8.1.7.
export const anonymize = clientCheck({
  id: 'wado-ws/client-lists/anonymize',
  title: 'Anonymize is yes, or left out',
  requires: ['WADO-WS-8.1.7-01'],
  wrongClient: onBody(
    /<wado:Anonymize>/,
    hearsText(text => text.replaceAll('<wado:Anonymize>yes<', '<wado:Anonymize>true<')),
  ),
  looks(t, exchange) {
    const element = wsRequest(exchange)?.element;
    for (const { name, text } of element ? elementsIn(element) : []) if (name === 'Anonymize') t.expect('Anonymize', text.trim(), 'yes');
  },
});

// 8.1.2 to 8.1.4 with PS3.5-2013 9.1: the padding of data sets is not for messages. Line breaks around a UID are layout.
export const unpadded = clientCheck({
  id: 'wado-ws/client-lists/uids-are-not-padded',
  title: 'UIDs are not padded with NUL or a space',
  requires: ['WADO-WS-8.1.2-01'],
  wrongClient: onBody(
    /ImagingDocumentSet/,
    hearsText(text => text.replaceAll('</ihe:DocumentUniqueId>', ' </ihe:DocumentUniqueId>')),
  ),
  looks(t, exchange) {
    const request = wsRequest(exchange);
    if (!request) return;
    const padded = [...request.text.matchAll(/(?<![\d.])(\d+(?:\.\d+){2,})(?: +|\0+|(?:&#x?0+;)+)(?=["'<])/g)];
    t.expect(
      'the UIDs with a padding character behind them',
      padded.slice(0, 3).map(([, uid]) => uid),
      [],
    );
  },
});
