import { asOf } from '../../schemas/editions.ts';
import { compressedMediaTypes, nativeModelType, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { clientCheck } from '../harness/client.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { valueIn } from '../kit/documents.ts';
import { hearsParts, hearsText, on } from '../kit/faults.ts';
import { metadataIn, storeRequest } from '../kit/store-request.ts';
import { posts } from './module.ts';

const aUid = satisfying('a UID', (uid: string) => /^[0-9.]{5,64}$/.test(uid));
const isBulk = ({ headers }: { readonly headers: readonly string[] }) => headers.some(line => /^content-location:/i.test(line));

// PS3.18-2013 6.6 and 6.6.1.1.2.
export const documents = clientCheck({
  id: 'stow-rs/client-metadata/documents',
  title: 'XML metadata come first, one Native DICOM Model in each part, and name a transfer syntax',
  requires: ['STOW-RS-6.6-07', 'STOW-RS-6.6.1.1.2-08', 'STOW-RS-6.6.1.1.2-10'],
  wrongClient: on(
    posts,
    hearsText(text => text.replaceAll('NativeDicomModel', 'DicomDataSet')),
  ),
  looks(t, exchange) {
    const sent = metadataIn(storeRequest(exchange));
    if (!sent) return;
    t.expect('the Content-Type of the first part of XML metadata', sent.parts[0]?.mediaType.type || 'none', nativeModelType, {
      row: 'STOW-RS-6.6.1.1.2-08',
    });
    for (const { part, defects, attributes } of sent.metadata) {
      const wrong =
        typeof attributes === 'string' ? [attributes] : defects.filter(what => /root element is|data sets|namespace/.test(what));
      t.expect('the defects of a part of XML metadata', wrong, []);
      t.expect('transfer-syntax of a part of XML metadata', part.mediaType.parameters.get('transfer-syntax') ?? 'none', aUid, {
        row: 'STOW-RS-6.6.1.1.2-10',
      });
    }
  },
});

// 6.6.1.1.2: all metadata and all bulk data, in one message.
export const complete = clientCheck({
  id: 'stow-rs/client-metadata/bulk-data-are-complete',
  title: 'A message of metadata holds a part for each bulk data URI, and no others',
  requires: ['STOW-RS-6.6.1.1.2-01', 'STOW-RS-6.6.1.1.2-17', 'STOW-RS-6.6.1.1.2-07', 'STOW-RS-6.6.1.1.2-23'],
  wrongClient: on(
    posts,
    hearsParts(parts => parts.filter(part => !isBulk(part))),
  ),
  looks(t, exchange) {
    const sent = metadataIn(storeRequest(exchange));
    if (!sent) return;
    const uris = new Set(sent.metadata.flatMap(each => each.uris));
    const held = new Set(sent.bulk.flatMap(({ location }) => (location === null ? [] : [location.trim()])));
    t.expect(
      'the bulk data URIs for which there is no part',
      [...uris].filter(uri => !held.has(uri)),
      [],
    );
    t.expect(
      'the bulk data URIs for which there is no part',
      [...uris].filter(uri => !held.has(uri)),
      [],
      { row: 'STOW-RS-6.6.1.1.2-17' },
    );
    t.expect(
      'the Content-Locations that no BulkData element names',
      [...held].filter(uri => !uris.has(uri)),
      [],
      { row: 'STOW-RS-6.6.1.1.2-23' },
    );
    const other = sent.bulk.filter(({ mediaType, location }) => location === null && !/octet-stream|^(image|video)\//.test(mediaType.type));
    t.expect(
      'the types of parts that are neither metadata nor bulk data',
      other.map(({ mediaType }) => mediaType.type || 'none'),
      [],
      { row: 'STOW-RS-6.6.1.1.2-07' },
    );
  },
});

// 6.6 and 6.6.1.1.2: how a part of bulk data is labelled.
export const bulkData = clientCheck({
  id: 'stow-rs/client-metadata/parts-of-bulk-data',
  title: 'Parts of bulk data have Content-Location, and are octet-stream or of a media type of Table 6.5-1',
  requires: ['STOW-RS-6.6.1.1.2-13', 'STOW-RS-6.6.1.1.2-14', 'STOW-RS-6.6-12', 'STOW-RS-6.6-08', 'STOW-RS-6.6-10'],
  wrongClient: on(
    posts,
    hearsText(text => text.replaceAll('Content-Location:', 'Content-ID:')),
  ),
  looks(t, exchange) {
    const sent = metadataIn(storeRequest(exchange));
    const known = [...new Set((asOf(compressedMediaTypes, t.edition) ?? []).map(({ mediaType }) => mediaType))];
    for (const { mediaType, location, body } of sent?.bulk ?? []) {
      const compressed = mediaType.type !== uncompressedBulkDataType;
      const row = compressed ? 'STOW-RS-6.6.1.1.2-14' : 'STOW-RS-6.6.1.1.2-13';
      t.expect(
        'Content-Location of a part of bulk data',
        location ?? 'none',
        satisfying('a URI', (uri: string) => uri !== 'none'),
        { row },
      );
      t.expect('the Content-Type of a part of bulk data', mediaType.type || 'none', anyOf(uncompressedBulkDataType, ...known), {
        row: compressed ? 'STOW-RS-6.6-12' : 'STOW-RS-6.6-08',
      });
      // PS3.5-2013 A.4: what begins with an item is encapsulated.
      const items = !compressed && Buffer.from(body.subarray(0, 4)).toString('hex') === 'feff00e0';
      t.expect('whether octet-stream holds items of encapsulated pixel data', items, false, { row: 'STOW-RS-6.6-10' });
    }
  },
});

// 6.6: a multi-frame media type for several frames, in one part.
export const frames = clientCheck({
  id: 'stow-rs/client-metadata/frames-in-one-part',
  title: 'Compressed pixels of several frames come in one part of a multi-frame media type',
  requires: ['STOW-RS-6.6-11'],
  wrongClient: on(
    posts,
    hearsText(text => text.replaceAll('video/mpeg', 'image/dicom+jpeg')),
  ),
  looks(t, exchange) {
    const sent = metadataIn(storeRequest(exchange));
    const rows = asOf(compressedMediaTypes, t.edition) ?? [];
    for (const { attributes, uris } of sent?.metadata ?? []) {
      if (typeof attributes === 'string') continue;
      if (Number(valueIn(attributes, 'NumberOfFrames') || '1') === 1) continue;
      for (const { mediaType, location } of sent?.bulk ?? []) {
        const fits = rows.filter(row => row.mediaType === mediaType.type).map(row => row.frames);
        if (location === null || !uris.includes(location.trim()) || fits.length === 0) continue;
        t.expect(`whether ${mediaType.type} holds several frames`, fits.includes('multi'), true);
      }
    }
  },
});
