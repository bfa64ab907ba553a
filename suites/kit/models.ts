import type { RequirementId } from '../../schemas/requirements.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import type { Attributes } from './compare.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readJsonResults } from './read/json-model.ts';
import { readNativeXml } from './read/native-xml.ts';
import { partsOf } from './retrieve.ts';
import { type Form, inWords, isRefusal, sendSearch } from './search.ts';

/** An answer with search results in one of the models, as it came. */
export interface ModelAnswer {
  readonly exchange: Exchange;
  /** The request in words. */
  readonly what: string;
}

/** What an answer says. */
export interface ReadAnswer extends ModelAnswer {
  readonly results: readonly Attributes[];
  readonly defects: readonly Defect[];
}

type Study = { readonly studyInstanceUID: string };
const mostStudies = 12;
const mostInstances = 20;

/** The searches at each level for what is in a study. */
export const searchesIn = ({ studyInstanceUID }: Study): readonly string[] => [
  `studies?StudyInstanceUID=${studyInstanceUID}`,
  `studies/${studyInstanceUID}/series?limit=${mostInstances}`,
  `studies/${studyInstanceUID}/instances?limit=${mostInstances}`,
];

/** The answer to a search in one form, with all attributes that the target returns; null when there is none, or nothing in it. */
export async function modelAnswer(t: Trial, resource: string, form: Form): Promise<ModelAnswer | null> {
  for (const asked of [`${resource}&includefield=all`, resource]) {
    const exchange = await sendSearch(t, asked, { form });
    const { status, body } = exchange.response;
    if (status === 200 && body.length > 0) return { exchange, what: `GET ${inWords(asked)}` };
    if (!isRefusal(status)) return null;
  }
  return null;
}

/** The answers to searches at each level, to be judged one by one, so that the evidence of a finding ends with the answer it was found in. Skips where there is none. */
export async function* modelAnswers(t: Trial, studies: readonly Study[], form: Form): AsyncGenerator<ModelAnswer> {
  let answered = 0;
  for (const resource of studies.slice(0, mostStudies).flatMap(searchesIn)) {
    const answer = await modelAnswer(t, resource, form);
    if (!answer) continue;
    answered += 1;
    yield answer;
  }
  if (answered === 0) t.skip(`the target has no ${form === 'json' ? 'JSON' : 'XML'} results, which is judged by itself`);
}

/** What an answer says; skips where it cannot be read, since one check judges that. */
export function readAnswer(t: Trial, { exchange, what }: ModelAnswer, form: Form): ReadAnswer {
  try {
    if (form === 'json') {
      const { value, defects } = readJsonResults(exchange.response.body);
      return { exchange, what, results: value, defects };
    }
    const documents = partsOf(t, exchange).map(part => readNativeXml(part.body));
    return { exchange, what, results: documents.map(({ value }) => value), defects: documents.flatMap(({ defects }) => defects) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return t.skip(`the answer to ${what} cannot be read, which is judged by itself: ${error.message}`);
  }
}

/** Expects for each of the rows that none of the defects breaks it. */
export function expectNoDefects(t: Trial, what: string, rows: readonly RequirementId[], defects: readonly Defect[]): void {
  for (const row of rows) {
    const found = [...new Set(defects.filter(defect => defect.row === row).map(defect => defect.what))];
    t.expect(`the defects in the answer to ${what}`, found.slice(0, 3), [], { row });
  }
}
