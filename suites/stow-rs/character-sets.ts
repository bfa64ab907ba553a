import type { CorpusName } from '../../fixtures/corpus.ts';
import { check } from '../harness/check.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import { changedInSilence, ways } from '../kit/kept.ts';
import { freshStudy, store } from '../kit/stored.ts';

const scripts: readonly CorpusName[] = [
  'charset-latin-1',
  'charset-cyrillic',
  'charset-greek',
  'charset-japanese',
  'charset-japanese-katakana',
  'charset-korean',
  'charset-gb18030',
  'charset-utf-8',
];

// PS3.5-2013 6.1: text in every character set of the fixtures.
export const text = check({
  id: 'stow-rs/character-sets/text-is-kept',
  title: 'Text in Latin, Cyrillic, Greek, Japanese, Korean and Chinese character sets is kept as it was sent',
  requires: ['STOW-RS-6.6.1.2-07'],
  given: { ways },
  writes: true,
  fault: onBody(
    /ISO_IR 144/,
    hearsText(all => all.replaceAll('ISO_IR 144', 'ISO_IR 101')),
  ),
  async run(t) {
    for (const name of scripts) {
      const { instances } = await freshStudy(t, name);
      const answer = await store(t, instances);
      if (answer.status !== 200) t.record(`the status of storing the study "${name}"`, String(answer.status));
      t.expect(`what was changed in the study "${name}" without a warning`, await changedInSilence(t, instances, answer), []);
    }
  },
});
