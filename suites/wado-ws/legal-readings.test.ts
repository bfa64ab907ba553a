import { describe, expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfStudy } from '../../fixtures/recipe.ts';
import { createMockServer, endpointsAt } from '../../mock-server/index.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { select } from '../harness/select.ts';
import { inProcess } from '../harness/transport.ts';
import { hearsText, type LoosePart, onBody, sendsHeaders, sendsParts, sendsText } from '../kit/faults.ts';
import { offers } from '../kit/offers.ts';
import { embeddedTarget } from '../kit/oracle.ts';
import { onWs } from '../kit/ws-faults.ts';

const contentType = (change: (text: string) => string): Fault =>
  sendsHeaders(headers => headers.set('Content-Type', change(headers.get('Content-Type') ?? '')));
const rest = (parts: readonly LoosePart[], change: (part: LoosePart, i: number) => LoosePart) =>
  parts.map((part, i) => (i === 0 ? part : change(part, i)));
const renamed = (text: string, from: string, to: string) =>
  text
    .replaceAll(`xmlns:${from}=`, `xmlns:${to}=`)
    .replaceAll(new RegExp(`(</?)${from}:`, 'g'), `$1${to}:`)
    .replaceAll(` ${from}:`, ` ${to}:`);

/** A package whose documents stand in its envelope as base64, as PS3.18-2013 6.4.1.2.1 also says. */
function inlined([root, ...documents]: LoosePart[]): LoosePart[] {
  if (!root) return [];
  const text = root.body.toString('latin1').replaceAll(/<xop:Include[^>]*href="cid:([^"]*)"\/>/g, (_, id: string) => {
    const part = documents.find(({ headers }) => headers.some(line => line.includes(id)));
    return part?.body.toString('base64').replaceAll(/(.{76})/g, '$1\r\n') ?? '';
  });
  return [{ ...root, body: Buffer.from(text, 'latin1') }];
}

/** Servers that follow the standard in another way than the mock server does. */
const variants: Readonly<Record<string, Fault>> = {
  'the root part comes last': sendsParts(([root, ...parts]) => [...parts, ...(root ? [root] : [])]),
  'start has no angle brackets': contentType(text => text.replace(/start="<([^>]*)>"/, 'start="$1"')),
  'there is no start': contentType(text => text.replace(/; start="[^"]*"/, '')),
  'parameters are tokens where they can be, in another order and case': contentType(text =>
    text.startsWith('multipart')
      ? text.replace(/^multipart\/related; type="([^"]*)"; boundary=(\w+)(.*)$/, 'Multipart/Related; BOUNDARY="$2"$3; Type="$1"')
      : text,
  ),
  'start-info has an action': contentType(text =>
    text.replace('start-info="application/soap+xml"', 'start-info="application/soap+xml; action=\\"urn:x\\""'),
  ),
  'the type of the root part is quoted otherwise': sendsParts(parts =>
    parts.map((part, i) =>
      i === 0
        ? {
            ...part,
            headers: part.headers.map(line => line.replace('type="application/soap+xml"', 'type="application/soap+xml;action=\'urn:x\'"')),
          }
        : part,
    ),
  ),
  'parts have no Content-Transfer-Encoding and are octet streams': sendsParts(parts =>
    rest(parts, part => ({
      ...part,
      headers: part.headers
        .filter(line => !/^Content-Transfer/.test(line))
        .map(line => line.replace(/^Content-Type: .*/, 'Content-Type: application/octet-stream')),
    })),
  ),
  'references are percent-encoded': sendsText(text => text.replaceAll(/(href="cid:[^"]*)@/g, '$1%40')),
  'documents are inlined as base64 in the package': sendsParts(inlined),
  'prefixes are others': sendsText(text => {
    const others = { soap12: 'env', wsa: 'a', ihe: 'ns2', rs: 'ns3', wado: 'ns4', xop: 'x' };
    return Object.entries(others)
      .reduce((all, [from, to]) => renamed(all, from, to), text)
      .replaceAll('<env:Value>soap12:', '<env:Value>env:')
      .replaceAll('<env:Value>wsa:', '<env:Value>a:');
  }),
  'the envelope is in the default namespace': sendsText(text =>
    text.replace('xmlns:soap12=', 'xmlns="http://www.w3.org/2003/05/soap-envelope" xmlns:soap12=').replaceAll(/(<\/?)soap12:/g, '$1'),
  ),
  'mustUnderstand is 1': sendsText(text => text.replace('mustUnderstand="true"', 'mustUnderstand="1"')),
  'there are blanks, comments and no XML declaration': sendsText(text =>
    text
      .replace(/<\?xml[^>]*\?>\n/, '')
      .replaceAll(
        /(<\/?(?:soap12|rs|ihe):(?!DocumentUniqueId|mimeType|Document>|RepositoryUniqueId|HomeCommunityId|Text|Value)[^>]*>)/g,
        '$1\n  <!-- here -->',
      ),
  ),
  'there are more headers': sendsText(text =>
    text.replace(
      '</soap12:Header>',
      '<wsa:MessageID>urn:uuid:2</wsa:MessageID><wsa:To>http://www.w3.org/2005/08/addressing/anonymous</wsa:To></soap12:Header>',
    ),
  ),
  'RelatesTo has its type': sendsText(text =>
    text.replace('<wsa:RelatesTo>', '<wsa:RelatesTo RelationshipType="http://www.w3.org/2005/08/addressing/reply">'),
  ),
  'codes have four digits': sendsText(text =>
    text.replaceAll(/urn:dicom:wado:X+(\d+)/g, (_, digits: string) => `urn:dicom:wado:${digits.padStart(4, '0')}`),
  ),
  'RegistryResponse of DICOM actions is in their namespace': sendsText(text =>
    text.includes('wado:Retrieve') ? text.replaceAll('rs:RegistryResponse', 'wado:RegistryResponse') : text,
  ),
  'highestSeverity is left out': sendsText(text => text.replaceAll(/ highestSeverity="[^"]*"/g, '')),
  'rendered responses have no values but identifiers': sendsText(text =>
    text
      .replaceAll(/<wado:(Annotation|Rows|Columns|WindowWidth|WindowCenter|ImageQuality)(\/>|>[^<]*<\/wado:\1>)/g, '')
      .replaceAll(/<wado:Region(\/>|>.*?<\/wado:Region>)/g, ''),
  ),
  'Region is text with commas': sendsText(text =>
    text.replaceAll(
      /<wado:Region>(.*?)<\/wado:Region>/g,
      (_, inner: string) => `<wado:Region>${[...inner.matchAll(/>([\d.]+)</g)].map(([, n]) => n).join(',')}</wado:Region>`,
    ),
  ),
  'rendered elements are named as example E.3 has them': sendsText(text =>
    text.replaceAll('wado:RenderedDocumentResponse', 'ihe:DocumentResponse'),
  ),
  'results of XPaths are escaped text': sendsText(text =>
    text.replaceAll(
      /(<wado:XPathResponse>)(.*?)(?=<\/wado:XPathResponse>)/g,
      (_, tag: string, inner: string) => tag + (inner.startsWith('<') ? inner.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : inner),
    ),
  ),
  'results of XPaths are CDATA': sendsText(text =>
    text.replaceAll(
      /(<wado:XPathResponse>)(<.*?)(?=<\/wado:XPathResponse>)/g,
      (_, tag: string, inner: string) => `${tag}<![CDATA[${inner}]]>`,
    ),
  ),
  'actions are spelled as later practice does': sendsText(text => text.replaceAll('urn:dicom:ws:wado:2011:', 'urn:dicom:wado:ws:2011:')),
  'only plain SOAP is taken': server => async request =>
    /^multipart/i.test(request.headers.get('Content-Type') ?? '')
      ? new Response('Send application/soap+xml.', { status: 415 })
      : server(request),
};

/** Counts the answers that a variant changes: one that changes nothing shows nothing. */
function counter(): { counting(variant: Fault): Fault; count(): number } {
  let changed = 0;
  const bytesOf = async (response: Response) =>
    [response.status, response.headers.get('Content-Type'), await response.clone().text()].join();
  return {
    counting: variant => server => {
      const other = variant(server);
      return async request => {
        const [plain, response] = [await server(request.clone()), await other(request)];
        if ((await bytesOf(plain)) !== (await bytesOf(response))) changed += 1;
        return response;
      };
    },
    count: () => changed,
  };
}

const soapFault = (code: string, subcode = '') =>
  new Response(
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Body><s:Fault><s:Code><s:Value>s:${code}</s:Value>${subcode}</s:Code><s:Reason><s:Text xml:lang="en">No.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
    { status: code === 'Sender' ? 400 : 500, headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' } },
  );
const faultOn = (matches: RegExp, subcode = ''): Fault => onBody(matches, () => async () => soapFault('Sender', subcode));
const notSupported = '<s:Subcode><s:Value>a:ActionNotSupported</s:Value></s:Subcode>';
/** A server that does not know an element, and says so for each document. */
const without = (...names: readonly string[]): Fault =>
  hearsText(text => text.replaceAll(new RegExp(`<wado:(${names.join('|')})>.*?</wado:\\1>`, 'g'), '<wado:NotKnown/>'));

/** Servers that do less than the mock server, or decide otherwise where the standard leaves it to them. */
const behaviours: Readonly<Record<string, Fault>> = {
  'only DICOM objects are offered': faultOn(/:Retrieve(Rendered|ImagingDocumentSetInformation)/, notSupported),
  'only renderings are offered, the others are unknown to the dispatcher': faultOn(/:RetrieveImagingDocumentSet/),
  'only metadata are offered': faultOn(/:Retrieve(Rendered)?ImagingDocumentSetRequest/, notSupported),
  'requests are validated by the schema of IHE': faultOn(
    /<ihe:DocumentRequest>(?!(<ihe:HomeCommunityId>[^<]*<\/ihe:HomeCommunityId>)?<ihe:RepositoryUniqueId>[^<]*<\/ihe:RepositoryUniqueId><ihe:DocumentUniqueId>[^<]*<\/ihe:DocumentUniqueId><\/ihe:DocumentRequest>)/,
  ),
  'unknown documents have the code of IHE': sendsText(text =>
    text.includes('RetrieveDocumentSetResponse') ? text.replaceAll(/urn:dicom:wado:XX1[0567]/g, 'XDSDocumentUniqueIdError') : text,
  ),
  'nothing is anonymised': without('Anonymize'),
  'nothing is annotated, and no regions are cut': without('Annotation', 'Region'),
  'regions are not cut but whole': hearsText(text => text.replaceAll(/<wado:Region>.*?<\/wado:Region>/g, '')),
  'there are no presentation states': without('PresentationUID', 'PresentationSeriesUID'),
  'what cannot be had comes in Explicit VR Little Endian': hearsText(text =>
    text.replaceAll(/1\.2\.840\.10008\.1\.2\.4\.(100|94|95)(?=<)/g, '1.2.840.10008.1.2.1'),
  ),
  'quality means nothing': hearsText(text => text.replaceAll(/<wado:ImageQuality>.*?<\/wado:ImageQuality>/g, '')),
  'communities are not echoed where that is optional': sendsText(text =>
    text.includes('RetrieveDocumentSetResponse') ? text.replaceAll(/<ihe:HomeCommunityId>.*?<\/ihe:HomeCommunityId>/g, '') : text,
  ),
};

const accused = ['fail', 'error'];
/** What is a warning by the text itself. */
const warned: Readonly<Record<string, readonly string[]>> = {
  'only plain SOAP is taken': ['wado-ws/packaging/packaged-requests-are-taken'],
};

const checks = select(await loadChecks(), ['wado-ws']);

describe('no legal reading is accused', () => {
  test.each(Object.entries({ ...variants, ...behaviours }))('%s', async (name, variant) => {
    const applied = counter();
    const report = await run({
      checks,
      target: embeddedTarget('2013', onWs(applied.counting(variant))),
      offers,
      claims: Object.keys(offers),
      mayWrite: true,
    });
    const wrong = report.results.filter(
      ({ id, verdict }) => accused.includes(verdict) || (verdict === 'warn' && !warned[name]?.includes(id)),
    );
    expect(wrong.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    expect(report.summary.pass).toBeGreaterThan(25);
    expect(applied.count()).toBeGreaterThan(0);
  });
});

/** What a server may hold that has never seen the fixtures, and may not be stored on. */
const contents = {
  nothing: [],
  'a report alone': ['sr'],
  'a video alone': ['video'],
  'images and more': ['mixed', 'multi-frame'],
} as const;

test.each(Object.entries(contents))('nobody is accused who holds %s', async (_, names) => {
  const server = createMockServer({ content: 'nothing', repository: '1.2.3' });
  for (const name of names) for (const instance of copyOfStudy(studyNamed(name), 9).instances) server.add(instance.part10());
  const target = { endpoints: endpointsAt('http://own.invalid'), transport: inProcess(server.fetch) };
  const report = await run({ checks, target, offers, claims: Object.keys(offers) });
  expect(report.results.filter(({ verdict }) => !['pass', 'skip'].includes(verdict)).map(({ id, reason }) => `${id}: ${reason}`)).toEqual(
    [],
  );
});

test('a server that answers to another repository is asked for its id', async () => {
  const server = createMockServer({ repository: '1.2.3' });
  const [checkOfOne] = select(checks, ['wado-ws/response/the-document-has-content']);
  const refusing = onWs(onBody(/^(?!.*RepositoryUniqueId>)/s, () => async () => soapFault('Sender')))(server.fetch);
  const target = { endpoints: endpointsAt('http://own.invalid'), transport: inProcess(refusing), holdsFixtures: true };
  const judged = async (repository?: string) => {
    const named = { ...target, ...(repository === undefined ? {} : { repository }) };
    return (await run({ checks: checkOfOne ? [checkOfOne] : [], target: named, offers })).results[0];
  };
  expect((await judged())?.reason).toMatch(/give it with --repository UID/);
  expect((await judged('1.2.3'))?.verdict).toBe('pass');
});
