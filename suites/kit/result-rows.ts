import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { attributeByKeyword, tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, nameOf } from './compare.ts';
import { attributeIn, textsIn } from './search.ts';

/** Which requirement puts an attribute into each result, by keyword (PS3.18-2013 Tables 6.7.1-2 to 6.7.1-2b). */
export type RowTable = Readonly<Record<string, RequirementId>>;

/** Attributes of results that no stored object has. */
const madeForResults = [
  'InstanceAvailability',
  'ModalitiesInStudy',
  'RetrieveURL',
  'NumberOfStudyRelatedSeries',
  'NumberOfStudyRelatedInstances',
  'NumberOfSeriesRelatedInstances',
];

/** The rows of a table whose values are those of stored objects. */
export const storedRows = (table: RowTable): RowTable =>
  Object.fromEntries(Object.entries(table).filter(([keyword]) => !madeForResults.includes(keyword)));

/** Expects each attribute of a table in a result, with or without a value. */
export function expectPresent(t: Trial, result: Attributes, table: RowTable, what: string): void {
  for (const [keyword, row] of Object.entries(table)) {
    t.expect(`${nameOf(tagOf(keyword))} in ${what}`, attributeIn(result, keyword) ? 'present' : 'absent', 'present', { row });
  }
}

/** Expects the values that an instance has in the attributes of a table; an attribute that is absent is not judged. */
export function expectValues(t: Trial, result: Attributes, instance: FixtureInstance, table: RowTable, what: string): void {
  for (const [keyword, row] of Object.entries(table)) {
    const stored = instance.dataSet.get(tagOf(keyword));
    if (!stored || !('values' in stored) || !attributeIn(result, keyword)) continue;
    const meaning = meaningOf(attributeByKeyword(keyword)?.vrs[0] ?? 'LO');
    const wanted = stored.values.map(String).filter(value => value !== '');
    const got = textsIn(result, keyword);
    const same = wanted.map(meaning).join('\\') === got.map(meaning).join('\\');
    t.expect(`the value of ${nameOf(tagOf(keyword))} in ${what}`, same ? wanted : got, wanted, { row });
  }
}

/** What a value says, whatever the way of writing it: times of any precision, numbers, names without delimiters at their end. */
function meaningOf(vr: string): (value: string) => string {
  switch (vr) {
    case 'TM':
      return value => `${value.replaceAll(':', '').padEnd(6, '0')}`.replace(/\.0*$/, '').replace(/(\.\d*?)0+$/, '$1');
    case 'IS':
    case 'DS':
    case 'US':
      return value => String(Number(value));
    case 'PN':
      return value =>
        value
          .split('=')
          .map(group => group.trim().replace(/[\^ ]+$/, ''))
          .join('=')
          .replace(/=+$/, '');
    default:
      return value => value.trim();
  }
}

/** Expects that an attribute which has a condition has the form it is to have, when it is there. */
export function expectForm(
  t: Trial,
  result: Attributes,
  keyword: string,
  form: RegExp,
  words: string,
  row: RequirementId,
  what: string,
): void {
  for (const value of textsIn(result, keyword)) {
    t.expect(`the value of ${nameOf(tagOf(keyword))} in ${what}`, form.test(value) ? words : value, words, { row });
  }
}

/** PS3.4-2013 C.4.1.1.3.2: the values of Instance Availability. */
export const availability = /^(ONLINE|NEARLINE|OFFLINE|UNAVAILABLE)$/;

/** PS3.3-2013 C.12.1.1.1: an offset from UTC. */
export const utcOffset = /^[+-]\d{4}$/;
