import { describe, expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import type { Edition } from '../../schemas/editions.ts';
import type { Check, Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { select } from '../harness/select.ts';
import { on, onAccept, sendsText, status, together } from '../kit/faults.ts';
import { editionOf } from '../kit/kill.ts';
import { acceptJson, acceptXml } from '../kit/media.ts';
import { searchesIn } from '../kit/models.ts';
import { offers, unknownUid } from '../kit/offers.ts';
import { embeddedTarget, oracle } from '../kit/oracle.ts';

const json = (change: (text: string) => string): Fault =>
  onAccept(
    /json/,
    sendsText(text => (/^\s*[[{]/.test(text) ? change(text) : text)),
  );
const xml = (change: (text: string) => string): Fault =>
  onAccept(
    /xml/,
    sendsText(text => text.replaceAll(/<\?xml[\s\S]*?<\/NativeDicomModel>/g, document => change(document))),
  );

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
/** A text in UTF-8 with all that is not ASCII escaped as JSON does. */
const escaped = (bytes: string): string =>
  utf8(bytes).replaceAll(/[\u0080-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const prefixed = (document: string): string =>
  document
    .replaceAll(/<(\/?)([A-Za-z]+)/g, '<$1ndm:$2')
    .replace('xmlns=', 'xmlns:ndm=')
    .replace('<ndm:xml', '<?xml');

/** Servers that follow the standard in another way than the mock server does. */
const variants: Readonly<Record<string, Fault>> = {
  'JSON is laid out for people': json(text => text.replaceAll(/([[{,])(?=["{[])/g, '$1\n\t').replaceAll('":', '" : ')),
  'JSON escapes what is not ASCII': json(escaped),
  'JSON keeps the padding of text': json(text =>
    text.replaceAll(/("vr":"(?:CS|SH|LO)","Value":\["(?:[A-Za-z0-9 ]{2})*[A-Za-z0-9])"\]/g, '$1 "]'),
  ),
  'JSON has no Specific Character Set': json(text => text.replaceAll(/"00080005":\{[^}]*\},?/g, '')),
  'JSON writes decimals with an exponent': json(text => text.replaceAll('"Value":[0.5,0.5]', '"Value":[5E-1,5.0e-1]')),
  'JSON puts private attributes into other blocks': json(text =>
    text.replaceAll(/"00134201"/g, '"00135001"').replaceAll(/"00130042"/g, '"00130050"'),
  ),
  'JSON has numbers of as many digits as a float has': json(text => text.replaceAll('0.10000000149011612', '0.1')),
  'URLs of bulk data are relative': together(
    json(text => text.replaceAll(/http:\/\/[^/"]+(\/[^"]*\/bulkdata\/)/g, '$1')),
    xml(text => text.replaceAll(/http:\/\/[^/"]+(\/[^"]*\/bulkdata\/)/g, '$1')),
  ),
  'includefield=all is refused': on(/includefield=all/, status(400)),
  'nothing found is no text at all': json(text => (text === '[]' ? '' : text)),
  'XML has a prefix for its namespace': xml(prefixed),
  'XML is laid out between its elements, with comments and other quotation marks': xml(text =>
    text.replaceAll('<DicomAttribute', '\n  <!-- next -->\n  <DicomAttribute').replaceAll(/ vr="(\w\w)"/g, " vr='$1'"),
  ),
  'XML writes characters as references and sections': xml(text =>
    text.replaceAll('CONFTEST', '&#67;ONFTEST').replaceAll(/>([A-Za-z ]+)<\/Value>/g, '><![CDATA[$1]]></Value>'),
  ),
  'XML repeats the Private Creators': xml(text =>
    text.replace(
      /(<DicomAttribute tag="0011\d{4}" privateCreator="([^"]*)")/,
      '<DicomAttribute tag="00110010" vr="LO"><Value number="1">$2</Value></DicomAttribute>$1',
    ),
  ),
  'XML knows few keywords': xml(text => text.replaceAll(/ keyword="(?!Patient|Study|Series|SOP|Modality)[^"]*"/g, '')),
  'XML writes numbers with a sign and zeros': xml(text => text.replaceAll(/(vr="US"[^>]*><Value number="1">)(\d)/g, '$1+0$2')),
  'XML names bulk data by uuid': onAccept(
    /xml/,
    on(
      /includefield/,
      sendsText(text => text.replaceAll(/<BulkData uri="[^"]*"/g, '<BulkData uuid="6ba7b810-9dad-11d1-80b4-00c04fd430c8"')),
    ),
  ),
};

/** What the standard contradicts itself about, so that it may be told and is nobody's failure. */
const tolerated: Readonly<Record<string, Fault>> = {
  'the examples of the annex are followed in JSON': json(text =>
    text.replaceAll(/"vr":"DA"/g, '"vr":"DT"').replaceAll(/"vr":"UN","InlineBinary":"[^"]*"/g, '"vr":"UN","Value":["z0x9c8v7"]'),
  ),
  'the examples of the annex are followed in XML': xml(text => text.replace(/ xmlns="[^"]*" xml:space="preserve"/, '')),
  'XML has no vr, which the table calls optional': xml(text => text.replaceAll(/ vr="\w\w"/g, '')),
  'XML has URI in place of uri, as PS3.18 prints it': xml(text => text.replaceAll('<BulkData uri=', '<BulkData URI=')),
  'one result is an object': json(text => ((JSON.parse(text) as unknown[]).length === 1 ? text.slice(1, -1) : text)),
};

const checks = select(await loadChecks(), [
  'qido-rs/json-model',
  'qido-rs/xml-model',
  'qido-rs/model-mapping',
  'wado-rs/metadata-json',
  'wado-rs/metadata-model',
]);

/** The verdicts on a wrong server, each check in the edition in which it is tried, or all in one. */
async function verdictsOn(fault: Fault, all?: Edition): Promise<readonly string[]> {
  const of = (check: Check) => all ?? editionOf(check);
  const results = await Promise.all(
    [...new Set(checks.map(of))].map(edition =>
      run({
        checks: checks.filter(check => of(check) === edition),
        target: embeddedTarget(edition, fault),
        edition,
        offers,
        claims: Object.keys(offers),
      }),
    ),
  );
  return results.flatMap(report => report.results.map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`));
}

/** Whether a variant answers anything otherwise than the mock server does. */
async function differs(fault: Fault): Promise<boolean> {
  const { fetch } = oracle();
  const other = fault(fetch);
  const resources = [
    `studies?StudyInstanceUID=${unknownUid}`,
    ...['ct', 'every-vr', 'private', 'limits', 'charset-latin-1'].flatMap(name => searchesIn(studyNamed(name as 'ct'))),
  ];
  for (const resource of resources.flatMap(each => [each, `${each}&includefield=all`])) {
    for (const accept of [acceptJson('2013'), acceptXml]) {
      const request = () => new Request(`http://mock.invalid/dicom-web/${resource}`, { headers: { Accept: accept } });
      const [one, two] = [await fetch(request()), await other(request())];
      if (one.status !== two.status || (await one.text()) !== (await two.text())) return true;
    }
  }
  return false;
}

test.each(Object.entries({ ...variants, ...tolerated }))('something is different where %s', async (_, fault) => {
  expect(await differs(fault)).toBe(true);
});

describe('no server is accused because', () => {
  test.each(Object.entries(variants))('%s', async (_, fault) => {
    expect((await verdictsOn(fault)).filter(line => !/^(pass|skip) /.test(line))).toEqual([]);
  });

  test.each(Object.entries(tolerated))('%s, more than warned', async (_, fault) => {
    expect((await verdictsOn(fault)).filter(line => !/^(pass|skip|warn) /.test(line))).toEqual([]);
  });
});

/** Decimal and integer strings as strings, which Table F.2.3-1 allows from 2020a on. */
const decimalsAsStrings = json(text =>
  text.replaceAll(
    /("vr":"(?:DS|IS)","Value":\[)([^\]]*)\]/g,
    (_, head: string, values: string) => `${head}${values.replaceAll(/-?\d[\d.eE+-]*/g, '"$&"')}]`,
  ),
);

test('from 2020a on decimals may be strings, and until then they may not', async () => {
  const failed = async (edition: Edition) => (await verdictsOn(decimalsAsStrings, edition)).filter(line => !/^(pass|skip) /.test(line));
  expect(await failed('2020a')).toEqual([]);
  expect((await failed('2019b')).map(line => line.split(':')[0])).toEqual([
    'fail qido-rs/json-model/types-of-values',
    'fail qido-rs/json-model/valid-against-the-schema',
    'fail wado-rs/metadata-json/model',
  ]);
});
