import { reportWords } from '../../fixtures/corpus/value-types.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { hearsKey, on, sendsHeaders, sendsText, status, together } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { documentOf, visibleText } from '../kit/read/document.ts';
import { signatureOf } from '../kit/read/signature.ts';
import { readXml } from '../kit/read/xml.ts';
import { mediaTypeOf } from '../kit/retrieve.ts';
import { askUri, fetchedUri, instanceNamed, under, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

/** The words of the plain report of the fixtures. */
const words = 'Test report; no finding.';
const contains = (text: string) => satisfying(`text that contains "${text}"`, (got: string) => got.replaceAll(/\s+/g, ' ').includes(text));
const bare = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Expects that a document can be decoded. */
function textOf(t: Trial, exchange: Exchange, row?: RequirementId): string {
  const { declared, text } = documentOf(exchange);
  t.expect(
    `that the ${mediaTypeOf(exchange)} answer is text in ${declared || 'the character set it names'}`,
    text !== null,
    true,
    under(row),
  );
  return text ?? '';
}

// PS3.18-2013 7.3.2: text/plain shall be there.
export const plain = check({
  id: 'wado-uri/reports/plain-text',
  title: 'A structured report can be had as text/plain: its words, without markup',
  requires: ['WADO-URI-7.3.2-02'],
  given: { sr: fixture('sr') },
  fault: on(
    /contentType=text%2Fplain/,
    sendsText(text => `<html><body>${text.replaceAll('\n', '<br>')}</body></html>`),
  ),
  async run(t, { sr }) {
    const exchange = await fetchedUri(t, instanceNamed(sr, 'plain'), { contentType: 'text/plain' });
    t.expect('the media type of a report with contentType=text/plain', mediaTypeOf(exchange), 'text/plain');
    const text = textOf(t, exchange);
    t.expect('the report as text/plain', bare(text), contains(words));
    t.expect(
      'the tags in the report as text/plain',
      text.match(/<\/?(html|body|p|br|div|span|table|h[1-6])\b[^>]*>/gi)?.slice(0, 3) ?? [],
      [],
    );
  },
});

// 7.3.2: text/html shall be there.
export const html = check({
  id: 'wado-uri/reports/html',
  title: 'A structured report can be had as text/html, with its words',
  requires: ['WADO-URI-7.3.2-03'],
  given: { sr: fixture('sr') },
  fault: on(
    /contentType=text%2Fhtml/,
    sendsText(text => text.replaceAll(words, '')),
  ),
  async run(t, { sr }) {
    const exchange = await fetchedUri(t, instanceNamed(sr, 'plain'), { contentType: 'text/html' });
    t.expect('the media type of a report with contentType=text/html', mediaTypeOf(exchange), 'text/html');
    const text = textOf(t, exchange);
    t.expect('that the report as text/html has a tag', /<[a-z]/i.test(text), true);
    t.expect('what a reader sees of the report as text/html', visibleText(text), contains(words));
  },
});

// RFC 2616 7.2.1 and HTML 4.01 5.3.2: characters that mean something in markup are written as entities.
export const everyValue = check({
  id: 'wado-uri/reports/html-of-every-value',
  title: 'The HTML of a report shows its conclusion, its measurement and what looks like markup in its text',
  requires: ['WADO-URI-7.3.2-03'],
  given: { values: fixture('value-types') },
  fault: on(
    /contentType=text%2Fhtml/,
    sendsText(text => text.replaceAll('12.5', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>')),
  ),
  async run(t, { values }) {
    const exchange = await fetchedUri(t, instanceNamed(values, 'report'), { contentType: 'text/html' });
    const seen = visibleText(documentOf(exchange).text ?? Buffer.from(exchange.response.body).toString('latin1'));
    t.record('text of the report that looks like markup', seen.includes('<b>12 mm</b>') ? 'is shown as it is' : 'is taken for markup');
    t.expect('what a reader sees of the report as text/html', seen, contains(reportWords.measured));
  },
});

const others: readonly (readonly [type: string, signature: string, row: RequirementId])[] = [
  ['application/pdf', 'application/pdf', 'WADO-URI-7.3.2-06'],
  ['text/rtf', 'text/rtf', 'WADO-URI-7.3.2-07'],
];

// 7.3.2: should be there, until 2015c.
export const documents = check({
  id: 'wado-uri/reports/pdf-and-rtf',
  title: 'A structured report can be had as application/pdf and text/rtf',
  requires: ['WADO-URI-7.3.2-06', 'WADO-URI-7.3.2-07'],
  given: { sr: fixture('sr') },
  fault: on(/contentType=(application%2Fpdf|text%2Frtf)/, status(406)),
  async run(t, { sr }) {
    for (const [type, signature, row] of others) {
      const exchange = await askUri(t, uriQuery(instanceNamed(sr, 'plain'), { contentType: type }));
      t.expect(`what a report with contentType=${type} comes as`, uriType(exchange), type, { row });
      if (uriType(exchange) === type)
        t.expect(`what the body labelled ${type} is`, signatureOf(exchange.response.body), signature, { row });
    }
  },
});

/** The media types under which documents of the HL7 Clinical Document Architecture are known. */
const cdaTypes = ['text/xml', 'application/hl7-cda+xml', 'application/x-hl7-cda-level-one+xml'];

// 7.3.2: XML and, by HL7, a clinical document should be there, until 2015c.
export const xml = check({
  id: 'wado-uri/reports/xml-and-clinical-document',
  title: 'A structured report can be had as text/xml and as a clinical document (CDA)',
  requires: ['WADO-URI-7.3.2-05', 'WADO-URI-7.3.2-08'],
  given: { sr: fixture('sr') },
  fault: on(
    /contentType=text%2Fxml/,
    sendsText(text => text.replaceAll('ClinicalDocument', 'report').replace(/<\/report>\s*$/, '')),
  ),
  async run(t, { sr }) {
    const roots: string[] = [];
    for (const type of cdaTypes) {
      const exchange = await askUri(t, uriQuery(instanceNamed(sr, 'plain'), { contentType: type }));
      const got = uriType(exchange);
      if (type === 'text/xml') t.expect('what a report with contentType=text/xml comes as', got, 'text/xml');
      if (got !== type) continue;
      const root = rootOf(exchange.response.body);
      if (type === 'text/xml') t.expect('the report as text/xml', root.why || 'well-formed XML', 'well-formed XML');
      roots.push(root.name);
    }
    const clinical = satisfying('one ClinicalDocument', (names: readonly string[]) => names.includes('ClinicalDocument'));
    t.expect(`the root elements of the report as ${cdaTypes.join(', ')}`, roots, clinical, { row: 'WADO-URI-7.3.2-08' });
  },
});

/** The local name of the root element of an XML document, or why there is none. */
export function rootOf(body: Uint8Array): { readonly name: string; readonly why: string } {
  try {
    return { name: readXml(body).name, why: '' };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // A document type declaration is refused by the reader, not by XML.
    return { name: '', why: error.message.includes('document type') ? '' : error.message };
  }
}

// Annex B.2: a report with a character set and no media type.
export const example2 = check({
  id: 'wado-uri/reports/the-example-of-a-report',
  title: 'The example of Annex B.2, a report with charset=UTF-8, is answered with readable HTML',
  requires: ['WADO-URI-B-02', 'WADO-URI-8.1.6-06'],
  given: { values: fixture('value-types') },
  fault: on(
    /charset=UTF-8/,
    together(
      hearsKey('charset', () => 'ISO-8859-1'),
      sendsHeaders({ 'Content-Type': 'text/html; charset=UTF-8' }),
    ),
  ),
  async run(t, { values }) {
    const exchange = await fetchedUri(t, instanceNamed(values, 'report'), { charset: 'UTF-8' });
    t.expect('what a report with charset=UTF-8 comes as', uriType(exchange), 'text/html');
    const { declared, text } = documentOf(exchange);
    t.record('the character set of HTML with charset=UTF-8', declared || 'not told');
    t.expect(`that the HTML is text in ${declared || 'the character set it names'}`, text !== null, true);
    t.expect('what a reader sees of the report', visibleText(text ?? ''), contains(reportWords.conclusion));
  },
});
