import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { present } from '../kit/kept.ts';
import type { StorePart } from '../kit/store.ts';
import { bulkPart, bytesOf, uriOf } from '../kit/store-metadata.ts';
import { freshStudy, namesOf, type StoreAnswer } from '../kit/stored.ts';

const refusal = satisfying('a status from 400 on, for the whole message', (s: number) => s >= 400 && s < 600);

interface Rows {
  readonly status: RequirementId;
  /** That nothing is reported as stored, and that nothing is there. */
  readonly listed: RequirementId;
  readonly there: RequirementId;
}

/** Expects that a message was refused as a whole: failure, nothing listed as stored, nothing there. */
export async function expectInvalid(
  t: Trial,
  what: string,
  answer: StoreAnswer,
  of: readonly FixtureInstance[],
  rows: Rows,
): Promise<void> {
  t.expect(`the status of ${what}`, answer.status, refusal, { row: rows.status });
  t.expect(`the instances listed as stored of ${what}`, namesOf(of, answer.stored), [], { row: rows.listed });
  t.expect(`the instances that are there of ${what}`, await present(t, of), [], { row: rows.there });
}

/** Two images of a study of their own. */
export async function two(t: Trial): Promise<readonly [FixtureInstance, FixtureInstance]> {
  const [first, second] = (await freshStudy(t, 'ct', 2)).instances;
  if (!first || !second) throw new Error('the fixture study ct has no two instances');
  return [first, second];
}

/** The pixels of an image as a part. */
export const bulk = (of: FixtureInstance): StorePart => bulkPart(uriOf(of), bytesOf(of));
