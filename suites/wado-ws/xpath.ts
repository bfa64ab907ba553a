import { tagOf } from '../../schemas/dictionary.ts';
import { registryStatuses } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { differences, nameOf } from '../kit/compare.ts';
import { onBody, sendsText, status } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { informationDesk } from '../kit/givens/ws.ts';
import { readNativeXml } from '../kit/read/native-xml.ts';
import type { XmlElement } from '../kit/read/xml.ts';
import { expectDelivered, wordsFor } from '../kit/ws.ts';
import { onInformation } from '../kit/ws-faults.ts';
import { selected, toXml, xpathOf, xpathResponses } from '../kit/ws-xpath.ts';

// PS3.18-2013 6.4.3.2: on the Native DICOM Model. These forms do not depend on its namespace.
export const model = check({
  id: 'wado-ws/xpath/on-the-native-dicom-model',
  title: 'XPaths are applied to the Native DICOM Model: attributes are found by keyword and by tag',
  requires: ['WADO-WS-6.4.3.2-01'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replaceAll(/(<DicomAttribute [^>]*tag="00080018"[^>]*><Value number="1">)[^<]*/g, '$1'))),
  async run(t, { desk }) {
    for (const xpath of ['//*[@keyword="SOPInstanceUID"]', '//*[@tag="00080018"]']) {
      const { text } = await selected(t, desk, desk.instance, xpath);
      t.expect(`whether ${xpath} yields the SOP Instance UID`, text.startsWith(desk.instance.sopInstanceUID) || text.slice(0, 80), true);
    }
  },
});

// 6.4.3.1, note: "/" asks for everything.
export const everything = check({
  id: 'wado-ws/xpath/a-slash-asks-for-everything',
  title: 'The XPath / yields all attributes but bulk data',
  requires: ['WADO-WS-6.4.3.1-07'],
  given: { desk: informationDesk, ct: fixture('ct') },
  fault: onInformation(sendsText(text => text.replaceAll(/<DicomAttribute tag="0008103E".*?<\/DicomAttribute>/g, ''))),
  async run(t, { desk, ct }) {
    const instance = firstOf(ct);
    const { elements } = await selected(t, desk, instance, '/');
    const [root] = elements;
    t.expect('the element that / yields', root?.name ?? 'none', 'NativeDicomModel');
    if (!root) return;
    const attributes = readNativeXml(Buffer.from(toXml(root))).value;
    const stored = new Map([...instance.dataSet].filter(([tag, element]) => !('bytes' in element) && tag !== tagOf('PixelData')));
    t.expect(
      'what differs in the model from what was stored',
      differences(stored, attributes).map(({ where }) => where),
      [],
    );
  },
});

// 6.4.3.2: one XPathResponse for each XPath; empty where nothing matches.
export const nothing = check({
  id: 'wado-ws/xpath/no-match-is-an-empty-response',
  title: 'An XPath that matches nothing yields one empty XPathResponse, and Success',
  requires: ['WADO-WS-6.4.3.2-09', 'WADO-WS-6.4.3.2-08'],
  given: { desk: informationDesk },
  fault: onInformation(sendsText(text => text.replace('<wado:XPathResponse/>', '<wado:XPathResponse>no match</wado:XPathResponse>'))),
  async run(t, { desk }) {
    const xpath = '//*[@keyword="NoSuchKeyword"]';
    const answer = await desk.ask(t, [desk.want(desk.instance, { inside: xpathOf(xpath) })]);
    const response = expectDelivered(t, answer, desk.instance.sopInstanceUID, 'an XPath that matches nothing');
    const responses = xpathResponses(response);
    const within = responses.map(({ text, children }) => (children.length > 0 ? (children[0]?.name ?? '') : text.trim()));
    t.expect('what XPathResponse holds for an XPath that matches nothing', within[0] ?? 'no XPathResponse', '');
    t.expect('the number of XPathResponse for one XPath', responses.length, 1, { row: 'WADO-WS-6.4.3.2-08' });
    t.expect('the status for an XPath that matches nothing', answer.overall, registryStatuses.success);
  },
});

const withTag = (element: XmlElement): readonly XmlElement[] => [
  ...(element.attributes.has('tag') ? [element] : []),
  ...element.children.flatMap(withTag),
];

export const noBulkData = check({
  id: 'wado-ws/xpath/no-pixels',
  title: 'Pixel data is not part of a result',
  requires: ['WADO-WS-6.4.3.2-10'],
  given: { desk: informationDesk, ct: fixture('ct') },
  fault: onInformation(
    sendsText(text => text.replace(/(tag="7FE00010"[^>]*>).*?(?=<\/DicomAttribute>)/, '$1<InlineBinary>AAAA</InlineBinary>')),
  ),
  async run(t, { desk, ct }) {
    for (const xpath of ['/', '/NativeDicomModel', '//*[@tag="7FE00010"]']) {
      const { elements } = await selected(t, desk, firstOf(ct), xpath);
      const inline = elements
        .flatMap(withTag)
        .filter(({ attributes, children }) => attributes.get('tag') === '7FE00010' && children.some(({ name }) => name === 'InlineBinary'));
      t.expect(`InlineBinary for Pixel Data in the result of ${xpath}`, inline.length, 0);
    }
  },
});

// 0012: a parameter has an invalid value.
export const invalid = check({
  id: 'wado-ws/xpath/an-invalid-one-is-an-error-of-its-document',
  title: 'An XPath that is none leads to an error for its document, not to a fault',
  requires: ['WADO-WS-6.4.3.2-11'],
  given: { desk: informationDesk },
  fault: onInformation(onBody(/>\/\/\[</, status(500))),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance, { inside: xpathOf('//[') })]);
    const outcome = answer.element === null ? wordsFor(answer) : answer.errors.length > 0 ? 'an error' : 'a document';
    t.expect('the answer to the XPath //[', outcome, 'an error');
  },
});

// PS3.19-2013 A.1: the XPaths of the part itself have no prefixes.
export const unprefixed = check({
  id: 'wado-ws/xpath/names-without-prefix',
  title: 'Names without prefix in an XPath select elements of the Native DICOM Model',
  requires: ['WADO-WS-6.4.3.2-14'],
  given: { desk: informationDesk },
  fault: onInformation(
    onBody(
      />\/NativeDicomModel\/DicomAttribute/,
      sendsText(text => text.replace(/(<wado:XPathResponse>).*?(?=<\/wado:XPathResponse>)/, '$1')),
    ),
  ),
  async run(t, { desk }) {
    const xpath = '/NativeDicomModel/DicomAttribute[@keyword="SOPInstanceUID"]/Value[@number=1]';
    const { text } = await selected(t, desk, desk.instance, xpath);
    t.expect(`whether ${xpath} yields the SOP Instance UID`, text.startsWith(desk.instance.sopInstanceUID) || text.slice(0, 80), true);
  },
});

// PS3.19-2013 Table A.1.5-2.
export const tags = check({
  id: 'wado-ws/xpath/tags-have-eight-capital-digits',
  title: 'Tags have eight digits with capital letters, and 00 for the block of private attributes',
  requires: ['WADO-WS-6.4.3.2-15'],
  given: { desk: informationDesk, study: fixture('private') },
  fault: onInformation(
    onBody(
      /&quot;00110001&quot;/,
      sendsText(text => text.replaceAll('first of one', '')),
    ),
  ),
  async run(t, { desk, study }) {
    const instance = firstOf(study);
    const { text } = await selected(t, desk, instance, '//*[@tag="0020000D"]');
    t.expect(`whether //*[@tag="0020000D"] yields the Study Instance UID`, text === instance.studyInstanceUID || text.slice(0, 80), true);
    const ofOne = await selected(t, desk, instance, '//*[@tag="00110001" and @privateCreator="CONFTEST ONE"]');
    t.expect('whether the private attribute of tag 00110001 and creator CONFTEST ONE is found', ofOne.text !== '', true);
    const { elements } = await selected(t, desk, instance, '//*[@privateCreator]');
    const found = elements.flatMap(each => each.attributes.get('tag') ?? []);
    t.expect(
      'the tags of private attributes',
      found,
      satisfying('eight digits with 00 in the place of the block', (all: string[]) =>
        all.every(tag => /^[0-9A-F]{4}00[0-9A-F]{2}$/.test(tag)),
      ),
    );
  },
});

export const groupLengths = check({
  id: 'wado-ws/xpath/no-group-lengths',
  title: 'Group lengths are not part of the model',
  requires: ['WADO-WS-6.4.3.2-16'],
  given: { desk: informationDesk },
  fault: onInformation(
    sendsText(text =>
      text.replace(
        '<wado:XPathResponse/>',
        '<wado:XPathResponse><DicomAttribute xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" tag="00080000" vr="UL"><Value number="1">8</Value></DicomAttribute></wado:XPathResponse>',
      ),
    ),
  ),
  async run(t, { desk }) {
    for (const tag of ['00080000', '00100000', '00200000']) {
      const { elements, text } = await selected(t, desk, desk.instance, `//*[@tag="${tag}"]`);
      t.expect(`what //*[@tag="${tag}"] yields`, elements.length > 0 ? nameOf(tag) : text, anyOf(''));
    }
  },
});
