import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { asOf } from '../../schemas/editions.ts';
import { jsonModelType, nativeModelType, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import type { Given } from '../harness/given.ts';
import type { Trial } from '../harness/trial.ts';
import type { StoreOptions, StorePart } from './store.ts';
import { freshStudy, reasonOf, type StoreAnswer, store } from './stored.ts';
import { jsonModel } from './write/json-model.ts';
import { nativeXml, type Refer } from './write/native-xml.ts';

export const pixelData = tagOf('PixelData');

/** The bulk data URI of an attribute of an instance; it means something within one message only. */
export const uriOf = ({ sopInstanceUID }: FixtureInstance, tag: Tag = pixelData): string =>
  `http://conformance.invalid/bulk/${sopInstanceUID}/${tag}`;

/** Refers to the attributes with these tags where the instance has them. */
export const referring =
  (instance: FixtureInstance, tags: readonly Tag[] = [pixelData]): Refer =>
  tag =>
    tags.includes(tag) ? uriOf(instance, tag) : null;

/** PS3.18-2013 6.6.1.1.2: a part with the metadata of an instance as XML. */
export function xmlPart(instance: FixtureInstance, refer: Refer = referring(instance)): StorePart {
  return {
    headers: [['Content-Type', `${nativeModelType}; transfer-syntax=${explicitLittleEndian}`]],
    body: nativeXml(instance.dataSet, refer),
  };
}

/** 6.6.1.1.2: a part with bulk data, uncompressed where no other type is given. */
export function bulkPart(location: string, body: Uint8Array, type: string = uncompressedBulkDataType): StorePart {
  return {
    headers: [
      ['Content-Type', type],
      ['Content-Location', location],
    ],
    body,
  };
}

/** The native bytes of an attribute of an instance; it has them in the fixtures. */
export function bytesOf({ dataSet, name }: FixtureInstance, tag: Tag = pixelData): Uint8Array {
  const element = dataSet.get(tag);
  if (!element || !('bytes' in element)) throw new Error(`the fixture ${name} has no bytes in ${tag}`);
  return element.bytes;
}

/** The metadata of an instance and its pixels as two parts. */
export const inParts = (instance: FixtureInstance): readonly StorePart[] => [
  xmlPart(instance),
  bulkPart(uriOf(instance), bytesOf(instance)),
];

const announced = (type: string): StoreOptions => ({ contentType: boundary => `multipart/related; type="${type}"; boundary=${boundary}` });

/** Sends XML metadata and bulk data (6.6.1.1). */
export function storeXml(t: Trial, parts: readonly StorePart[]): Promise<StoreAnswer> {
  return store(t, parts, announced(nativeModelType));
}

/** 2014a 6.6.1.1.3: sends the metadata of instances as a JSON array, and bulk data. */
export function storeJson(t: Trial, instances: readonly FixtureInstance[], bulk: readonly StorePart[]): Promise<StoreAnswer> {
  const type = asOf(jsonModelType, t.edition) ?? 'application/dicom+json';
  const body = Buffer.from(`[${instances.map(each => jsonModel(each.dataSet, referring(each))).join(',')}]`);
  const headers = [['Content-Type', `${type}; transfer-syntax=${explicitLittleEndian}`]] as const;
  return store(t, [{ headers, body }, ...bulk], announced(type));
}

const taken = ({ status, failed }: StoreAnswer): boolean => [200, 202].includes(status) && failed.length === 0;

const why = ({ status, failed }: StoreAnswer): string => `status ${status}${failed[0] ? `, Failure Reason ${reasonOf(failed[0])}` : ''}`;

/** Whether a plain CT image is stored as XML metadata and octet-stream; without it nothing else about that form can be said. */
export const takesXml: Given<true> = {
  key: 'stores XML metadata with bulk data',
  async provide(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) throw new Error('the fixture study ct is empty');
    const answer = await storeXml(t, inParts(instance));
    if (!taken(answer)) t.skip(`the target did not store a plain CT image as XML metadata with bulk data (${why(answer)})`);
    return true;
  },
};

/** Whether a plain CT image is stored as JSON metadata and octet-stream. */
export const takesJson: Given<true> = {
  key: 'stores JSON metadata with bulk data',
  async provide(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) throw new Error('the fixture study ct is empty');
    const answer = await storeJson(t, [instance], [bulkPart(uriOf(instance), bytesOf(instance))]);
    if (!taken(answer)) t.skip(`the target did not store a plain CT image as JSON metadata with bulk data (${why(answer)})`);
    return true;
  },
};
