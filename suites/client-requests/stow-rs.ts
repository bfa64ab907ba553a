import { studyNamed } from '../../fixtures/corpus.ts';
import { copyOfStudy, dataSet, type FixtureInstance, fixtureInstance } from '../../fixtures/recipe.ts';
import { asOf, type Edition } from '../../schemas/editions.ts';
import { jsonModelType } from '../../schemas/media-types.ts';
import type { Ask } from '../harness/trial.ts';
import { storing } from '../kit/store.ts';
import { bulkPart, inParts, pixelData, uriOf, xmlPart } from '../kit/store-metadata.ts';
import { jsonModel } from '../kit/write/json-model.ts';

const { studyInstanceUID, instances } = copyOfStudy(studyNamed('ct'), 1);
const two = instances.slice(0, 2);
const video = (([first]: readonly FixtureInstance[]): FixtureInstance => {
  if (!first) throw new Error('the study ct is empty');
  const set = new Map([...first.dataSet, ...dataSet({ NumberOfFrames: '3' })].sort(([a], [b]) => (a < b ? -1 : 1)));
  return fixtureInstance('video', set, first);
})(instances);
const xml = { contentType: (boundary: string) => `multipart/related; type="application/dicom+xml"; boundary=${boundary}` };

function jsonRequest(type: string): Ask {
  const body = Buffer.from(`[${two.map(each => jsonModel(each.dataSet)).join(',')}]`);
  const headers = [['Content-Type', `${type}; transfer-syntax=1.2.840.10008.1.2.1`]] as const;
  return storing([{ headers, body }], { contentType: boundary => `multipart/related; type="${type}"; boundary=${boundary}` });
}

/** The store requests of a right client, in each form that the edition has. */
export const stores = (edition: Edition): readonly Ask[] => [
  ...(edition < '2014a' ? [] : [jsonRequest(asOf(jsonModelType, edition) ?? '')]),
  storing(two.map(each => each.part10())),
  storing(
    two.map(each => each.part10()),
    { study: studyInstanceUID },
  ),
  storing(two.flatMap(inParts), xml),
  storing(
    [
      xmlPart(video, tag => (tag === pixelData ? uriOf(video) : null)),
      bulkPart(uriOf(video), Buffer.alloc(8), 'video/mpeg; transfer-syntax=1.2.840.10008.1.2.4.100'),
    ],
    xml,
  ),
];
