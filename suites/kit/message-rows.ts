import type { CorpusName } from '../../fixtures/corpus.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { isOwn } from '../harness/target.ts';
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
  /** What is recorded besides. */
  readonly also?: readonly RequirementId[];
  readonly form: Form;
  /** The requirements of the model whose defects break the rule; a pattern narrows those that speak of more than the rule. */
  readonly model: readonly RequirementId[];
  readonly only?: RegExp;
  readonly studies: readonly CorpusName[];
  readonly fault: Fault;
  /** What the strict reader does not tell: looks at an answer and expects. */
  look?(t: Trial, answer: ReadAnswer): void | Promise<void>;
}

/** A check that the messages of searches keep a rule: at each level, for fixtures and for whatever else is there. */
export function messageRule({ id, title, row, also = [], form, model, only = /./, studies: names, fault, look }: MessageRule): Check {
  return check({
    id,
    title,
    requires: [row, ...also],
    given: { studies: studiesAtHand(...names) },
    fault,
    async run(t, { studies }) {
      for await (const answer of modelAnswers(t, studies, form)) {
        const read = readAnswer(t, answer);
        const found = read.defects.filter(defect => model.includes(defect.row) && only.test(defect.what)).map(({ what }) => what);
        t.expect(`the defects in the answer to ${read.what}`, [...new Set(found)].slice(0, 3), []);
        await look?.(t, read);
      }
    },
  });
}

/** Writes down whether values are given by reference, and whether the first reference of an answer leads anywhere (PS3.18-2013 6.7.1.2.3). */
export async function recordReferences(t: Trial, { results }: ReadAnswer): Promise<void> {
  const references = everyAttribute(results).flatMap(({ content }) => (content.kind === 'reference' ? [content.uri] : []));
  const [first] = references;
  t.record('values by reference in results', first === undefined ? 'not met' : 'met');
  if (first === undefined || !isOwn(t.target, new URL(first, Object.values(t.target.endpoints)[0]).href)) return;
  const { status } = (await t.get(new URL(first, Object.values(t.target.endpoints)[0]).href, { Accept: '*/*' })).response;
  t.record('the status of a reference in results', String(status));
}

/** Every attribute of results, those in items included. */
export function everyAttribute(results: readonly Attributes[]): readonly Attribute[] {
  return results.flatMap(result =>
    result.flatMap(each => [each, ...(each.content.kind === 'items' ? everyAttribute(each.content.items) : [])]),
  );
}

/** The tag of Specific Character Set. */
export const specificCharacterSet = tagOf('SpecificCharacterSet');
