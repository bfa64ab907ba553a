// Longer than others: a table, of which each row is a server and the clause that leaves it its way.
import { corpus } from '../../fixtures/corpus.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import { uidRoot } from '../../fixtures/uids.ts';
import type { MockServer, MockServerOptions } from '../../mock-server/index.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { Edition } from '../../schemas/editions.ts';
import { sopClasses } from '../../schemas/sop-classes.ts';
import { explicitLittleEndian, implicitLittleEndian, transferSyntaxes } from '../../schemas/transfer-syntaxes.ts';
import type { Fault } from '../harness/check.ts';
import type { Server } from '../harness/transport.ts';
import { answers, hears, hearsHeaders, on, onBody, sendsHeaders, sendsParts, status, together } from '../kit/faults.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { forgiving } from '../stow-rs/metadata-faults.ts';
import { anyStatus, posts } from '../stow-rs/module.ts';

/** A server that follows the standard in another way than the mock server does. */
export interface LegalServer {
  readonly options?: MockServerOptions;
  readonly differs?: (server: Server, mock: MockServer) => Server;
  readonly edition?: Edition;
  readonly credentials?: string;
  /** The checks of recommendations that it does not follow. */
  readonly warned?: readonly string[];
}

const gets = (request: Request): boolean => request.method === 'GET';
const typeOf = (request: Request): string => request.headers.get('Content-Type') ?? '';
/** Whether it is a store request that announces DICOM files. */
const postsFiles = (request: Request): boolean => posts(request) && /type="?application\/dicom"?(;|$)/i.test(typeOf(request));
const policy = (store: NonNullable<MockServerOptions['store']>): LegalServer => ({ options: { store } });
const inModule = (change: (text: string) => string): LegalServer => ({ differs: anyStatus(change) });

/** Answers to store requests with this status become others. */
const instead = (from: number, other: (response: Response) => Response | Promise<Response>): Fault =>
  on(
    posts,
    answers(response => (response.status === from ? other(response) : response)),
  );
const withStatus =
  (code: number) =>
  (response: Response): Response =>
    new Response(response.body, { status: code, headers: response.headers });
const plain = (code: number): Response => new Response('The server says so.', { status: code, headers: { 'Content-Type': 'text/plain' } });

const urlOfInstance = /\/studies\/([\d.]+)\/series\/([\d.]+)\/instances\/([\d.]+)(?=<)/g;

/** A response module in which everything failed for this reason. */
function allFailed(text: string, reason: number): string {
  const references = [
    ...text.matchAll(/<DicomAttribute tag="00081150".*?<\/DicomAttribute><DicomAttribute tag="00081155".*?<\/DicomAttribute>/g),
  ];
  const why = `<DicomAttribute tag="00081197" keyword="FailureReason" vr="US"><Value number="1">${reason}</Value></DicomAttribute>`;
  const items = references.map(([reference], i) => `<Item number="${i + 1}">${reference}${why}</Item>`).join('');
  const failed = `<DicomAttribute tag="00081198" keyword="FailedSOPSequence" vr="SQ">${items}</DicomAttribute>`;
  return text.replace(
    /<DicomAttribute .*(?=<\/NativeDicomModel>)/s,
    `<DicomAttribute tag="00081190" keyword="RetrieveURL" vr="UT"/>${failed}`,
  );
}

/** A server that stores all of a request or nothing of it. */
const allOrNothing =
  (refusal: (text: string) => Response) =>
  (server: Server, mock: MockServer): Server =>
  async request => {
    const response = await server(request);
    if (!posts(request) || response.status !== 202) return response;
    const text = await response.text();
    for (const [, study, series, instance] of text.matchAll(urlOfInstance)) mock.remove(study ?? '', series, instance);
    return refusal(text);
  };

/** A server that shows what was stored only when it has been looked for this often. */
const slow =
  (looks: number, where: RegExp, nothing: number) =>
  (server: Server): Server => {
    const stored = new Map<string, number>();
    return async request => {
      const response = await server(request);
      if (posts(request)) for (const [, , , uid] of (await response.clone().text()).matchAll(urlOfInstance)) stored.set(uid ?? '', 0);
      const [, uid = ''] = (gets(request) && where.exec(request.url)) || [];
      const seen = stored.get(uid);
      if (seen === undefined || seen >= looks) return response;
      stored.set(uid, seen + 1);
      return nothing === 204 ? new Response(null, { status: 204 }) : plain(nothing);
    };
  };
const search = /[?&]SOPInstanceUID=([\d.]+)/;
const retrieve = /\/instances\/([\d.]+)$/;

/** A server without one of the other services. */
const without = (service: 'search' | 'retrieve'): Fault =>
  on(
    request => gets(request) && (service === 'retrieve') === /\/studies\/[\d.]+(\/series\/[\d.]+)?(\/instances\/.+)?$/.test(request.url),
    status(501),
  );

const keyObjects = /1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.59/;
const others = Object.values(sopClasses).filter(uid => uid !== sopClasses['CT Image Storage']);
const held = corpus.flatMap(({ instances }) => instances).reduce((sum, instance) => sum + instance.part10().length, 0);
const warningHeader = 'stow-rs/statuses/warning-header';
const matching = 'stow-rs/study-in-url/matching-instances-are-stored-all-the-same';

const inJson: Fault = on(
  posts,
  hearsHeaders(headers => headers.set('Accept', 'application/dicom+json, application/json')),
);
/** Bulk data in front of the metadata that refer to them. */
const bulkDataFirst = /Content-Location: (\S+)[\s\S]*<BulkData uri="\1"/;

/** By what they do, with the clause or the requirement that leaves it to them. */
export const legalStores: Readonly<Record<string, LegalServer>> = {
  // Table 6.6.1-1.
  'wants a login from everybody (6.6.1.3.1-10)': policy({ denies: 401 }),
  'allows nobody to store (6.6.1.3.1-11)': policy({ denies: 403 }),
  'is out of resources from the beginning (6.6.1.3.1-14)': policy({ denies: 503 }),
  'is full, and says so of each instance (6.6.1.3.2.1.2-01)': policy({ capacity: 100 }),
  'is full, with 409 (6.6.1.3.1-14)': { ...policy({ capacity: 60_000 }), differs: instead(503, withStatus(409)) },
  'becomes full on its way (6.6.1.3.2.1.2-01)': policy({ capacity: held + 100_000 }),
  'has little room (6.6.1.3.2.1.2-01)': policy({ capacity: held + 20_000 }),
  'takes small requests only (RFC 2616 10.4.14)': { options: { maximumBody: 5000 } },
  'wants a login that the user has (6.6.1.3.1-10)': {
    credentials: 'Basic dGVzdDp0ZXN0',
    differs: server => async request =>
      request.headers.has('Authorization')
        ? server(request)
        : new Response('Who?', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="test"' } }),
  },
  'does not let this user store key objects (6.6.1.3.1-11)': { differs: onBody(keyObjects, status(403)) },
  'has no room for key objects (6.6.1.3.1-14)': { differs: onBody(keyObjects, status(503)) },
  'is busy now and then (6.6.1.3.1-14)': {
    differs: server => {
      let requests = 0;
      return async request =>
        ++requests % 7 === 0 ? new Response('Busy.', { status: 503, headers: { 'Retry-After': '1' } }) : server(request);
    },
  },
  // 6.6.1.2.
  'coerces the Patient ID (6.6.1.2-01)': policy({ coerced: { PatientID: 'ANOTHER' } }),
  'coerces several attributes (6.6.1.2-01)': policy({
    coerced: { PatientID: 'ANOTHER', PatientName: 'CONFTEST^Another', AccessionNumber: '4711', InstitutionName: 'Another' },
  }),
  'coerces, and says nothing of it in the module (6.6.1.2-05)': {
    ...policy({ coerced: { PatientID: 'ANOTHER', StudyDescription: 'Another' } }),
    differs: anyStatus(text => text.replaceAll(/<DicomAttribute tag="04000561".*?<\/Item><\/DicomAttribute>(?=<\/Item>)/gs, '')),
  },
  'discards attributes of the patient (6.6.1.3.2.1.1-02)': policy({ discarded: ['PatientID', 'PatientComments'] }),
  'discards lookup tables (6.6.1.3.2.1.1-02)': policy({ discarded: ['RedPaletteColorLookupTableData', 'PatientName'] }),
  'coerces and discards (6.6.1.3.2.1.1-02)': policy({ coerced: { PatientID: 'ANOTHER' }, discarded: ['AccessionNumber', 'StudyDate'] }),
  'warns of images that lack something (6.6.1.3.2.1.1-03)': policy({ nonconforming: 'warn' }),
  'refuses images that lack something (6.6.1.3.2.1.2-02)': policy({ nonconforming: 'refuse' }),
  'warns of everything with a code of its own (6.6.1.3.2.1.1-04)': {
    differs: on(
      posts,
      answers(async response => {
        const warning = '<DicomAttribute tag="00081196" keyword="WarningReason" vr="US"><Value number="1">45075</Value></DicomAttribute>';
        const text = (await response.text()).replace(/tag="00081199".*/s, all => all.replaceAll('</Item>', `${warning}</Item>`));
        return new Response(text, { status: response.status === 200 ? 202 : response.status, headers: response.headers });
      }),
    ),
  },
  // 6.6.1.3.2.1.2.
  'does not know the SOP Classes of reports (6.6.1.3.2.1.2-06)': policy({
    refusedSopClasses: [sopClasses['Basic Text SR Storage'], '1.2.840.10008.5.1.4.1.1.88.59', `${uidRoot}.1.99`],
  }),
  'knows one SOP Class (6.6.1.3.2.1.2-06)': policy({ refusedSopClasses: [...others, `${uidRoot}.1.99`] }),
  'knows two transfer syntaxes (6.6.1.3.2.1.2-04)': policy({
    refusedTransferSyntaxes: transferSyntaxes
      .map(({ uid }) => uid)
      .filter(uid => ![explicitLittleEndian, implicitLittleEndian].includes(uid)),
  }),
  'refuses what is there already (6.6.1.2-08)': policy({ duplicates: 'refuse' }),
  'has a reason of its own for another study (6.6.1.3.2.1.2-07)': inModule(text => text.replaceAll('>272<', '>43265<')),
  // 6.6.1.1-06 and 6.6.1.1.1-04: that the rest is stored is recommended.
  'stores all of a request or nothing (6.6.1.1-06)': {
    differs: allOrNothing(
      text =>
        new Response(allFailed(text, 272), {
          status: 409,
          headers: { 'Content-Type': 'application/dicom+xml', Warning: '299 x: "0110 One failed"' },
        }),
    ),
    warned: [matching],
  },
  'stores all of a request or nothing, and calls it bad syntax (6.6.1.1-06)': {
    differs: allOrNothing(() => plain(400)),
    warned: [matching, warningHeader],
  },
  'calls what it cannot read bad syntax (6.6.1.3.1-09)': {
    differs: instead(409, async response => (/>49152</.test(await response.clone().text()) ? plain(400) : response)),
  },
  'calls what it cannot read an unsupported type (6.6.1.1.1-04)': {
    differs: onBody(/\r\n\r\n\)r\xbb/, () => async () => plain(415)),
  },
  // 6.6.1.3.2.2 and PS3.19 A.1.5: the module in XML.
  'orders the module otherwise (6.6.1.3.2.2-07)': inModule(text =>
    text
      .replace(/(<DicomAttribute tag="00081190".*?(?:\/>|<\/DicomAttribute>))(<DicomAttribute .*)(?=<\/NativeDicomModel>)/s, '$2$1')
      .replaceAll(/(<DicomAttribute tag="00081150".*?<\/DicomAttribute>)(<DicomAttribute .*?)(?=<\/Item>)/gs, '$2$1'),
  ),
  'has a prefix for the namespace (XML namespaces 1.0)': inModule(text =>
    text.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1dcm:').replace('xmlns=', 'xmlns:dcm='),
  ),
  'declares its XML otherwise, with comments (XML 1.0 2.5, 2.8)': inModule(text =>
    text
      .replace(/<\?xml.*?\?>/, "<?xml version='1.0' encoding='utf-8' standalone='yes'?><!-- stored --><?note it?>")
      .replaceAll('</Item>', '<!-- an item --></Item>'),
  ),
  'has no declaration (XML 1.0 2.8)': inModule(text => text.replace(/<\?xml.*?\?>\s*/, '')),
  'begins with a byte order mark (XML 1.0 4.3.3)': inModule(text => text.replace(/^<\?xml/, '\ufeff<?xml')),
  'has CDATA sections and apostrophes (XML 1.0 2.7, 3.1)': inModule(text =>
    text.replaceAll(/(<Value number="1">)([^<]*)(<\/Value>)/g, '$1<![CDATA[$2]]>$3').replaceAll(/="([^"]*)"/g, "='$1'"),
  ),
  'writes its module in UTF-16 (XML 1.0 4.3.3)': {
    differs: on(
      posts,
      answers(async response => {
        if (!/xml/.test(response.headers.get('Content-Type') ?? '')) return response;
        const text = (await response.text()).replace('UTF-8', 'UTF-16');
        return new Response(Buffer.from(`\ufeff${text}`, 'utf16le'), { status: response.status, headers: response.headers });
      }),
    ),
  },
  'has references to characters (XML 1.0 4.1)': inModule(text => text.replaceAll('/studies/', '&#47;studies&#x2F;')),
  'lists the last instance first (Table 6.6.1-2)': inModule(text =>
    text.replaceAll(
      /<Item number="1">(.*?)<\/Item><Item number="2">(.*?)<\/Item>/gs,
      '<Item number="1">$2</Item><Item number="2">$1</Item>',
    ),
  ),
  'indents its module, as the example does (6.6.1.3.2.2)': inModule(text =>
    text.replaceAll(/(<(?:Item|DicomAttribute) |<\/(?:Item|DicomAttribute|NativeDicomModel)>)/g, '\n  $1'),
  ),
  'has white space in UIDs and URLs, as the example does (6.6.1.3.2.2-07)': inModule(text =>
    text.replaceAll(/(<Value number="1">)([^<]*)(<\/Value>)/g, '$1\n  $2\n  $3'),
  ),
  'leaves out the VRs (PS3.19 A.1.5)': {
    ...inModule(text => text.replaceAll(/ vr="..."?/g, '').replaceAll(/ vr=".."/g, '')),
    warned: ['stow-rs/form/value-representations-are-given'],
  },
  'calls Retrieve URL a UR (6.6.1.3.2-07)': inModule(text => text.replaceAll('vr="UT"', 'vr="UR"')),
  'tells more in the module (Table 6.6.1-2)': inModule(text =>
    text
      .replaceAll(
        '</Item>',
        '<DicomAttribute tag="00000902" vr="LO" keyword="ErrorComment"><Value number="1">none</Value></DicomAttribute></Item>',
      )
      .replace(
        /(?=<DicomAttribute tag="00081190")/,
        '<DicomAttribute tag="00080005" keyword="SpecificCharacterSet" vr="CS"><Value number="1">ISO_IR 192</Value></DicomAttribute>',
      )
      .replace(
        '</NativeDicomModel>',
        '<DicomAttribute tag="00090001" privateCreator="US" vr="LO"><Value number="1">ours</Value></DicomAttribute></NativeDicomModel>',
      ),
  ),
  'writes its media type in capitals, with a charset (RFC 2045 5.1)': {
    differs: on(
      posts,
      sendsHeaders(headers => {
        if (/xml/.test(headers.get('Content-Type') ?? '')) headers.set('Content-Type', 'Application/DICOM+XML; Charset="utf-8"');
      }),
    ),
  },
  'has no Warning header (6.6.1.3.1-15)': { differs: sendsHeaders({ Warning: null }), warned: [warningHeader] },
  // Table 6.6.1-2: Retrieve URL.
  'has no Retrieve URLs (6.6.1.3.2-06)': inModule(text =>
    text.replaceAll(/(tag="00081190" keyword="RetrieveURL" vr="UT")><Value.*?<\/DicomAttribute>/g, '$1/>'),
  ),
  'has URLs of WADO-URI for the instances (6.6.1.3.2-21)': inModule(text =>
    text.replaceAll(
      /http:\/\/([^/]+)\/dicom-web\/studies\/([\d.]+)\/series\/([\d.]+)\/instances\/([\d.]+)/g,
      'http://$1/wado?requestType=WADO&amp;studyUID=$2&amp;seriesUID=$3&amp;objectUID=$4&amp;contentType=application/dicom',
    ),
  ),
  'has URLs that are relative (PS3.5 6.2, UR)': inModule(text => text.replaceAll(/http:\/\/[^/]+(?=\/dicom-web)/g, '')),
  'has URLs on another host (6.6.1.3.2-05)': inModule(text => text.replaceAll('http://mock.invalid/', 'http://archive.invalid/')),
  'has URLs that are its own (6.6.1.3.2-22)': {
    differs: together(
      on(/\/o\//, server => request => server(new Request(request.url.replace('/o/', '/dicom-web/'), request))),
      anyStatus(text => text.replaceAll('/dicom-web/studies', '/o/studies')),
    ),
  },
  'moves what is retrieved (RFC 2616 10.3)': {
    differs: on(
      request => gets(request) && retrieve.test(request.url),
      () => async request => new Response(null, { status: 302, headers: { Location: `${request.url}?moved` } }),
    ),
  },
  // The services beside it.
  'is slow to index (6.6-02)': { differs: slow(3, search, 204) },
  'is slow to index, and has no WADO-RS (6.6-02)': { differs: server => slow(3, search, 204)(without('retrieve')(server)) },
  'is slow to retrieve, and has no QIDO-RS (6.6-02)': { differs: server => slow(3, retrieve, 404)(without('search')(server)) },
  'is slow in all (6.6-02)': { differs: server => slow(2, search, 204)(slow(3, retrieve, 404)(server)) },
  'is slow to index now and then (6.6-02)': {
    differs: server => {
      const [quick, late] = [server, slow(3, search, 204)(server)];
      let stores = 0;
      return request => (posts(request) && ++stores <= 2 ? quick(request) : late(request));
    },
  },
  'offers no WADO-RS (6.5)': { differs: without('retrieve') },
  'offers no QIDO-RS (6.7)': { differs: without('search') },
  'offers no WADO-RS and no relational search (6.7.1.1)': {
    differs: together(without('retrieve'), on(/\/studies\/[\d.]+\/instances|\/dicom-web\/(series|instances)/, status(501))),
  },
  'offers neither (6.5, 6.7)': { differs: together(without('search'), without('retrieve')) },
  'returns seven results (6.7.1.2)': { options: { maximumResults: 7 } },
  'matches no names fuzzily (6.7.1.2.1)': { options: { fuzzyMatching: false } },
  'has text in UTF-8 (6.6.1.2-03)': {
    differs: on(
      gets,
      sendsParts(parts =>
        parts.map(part => {
          const { dataSet, transferSyntax } = readPart10(part.body).value;
          if (transferSyntax !== explicitLittleEndian) return part;
          const inUtf8 = new Map([...dataSet, [tagOf('SpecificCharacterSet'), { vr: 'CS', values: ['ISO_IR 192'] } as const] as const]);
          const sorted = new Map([...inUtf8].sort(([a], [b]) => (a < b ? -1 : 1)));
          return { ...part, body: Buffer.from(writePart10(sorted, { transferSyntax })) };
        }),
      ),
    ),
  },
  'keeps its objects in Implicit VR Little Endian (PS3.5 A.1)': {
    differs: on(
      gets,
      sendsParts(parts =>
        parts.map(part => {
          const { dataSet, transferSyntax } = readPart10(part.body).value;
          if (transferSyntax !== explicitLittleEndian) return part;
          const kept = readPart10(writePart10(dataSet, { transferSyntax: implicitLittleEndian })).value;
          return { ...part, body: Buffer.from(writePart10(kept.dataSet, { transferSyntax })) };
        }),
      ),
    ),
  },
  'knows the default transfer syntax only (6.6.1.3.2.1.2-04)': policy({
    refusedTransferSyntaxes: transferSyntaxes.map(({ uid }) => uid).filter(uid => uid !== implicitLittleEndian),
  }),
  'calls every failure one of processing (6.6.1.3.2.1.2-05)': {
    ...policy({ nonconforming: 'refuse' }),
    differs: anyStatus(text => text.replaceAll(/>(43264|49152)</g, '>272<')),
  },
  'calls what it cannot decode an unsupported type (6.6.1.3.2.1.2-04)': {
    ...policy({ refusedTransferSyntaxes: transferSyntaxes.filter(({ encapsulated }) => encapsulated).map(({ uid }) => uid) }),
    differs: instead(409, async response => (/>49442</.test(await response.clone().text()) ? plain(415) : response)),
  },
  // Recommendations that are not followed.
  'takes no DICOM files (6.6.1.1-23)': {
    differs: on(postsFiles, status(415)),
    warned: ['stow-rs/stored/store-instances-is-supported'],
  },
  'does not do DICOM files (6.6-01)': {
    differs: on(postsFiles, status(501)),
    warned: ['stow-rs/stored/store-instances-is-supported'],
  },
  'wants to know the length of a request (6.6-18)': {
    differs: on(request => request.headers.get('Transfer-Encoding') === 'chunked', status(411)),
  },
  'takes no compressed pixels beside metadata (6.6-12)': { differs: onBody(/Content-Type: image\//, status(415)) },
  'takes no query (6.6.1.1-21)': { differs: on(/\?x-unknown/, status(400)) },
  'does not do a query (6.6.1.1-21)': { differs: on(/\?x-unknown/, status(501)) },
  'does not know PUT and PATCH (RFC 2616 5.1.1)': { differs: on(request => ['PUT', 'PATCH'].includes(request.method), status(501)) },
  // Later editions.
  'answers in JSON in edition 2014c (2014a 6.6.1.3)': { edition: '2014c', differs: inJson },
  'answers in JSON in edition 2016c (6.6.1.3-05)': { edition: '2016c', differs: inJson },
  'answers in JSON in edition 2019b, and coerces (6.6.1.3-05)': {
    edition: '2019b',
    ...policy({ coerced: { PatientID: 'ANOTHER' } }),
    differs: inJson,
  },
  'tells no more than 202 in edition 2014c (2014a 6.6.1.3.1)': {
    edition: '2014c',
    differs: instead(202, () => new Response(null, { status: 202 })),
    warned: [warningHeader],
  },
  'has 200 for what it stored with warnings in edition 2019b (2019b 10.5.3.1)': {
    edition: '2019b',
    ...policy({ coerced: { PatientID: 'ANOTHER' } }),
    differs: instead(202, async response =>
      (await response.clone().text()).match(/00081198|0008119A/) ? response : withStatus(200)(response),
    ),
    warned: ['stow-rs/statuses/200-for-complete-success', 'stow-rs/warnings/status-202'],
  },
  'has 422 for what it cannot store in edition 2019b (2019b 10.5.3.1)': {
    edition: '2019b',
    differs: instead(409, withStatus(422)),
    warned: ['stow-rs/statuses/409-for-complete-failure'],
  },
  'has 507 for want of room in edition 2019b (2019b 8.5)': {
    edition: '2019b',
    ...policy({ capacity: held + 60_000 }),
    differs: instead(503, withStatus(507)),
    warned: ['stow-rs/refused/out-of-resources'],
  },
  'stores instances of another study in edition 2020c (2019b 10.5.1.1)': {
    edition: '2020c',
    differs: on(
      posts,
      hears(url => {
        url.pathname = url.pathname.replace(/\/studies\/(?=.{1,64}$)2\.25\.\d+(\.[1-9]\d*)*$/, '/studies');
      }),
    ),
    warned: ['stow-rs/study-in-url/instances-of-other-studies-are-rejected'],
  },
  'makes do with the parts that fit together in edition 2020c (2019b 10.5.1.4)': {
    edition: '2020c',
    differs: onBody(/<NativeDicomModel[\s\S]*--\s*$/, forgiving),
  },
  'has a page as its status report in edition 2019b (6.6.1.3.1-05)': {
    edition: '2019b',
    differs: instead(
      409,
      () =>
        new Response('<!DOCTYPE html><html><body>Nothing was stored.</body></html>', {
          status: 409,
          headers: { 'Content-Type': 'text/html' },
        }),
    ),
    warned: [warningHeader],
  },
  'has XML of its own as its status report in edition 2020c (6.6.1.3.1-05)': {
    edition: '2020c',
    differs: instead(
      409,
      () =>
        new Response('<report xmlns="urn:ours"><cause>Another study</cause></report>', {
          status: 409,
          headers: { 'Content-Type': 'application/xml' },
        }),
    ),
    warned: [warningHeader],
  },
  'has JSON of its own as its status report in edition 2020c (6.6.1.3.1-05)': {
    edition: '2020c',
    differs: instead(
      409,
      () => new Response('{"cause": "Another study"}', { status: 409, headers: { 'Content-Type': 'application/json' } }),
    ),
    warned: [warningHeader],
  },
  'has no status report in edition 2020c (6.6.1.3.1-05)': {
    edition: '2020c',
    differs: instead(409, () => new Response(null, { status: 409 })),
    warned: [warningHeader],
  },
  'coerces in edition 2016c (6.6.1.2-01)': { edition: '2016c', ...policy({ coerced: { PatientID: 'ANOTHER', StudyID: '7' } }) },
  'knows one SOP Class in edition 2014c (6.6.1.3.2.1.2-06)': {
    edition: '2014c',
    ...policy({ refusedSopClasses: [...others, `${uidRoot}.1.99`] }),
  },
  'becomes full on its way in edition 2020c (6.6.1.3.2.1.2-01)': { edition: '2020c', ...policy({ capacity: held + 100_000 }) },
  'takes no JSON metadata in edition 2014c (6.6.1.1-22)': {
    edition: '2014c',
    differs: on(request => posts(request) && /json/.test(typeOf(request)), status(415)),
  },
  'wants metadata before their bulk data in edition 2016c (6.6.1.1.2-12)': {
    edition: '2016c',
    differs: onBody(bulkDataFirst, status(400)),
  },
};

/** Servers that break one requirement, with the checks that have to say so: none of the others may fail for it. */
export const brokenStores: Readonly<Record<string, LegalServer & { readonly failed: readonly string[] }>> = {
  'takes no metadata with bulk data (6.6-09)': {
    differs: on(request => posts(request) && /application\/dicom\+xml/.test(typeOf(request)), status(415)),
    failed: ['stow-rs/metadata/octet-stream-is-stored'],
  },
  'takes no JSON metadata in edition 2016c (6.6.1.1-22)': {
    edition: '2016c',
    differs: on(request => posts(request) && /json/.test(typeOf(request)), status(415)),
    failed: ['stow-rs/metadata-count/json-is-stored'],
  },
  'takes no DICOM files in edition 2014a (6.6.1.1-23)': {
    edition: '2014a',
    differs: on(postsFiles, status(415)),
    failed: ['stow-rs/stored/store-instances-is-supported'],
  },
  'sends no response module (6.6.1.3-02)': { ...inModule(() => ''), failed: ['stow-rs/response/has-the-module'] },
  'answers in JSON (6.6.1.3-02)': { options: { edition: '2014c' }, differs: inJson, failed: ['stow-rs/response/has-the-module'] },
  'sends a page in place of the response module (6.6.1.3-02)': {
    ...inModule(() => '<html><body>Thank you.</body></html>'),
    failed: ['stow-rs/response/has-the-module'],
  },
};
