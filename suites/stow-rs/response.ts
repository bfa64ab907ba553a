import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, byEdition, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, nameOf } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { answers, on } from '../kit/faults.ts';
import { postEachKind, postForModules } from '../kit/store-outcomes.ts';
import { namesOf, stores } from '../kit/stored.ts';
import { anyStatus, attributeOf, posts } from './module.ts';

const readable = 'a Store Instances Response Module';
const inJson = `${readable}, in JSON`;
const rowOfBody: Readonly<Record<number, RequirementId>> = {
  200: 'STOW-RS-6.6.1.3-02',
  202: 'STOW-RS-6.6.1.3.1-08',
  409: 'STOW-RS-6.6.1.3.1-05',
};

// PS3.18-2013 6.6.1.3: the status line is followed by the response module.
export const body = check({
  id: 'stow-rs/response/has-the-module',
  title: 'The answers 200, 202 and 409 to store requests have a response module that can be read',
  requires: ['STOW-RS-6.6.1.3-02', 'STOW-RS-6.6.1.3.1-05', 'STOW-RS-6.6.1.3.1-08'],
  given: { stores },
  writes: true,
  // Seen in the field: a failure without a body.
  fault: on(
    posts,
    answers(response => (response.status === 409 ? new Response(null, { status: 409 }) : response)),
  ),
  async run(t) {
    for (const { what, answer } of await postEachKind(t)) {
      const row = rowOfBody[answer.status];
      if (row === undefined) continue;
      const got = answer.module ? (answer.form === 'json' ? inJson : readable) : answer.why;
      // 2013 knows no JSON in the answer to a store request.
      const wanted = byEdition({ '2013': readable, '2014a': anyOf(readable, inJson) });
      t.expect(`the body of the ${answer.status} answer to ${what}`, got, wanted, { row });
    }
  },
});

// Table 6.6.1-2: Retrieve URL is of type 2, at the top and in each item of Referenced SOP Sequence.
export const retrieveUrl = check({
  id: 'stow-rs/response/retrieve-url-is-present',
  title: 'The response module has a Retrieve URL, and so has each stored instance in it; both may be empty',
  requires: ['STOW-RS-6.6.1.3.2-04', 'STOW-RS-6.6.1.3.2-20', 'STOW-RS-6.6.1.3.2-06', 'STOW-RS-6.6.1.3.2-07'],
  given: { stores },
  writes: true,
  fault: anyStatus(text =>
    text.replaceAll(/<DicomAttribute [^>]*tag="00081190"(?:[^>]*\/>|(?:(?!<\/DicomAttribute>)[\s\S])*<\/DicomAttribute>)/g, ''),
  ),
  async run(t) {
    for (const { what, answer } of await postForModules(t)) {
      const top = attributeOf(answer.module, 'RetrieveURL');
      t.expect(`Retrieve URL (0008,1190) in the response module for ${what}`, top ? 'present' : 'absent', 'present');
      if (top)
        t.expect(`the VR of Retrieve URL in the response module for ${what}`, top.vr, anyOf('UT', 'UR'), { row: 'STOW-RS-6.6.1.3.2-07' });
      t.record(`Retrieve URL in the response module for ${what}`, valueIn(answer.module, 'RetrieveURL') === '' ? 'empty' : 'with a value');
      const without = answer.stored.filter(item => !attributeOf(item.attributes, 'RetrieveURL')).length;
      t.expect('the stored instances without Retrieve URL in the response module', without, 0, { row: 'STOW-RS-6.6.1.3.2-20' });
    }
  },
});

function expectAbsent(t: Trial, attributes: Attributes, keyword: string, where: string, row: RequirementId): void {
  t.expect(`${nameOf(tagOf(keyword))} in ${where}`, attributeOf(attributes, keyword) ? 'present' : 'absent', 'absent', { row });
}

// PS3.5-2013 7.4.2: what is of type 1C is absent when its condition is not met, not empty.
export const conditional = check({
  id: 'stow-rs/response/sequences-without-items-are-absent',
  title: 'The response module has no Failed SOP Sequence when nothing failed, no Referenced SOP Sequence when nothing was stored',
  requires: ['STOW-RS-6.6.1.3.2-09', 'STOW-RS-6.6.1.3.2-16', 'STOW-RS-6.6.1.3.2-24'],
  given: { stores },
  writes: true,
  // Seen in the field: an empty FailedSOPSequence in every success.
  fault: anyStatus(text =>
    text.includes('00081198')
      ? text
      : text.replace('</NativeDicomModel>', '<DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence"/></NativeDicomModel>'),
  ),
  async run(t) {
    for (const { what, answer } of await postForModules(t)) {
      if (answer.failed.length === 0 && answer.status === 200)
        expectAbsent(t, answer.module, 'FailedSOPSequence', `the response module for ${what}, all stored`, 'STOW-RS-6.6.1.3.2-09');
      if (answer.stored.length === 0 && answer.status >= 400)
        expectAbsent(t, answer.module, 'ReferencedSOPSequence', `the response module for ${what}, none stored`, 'STOW-RS-6.6.1.3.2-16');
      if (answer.status !== 200) continue;
      for (const { attributes } of answer.stored) {
        const told = attributeOf(attributes, 'WarningReason') ? valueIn(attributes, 'WarningReason') || 'empty' : 'absent';
        // From 2019b on 200 does not say that there was no warning.
        t.expect(
          'Warning Reason (0008,1196) in the item of an instance that was stored without warning',
          told,
          byEdition({ '2013': 'absent', '2019b': noneOf('empty', '0') }),
          { row: 'STOW-RS-6.6.1.3.2-24' },
        );
      }
    }
  },
});

// 6.6.1.3.2: the module gives the status of each instance.
export const everyInstance = check({
  id: 'stow-rs/response/every-instance-is-listed-once',
  title: 'The response module lists each instance of the request either as stored or as failed',
  requires: ['STOW-RS-6.6.1.3.2-01', 'STOW-RS-6.6.1.3.2-02', 'STOW-RS-6.6.1.3.2-08', 'STOW-RS-6.6.1.3.2-10', 'STOW-RS-6.6.1.3.2-15'],
  given: { stores },
  writes: true,
  // Seen in the field: only the first failure is listed.
  fault: anyStatus(text => text.replace(/(00081198[\s\S]*?)<Item number="2"\s*>[\s\S]*?<\/Item>/, '$1')),
  async run(t) {
    for (const { what, answer, good, bad } of await postForModules(t)) {
      const [stored, failed] = [namesOf([...good, ...bad], answer.stored), namesOf([...good, ...bad], answer.failed)];
      const unlisted = [...good, ...bad].filter(({ name }) => !stored.includes(name) && !failed.includes(name)).map(({ name }) => name);
      if (answer.status === 200 || answer.status === 202)
        t.expect(
          `Referenced SOP Sequence (0008,1199) for ${what}, of which something was stored`,
          answer.stored.length > 0 ? 'with items' : 'without items',
          'with items',
          { row: 'STOW-RS-6.6.1.3.2-15' },
        );
      // That those of another study are not stored is judged by itself.
      const refused = bad.filter(({ name }) => !stored.includes(name));
      if (refused.length > 0 && answer.status !== 200) {
        const there = answer.failed.length > 0 ? 'with items' : 'without items';
        t.expect(`Failed SOP Sequence (0008,1198) for ${what}`, there, 'with items', { row: 'STOW-RS-6.6.1.3.2-08' });
        const least = satisfying(`${refused.length} or more`, (n: number) => n >= refused.length);
        t.expect(`the items of Failed SOP Sequence (0008,1198) for ${what}`, answer.failed.length, least, {
          row: 'STOW-RS-6.6.1.3.2-10',
        });
      }
      t.expect(`the instances that the response module for ${what} does not list`, unlisted, []);
      t.expect(
        `the instances listed both as stored and as failed for ${what}`,
        stored.filter(name => failed.includes(name)),
        [],
        { row: 'STOW-RS-6.6.1.3.2-02' },
      );
    }
  },
});
