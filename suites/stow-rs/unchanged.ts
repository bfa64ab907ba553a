import type { CorpusName } from '../../fixtures/corpus.ts';
import { dataSets } from '../../fixtures/generators.ts';
import { fixtureInstance } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { sopClasses } from '../../schemas/sop-classes.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import { changedInSilence, changes, retrieved, ways } from '../kit/kept.ts';
import { expectStored, freshStudy, store } from '../kit/stored.ts';

const studies: readonly CorpusName[] = [
  'mixed',
  'every-vr',
  'empty-values',
  'limits',
  'nested',
  'private',
  'colour',
  'odd-sizes',
  'multi-frame',
  'sr',
];

// PS3.18-2013 6.6.1.2: what is coerced is told, so what is stored without a warning is what was sent.
export const everything = check({
  id: 'stow-rs/unchanged/every-attribute-and-pixel',
  title: 'Objects stored without warning come back with every attribute and pixel as it was sent',
  requires: ['STOW-RS-6.6.1.2-07'],
  given: { ways },
  writes: true,
  fault: onBody(
    /Nested sequences/,
    hearsText(all => all.replaceAll('CONFTEST NESTED', 'CONFTEST nested')),
  ),
  async run(t) {
    for (const name of studies) {
      const { instances } = await freshStudy(t, name);
      const answer = await store(t, instances);
      if (answer.status !== 200) t.record(`the status of storing the study "${name}"`, String(answer.status));
      t.expect(`what was changed in the study "${name}" without a warning`, await changedInSilence(t, instances, answer), []);
    }
  },
});

// 6.6.1.1.1: a part is a PS3.10 file of any octets.
export const payloads = check({
  id: 'stow-rs/unchanged/octets-like-delimiters',
  title: 'Pixels that hold CR LF CR LF, hyphens and what looks like a delimiter are kept as they are',
  requires: ['STOW-RS-6.6.1.1.1-08'],
  given: { ways },
  writes: true,
  fault: onBody(
    /a{8}\r\n\r\nb{12}/,
    hearsText(all => all.replaceAll('b\r\n\r\n', 'b\n\n\n\n')),
  ),
  async run(t) {
    const { instances } = await freshStudy(t, 'payloads');
    for (const [i, instance] of instances.entries()) {
      const answer = await store(t, [instance], { boundary: i === 0 ? 'boundar' : 'boundary-of-the-message' });
      if (answer.failed.length > 0) t.skip(`the target did not store a Secondary Capture image (status ${answer.status})`);
      expectStored(t, answer, `pixels like delimiters ("${instance.name}")`);
      const object = await retrieved(t, instance);
      const pixels = object && changes(instance, object).filter(({ where }) => where.startsWith('Pixel Data'));
      if (pixels) t.expect(`what was changed in the pixels of "${instance.name}"`, pixels, []);
    }
  },
});

const own = [tagOf('StudyInstanceUID'), tagOf('SeriesInstanceUID'), tagOf('SOPInstanceUID'), tagOf('SOPClassUID')];
const few = 8;

// 6.6.1.2, for any data set: the object is never changed in silence.
export const law = check({
  id: 'stow-rs/unchanged/generated-data-sets',
  title: 'Generated data sets that are stored without warning come back as they were sent',
  requires: ['STOW-RS-6.6.1.2-07'],
  given: { ways },
  writes: true,
  fault: onBody(
    new RegExp(sopClasses['Raw Data Storage'].replaceAll('.', '\\.')),
    hearsText(all => all.replaceAll('CONFTEST 1', 'CONFTEST 9')),
  ),
  async run(t) {
    let stored = 0;
    await t.forAll(
      dataSets({ characterSets: ['', 'ISO_IR 192'] }),
      async generated => {
        const [template] = (await freshStudy(t, 'ct', 1)).instances;
        const uids = own.flatMap(tag => {
          const element = tag === tagOf('SOPClassUID') ? generated.get(tag) : template?.dataSet.get(tag);
          return element ? [[tag, element] as const] : [];
        });
        const set = new Map([...generated, ...uids].sort(([a], [b]) => (a < b ? -1 : 1)));
        const instance = fixtureInstance('generated', set, { transferSyntax: explicitLittleEndian });
        const answer = await store(t, [instance]);
        stored += answer.status === 200 ? 1 : 0;
        t.expect('what was changed in a generated data set without a warning', await changedInSilence(t, [instance], answer), []);
      },
      { runs: Math.min(t.runs, few), words: set => [...set.keys()].join(' ') },
    );
    t.record('generated data sets that were stored', stored > 0 ? 'some' : 'none');
  },
});
