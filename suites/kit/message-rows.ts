import type { CorpusName } from '../../fixtures/corpus.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attribute, Attributes } from './compare.ts';
import { modelAnswers, type ReadAnswer, readAnswer } from './models.ts';
import { studiesAtHand } from './retrieve.ts';
import type { Form } from './search.ts';

/** One rule of result messages: the requirement, and the requirements of the model that say the same of any document. */
export interface MessageRule {
  /** `service/topic/claim`. */
  readonly id: string;
  readonly title: string;
  readonly row: RequirementId;
  readonly form: Form;
  /** The requirements of the model whose defects break the rule; a pattern narrows those that speak of more than the rule. */
  readonly model: readonly RequirementId[];
  readonly only?: RegExp;
  readonly studies: readonly CorpusName[];
  readonly fault: Fault;
  /** What the strict reader does not tell: looks at an answer and expects. */
  look?(t: Trial, answer: ReadAnswer): void;
}

/** A check that the messages of searches keep a rule: at each level, for fixtures and for whatever else is there. */
export function messageRule({ id, title, row, form, model, only = /./, studies: names, fault, look }: MessageRule): Check {
  return check({
    id,
    title,
    requires: [row],
    given: { studies: studiesAtHand(...names) },
    fault,
    async run(t, { studies }) {
      for await (const answer of modelAnswers(t, studies, form)) {
        const read = readAnswer(t, answer);
        const found = read.defects.filter(defect => model.includes(defect.row) && only.test(defect.what)).map(({ what }) => what);
        t.expect(`the defects in the answer to ${read.what}`, [...new Set(found)].slice(0, 3), []);
        look?.(t, read);
      }
    },
  });
}

/** Every attribute of results, those in items included. */
export function everyAttribute(results: readonly Attributes[]): readonly Attribute[] {
  return results.flatMap(result =>
    result.flatMap(each => [each, ...(each.content.kind === 'items' ? everyAttribute(each.content.items) : [])]),
  );
}

/** The tag of Specific Character Set. */
export const specificCharacterSet = tagOf('SpecificCharacterSet');
