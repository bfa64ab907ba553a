import type { Tag } from '../../schemas/data-set.ts';
import { attributeByTag, tagOf } from '../../schemas/dictionary.ts';
import { asOf } from '../../schemas/editions.ts';
import { levelOf, type SearchLevel, searchLevels } from '../../schemas/search-attributes.ts';
import { clientCheck } from '../harness/client.ts';
import { hears, on } from '../kit/faults.ts';
import { attributeNamed, type SearchRequest, searchRequest } from '../kit/rs-request.ts';

const studySearch = /\/studies\?/;

/** Attributes that no edition puts above the instance. Not all of the Composite Instance IE: of what is not here nobody is accused. */
const ofInstances: ReadonlySet<Tag> = new Set(
  `SOPClassUID SOPInstanceUID InstanceNumber InstanceCreationDate InstanceCreationTime ImageType ContentDate ContentTime
  AcquisitionNumber AcquisitionDate AcquisitionTime AcquisitionDateTime Rows Columns NumberOfFrames BitsAllocated BitsStored HighBit
  SamplesPerPixel PhotometricInterpretation PixelRepresentation PixelSpacing PixelData ImagePositionPatient ImageOrientationPatient
  SliceLocation SliceThickness WindowCenter WindowWidth ConceptNameCodeSequence ContentSequence CompletionFlag VerificationFlag
  ContentLabel ContentDescription`
    .trim()
    .split(/\s+/)
    .map(tagOf),
);
/** PS3.4-2013 C.3.4: an additional attribute, so for searches of any level. */
const additional = tagOf('NumberOfSeriesRelatedInstances');

/** The highest search that an attribute may be a key of. */
function highestFor(tag: Tag): SearchLevel {
  if (ofInstances.has(tag)) return 'instance';
  return levelOf(tag) === 'series' && tag !== additional ? 'series' : 'study';
}

/** The attributes that a search is told to match or to return, as the client wrote them. */
function attributesIn({ keys, pairs }: SearchRequest): readonly { readonly id: string; readonly first: Tag }[] {
  const returned = pairs.filter(({ name }) => name === 'includefield').flatMap(({ value }) => value.split(','));
  const named = [...keys.map(({ name }) => name), ...returned];
  return named.flatMap(id => {
    const [first] = attributeNamed(id)?.path ?? [];
    return first === undefined ? [] : [{ id, first }];
  });
}

const wordsFor = (id: string, tag: Tag): string => {
  const keyword = attributeByTag(tag)?.keyword ?? '';
  return `${id}${keyword === '' || id.startsWith(keyword) ? '' : ` (${keyword})`} of the ${highestFor(tag)}`;
};

// PS3.18-2013 6.7.1.1: the attributes of a search are those of its level and of the levels above.
export const level = clientCheck({
  id: 'qido-rs/client-keys/of-the-level',
  title: 'Searches name attributes of their own level and of the levels above it only',
  requires: ['QIDO-RS-6.7.1.1-31'],
  wrongClient: on(
    studySearch,
    hears(url => url.searchParams.append('includefield', 'Modality')),
  ),
  looks(t, exchange) {
    const request = searchRequest(exchange);
    const attributes = request ? attributesIn(request) : [];
    if (!request || attributes.length === 0) return;
    const below = attributes.filter(({ first }) => searchLevels.indexOf(highestFor(first)) > searchLevels.indexOf(request.level));
    t.expect(
      `the attributes below its level that a search of ${request.level === 'study' ? 'studies' : request.level} names`,
      [...new Set(below.map(({ id, first }) => wordsFor(id, first)))],
      [],
    );
  },
});

// 6.7.1.1: only UIDs have lists.
export const once = clientCheck({
  id: 'qido-rs/client-keys/once',
  title: 'An attribute that is no UID is a matching key once at most',
  requires: ['QIDO-RS-6.7.1.1-34'],
  wrongClient: on(
    studySearch,
    hears(url => url.searchParams.append('00100010', 'ANOTHER*')),
  ),
  looks(t, exchange) {
    const keys = searchRequest(exchange)?.keys.filter(({ vr }) => vr !== 'UI') ?? [];
    if (keys.length === 0) return;
    const places = keys.map(({ path }) => path.join('.'));
    const repeated = keys.filter((_, i) => places.indexOf(places[i] ?? '') !== i);
    t.expect(
      'the matching keys that are given twice',
      repeated.map(({ name }) => name),
      [],
    );
  },
});

/** What an edition has a URL made of: RFC 1738 2.2 first, RFC 3986 2 later. The sets differ in characters that nobody is accused of. */
const reference = (edition: string) => asOf({ '2013': 'RFC 1738', '2014c': 'RFC 3986' }, edition);

// 6.7.1.1. Space, quotation mark and angle brackets never come here as they are: HTTP libraries encode them, or refuse the request line.
export const encoded = clientCheck({
  id: 'qido-rs/client-keys/encoded',
  title: 'Characters that URLs do not allow are encoded',
  requires: ['QIDO-RS-6.7.1.1-41'],
  wrongClient: on(
    studySearch,
    hears(url => {
      url.search = url.search.replaceAll('%5E', '^');
    }),
  ),
  looks(t, exchange) {
    const request = searchRequest(exchange);
    if (!request || request.query === '') return;
    const wrong = request.query.match(/%(?![0-9a-f]{2}).{0,2}|[\s"<>\\^`{|}[\]]|[^\x20-\x7e]/gi) ?? [];
    t.expect(`what is not allowed in the query of a URL by ${reference(t.edition)}`, [...new Set(wrong)].slice(0, 5), []);
    if (/=[^&]*\+/.test(request.query)) t.record('a plus sign in a value', 'as it is; whether it is a space is nowhere said');
  },
});
