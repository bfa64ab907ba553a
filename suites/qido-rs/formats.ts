import { check } from '../harness/check.ts';
import { anyOf, byEdition, noneOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { hearsHeaders, on, sendsHeaders, sendsJson, sendsParts, sendsText, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptJson, acceptXml } from '../kit/media.ts';
import { ask, mediaTypeOf, parametersOf, partsOf } from '../kit/retrieve.ts';

type Study = Parameters<typeof seriesOf>[0];
const seriesOf = ({ studyInstanceUID }: { readonly studyInstanceUID: string }) => `studies/${studyInstanceUID}/series`;

/** The form of an answer in a word: `json`, `xml`, another media type, or the status of what is no success. */
function formOf(exchange: Exchange): string {
  if (exchange.response.status !== 200) return `status ${exchange.response.status}`;
  const type = mediaTypeOf(exchange);
  if (type === 'application/json' || type === 'application/dicom+json') return 'json';
  return type === 'multipart/related' ? 'xml' : type || 'no media type';
}

const formFor = async (t: Trial, study: Study, accept: string | null) => formOf(await ask(t, seriesOf(study), accept));

/** What 6.7.1.2 and 6.7.1.2.3 say again. */
const saidAgain = ['QIDO-RS-6.7.1.2-22', 'QIDO-RS-6.7.1.2.3-01'] as const;

// PS3.18-2013 6.7.1.1: the two media types that are supported in Accept.
export const byAccept = check({
  id: 'qido-rs/formats/by-accept',
  title: 'Results come as XML and as JSON, as Accept asks',
  requires: ['QIDO-RS-6.7.1.1-11', 'QIDO-RS-6.7.1.1-12', ...saidAgain, 'QIDO-RS-6.7.1.1-18'],
  given: { ct: fixture('ct') },
  fault: on(
    /./,
    hearsHeaders(headers => /xml/.test(headers.get('Accept') ?? '') && headers.set('Accept', 'application/json')),
  ),
  async run(t, { ct }) {
    const resources = [
      `studies?StudyInstanceUID=${ct.studyInstanceUID}`,
      seriesOf(ct),
      `${seriesOf(ct)}/${ct.instances[0]?.seriesInstanceUID}/instances`,
    ];
    for (const resource of resources) {
      const level = resource.split('?')[0]?.split('/').at(-1);
      t.expect(`the form of the ${level} for Accept: ${acceptXml}`, formOf(await ask(t, resource, acceptXml)), 'xml', { also: saidAgain });
      const json = acceptJson(t.edition);
      t.expect(`the form of the ${level} for Accept: ${json}`, formOf(await ask(t, resource, json)), 'json', {
        row: 'QIDO-RS-6.7.1.1-12',
        also: saidAgain,
      });
    }
    t.record('Accept: application/dicom+json', await formFor(t, ct, 'application/dicom+json'));
  },
});

// PS3.18-2013 6.7.1.1: XML is the default; from 2016c on JSON.
export const byDefault = check({
  id: 'qido-rs/formats/without-accept',
  title: 'Without Accept results come in the default form',
  requires: ['QIDO-RS-6.7.1.1-13'],
  given: { ct: fixture('ct') },
  fault: hearsHeaders(headers => !headers.has('Accept') && headers.set('Accept', 'application/json')),
  async run(t, { ct }) {
    t.expect('the form of results without Accept', await formFor(t, ct, null), byEdition({ '2013': 'xml', '2016c': 'json' }));
  },
});

// RFC 2616 14.1: what Accept means.
export const negotiation = check({
  id: 'qido-rs/formats/accept-is-read-as-http-says',
  title: 'Lists, preferences, wild cards and unquoted parameters of Accept are understood',
  requires: ['QIDO-RS-6.7.1.1-16', 'QIDO-RS-6.7.1.1-14', 'QIDO-RS-6.7.1.1-15'],
  given: { ct: fixture('ct') },
  fault: on(request => /, /.test(request.headers.get('Accept') ?? ''), status(406)),
  async run(t, { ct }) {
    const list = `${acceptJson(t.edition)};q=0.9, ${acceptXml};q=0.1`;
    t.expect(`the form of results for Accept: ${list}`, await formFor(t, ct, list), 'json');
    const other = `${acceptJson(t.edition)};q=0.1, ${acceptXml};q=0.9`;
    t.expect(`the form of results for Accept: ${other}`, await formFor(t, ct, other), 'xml');
    t.expect('the form of results for Accept: */*', await formFor(t, ct, '*/*'), anyOf('xml', 'json'), { row: 'QIDO-RS-6.7.1.1-14' });
    const unquoted = acceptXml.replaceAll('"', '');
    t.expect(`the form of results for Accept: ${unquoted}`, await formFor(t, ct, unquoted), 'xml', { row: 'QIDO-RS-6.7.1.1-15' });
  },
});

// RFC 2616 10.4.7: 406, or an entity of another type, correctly labelled.
export const others = check({
  id: 'qido-rs/formats/other-media-types',
  title: 'A search that accepts only other media types is refused with 406',
  requires: ['QIDO-RS-6.7.1.1-17'],
  given: { ct: fixture('ct') },
  fault: on(request => request.headers.get('Accept') === 'image/png', status(500)),
  async run(t, { ct }) {
    const form = await formFor(t, ct, 'image/png');
    t.expect('the answer to Accept: image/png', form, anyOf('status 406', 'json', 'xml'));
    t.record('Accept: image/png', form);
  },
});

// PS3.18-2013 6.7.1.2.3.1: one part of application/dicom+xml for each match.
export const xmlMessage = check({
  id: 'qido-rs/formats/xml-message',
  title: 'XML results are a multipart message with one document for each match',
  requires: ['QIDO-RS-6.7.1.2.3.1-02', 'QIDO-RS-6.7.1.2.3.1-01', 'QIDO-RS-6.7.1.2.3.1-03'],
  given: { mixed: fixture('mixed') },
  fault: sendsParts(parts => parts.slice(0, 1)),
  async run(t, { mixed }) {
    const exchange = await ask(t, seriesOf(mixed), acceptXml);
    if (exchange.response.status !== 200)
      t.skip(`the target has no XML results (status ${exchange.response.status}), which is judged by itself`);
    const type = { row: 'QIDO-RS-6.7.1.2.3.1-01' } as const;
    t.expect('the media type of XML results', mediaTypeOf(exchange), 'multipart/related', type);
    t.expect(
      'the type parameter of XML results',
      parametersOf(exchange).get('type')?.toLowerCase() ?? 'none',
      'application/dicom+xml',
      type,
    );
    t.expect('the boundary parameter of XML results', parametersOf(exchange).get('boundary') ?? '', noneOf(''), type);
    const documents = partsOf(t, exchange);
    const wanted = new Set(mixed.instances.map(({ seriesInstanceUID }) => seriesInstanceUID)).size;
    t.expect(`the number of parts for ${wanted} series`, documents.length, wanted);
    for (const { mediaType } of documents) {
      t.expect('the Content-Type of a part of XML results', mediaType, 'application/dicom+xml', { row: 'QIDO-RS-6.7.1.2.3.1-03' });
    }
  },
});

// PS3.18-2013 6.7.1.2.3.2 and F.2.1: one array of one object for each match.
export const jsonMessage = check({
  id: 'qido-rs/formats/json-message',
  title: 'JSON results are one array with one object for each match',
  requires: ['QIDO-RS-6.7.1.2.3.2-02', 'QIDO-RS-6.7.1.2.3.2-03'],
  given: { mixed: fixture('mixed') },
  fault: sendsJson((rows: unknown[]) => ({ results: rows })),
  async run(t, { mixed }) {
    const wanted = new Set(mixed.instances.map(({ seriesInstanceUID }) => seriesInstanceUID)).size;
    const several = shape(await ask(t, seriesOf(mixed), acceptJson(t.edition)));
    t.expect(`the JSON message for ${wanted} series`, several, `array of ${wanted} objects`);
    const one = shape(await ask(t, `studies?StudyInstanceUID=${mixed.studyInstanceUID}`, acceptJson(t.edition)));
    t.expect('the JSON message for one study', one, 'array of 1 objects', { row: 'QIDO-RS-6.7.1.2.3.2-03' });
  },
});

function shape({ response }: Exchange): string {
  try {
    const document: unknown = JSON.parse(Buffer.from(response.body).toString('utf8'));
    if (!Array.isArray(document)) return typeof document;
    return document.every(each => typeof each === 'object' && each !== null && !Array.isArray(each))
      ? `array of ${document.length} objects`
      : 'array of other than objects';
  } catch {
    return 'not JSON';
  }
}

export const jsonType = check({
  id: 'qido-rs/formats/json-content-type',
  title: 'JSON results say in Content-Type that they are JSON',
  requires: ['QIDO-RS-6.7.1.2.3.2-01'],
  given: { ct: fixture('ct') },
  fault: on(request => /json/.test(request.headers.get('Accept') ?? ''), sendsHeaders({ 'Content-Type': 'text/plain' })),
  async run(t, { ct }) {
    const exchange = await ask(t, seriesOf(ct), acceptJson(t.edition));
    if (exchange.response.status !== 200)
      t.skip(`the target has no JSON results (status ${exchange.response.status}), which is judged by itself`);
    t.expect(
      'the Content-Type of JSON results',
      mediaTypeOf(exchange),
      byEdition({ '2013': 'application/json', '2016c': 'application/dicom+json' }),
    );
  },
});

export const valid = check({
  id: 'qido-rs/formats/valid-json',
  title: 'JSON results are JSON without comments and trailing commas',
  requires: ['QIDO-RS-6.7.1.2.3.2-23'],
  given: { ct: fixture('ct') },
  fault: sendsText(text => (text.startsWith('[') ? text.replace(/\]$/, ',]') : text)),
  async run(t, { ct }) {
    const exchange = await ask(t, seriesOf(ct), acceptJson(t.edition));
    if (formOf(exchange) !== 'json') t.skip('the target has no JSON results, which is judged by itself');
    t.expect('the JSON message', shape(exchange), noneOf('not JSON'));
  },
});
