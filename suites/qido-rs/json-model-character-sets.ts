import { tagOf } from '../../schemas/dictionary.ts';
import { type Check, check } from '../harness/check.ts';
import type { Attributes } from '../kit/compare.ts';
import { sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { modelAnswer, readAnswer, searchesIn } from '../kit/models.ts';
import { normalName } from '../kit/same.ts';
import { attributeIn } from '../kit/search.ts';

/** Text as a server sends it that forgot to convert it. */
const mangled = sendsText(text => text.replaceAll(/[\x80-\xff]+/g, '??'));

const keywords = ['PatientName', 'StudyDescription', 'PatientComments'] as const;

function firstValue(result: Attributes, keyword: string): string | undefined {
  const content = attributeIn(result, keyword)?.content;
  return content?.kind === 'values' ? String(content.values[0] ?? '') : undefined;
}

/** Each character set is a check of its own, so that one that a server does not know is one finding. */
function characterSet(words: string): Check {
  const name = `charset-${words}` as 'charset-latin-1';
  return check({
    id: `qido-rs/json-model-character-sets/${words}`,
    title: `Text in the character set of the fixture "${words}" comes as UTF-8 in JSON results`,
    requires: ['MODEL-JSON-F.2-02', 'MODEL-JSON-F.2-05'],
    given: { study: fixture(name) },
    fault: mangled,
    async run(t, { study }) {
      const [resource = ''] = searchesIn(study);
      const answer = await modelAnswer(t, resource, 'json');
      const result =
        (answer ? readAnswer(t, answer).results[0] : undefined) ?? t.skip(`the target has no JSON results for the fixture study "${name}"`);
      const stored = study.instances[0]?.dataSet;
      for (const keyword of keywords) {
        const element = stored?.get(tagOf(keyword));
        const got = firstValue(result, keyword);
        if (got === undefined || !element || !('values' in element)) continue;
        const wanted = String(element.values[0] ?? '');
        const meaning = keyword === 'PatientName' ? normalName : (text: string) => text.replaceAll(/\s+/g, ' ').trim();
        const same = meaning(got) === meaning(wanted);
        t.expect(`${keyword} in the JSON result for the study "${name}"`, same ? wanted : got, wanted);
      }
      const terms = attributeIn(result, 'SpecificCharacterSet')?.content;
      t.record('Specific Character Set in JSON results', terms?.kind === 'values' ? terms.values.join('\\') : 'left out');
    },
  });
}

// PS3.18-2013 F.2: the default character repertoire is UTF-8.
export const latin1 = characterSet('latin-1');
export const cyrillic = characterSet('cyrillic');
export const greek = characterSet('greek');
export const japanese = characterSet('japanese');
export const katakana = characterSet('japanese-katakana');
export const korean = characterSet('korean');
export const gb18030 = characterSet('gb18030');
export const utf8 = characterSet('utf-8');
