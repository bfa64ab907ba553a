import { attributeByKeyword } from '../../../schemas/dictionary.ts';
import { requiredMatchingKeys } from '../../../schemas/search-attributes.ts';
import type { Given } from '../../harness/given.ts';
import type { Attributes } from '../compare.ts';
import { Unreadable } from '../read/defect.ts';
import { readJsonResults } from '../read/json-model.ts';
import { readNativeXml } from '../read/native-xml.ts';
import { partsOf, someStudies } from '../retrieve.ts';
import { sendSearch, textsIn, uidsOf } from '../search.ts';
import { decodesValues } from '../values.ts';

/** A value of a required key that a study result has. */
export interface KeyValue {
  readonly keyword: string;
  /** One value, as it stands in a query. */
  readonly value: string;
}

/** A study that the target holds, whatever it is, with what its result says. */
export interface DescribedStudy {
  readonly studyInstanceUID: string;
  readonly result: Attributes;
  readonly values: readonly KeyValue[];
}

const identifying = ['PatientName', 'PatientID', 'AccessionNumber', 'ReferringPhysicianName', 'StudyID'];

/** Studies that the target holds, whatever they are, each with the values by which it can be searched for. Values of somebody's data are kept out of reports. */
export const describedStudies: Given<readonly DescribedStudy[]> = {
  key: 'described studies',
  async provide(t) {
    const [held, decodes] = [await t.given(someStudies), await t.given(decodesValues)];
    const described: DescribedStudy[] = [];
    for (const { studyInstanceUID } of held) {
      const exchange = await sendSearch(t, `studies?StudyInstanceUID=${studyInstanceUID}`);
      if (exchange.response.status !== 200) continue;
      let results: readonly Attributes[] = [];
      try {
        results = readJsonResults(exchange.response.body).value;
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        const { response } = await sendSearch(t, `studies?StudyInstanceUID=${studyInstanceUID}`, { form: 'xml' });
        if (response.status === 200) results = partsOf(t, { ...exchange, response }).map(part => readNativeXml(part.body).value);
      }
      const result = results.find(each => uidsOf('study', [each])[0] === studyInstanceUID);
      if (!result) continue;
      for (const keyword of identifying) for (const text of textsIn(result, keyword)) if (!text.startsWith('CONFTEST')) t.conceal(text);
      const values = requiredMatchingKeys.study.flatMap(({ keywords }) => {
        const [value = ''] = textsIn(result, keywords);
        return isPlain(keywords, value) && (decodes || encodeURIComponent(value) === value) ? [{ keyword: keywords, value }] : [];
      });
      described.push({ studyInstanceUID, result, values });
    }
    if (described.length === 0)
      t.skip('the target does not find the studies that it holds by their Study Instance UID, which is judged by itself');
    return described;
  },
};

/** Whether a value says in a query what it says in a result: patterns and several groups of a name would not. */
function isPlain(keyword: string, value: string): boolean {
  const isName = attributeByKeyword(keyword)?.vrs[0] === 'PN';
  const isDateOrTime = /Date|Time/.test(keyword);
  return (
    value !== '' &&
    !/[*?\\]/.test(value) &&
    !(isName && /[=]|[^\x20-\x7e]/.test(value)) &&
    !(isDateOrTime && !/^\d{2,8}(\.\d+)?$/.test(value))
  );
}
