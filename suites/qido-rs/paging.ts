import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hears, hearsKey, on, sendsJson, status } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { find, notCut, sendSearch, uidsOf } from '../kit/search.ts';

/** The resource of a series of twelve instances. */
const twelve = (study: Parameters<typeof firstOf>[0]) =>
  `studies/${study.studyInstanceUID}/series/${firstOf(study).seriesInstanceUID}/instances`;

const uids = async (t: Trial, resource: string, row: Parameters<typeof find>[2] = {}) =>
  uidsOf('instance', notCut(t, await find(t, resource, row)).results);

// PS3.18-2013 6.7.1.2: the last result is number skipped + limit, as far as there are so many.
export const limit = check({
  id: 'qido-rs/paging/limit-bounds-the-results',
  title: 'limit=2 returns two results where there are more, and a large limit all of them',
  requires: ['QIDO-RS-6.7.1.1-52', 'QIDO-RS-6.7.1.2-03', 'QIDO-RS-6.7.1.2-14'],
  given: { ct: fixture('ct') },
  fault: on(
    /[?&]limit=/,
    hears(url => url.searchParams.delete('limit')),
  ),
  async run(t, { ct }) {
    const all = await uids(t, twelve(ct));
    t.expect('the number of results for limit=2', (await uids(t, `${twelve(ct)}?limit=2`)).length, 2);
    const row = 'QIDO-RS-6.7.1.2-03';
    const large = await uids(t, `${twelve(ct)}?limit=${all.length + 5}`, { row });
    t.expect('the number of results for a limit above the number of matches', large.length, all.length, { row });
    const { exchange } = await find(t, `${twelve(ct)}?limit=2`);
    const warns = exchange.response.headers.some(([name]) => name.toLowerCase() === 'warning');
    t.record('a Warning where only the limit of the client shortened the list', warns ? 'sent' : 'not sent');
  },
});

export const offset = check({
  id: 'qido-rs/paging/offset-skips-results',
  title: 'offset=2 skips two results; without offset, or with a negative one, nothing is skipped',
  requires: ['QIDO-RS-6.7.1.1-53', 'QIDO-RS-6.7.1.2-07', 'QIDO-RS-6.7.1.2-08'],
  given: { ct: fixture('ct') },
  // The offset counts pages.
  fault: on(
    /[?&]offset=/,
    hears(url => url.searchParams.set('offset', String(Number(url.searchParams.get('offset')) * 5))),
  ),
  async run(t, { ct }) {
    const all = await uids(t, twelve(ct));
    t.expect(`the number of results for offset=2 of ${all.length}`, (await uids(t, `${twelve(ct)}?offset=2`)).length, all.length - 2);
    const first = await uids(t, `${twelve(ct)}?limit=2`);
    const withZero = { row: 'QIDO-RS-6.7.1.2-07' } as const;
    t.expect(
      'whether limit=2&offset=0 gives the same as limit=2',
      same(await uids(t, `${twelve(ct)}?limit=2&offset=0`, withZero), first),
      'same',
      withZero,
    );
    const negative = { row: 'QIDO-RS-6.7.1.2-08' } as const;
    t.expect(
      'whether limit=2&offset=-3 gives the same as limit=2',
      same(await uids(t, `${twelve(ct)}?limit=2&offset=-3`, negative), first),
      'same',
      negative,
    );
  },
});

const same = (some: readonly string[], others: readonly string[]): string => (some.join() === others.join() ? 'same' : 'different');

// PS3.18-2013 6.7.1.2: the first result is number skipped + 1.
export const pages = check({
  id: 'qido-rs/paging/pages-make-the-whole-list',
  title: 'Pages follow each other without gap and without repetition',
  requires: ['QIDO-RS-6.7.1.2-09', 'QIDO-RS-6.7.1.2-11', 'QIDO-RS-6.7.1.2-18'],
  given: { ct: fixture('ct') },
  // Each page has its own order.
  fault: sendsJson((rows: unknown[], request) => (/offset=[1-9]/.test(request.url) ? rows.toReversed() : rows)),
  async run(t, { ct }) {
    const all = await uids(t, twelve(ct));
    const [zero, two] = [await uids(t, `${twelve(ct)}?limit=3&offset=0`), await uids(t, `${twelve(ct)}?limit=3&offset=2`)];
    t.expect('the number of results that limit=3 gives for offset=0 and for offset=2', [zero.length, two.length], [3, 3]);
    t.expect('the number of results that both pages have', zero.filter(uid => two.includes(uid)).length, 1);
    // In the letter of 2013 a page that begins beyond the limit may be empty; corrected in 2016a.
    const beyond = { row: 'QIDO-RS-6.7.1.2-11' } as const;
    const second = await uids(t, `${twelve(ct)}?limit=2&offset=2`, beyond);
    t.expect('the number of results on the second page of two', second.length, 2, beyond);
    const order = { row: 'QIDO-RS-6.7.1.2-18' } as const;
    const concatenated: string[] = [];
    for (let skipped = 0; skipped < all.length; skipped += 5)
      concatenated.push(...(await uids(t, `${twelve(ct)}?limit=5&offset=${skipped}`, order)));
    t.expect('all pages of five, one after the other, and the list without pages', same(concatenated, all), 'same', order);
  },
});

export const beyondTheEnd = check({
  id: 'qido-rs/paging/offset-beyond-the-end',
  title: 'An offset at or beyond the number of matches returns an empty result',
  requires: ['QIDO-RS-6.7.1.2-10'],
  given: { ct: fixture('ct') },
  fault: hearsKey('offset', value => (Number(value) > 11 ? '0' : value)),
  async run(t, { ct }) {
    const all = await uids(t, twelve(ct));
    for (const skipped of [all.length, all.length + 100]) {
      t.expect(
        `the number of results for offset=${skipped} of ${all.length}`,
        (await uids(t, `${twelve(ct)}?offset=${skipped}`)).length,
        0,
      );
    }
  },
});

export const oddLimits = check({
  id: 'qido-rs/paging/zero-and-malformed-limits',
  title: 'limit=0 returns nothing and limit=abc is refused or ignored',
  requires: ['QIDO-RS-6.7.1.2-05', 'QIDO-RS-6.7.1.2-06'],
  given: { ct: fixture('ct') },
  fault: on(/limit=abc/, status(500)),
  async run(t, { ct }) {
    const zero = await sendSearch(t, `${twelve(ct)}?limit=0`);
    if (zero.response.status === 400) t.record('limit=0', 'refused with 400');
    else t.expect('the number of results for limit=0', (await uids(t, `${twelve(ct)}?limit=0`)).length, 0);
    const row = 'QIDO-RS-6.7.1.2-06';
    for (const query of ['limit=abc', 'offset=abc']) {
      const { response } = await sendSearch(t, `${twelve(ct)}?${query}`);
      t.expect(
        `the status of a search with ${query}`,
        response.status,
        satisfying('200, or 400 to 499', (code: number) => code === 200 || (code >= 400 && code < 500)),
        { row },
      );
    }
  },
});

export const everyLevel = check({
  id: 'qido-rs/paging/all-levels-have-pages',
  title: 'limit and offset work for studies, series and instances',
  requires: ['QIDO-RS-6.7.1.1-54'],
  given: { ct: fixture('ct'), mixed: fixture('mixed'), sr: fixture('sr') },
  fault: on(
    /\/series\?/,
    hears(url => url.searchParams.delete('limit')),
  ),
  async run(t, { ct, mixed, sr }) {
    const fixtures = [ct, mixed, sr].map(({ studyInstanceUID }) => `StudyInstanceUID=${studyInstanceUID}`).join('&');
    for (const [level, resource] of [
      ['study', `studies?${fixtures}`],
      ['series', `studies/${mixed.studyInstanceUID}/series?`],
      ['instance', `${twelve(ct)}?`],
    ] as const) {
      const count = async (query: string) => uidsOf(level, (await find(t, `${resource}&${query}`)).results).length;
      const all = uidsOf(level, notCut(t, await find(t, resource.replace(/\?$/, ''))).results).length;
      // A target without UID lists finds too few studies here, which other checks judge.
      if (all < 3) continue;
      t.expect(`the number of results for limit=2 at ${level} level`, await count('limit=2'), 2);
      t.expect(`the number of results for offset=1 of ${all} at ${level} level`, await count('offset=1'), all - 1);
    }
  },
});
