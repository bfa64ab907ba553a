import { asOf, type Edition } from '../../schemas/editions.ts';
import { compressedMediaTypes, dicomObjectType, nativeModelType, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { clientCheck } from '../harness/client.ts';
import { byEdition, satisfying } from '../harness/expected.ts';
import type { Exchange } from '../harness/wire.ts';
import { type AcceptRange, acceptRanges, isAnything } from '../kit/accept.ts';
import { hearsHeaders, on } from '../kit/faults.ts';
import { type Retrieved, retrieveRequest } from '../kit/rs-request.ts';

const instances = /\/instances\/[^/]+$/;
const frames = /\/frames\//;
const metadata = /\/metadata$/;

const models = [nativeModelType, 'application/json', 'application/dicom+json'];
const oldTypes = /^image\/dicom\+/;

const compressed = (edition: Edition) => (asOf(compressedMediaTypes, edition) ?? []).map(({ mediaType }) => mediaType);
const bulk = [uncompressedBulkDataType, ...compressed('2013')];
const defined: Readonly<Record<Retrieved, readonly string[]>> = {
  objects: [dicomObjectType, ...bulk],
  frames: bulk,
  'bulk data': bulk,
  metadata: [nativeModelType],
};

type Rule = (range: AcceptRange) => boolean;
const in2013 =
  (what: Retrieved): Rule =>
  ({ multipart, type }) =>
    multipart && defined[what].includes(type);
/** PS3.18-2014a 6.5.6.1: metadata as JSON, in one part. */
const in2014 =
  (what: Retrieved): Rule =>
  range =>
    in2013(what)(range) || (what === 'metadata' && !range.multipart && range.type === 'application/json');
/** PS3.18-2016c 6.5: one part or several, media types of renderings and of encapsulated documents; nobody is accused of more than a mix of models and values. */
const in2016 =
  (what: Retrieved): Rule =>
  ({ type }) => {
    if (what === 'metadata') return models.includes(type);
    return !models.includes(type) && !oldTypes.test(type) && (what === 'objects' || type !== dicomObjectType);
  };

const isOneOf = (words: string, rule: Rule) =>
  satisfying(words, (header: string) => acceptRanges(header).some(range => isAnything(range) || rule(range)));

/** What has to be in the Accept header of a retrieve. */
function legal(what: Retrieved) {
  const printed =
    what === 'metadata'
      ? nativeModelType
      : `${what === 'objects' ? `${dicomObjectType}, ` : ''}${uncompressedBulkDataType} or one of Table 6.5-1`;
  return byEdition({
    '2013': isOneOf(`multipart/related with type ${printed}`, in2013(what)),
    '2014a': isOneOf(`multipart/related with type ${printed}${what === 'metadata' ? ', or application/json' : ''}`, in2014(what)),
    '2016c': isOneOf(
      what === 'metadata'
        ? `one of ${models.join(', ')}`
        : `a media type of ${what}, by the names of this edition (image/jpeg, not image/dicom+jpeg)`,
      in2016(what),
    ),
  });
}

interface Accepting {
  readonly what: Retrieved;
  readonly accept: string;
  readonly ranges: readonly AcceptRange[];
}

/** The Accept header of a retrieve; null where there is none. From 2016a on a query may take its place. */
function acceptOf(exchange: Exchange): Accepting | null {
  const request = retrieveRequest(exchange);
  if (request?.method !== 'GET' || request.accept === null || request.pairs.some(({ name }) => name === 'accept')) return null;
  return { what: request.what, accept: request.accept, ranges: acceptRanges(request.accept) };
}

// PS3.18-2013 6.5.1.1 to 6.5.6.1. The header is not demanded, and who accepts anything restricts nothing.
export const accept = clientCheck({
  id: 'wado-rs/client-accept/what-the-action-defines',
  title: 'A retrieve that restricts the answer accepts a media type that the action defines',
  requires: ['WADO-RS-6.5-ACC-01'],
  wrongClient: on(metadata, hearsHeaders({ Accept: nativeModelType })),
  looks(t, exchange) {
    const request = retrieveRequest(exchange);
    if (request?.method !== 'GET') return;
    const accepting = acceptOf(exchange);
    const { what } = request;
    if (!accepting) t.record(`the Accept header of a retrieve of ${what}`, 'left out');
    else if (accepting.ranges.some(isAnything)) t.record(`the Accept header of a retrieve of ${what}`, 'accepts anything');
    else t.expect(`the Accept header of a retrieve of ${what}`, accepting.accept, legal(what));
  },
});

// Table 6.5-1. Later editions have a default for each.
export const video = clientCheck({
  id: 'wado-rs/client-accept/video-names-a-transfer-syntax',
  title: 'Who accepts video/mpeg or video/mp4 names the transfer syntax',
  requires: ['WADO-RS-T6.5-1-08'],
  wrongClient: on(frames, hearsHeaders({ Accept: 'multipart/related; type="video/mpeg"' })),
  looks(t, exchange) {
    for (const { type, parameters } of acceptOf(exchange)?.ranges ?? [])
      if (type === 'video/mpeg' || type === 'video/mp4')
        t.expect(
          `the transfer-syntax of ${type} in Accept`,
          parameters.get('transfer-syntax') ?? 'none',
          byEdition({ '2013': satisfying('a UID', (uid: string) => uid !== 'none'), '2016c': null }),
        );
  },
});

const uncompressed = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];
const misspelled = /^(?!transfer-syntax$)transfer[-_ ]?syntax/;

// 6.5 and Table 6.5-1: what is not the default of a media type is named by transfer-syntax, and a media type has its own transfer syntaxes.
export const transferSyntax = clientCheck({
  id: 'wado-rs/client-accept/transfer-syntax',
  title: 'A transfer syntax is named by transfer-syntax, with a media type that has it',
  requires: ['WADO-RS-T6.5-1-14'],
  wrongClient: on(
    instances,
    hearsHeaders({ Accept: 'multipart/related; type="application/dicom"; transferSyntax=1.2.840.10008.1.2.4.70' }),
  ),
  looks(t, exchange) {
    const table = asOf(compressedMediaTypes, t.edition) ?? [];
    for (const { type, parameters } of acceptOf(exchange)?.ranges ?? []) {
      const odd = [...parameters.keys()].filter(name => misspelled.test(name));
      const named = parameters.get('transfer-syntax');
      if (named === undefined && odd.length === 0) continue;
      t.expect('the parameters of Accept that are to be transfer-syntax', odd, []);
      const ofOthers = [...uncompressed, ...table.map(row => row.transferSyntax)];
      const own = table.filter(row => row.mediaType === type).map(row => row.transferSyntax);
      if (named === undefined || own.length === 0 || !ofOthers.includes(named)) continue;
      t.expect(
        `the transfer-syntax of ${type} in Accept`,
        named,
        satisfying(`one of those that Table 6.5-1 has for ${type}: ${[...new Set(own)].join(', ')}`, (syntax: string) =>
          own.includes(syntax),
        ),
      );
    }
  },
});
