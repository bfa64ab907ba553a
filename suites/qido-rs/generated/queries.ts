import type { RequirementId } from '../../../schemas/requirements.ts';
import { check } from '../../harness/check.ts';
import { anyOf } from '../../harness/expected.ts';
import { inProcess } from '../../harness/transport.ts';
import type { Trial } from '../../harness/trial.ts';
import type { Attributes } from '../../kit/compare.ts';
import { hears } from '../../kit/faults.ts';
import { offeredRelational } from '../../kit/givens/relational.ts';
import { searchedStudies } from '../../kit/givens/searched.ts';
import { acceptJson } from '../../kit/media.ts';
import { readJsonResults } from '../../kit/read/json-model.ts';
import { expectValues, storedRows } from '../../kit/result-rows.ts';
import { findUnlessRefused, foundUnlessRefused, inWords, uidsOf, warning299 } from '../../kit/search.ts';
import { decodesValues } from '../../kit/values.ts';
import { instanceRows } from '../results-instance.ts';
import { seriesRows } from '../results-series.ts';
import { studyRows } from '../results-study.ts';
import { type GeneratedQuery, queries } from './query.ts';

const valueRows = { study: storedRows(studyRows), series: storedRows(seriesRows), instance: storedRows(instanceRows) };

/** What the reference server answers to the same request; it is loaded when it is needed. */
async function reference(t: Trial): Promise<(resource: string) => Promise<readonly Attributes[]>> {
  const { oracle } = await import('../../kit/oracle.ts');
  const transport = inProcess(oracle(t.edition).fetch);
  return async resource => {
    const url = `http://reference.invalid/dicom-web/${resource}`;
    const { status, body } = await transport.send({ method: 'GET', url, headers: [['Accept', acceptJson(t.edition)]], body: null });
    if (status >= 400) return [];
    return body.length === 0 ? [] : readJsonResults(body).value;
  };
}

/** Holds the answer of the target against that of the reference server, as far as the standard decides it. */
async function compare(t: Trial, query: GeneratedQuery, wantedOf: (resource: string) => Promise<readonly Attributes[]>): Promise<void> {
  const { resource, level, row, page } = query;
  const words = inWords(resource);
  const answer = await foundUnlessRefused(t, resource, { row });
  const isCut = answer !== null && warning299(answer.exchange) !== '';
  const got = answer?.results ?? null;
  const wanted = new Set(uidsOf(level, await wantedOf(resource)));
  const found = new Set(uidsOf(level, got ?? []));
  const judged = query.entities.filter(entity => !query.isFree(entity) && !(isCut && !found.has(entity.uid)));
  const names = (uids: ReadonlySet<string>) => judged.filter(({ uid }) => uids.has(uid)).map(({ name }) => name);
  const right = query.mayRefuse ? anyOf('a refusal', names(wanted)) : names(wanted);
  t.expect(`the fixtures found by GET ${words}`, got === null ? 'a refusal' : names(found), right, { row });
  for (const result of got ?? []) {
    const entity = judged.find(({ uid }) => uid === uidsOf(level, [result])[0]);
    if (entity) expectValues(t, result, entity.instance, valueRows[level], `the result for ${entity.name} of GET ${words}`);
  }
  if (page && got && !isCut) await comparePage(t, query, page, uidsOf(level, got));
}

/** PS3.18-2013 6.7.1.2: a page has so many of the results. Which ones is up to the order, which is the server's. */
async function comparePage(
  t: Trial,
  { resource, level }: GeneratedQuery,
  { limit, offset }: { readonly limit: number; readonly offset: number },
  all: readonly string[],
): Promise<void> {
  const row = 'QIDO-RS-6.7.1.2-09';
  const paged = `${resource}${resource.includes('?') ? '&' : '?'}limit=${limit}&offset=${offset}`;
  const got = uidsOf(level, (await findUnlessRefused(t, paged, { row })) ?? []);
  const wanted = Math.max(0, Math.min(limit, all.length - offset));
  t.expect(`the number of results of GET ${inWords(paged)}, where ${all.length} match`, got.length, wanted, { row });
  const others = got.filter(uid => !all.includes(uid)).length;
  t.expect(`the results of GET ${inWords(paged)} that the list without pages does not have`, others, 0, { row });
}

const rows = [
  'QIDO-RS-6.7.1.2.1-01',
  'QIDO-RS-6.7.1.2.1-06',
  'QIDO-RS-6.7.1.2.1-07',
  'QIDO-RS-6.7.1.2.1-10',
  'QIDO-RS-6.7.1.2.1-12',
  'QIDO-RS-6.7.1.2.1-14',
  'QIDO-RS-6.7.1.2.1-15',
  'QIDO-RS-6.7.1.2.1-17',
  'QIDO-RS-6.7.1.2.1-18',
  'QIDO-RS-6.7.1.2.1-21',
  'QIDO-RS-6.7.1.2.1-22',
  'QIDO-RS-6.7.1.2.1-23',
  'QIDO-RS-6.7.1.2.1-24',
  'QIDO-RS-6.7.1.2.1-25',
  'QIDO-RS-6.7.1.2.1-26',
  'QIDO-RS-6.7.1.2.1-27',
  'QIDO-RS-6.7.1.2.1-28',
  'QIDO-RS-6.7.1.2.1-29',
  'QIDO-RS-6.7.1.2.1-30',
  'QIDO-RS-6.7.1.2.1-33',
  'QIDO-RS-6.7.1.2.1-34',
  'QIDO-RS-6.7.1.2.1-35',
  'QIDO-RS-6.7.1.2.1-36',
  'QIDO-RS-6.7.1.2.1-40',
  'QIDO-RS-6.7.1.2.1-43',
  'QIDO-RS-6.7.1.2.1-44',
  'QIDO-RS-6.7.1.2.1-49',
  'QIDO-RS-6.7.1.2-09',
  'QIDO-RS-6.7.1.2.1.1-01',
  'QIDO-RS-6.7.1.2.1.1-02',
  'QIDO-RS-6.7.1.2.1.1-05',
  'QIDO-RS-6.7.1.2.1.1-06',
  'QIDO-RS-6.7.1.2.1.2-01',
] as const satisfies readonly RequirementId[];

// PS3.4-2013 C.2.2.2: whatever is asked, the reference server and the target find the same of the fixtures, where the standard decides what is found.
export const generated = check({
  id: 'qido-rs/matching/generated-queries-find-what-the-reference-finds',
  title: 'Generated queries find the same fixtures on the target and on the reference server',
  requires: [...rows, ...Object.values(valueRows).flatMap(table => Object.values(table))],
  given: { studies: searchedStudies, offered: offeredRelational, encodes: decodesValues },
  // Only the first key counts.
  fault: hears(url => {
    const keys = [...url.searchParams.keys()].filter(key => !['limit', 'offset', 'includefield'].includes(key));
    for (const key of new Set(keys.slice(1))) if (key !== keys[0]) url.searchParams.delete(key);
  }),
  async run(t, { studies, offered, encodes }) {
    const wantedOf = await reference(t);
    await t.forAll(queries({ studies, offered, encodes }), query => compare(t, query, wantedOf), {
      words: ({ resource }) => inWords(resource),
    });
  },
});
