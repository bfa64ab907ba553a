import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { onBody, status } from '../kit/faults.ts';
import { changedInSilence, changes, discarded, missing, retrieved, ways } from '../kit/kept.ts';
import { bulkPart, bytesOf, inParts, pixelData, referring, storeXml, takesXml, uriOf, xmlPart } from '../kit/store-metadata.ts';
import { expectStored, freshStudy, skipUnlessStored, store, withoutWarning } from '../kit/stored.ts';
import { reordered, swappedPixels, theSecondSlice } from './metadata-faults.ts';

// PS3.18-2013 6.6: octet-stream is mandatory, and only metadata with bulk data can carry it.
export const octetStream = check({
  id: 'stow-rs/metadata/octet-stream-is-stored',
  title: 'An image whose metadata come as XML and whose pixels as application/octet-stream is stored',
  requires: ['STOW-RS-6.6-09'],
  given: { ways },
  writes: true,
  fault: onBody(/Content-Type: application\/octet-stream/, status(415)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 1);
    const [instance] = instances;
    if (!instance) return;
    expectStored(t, await storeXml(t, inParts(instance)), 'a CT image as XML metadata and octet-stream');
    t.expect('the images that are not there after they were stored as XML metadata and octet-stream', await missing(t, instances), []);
  },
});

// 6.6.1: Content-Type tells the two forms apart.
export const eitherForm = check({
  id: 'stow-rs/metadata/content-type-tells-the-form',
  title: 'An instance sent as a DICOM file and one sent as XML metadata with bulk data are both stored',
  requires: ['STOW-RS-6.6.1-03'],
  given: { ways, takesXml },
  writes: true,
  // Whatever comes is taken for DICOM files.
  fault: onBody(theSecondSlice, status(400)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 2);
    const [first, second] = instances;
    if (!first || !second) return;
    expectStored(t, await store(t, [first]), 'an instance as a DICOM file');
    expectStored(t, await storeXml(t, inParts(second)), 'an instance as XML metadata with bulk data');
    t.expect('the instances that are not there after they were stored in the two forms', await missing(t, instances), []);
  },
});

// 6.6: uncompressed pixels are little endian, whatever the image is stored in.
export const littleEndian = check({
  id: 'stow-rs/metadata/pixels-are-little-endian',
  title: 'Pixels of 16 bits that are sent little endian as octet-stream come back as they were sent',
  requires: ['STOW-RS-6.6-08', 'STOW-RS-6.6.1.1.2-19'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(theSecondSlice, swappedPixels),
  async run(t) {
    const instance = (await freshStudy(t, 'ct', 2)).instances[1];
    if (!instance) return;
    const answer = await storeXml(t, inParts(instance));
    expectStored(t, answer, 'an image of 16 bits', { row: 'STOW-RS-6.6.1.1.2-19' });
    const object = await retrieved(t, instance);
    if (!object) return t.skip('the target does not give the image back');
    const pixels = changes(instance, object).filter(({ where }) => where.startsWith('Pixel Data'));
    t.expect('what was changed in pixels of 16 bits that were sent as octet-stream', pixels, []);
    const others = (await changedInSilence(t, [instance], answer)).filter(where => !where.includes('Pixel Data'));
    t.record('other attributes that were changed', others.join(', ') || 'none');
    const stored = object.dataSet.get(pixelData);
    if (withoutWarning([instance], answer).length === 0 || !stored || !('bytes' in stored)) return;
    const same = Buffer.compare(stored.bytes, bytesOf(instance)) === 0;
    t.expect('whether the bytes of Pixel Data are those that were sent as octet-stream', same, true, { row: 'STOW-RS-6.6.1.1.2-19' });
  },
});

async function withPalette(t: Trial): Promise<FixtureInstance> {
  const found = (await freshStudy(t, 'colour')).instances.find(({ dataSet }) => lookupTables.every(tag => dataSet.has(tag)));
  if (!found) throw new Error('the study "colour" has no palette');
  return found;
}

const lookupTables = ['Red', 'Green', 'Blue'].map(colour => tagOf(`${colour}PaletteColorLookupTableData`));

// 6.6.1.1.2: a part belongs to the attribute whose BulkDataURI is its Content-Location.
export const linked = check({
  id: 'stow-rs/metadata/linked-by-content-location',
  title: 'Bulk data parts in another order than the metadata name them come into the attributes they belong to',
  requires: ['STOW-RS-6.6.1.1.2-15'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(/PaletteColorLookupTableData/, reordered),
  async run(t) {
    const [instance, another] = [await withPalette(t), await withPalette(t)];
    await skipUnlessStored(t, [another], 'image with a palette');
    const tags = [...lookupTables, pixelData];
    const bulk = tags.map(tag => bulkPart(uriOf(instance, tag), bytesOf(instance, tag))).reverse();
    const answer = await storeXml(t, [xmlPart(instance, referring(instance, tags)), ...bulk]);
    expectStored(t, answer, 'an image with lookup tables whose bulk data come last to first');
    const object = await retrieved(t, instance);
    if (!object) return t.skip('the target does not give the image back');
    // 6.6.1.3.2.1.1: what is discarded is told; it went nowhere.
    const wrong = changes(instance, object).filter(({ where, got }) => /LookupTableData|Pixel Data/.test(where) && got !== discarded);
    t.expect(
      'the values that went into the wrong attributes',
      wrong.map(({ where }) => where),
      [],
    );
  },
});

// 6.6.1.1.2: the order is not guaranteed; from 2016a on metadata precede their bulk data.
export const anyOrder = check({
  id: 'stow-rs/metadata/parts-in-any-order',
  title: 'After the first part, metadata and bulk data are understood in any order',
  requires: ['STOW-RS-6.6.1.1.2-12'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(theSecondSlice, reordered),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 2);
    const [first, second] = instances;
    if (!first || !second) return;
    const bulk = (of: typeof first) => bulkPart(uriOf(of), bytesOf(of));
    const answer = await storeXml(t, [xmlPart(first), bulk(second), xmlPart(second), bulk(first)]);
    expectStored(t, answer, 'two images as metadata, bulk data of the other, its metadata, bulk data of the first');
    const changed = await changedInSilence(t, instances, answer);
    const pixels = changed.filter(where => where.includes('Pixel Data'));
    t.expect('the pixels that are others than those sent', pixels, []);
    t.expect('the images that are not there', await missing(t, instances), []);
  },
});

// 6.6.1.1.2 counts unique URIs, so two references may share a part.
export const shared = check({
  id: 'stow-rs/metadata/shared-bulk-data',
  title: 'Bulk data that two instances refer to by one URI are sent once',
  requires: ['STOW-RS-6.6.1.1.2-04'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(/bulk\/shared"[\s\S]*bulk\/shared"/, status(400)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 2);
    const [first, second] = instances;
    if (!first || !second) return;
    const uri = 'http://conformance.invalid/bulk/shared';
    const refer = (tag: string) => (tag === pixelData ? uri : null);
    const answer = await storeXml(t, [xmlPart(first, refer), xmlPart(second, refer), bulkPart(uri, bytesOf(first))]);
    expectStored(t, answer, 'two images with one bulk data part for both');
    t.expect('the images that are not there after they were stored with one bulk data part', await missing(t, instances), []);
  },
});

// 6.6.1.1.2: no URI, no part.
export const withoutBulkData = check({
  id: 'stow-rs/metadata/no-bulk-data',
  title: 'Metadata that refer to no bulk data are stored without a bulk data part',
  requires: ['STOW-RS-6.6.1.1.2-18'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(/^(?![\s\S]*octet-stream)[\s\S]*NativeDicomModel/, status(400)),
  async run(t) {
    const [report] = (await freshStudy(t, 'sr')).instances.filter(({ name }) => name === 'plain');
    if (!report) throw new Error('the study "sr" has no plain report');
    const another = (await freshStudy(t, 'sr')).instances.filter(({ name }) => name === 'plain');
    await skipUnlessStored(t, another, 'Basic Text SR');
    expectStored(t, await storeXml(t, [xmlPart(report)]), 'a report as XML metadata alone');
    t.expect('the reports that are not there after they were stored as XML metadata alone', await missing(t, [report]), []);
  },
});
