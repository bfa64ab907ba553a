import type { RequirementId } from '../../schemas/requirements.ts';
import type { Given } from '../harness/given.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import type { Attributes } from './compare.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readJsonResults } from './read/json-model.ts';
import { readNativeXml } from './read/native-xml.ts';
import { mediaTypeOf, type Part, partsOf } from './retrieve.ts';
import { type Form, inWords, isRefusal, sendSearch } from './search.ts';

/** An answer with search results in one of the models, as it came. */
export interface ModelAnswer {
  readonly exchange: Exchange;
  /** The request in words. */
  readonly what: string;
  /** The documents of an XML answer. */
  readonly parts: readonly Part[];
  /** What it says; where it cannot be read, why. */
  readonly read: { readonly results: readonly Attributes[]; readonly defects: readonly Defect[] } | Unreadable;
}

/** An answer that can be read. */
export interface ReadAnswer extends Omit<ModelAnswer, 'read'> {
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

/** The answer to a search in one form, with all attributes that the target returns, asked for once in a run; null when there is none, or nothing in it. */
function answerTo(resource: string, form: Form): Given<ModelAnswer | null> {
  return {
    key: `${form} model of ${resource}`,
    async provide(t) {
      for (const asked of [`${resource}&includefield=all`, resource]) {
        const exchange = await sendSearch(t, asked, { form });
        const { status, body } = exchange.response;
        if (status === 200 && !hasForm(exchange, form)) return null;
        if (status === 200 && body.length > 0) return readModel(t, exchange, `GET ${inWords(asked)}`, form);
        if (!isRefusal(status)) return null;
      }
      return null;
    },
  };
}

/** Whether an answer is meant to be in the form that was asked for; a server that has one form only may send that. */
function hasForm(exchange: Exchange, form: Form): boolean {
  const type = mediaTypeOf(exchange);
  const isXml = type.startsWith('multipart/') || type.endsWith('xml');
  return form === 'xml' ? isXml : !isXml;
}

function readModel(t: Trial, exchange: Exchange, what: string, form: Form): ModelAnswer {
  const parts = form === 'xml' ? partsOf(t, exchange) : [];
  try {
    if (form === 'json') {
      const { value, defects } = readJsonResults(exchange.response.body);
      return { exchange, what, parts, read: { results: value, defects } };
    }
    const documents = parts.map(part => readNativeXml(part.body));
    const defects = documents.flatMap(document => document.defects);
    return { exchange, what, parts, read: { results: documents.map(({ value }) => value), defects } };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { exchange, what, parts, read: error };
  }
}

/** The answer to a search in one form, as evidence for what is expected next; null when there is none. */
export async function modelAnswer(t: Trial, resource: string, form: Form): Promise<ModelAnswer | null> {
  const answer = await t.given(answerTo(resource, form));
  if (answer) t.cite(answer.exchange);
  return answer;
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
export function readAnswer(t: Trial, { read, ...answer }: ModelAnswer): ReadAnswer {
  if (read instanceof Unreadable) return t.skip(`the answer to ${answer.what} cannot be read, which is judged by itself: ${read.message}`);
  return { ...answer, ...read };
}

/** Expects for each of the rows that none of the defects breaks it. */
export function expectNoDefects(t: Trial, what: string, rows: readonly RequirementId[], defects: readonly Defect[]): void {
  for (const row of rows) {
    const found = [...new Set(defects.filter(defect => defect.row === row).map(defect => defect.what))];
    t.expect(`the defects in the answer to ${what}`, found.slice(0, 3), [], { row });
  }
}
