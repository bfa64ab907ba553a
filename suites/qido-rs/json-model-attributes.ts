import type { Tag } from '../../schemas/data-set.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import { attributesOfAnyLevel, resultRows, searchLevels, uniqueKeys } from '../../schemas/search-attributes.ts';
import { check } from '../harness/check.ts';
import { nameOf } from '../kit/compare.ts';
import { sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { modelAnswer, modelAnswers, readAnswer, searchesIn } from '../kit/models.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { uidsOf } from '../kit/search.ts';

/** What a result may have although the object does not: the rows of the tables and what is said of each entity. */
const ofTheTables = new Set<Tag>([
  ...attributesOfAnyLevel,
  ...searchLevels.flatMap(level => [uniqueKeys[level], ...resultRows[level].map(({ tag }) => tag)]),
]);

// PS3.18-2013 F.2.5: an empty attribute is one that is there.
export const absent = check({
  id: 'qido-rs/json-model/absent-attributes',
  title: 'Attributes that an object does not have are not listed as empty in JSON results',
  requires: ['MODEL-JSON-F.2.5-05'],
  given: { ct: fixture('ct'), empty: fixture('empty-values') },
  fault: sendsText(text => text.replaceAll('"00080018":', '"00080014":{"vr":"UI"},"00080018":')),
  async run(t, given) {
    let compared = 0;
    for (const study of Object.values(given)) {
      const answer = await modelAnswer(t, searchesIn(study)[2] ?? '', 'json');
      if (!answer) continue;
      for (const result of readAnswer(t, answer).results) {
        const [uid] = uidsOf('instance', [result]);
        const stored = study.instances.find(({ sopInstanceUID }) => sopInstanceUID === uid)?.dataSet;
        if (!stored) continue;
        compared += 1;
        const added = result.filter(
          ({ tag, content }) => content.kind === 'empty' && !isPrivate(tag) && !stored.has(tag) && !ofTheTables.has(tag),
        );
        t.expect(
          `the empty attributes that the object does not have in the answer to ${answer.what}`,
          added.slice(0, 5).map(({ tag }) => nameOf(tag)),
          [],
        );
      }
    }
    if (compared === 0) t.skip('the target has no JSON results for the instances of the fixtures');
  },
});

// F.2.3 has no form for numbers that are not finite, and RFC 4627 2.4 none either.
export const notFinite = check({
  id: 'qido-rs/json-model/numbers-that-are-not-finite',
  title: 'Infinite numbers and those that are none leave JSON results JSON',
  requires: ['MODEL-JSON-F.2.3-14'],
  given: { study: fixture('not-finite') },
  fault: sendsText(text => text.replaceAll('[1.5,null,null,null]', '[1.5,Infinity,-Infinity,NaN]')),
  async run(t, { study }) {
    const answer =
      (await modelAnswer(t, searchesIn(study)[2] ?? '', 'json')) ??
      t.skip('the target has no JSON results for the instances of the fixtures');
    const isJson = !(answer.read instanceof Unreadable);
    t.expect(`the answer to ${answer.what}`, isJson ? 'JSON text' : (answer.read as Unreadable).message, 'JSON text');
    const returned =
      isJson &&
      readAnswer(t, answer)
        .results.flat()
        .some(({ vr }) => vr === 'FD' || vr === 'FL');
    t.record('numbers that are not finite', returned ? 'returned in JSON results' : 'not returned in JSON results');
  },
});

// F.1: padding to even length may be left out, and need not.
export const padding = check({
  id: 'qido-rs/json-model/padding',
  title: 'What becomes of the padding of text in JSON results',
  requires: ['MODEL-JSON-F.1-05', 'MODEL-JSON-F.2.3-10'],
  given: { ct: fixture('ct'), limits: fixture('limits') },
  fault: sendsText(text => text.replaceAll(/("0020000D":\{"vr":"UI","Value":\["[\d.]+)/g, '$1\\u0000')),
  async run(t, given) {
    for await (const answer of modelAnswers(t, Object.values(given), 'json')) {
      const { what, results, defects } = readAnswer(t, answer);
      const ends = defects.filter(({ row }) => row === 'MODEL-JSON-F.2.3-10').map(defect => defect.what);
      t.expect(`the padding of UIDs in the answer to ${what}`, ends.slice(0, 3), [], { row: 'MODEL-JSON-F.2.3-10' });
      const texts = results.flatMap(result => result.flatMap(({ content }) => (content.kind === 'values' ? content.values : [])));
      if (texts.some(text => typeof text === 'string' && text !== ''))
        t.record('padding of text with a blank', texts.some(text => typeof text === 'string' && text.endsWith(' ')) ? 'kept' : 'left out');
    }
  },
});
