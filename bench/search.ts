import { readQuery } from '../mock-server/http/query.ts';
import { createEntities } from '../mock-server/services/entities.ts';
import { search } from '../mock-server/services/search.ts';
import { createStore } from '../mock-server/storage/store.ts';
import type { SearchLevel } from '../schemas/search-attributes.ts';
import { syntheticInstances } from './synthetic.ts';

/**
 * Time per search of the mock server with 1,000, 10,000 and 100,000 studies of ten instances each. The yardstick is a search in the same run that looks at every study: by
 * Study ID, for which there is no index. Needs 4 GB: node --max-old-space-size=6000.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000, 100_000];
const limits = { maximumResults: 1000, broadest: Number.POSITIVE_INFINITY, fuzzyMatching: true };
const perSearch = 300;

/** Median time of a search in milliseconds. */
function time(run: () => number): { readonly ms: number; readonly found: number } {
  const found = run();
  const times: number[] = [];
  const until = performance.now() + perSearch;
  do {
    const from = performance.now();
    run();
    times.push(performance.now() - from);
  } while (performance.now() < until);
  return { ms: times.sort((a, b) => a - b)[times.length >> 1] ?? 0, found };
}

const table: Record<string, Record<string, string>> = {};
const memory: Record<string, string> = {};
for (const studies of sizes) {
  const store = createStore();
  const begun = performance.now();
  const entities = createEntities(store);
  for (const instance of syntheticInstances(studies)) store.add(instance);
  memory[studies.toLocaleString('en')] =
    `${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB, filled in ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const middle = studies >> 1;
  const uid = `1.2.3.${middle}`;
  const searches: readonly (readonly [what: string, level: SearchLevel, query: string])[] = [
    ['StudyInstanceUID', 'study', `StudyInstanceUID=${uid}`],
    ['PatientID', 'study', `PatientID=P${middle % 1000}`],
    ['AccessionNumber', 'study', `AccessionNumber=A${middle}`],
    ['StudyDate, one day', 'study', 'StudyDate=20130509'],
    ['StudyDate, a week, page of 25', 'study', 'StudyDate=20130509-20130515&limit=25'],
    ['instances of a study, relational', 'instance', `StudyInstanceUID=${uid}`],
    ['yardstick: StudyID, looks at all', 'study', `StudyID=${middle}`],
    ['yardstick: wild card, looks at all', 'study', `PatientName=*SMITH${middle}^*`],
  ];
  for (const [what, level, query] of searches) {
    const asked = readQuery(level, new URLSearchParams(query));
    const { ms, found } = time(() => search(asked, entities, limits, () => 'http://x').results.length);
    table[what] = { ...table[what], [studies.toLocaleString('en')]: `${ms < 1 ? ms.toFixed(4) : ms.toFixed(1)} ms (${found})` };
  }
}
console.log('median time of a search, and how many results it has, by the number of studies held');
console.table(table);
console.table(memory);
