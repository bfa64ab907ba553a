import type { RequirementId } from '../../schemas/requirements.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { type Form, inWords, isRefusal, sendSearch } from './search.ts';

/** An answer with search results in one of the models, as it came. */
export interface ModelAnswer {
  readonly exchange: Exchange;
  /** The request in words. */
  readonly what: string;
}

type Study = { readonly studyInstanceUID: string };
const mostStudies = 12;
const mostInstances = 20;

/**
 * The results of searches at each level in one form, with all attributes that the target returns. What is refused or empty is left out; skips where nothing is left. To be
 * judged one by one, so that the evidence of a finding ends with the answer it was found in.
 */
export async function* modelAnswers(t: Trial, studies: readonly Study[], form: Form): AsyncGenerator<ModelAnswer> {
  let answered = 0;
  for (const { studyInstanceUID } of studies.slice(0, mostStudies)) {
    for (const resource of [
      `studies?StudyInstanceUID=${studyInstanceUID}`,
      `studies/${studyInstanceUID}/series?limit=${mostInstances}`,
      `studies/${studyInstanceUID}/instances?limit=${mostInstances}`,
    ]) {
      let asked = `${resource}&includefield=all`;
      let exchange = await sendSearch(t, asked, { form });
      if (isRefusal(exchange.response.status)) {
        asked = resource;
        exchange = await sendSearch(t, asked, { form });
      }
      if (exchange.response.status !== 200 || exchange.response.body.length === 0) continue;
      answered += 1;
      yield { exchange, what: `GET ${inWords(asked)}` };
    }
  }
  if (answered === 0) t.skip(`the target has no ${form === 'json' ? 'JSON' : 'XML'} results, which is judged by itself`);
}

/** Expects for each of the rows that none of the defects breaks it. */
export function expectNoDefects(
  t: Trial,
  what: string,
  rows: readonly RequirementId[],
  defects: readonly { readonly row: RequirementId; readonly what: string }[],
): void {
  for (const row of rows) {
    const found = [...new Set(defects.filter(defect => defect.row === row).map(defect => defect.what))];
    t.expect(`the defects in the answer to ${what}`, found.slice(0, 3), [], { row });
  }
}
