import type { CorpusName } from '../../fixtures/corpus.ts';
import type { FixtureStudy } from '../../fixtures/recipe.ts';
import type { DataSet, Element, Tag } from '../../schemas/data-set.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, type Difference, differences, type Kind } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { on, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { rowInJson } from '../kit/json-rows.ts';
import { modelAnswers, readAnswer } from '../kit/models.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

/** A server may keep less than the object in what it searches, so a search result need not have all of it. */
const leftOpen: readonly Kind[] = ['absent', 'lost', 'items', 'fragments'];

const isPrivateCreator = (tag: Tag): boolean => isPrivate(tag) && /^....00[1-9A-F]/.test(tag);

/** The attributes of an object that a result returns, and the Private Creators by which private ones are found. */
function returned(dataSet: DataSet, result: Attributes, about: (element: Element) => boolean): DataSet {
  const has = (tag: Tag) => result.some(each => each.tag === (isPrivate(tag) ? `${tag.slice(0, 4)}00${tag.slice(6)}` : tag));
  return new Map([...dataSet].filter(([tag, element]) => isPrivateCreator(tag) || (about(element) && has(tag))));
}

/** The object that a result is about, or the first one of the series or study that it is about. */
function objectOf({ instances }: FixtureStudy, result: Attributes): DataSet | undefined {
  for (const [keyword, uid] of [
    ['SOPInstanceUID', 'sopInstanceUID'],
    ['SeriesInstanceUID', 'seriesInstanceUID'],
    ['StudyInstanceUID', 'studyInstanceUID'],
  ] as const) {
    const value = valueIn(result, keyword);
    if (value !== '') return instances.find(instance => instance[uid] === value)?.dataSet;
  }
  return undefined;
}

/** A check that JSON results say what is stored in a fixture, as far as they return it and these requirements go. */
function stored(claim: string, title: string, requires: Rows, name: CorpusName, about: (element: Element) => boolean, fault: Fault): Check {
  return check({
    id: `qido-rs/json-model-values/${claim}`,
    title,
    requires,
    given: { study: fixture(name) },
    fault: on(/includefield=all/, fault),
    async run(t, { study }) {
      let compared = 0;
      for await (const answer of modelAnswers(t, [study], 'json')) {
        for (const result of readAnswer(t, answer).results) {
          const set = objectOf(study, result);
          if (!set) continue;
          const wanted = returned(set, result, about);
          compared += [...wanted.keys()].filter(tag => !isPrivateCreator(tag)).length;
          const found = differences(wanted, result, '', rowInJson).filter(({ kind }) => !leftOpen.includes(kind));
          for (const row of requires) tell(t, answer.what, row, found);
        }
      }
      if (compared === 0) t.skip(`the target returns none of the attributes of the fixture study "${name}" that this is about`);
    },
  });
}

function tell(t: Trial, what: string, row: RequirementId, found: readonly Difference[]): void {
  const words = found.filter(each => each.row === row).map(({ where, stored: was, got }) => ({ attribute: where, stored: was, got }));
  t.expect(`the attributes that are not what was stored in the answer to ${what}`, words.slice(0, 3), [], { row });
}

const vr =
  (...names: readonly string[]) =>
  (element: Element) =>
    names.includes(element.vr);
const all = () => true;
const replaced = (from: RegExp | string, to: string) => sendsText(text => text.replaceAll(from, to));

// PS3.18-2013 F.2.3: values mean what they mean in the object.
export const integers = stored(
  'integers',
  'Binary integers keep their sign and range',
  ['MODEL-JSON-F.2.3-06'],
  'every-vr',
  vr('SL', 'SS', 'UL', 'US'),
  replaced('4294967295', '-1'),
);

export const decimals = stored(
  'decimals',
  'Decimal and integer strings and floating point numbers keep their value',
  ['MODEL-JSON-F.2.3-05'],
  'limits',
  vr('DS', 'IS', 'FL', 'FD'),
  replaced('1234567890123456', '1234567940000000'),
);

export const textValues = stored(
  'text',
  'Text comes back character by character, and each value by itself',
  ['MODEL-JSON-F.1-04', 'MODEL-JSON-F.1-03', 'MODEL-JSON-F.2.4-01', 'MODEL-JSON-F.2.4-03', 'MODEL-JSON-F.2.3-07'],
  'every-vr',
  // A server may write a time with another precision than the object does.
  element => !['TM', 'DT'].includes(element.vr),
  replaced('"one","two","three"', '"one"'),
);

export const emptyValues = stored(
  'empty-values',
  'Empty attributes and items come back empty, and empty values keep their places',
  ['MODEL-JSON-F.2.5-02', 'MODEL-JSON-F.2.5-01', 'MODEL-JSON-F.2.5-03', 'MODEL-JSON-F.2.5-04', 'MODEL-JSON-F.2.5-06'],
  'empty-values',
  all,
  replaced('"PRIMARY",null,', '"PRIMARY",'),
);

export const items = stored(
  'empty-items',
  'Empty items of a sequence come back as empty objects in their places',
  ['MODEL-JSON-F.2.5-04'],
  'nested',
  vr('SQ'),
  replaced('"Value":[{},', '"Value":['),
);

// F.2.7: the byte order is that of PS3.5.
export const byteOrder = stored(
  'byte-order',
  'Inline words and floats come in Little Endian',
  ['MODEL-JSON-F.2.6-04'],
  'every-vr',
  vr('OW', 'OF', 'OD'),
  replaced('"AQIDBA=="', '"AgEEAw=="'),
);
