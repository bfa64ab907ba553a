import { check } from '../harness/check.ts';
import { hears, hearsKey, on, sendsHeaders, together } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { askUri, instanceNamed, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';
import { rootOf } from './reports.ts';

const given = { clinical: fixture('clinical-document') };

// PS3.18-2013 7.4.1 and 7.4.2: what has no SR Document Content module is no text object, whatever it encapsulates; until 2015c.
export const byDefault = check({
  id: 'wado-uri/defaults/an-encapsulated-clinical-document-is-dicom',
  title: 'An encapsulated clinical document (CDA) comes as application/dicom when nothing else is asked for',
  requires: ['WADO-URI-7.4.1-01'],
  given,
  fault: on(
    request => /requestType=WADO/.test(request.url) && !/contentType=/.test(request.url),
    hears(url => url.searchParams.set('contentType', 'text/xml')),
  ),
  async run(t, { clinical }) {
    t.expect('what an encapsulated CDA comes as', uriType(await askUri(t, uriQuery(instanceNamed(clinical, 'cda')))), 'application/dicom');
  },
});

// 7.4.2: further media types are allowed.
export const ownType = check({
  id: 'wado-uri/offered/an-encapsulated-clinical-document-in-its-own-type',
  title: 'What is sent as the text/xml of an encapsulated clinical document (CDA) is XML',
  requires: ['WADO-URI-7.4.2-03', 'WADO-URI-6.3-02'],
  given,
  fault: on(
    /contentType=text%2Fxml/,
    together(
      hearsKey('contentType', () => 'application/dicom'),
      sendsHeaders({ 'Content-Type': 'text/xml' }),
    ),
  ),
  async run(t, { clinical }) {
    const exchange = await askUri(t, uriQuery(instanceNamed(clinical, 'cda'), { contentType: 'text/xml' }));
    t.record('an encapsulated CDA with contentType=text/xml', uriType(exchange));
    if (uriType(exchange) !== 'text/xml') return;
    // PS3.5-2013 6.2: a value of odd length is followed by a zero byte, which is not of the document.
    const { body } = exchange.response;
    const root = rootOf(body.at(-1) === 0 ? body.subarray(0, -1) : body);
    t.record('the root element of an encapsulated CDA as text/xml', root.name || 'not known');
    t.expect('what the body labelled text/xml is', root.why || 'well-formed XML', 'well-formed XML', { row: 'WADO-URI-6.3-02' });
  },
});
