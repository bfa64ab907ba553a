import type { CorpusName } from '../../fixtures/corpus.ts';
import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import { changedInSilence, changes, retrieved, ways } from '../kit/kept.ts';
import { bulkPart, bytesOf, pixelData, referring, storeXml, takesXml, uriOf, xmlPart } from '../kit/store-metadata.ts';
import { expectStored, freshStudy, skipUnlessStored, withoutWarning } from '../kit/stored.ts';

/** Stores instances as XML metadata, with pixels as bulk data where there are any. */
async function asXml(t: Trial, instances: readonly FixtureInstance[]): ReturnType<typeof storeXml> {
  const metadata = instances.map(instance => xmlPart(instance, referring(instance)));
  const bulk = instances.filter(({ dataSet }) => dataSet.has(pixelData)).map(each => bulkPart(uriOf(each), bytesOf(each)));
  return storeXml(t, [...metadata, ...bulk]);
}

const studies: readonly CorpusName[] = ['every-vr', 'empty-values', 'nested', 'charset-japanese', 'charset-utf-8'];

// PS3.19-2013 A.1.5 with PS3.18-2013 6.6: what the model says is what is stored.
export const values = check({
  id: 'stow-rs/metadata-values/every-value',
  title: 'Values, items, person names and inline binary of XML metadata are stored as they were sent',
  requires: ['STOW-RS-6.6.1.1.2-21'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(
    /<Ideographic>/,
    hearsText(text => text.replaceAll(/<Ideographic>.*?<\/Ideographic>/g, '')),
  ),
  async run(t) {
    for (const name of studies) {
      const { instances } = await freshStudy(t, name);
      const answer = await asXml(t, instances);
      if (answer.status !== 200) t.record(`the status of storing the study "${name}" as XML metadata`, String(answer.status));
      const changed = await changedInSilence(t, instances, answer);
      t.expect(`what was changed in the study "${name}", stored as XML metadata, without a warning`, changed, []);
    }
  },
});

// 2016a: transfer-syntax states the encoding of inline binary data; 2013 names it and does not say for what.
export const inlineBinary = check({
  id: 'stow-rs/metadata-values/inline-binary-is-little-endian',
  title: 'Pixels that stand in the metadata, with transfer-syntax=1.2.840.10008.1.2.1, are taken for little endian',
  requires: ['STOW-RS-6.6.1.1.2-11'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(
    /tag="7FE00010"[^>]*><InlineBinary>/,
    hearsText(text =>
      text.replace(/(tag="7FE00010"[^>]*><InlineBinary>)([^<]*)/, (_, before: string, base64: string) => before + swapped(base64)),
    ),
  ),
  async run(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) return;
    const answer = await storeXml(t, [xmlPart(instance, () => null)]);
    expectStored(t, answer, 'a CT image whose pixels stand in its metadata');
    const object = await retrieved(t, instance);
    if (!object) return t.skip('the target does not give the image back');
    const pixels = changes(instance, object).filter(({ where }) => where.startsWith('Pixel Data'));
    t.expect('what was changed in pixels that were sent as inline binary', pixels, []);
  },
});

const swapped = (base64: string): string => Buffer.from(base64, 'base64').swap16().toString('base64');

// PS3.5-2013 7.8.1: a private attribute stands in a block that its creator reserves.
export const privateAttributes = check({
  id: 'stow-rs/metadata-values/private-attributes',
  title: 'Private attributes of XML metadata are stored with their creator, in a block of its own',
  requires: ['STOW-RS-6.6.1.1.2-22'],
  given: { ways, takesXml },
  writes: true,
  fault: onBody(
    /privateCreator=/,
    hearsText(text =>
      text.replaceAll(/<DicomAttribute tag="[^"]*" privateCreator="[^"]*"[^>]*>(?:(?!<Item)[\s\S])*?<\/DicomAttribute>/g, ''),
    ),
  ),
  async run(t) {
    const { instances } = await freshStudy(t, 'private');
    await skipUnlessStored(t, (await freshStudy(t, 'private')).instances, 'image with private attributes');
    const answer = await asXml(t, instances);
    expectStored(t, answer, 'an image with private attributes as XML metadata');
    if (withoutWarning(instances, answer).length < instances.length)
      return t.skip(`the target did not store private attributes without a warning (status ${answer.status})`);
    for (const instance of instances) {
      const object = await retrieved(t, instance);
      if (!object) return t.skip('the target does not give the image back');
      const lost = changes(instance, object).filter(({ where }) => / ?\([0-9A-F]{3}[13579BDF],/.test(where));
      t.expect(
        'the private attributes that were lost or changed',
        lost.map(({ where }) => where),
        [],
      );
      const bare = [...object.dataSet.keys()].filter(tag => isPrivate(tag) && /^....00(?!1|[2-9A-F])/.test(tag));
      t.expect('the private attributes that stand in no block', bare, []);
    }
  },
});
