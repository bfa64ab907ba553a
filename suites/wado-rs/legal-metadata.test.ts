import { describe, expect, test } from 'vitest';
import type { Edition } from '../../schemas/editions.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { on, onAccept, sendsHeaders, sendsText, status } from '../kit/faults.ts';
import { hearing } from '../right-servers/hearing.ts';
import { isGet, sendsEachHeader, sendsEachPart } from '../right-servers/variants.ts';

const ofMetadata = (request: Request) => /\/metadata$/.test(new URL(request.url).pathname);
/** A server that writes its Native DICOM Model documents in another way. */
const documents = (change: (document: string) => string | Buffer): Fault =>
  on(
    ofMetadata,
    sendsEachPart(part => {
      if (!part.headers.some(line => /dicom\+xml/i.test(line))) return part;
      const changed = change(part.body.toString('utf8'));
      return { ...part, body: typeof changed === 'string' ? Buffer.from(changed) : changed };
    }),
  );
const partHeaders = (change: (line: string) => string): Fault => on(ofMetadata, sendsEachHeader(change));
const prefixed = (document: string): string =>
  document
    .replaceAll(/<(\/?)([A-Za-z]+)/g, '<$1ndm:$2')
    .replace('xmlns=', 'xmlns:ndm=')
    .replace('<ndm:xml', '<?xml');
const text = /(<(?:Value|FamilyName|GivenName)[^>]*>)([^<]+)(?=<)/g;

/** Metadata in XML in other forms that XML 1.0 and PS3.19-2013 A.1 allow. */
const inXml: Readonly<Record<string, Fault>> = {
  'there is no XML declaration': documents(document => document.replace(/^<\?xml[^>]*\?>\s*/, '')),
  'the XML declaration has other quotation marks and letters': documents(document =>
    document.replace(/^<\?xml[^>]*\?>/, "<?xml version='1.0'  encoding='utf-8' standalone='yes' ?>"),
  ),
  // XML 1.0 4.3.3 and appendix F.
  'documents begin with a byte order mark': documents(document => `\ufeff${document}`),
  'documents are in UTF-16': documents(document =>
    Buffer.from(`\ufeff${document.replace('encoding="UTF-8"', 'encoding="UTF-16"')}`, 'utf16le'),
  ),
  'documents are in ASCII': documents(document =>
    document
      .replace('encoding="UTF-8"', 'encoding="US-ASCII"')
      .replaceAll(/[^\x00-\x7f]/gu, character => `&#x${character.codePointAt(0)?.toString(16)};`),
  ),
  'elements have a prefix': documents(prefixed),
  'attributes are quoted with apostrophes': documents(document => document.replaceAll(/ (tag|vr|keyword|number)="([^"']*)"/g, " $1='$2'")),
  'attributes stand in another order': documents(document =>
    document.replaceAll(/<DicomAttribute( tag="[^"]*")( keyword="[^"]*")?/g, '<DicomAttribute$2$1'),
  ),
  'elements are laid out, with comments and instructions': documents(document =>
    document
      .replaceAll(/(<DicomAttribute|<Item|<\/Item|<\/NativeDicomModel)/g, '\n  $1')
      .replace('<DicomAttribute', '<!-- of the archive --><?archive here?><DicomAttribute'),
  ),
  'text is CDATA': documents(document =>
    document.replaceAll(text, (_, tag: string, value: string) => `${tag}${/&/.test(value) ? value : `<![CDATA[${value}]]>`}`),
  ),
  'text has character references': documents(document =>
    document.replaceAll(
      text,
      (_, tag: string, value: string) => `${tag}${value.replaceAll(/[A-Z]/g, letter => `&#${letter.charCodeAt(0)};`)}`,
    ),
  ),
  'empty elements have a start and an end': documents(document =>
    document.replaceAll(/<(DicomAttribute|Item|Value)([^>]*)\/>/g, '<$1$2></$1>'),
  ),
  // Table A.1.5-2: of what the dictionary knows the keyword is given; the VR says the rest.
  'Private Creators are attributes as well': documents(document =>
    document.replace(
      /(<DicomAttribute tag="0011\d{4}" privateCreator="([^"]*)")/,
      '<DicomAttribute tag="00110010" vr="LO"><Value number="1">$2</Value></DicomAttribute>$1',
    ),
  ),
  'Specific Character Set is that of the document': documents(document =>
    document.replaceAll(/(tag="00080005"[^>]*>).*?(?=<\/DicomAttribute>)/g, '$1<Value number="1">ISO_IR 192</Value>'),
  ),
  'Specific Character Set is left out': documents(document =>
    document.replaceAll(/<DicomAttribute tag="00080005"[^>]*(\/>|>.*?<\/DicomAttribute>)/g, ''),
  ),
  'numbers have a sign and zeros': documents(document => document.replaceAll(/(vr="US"[^>]*><Value number="1">)(\d)/g, '$1+0$2')),
  // 6.5.6.2.1, note: the images are described as they are held.
  'colour images are held as JPEG 2000': documents(document =>
    document.replaceAll(/(tag="00280004"[^>]*><Value number="1">)RGB/g, '$1YBR_RCT'),
  ),
  // Table A.1.5-2: any value may be inline binary; PS3.5-2013 6.2.2: what went through Implicit VR may have the VR UN.
  'numbers are inline binary': documents(document =>
    document.replaceAll(
      /(vr="US">)<Value number="1">(\d+)<\/Value>(?=<\/DicomAttribute>)/g,
      (_, head: string, number: string) =>
        `${head}<InlineBinary>${Buffer.from(Uint16Array.of(Number(number)).buffer).toString('base64')}</InlineBinary>`,
    ),
  ),
  'private attributes are unknown': documents(document =>
    document.replaceAll(
      /(privateCreator="[^"]*") vr="(?:LO|SH|CS|DS|IS)"><Value number="1">([\w ]*)<\/Value><\/DicomAttribute>/g,
      (_, head: string, value: string) => {
        const bytes = Buffer.from(value.length % 2 === 1 ? `${value} ` : value, 'latin1');
        return `${head} vr="UN"><InlineBinary>${bytes.toString('base64')}</InlineBinary></DicomAttribute>`;
      },
    ),
  ),
  'base64 is broken into lines': documents(document =>
    document.replaceAll(/(?<=<InlineBinary>)[^<]*/g, value => value.replaceAll(/.{1,76}/g, '$&\n')),
  ),
  // 6.5.6.2.2: an encapsulated transfer syntax is little endian as well.
  'inline values are those of an encapsulated transfer syntax': partHeaders(line =>
    line.replace(/transfer-syntax=[\d.]+/, 'transfer-syntax=1.2.840.10008.1.2.4.70'),
  ),
  'parts name a transfer syntax in quotation marks, and a character set': partHeaders(line =>
    line.replace(/; *transfer-syntax=([\d.]+)/, '; charset=UTF-8; transfer-syntax="$1"'),
  ),
};
/** A server that writes its JSON in another way. */
const json = (change: (text: string) => string): Fault =>
  on(
    request => isGet(request) && ofMetadata(request) && /json/.test(request.headers.get('Accept') ?? ''),
    sendsText(text => (text.startsWith('[') ? Buffer.from(change(Buffer.from(text, 'latin1').toString('utf8'))).toString('latin1') : text)),
  );
const escaped = (text: string): string =>
  text.replaceAll(/[\u0080-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Metadata in JSON in other forms that RFC 4627 and the DICOM JSON Model allow. */
const inJson: Readonly<Record<string, Fault>> = {
  'the members of attributes stand in another order': json(text =>
    text.replaceAll(/\{("vr":"\w\w"),("\w+":(?:\[[^[\]{}]*\]|"[^"]*"))\}/g, '{$2,$1}'),
  ),
  'JSON is laid out': json(text => text.replaceAll(/([[{,])(?=["{[])/g, '$1\r\n\t').replaceAll('":', '" : ')),
  'JSON escapes all that is not ASCII, and slashes': json(text => escaped(text).replaceAll('/', '\\/')),
  'integers have a fraction or an exponent': json(text =>
    text
      .replaceAll(/("vr":"US","Value":\[)(\d+)\]/g, (_, head: string, number: string) => `${head}${number}.0]`)
      .replaceAll('"vr":"UL","Value":[1]', '"vr":"UL","Value":[1e0]'),
  ),
  'text keeps its padding': json(text => text.replaceAll(/("vr":"(?:CS|SH|LO)","Value":\["(?:[A-Za-z0-9 ]{2})*[A-Za-z0-9])"\]/g, '$1 "]')),
  'there is no Specific Character Set': json(text => text.replaceAll(/"00080005":\{[^}]*\},?/g, '')),
  'private attributes are in other blocks': json(text =>
    text.replaceAll(/"00134201"/g, '"00135001"').replaceAll(/"00130042"/g, '"00130050"'),
  ),
  'the media type has a character set': on(
    request => /json/.test(request.headers.get('Accept') ?? ''),
    sendsHeaders(headers =>
      headers.set('Content-Type', `${headers.get('Content-Type')}; charset=utf-8; transfer-syntax="1.2.840.10008.1.2.1"`),
    ),
  ),
};

const all = select(await loadChecks(), ['wado-rs', 'common']);
const ofJson = select(all, ['wado-rs/metadata-json', 'wado-rs/metadata-levels', 'wado-rs/metadata', 'common']);
const expectNothing = async (variant: Fault, edition: Edition, checks = all) => {
  const { accusations, differs } = await hearing(checks, variant, { edition });
  expect(accusations).toEqual([]);
  expect(differs).toBe(true);
};

test.each(Object.entries(inXml))('a server is not accused when %s', async (_, variant) => expectNothing(variant, '2013'));

// JSON metadata are there from 2014a on, and have to be from 2016c on.
describe.each(['2014c', '2016c', '2020c'])('a server of edition %s is not accused', edition => {
  test.each(Object.entries(inJson))('when %s', async (_, variant) => expectNothing(variant, edition, ofJson));
});

test.each(['2014c', '2016b'])('a server of edition %s without JSON metadata is not accused', async edition =>
  expectNothing(onAccept(/json/, on(ofMetadata, status(406))), edition, ofJson),
);
