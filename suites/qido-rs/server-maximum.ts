import type { SearchLevel } from '../../schemas/search-attributes.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { hears, on, sendsHeaders, sendsJson, status, together } from '../kit/faults.ts';
import { fewStudies, mostStudies } from '../kit/givens/few-studies.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { find, sendSearch, uidsOf, warning299 } from '../kit/search.ts';

/** Searches that find as many as there are, and none that would burden a server which holds much. */
async function broadSearches(t: Trial, study: string, few: boolean): Promise<readonly (readonly [SearchLevel, string])[]> {
  if (!few) t.record(`more than ${mostStudies} studies`, 'not all of them are asked for');
  return [
    ...(few ? [['study', 'studies'] as const] : []),
    ['instance', `studies/${study}/instances`],
    ['series', `studies/${study}/series`],
  ];
}

const isCut = (exchange: Exchange) => /exceeded the maximum/i.test(warning299(exchange));
const withKey = (resource: string, query: string) => `${resource}${resource.includes('?') ? '&' : '?'}${query}`;

/** Statuses that leave the maximum undecided are seen to by the sender; a refusal of a relational search is, too. */
async function listOf(t: Trial, level: SearchLevel, resource: string) {
  const exchange = await sendSearch(t, resource);
  if (exchange.response.status >= 400) return null;
  return { uids: uidsOf(level, (await find(t, resource)).results), isCut: isCut(exchange) };
}

const maximum = 5;
const shortened = on(
  /\/studies\/[\d.]+\/instances|\/studies$/,
  sendsJson((rows: unknown[]) => rows.slice(0, maximum)),
);

// PS3.18-2013 6.7.1.2: without limit all matches are sent, or as many as the server's maximum with a Warning.
export const warned = check({
  id: 'qido-rs/server-maximum/a-cut-list-has-a-warning',
  title: 'A list that the server cuts by a maximum of its own has the Warning 299 that says so',
  requires: ['QIDO-RS-6.7.1.2-13', 'QIDO-RS-6.7.1.2-02'],
  given: { ct: fixture('ct'), few: fewStudies },
  fault: shortened,
  async run(t, { ct, few }) {
    for (const [level, resource] of await broadSearches(t, ct.studyInstanceUID, few)) {
      let list = await listOf(t, level, resource);
      if (!list) continue;
      if (list.isCut) {
        t.record('the maximum of the server', `${list.uids.length} results`);
        t.expect(`the Warning of GET ${level} results, of which there are more`, 'sent', 'sent');
        continue;
      }
      const beyond = async (from: number) => uidsOf(level, (await find(t, withKey(resource, `limit=${from + 5}&offset=${from}`))).results);
      let rest = await beyond(list.uids.length);
      if (rest.length > 0) {
        // Somebody may have stored something in between.
        list = (await listOf(t, level, resource)) ?? list;
        rest = list.isCut ? [] : await beyond(list.uids.length);
      }
      t.expect(`the results behind a list of ${list.uids.length} ${level} results that has no Warning`, rest.length, 0);
      if (resource === `studies/${ct.studyInstanceUID}/instances` && !list.isCut)
        t.expect(`the number of instances of the study "ct" without limit`, list.uids.length, ct.instances.length, {
          row: 'QIDO-RS-6.7.1.2-02',
        });
    }
  },
});

// PS3.18-2013 6.7.1.2: the server's maximum counts, whatever limit is.
export const largeLimit = check({
  id: 'qido-rs/server-maximum/a-limit-above-it',
  title: 'A limit above the maximum of the server gives as many results as no limit does',
  requires: ['QIDO-RS-6.7.1.2-04', 'QIDO-RS-6.7.1.2-12'],
  given: { ct: fixture('ct'), few: fewStudies },
  fault: on(/limit=\d{6}/, status(400)),
  async run(t, { ct, few }) {
    for (const [level, resource] of await broadSearches(t, ct.studyInstanceUID, few)) {
      const without = await listOf(t, level, resource);
      if (!without) continue;
      const large = withKey(resource, 'limit=100000');
      const exchange = await sendSearch(t, large);
      t.expect(
        `the status of a search for ${level} results with limit=100000`,
        exchange.response.status,
        satisfying('a success', (code: number) => code < 300),
      );
      const { results } = await find(t, large);
      const isSame = results.length === without.uids.length || (await listOf(t, level, resource))?.uids.length === results.length;
      t.expect(
        `the number of ${level} results with limit=100000`,
        isSame ? without.uids.length : results.length,
        without.uids.length,
        without.isCut ? { row: 'QIDO-RS-6.7.1.2-12' } : {},
      );
    }
  },
});

// PS3.18-2013 6.7.1.2: additional results can be requested; offset + 1 within the maximum is where all readings of the text agree.
export const beyond = check({
  id: 'qido-rs/server-maximum/results-beyond-it',
  title: 'What is behind a list that the server cut can be had with offset',
  requires: ['QIDO-RS-6.7.1.2-15'],
  given: { ct: fixture('ct'), few: fewStudies },
  fault: together(
    shortened,
    on(
      /\/instances/,
      sendsHeaders({ Warning: '299 http://mock.invalid/dicom-web: "The number of results exceeded the maximum supported by the server."' }),
    ),
    hears(url => url.searchParams.delete('offset')),
  ),
  async run(t, { ct, few }) {
    for (const [level, resource] of await broadSearches(t, ct.studyInstanceUID, few)) {
      const list = await listOf(t, level, resource);
      if (!list?.isCut || list.uids.length < 2) {
        t.record(`a list of ${level} results that the server cuts`, 'not met');
        continue;
      }
      const skipped = list.uids.length - 1;
      const next = await listOf(t, level, withKey(resource, `offset=${skipped}`));
      const fresh = (next?.uids ?? []).filter(uid => !list.uids.includes(uid)).length;
      t.expect(`new results at offset=${skipped}, behind a list of ${list.uids.length} that was cut`, fresh > 0 ? 'some' : 'none', 'some');
      const after = await listOf(t, level, withKey(resource, `offset=${list.uids.length}`));
      t.record('an offset at the maximum of the server', after && after.uids.length > 0 ? 'results' : 'nothing');
    }
  },
});
