import { check } from '../../harness/check.ts';
import { hears, on, sendsJson } from '../../kit/faults.ts';
import { expectNames, namesOf } from '../../kit/found.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { attributeIn, find, textsIn } from '../../kit/search.ts';

const step = '00400275.00400009';
const procedure = '00400275.00401001';
const [straight, crossed] = ['requests/straight', 'requests/crossed'];

// PS3.4-2013 C.2.2.2.6: a sequence matches if at least one of its items does.
export const anyItem = check({
  id: 'qido-rs/matching/any-item-of-a-sequence',
  title: 'A key in a sequence finds the series of which any item matches, and its matching types are the usual ones',
  requires: ['QIDO-RS-6.7.1.2.1-39', 'QIDO-RS-6.7.1.2.1-43'],
  given: { requests: fixture('requests'), series: fixture('search-series') },
  // Only first items are looked at.
  fault: on(
    /00401001=CONFTEST-P2/,
    sendsJson(() => []),
  ),
  async run(t, { requests, series }) {
    const below = `studies/${requests.studyInstanceUID}/series`;
    const both = [...namesOf('series', [requests]).values()];
    await expectNames(t, 'series', `${below}?${procedure}=CONFTEST-P1`, [requests], both);
    await expectNames(t, 'series', `${below}?${procedure}=CONFTEST-P2`, [requests], both);
    await expectNames(t, 'series', `${below}?${procedure}=CONFTEST-P3`, [requests], []);
    // The same matching types inside of items.
    const row = 'QIDO-RS-6.7.1.2.1-43';
    const others = `studies/${series.studyInstanceUID}/series?${step}=`;
    await expectNames(t, 'series', `${others}CONFTEST-S1*`, [series], namesOf('series', [series]).values(), { row });
    await expectNames(t, 'series', `${others}*S10`, [series], ['search-series/of-10'], { row });
    await expectNames(t, 'series', `${others}conftest-s1*`, [series], [], { row });
    await expectNames(t, 'series', `${others}`, [series], namesOf('series', [series]).values(), { row });
  },
});

// PS3.4-2013 C.2.2.2.6 with the one key item that the keys of a URL make: all of them have to match within the same item.
export const sameItem = check({
  id: 'qido-rs/matching/keys-of-a-sequence-match-in-one-item',
  title: 'Keys below one sequence have to match within the same item',
  requires: ['QIDO-RS-6.7.1.2.1-40'],
  given: { requests: fixture('requests') },
  fault: on(
    /00400275\..*00400275\./,
    hears(url => url.searchParams.delete(procedure)),
  ),
  async run(t, { requests }) {
    const by = (procedureId: string, stepId: string) =>
      `studies/${requests.studyInstanceUID}/series?${step}=${stepId}&${procedure}=${procedureId}`;
    await expectNames(t, 'series', by('CONFTEST-P1', 'CONFTEST-S1'), [requests], [straight]);
    await expectNames(t, 'series', by('CONFTEST-P1', 'CONFTEST-S2'), [requests], [crossed]);
    await expectNames(t, 'series', by('CONFTEST-P2', 'CONFTEST-S*'), [requests], [straight, crossed]);
  },
});

// PS3.4-2013 C.2.2.2.6: the sequence in a result has the items that match.
export const returned = check({
  id: 'qido-rs/matching/a-matched-sequence-is-returned',
  title: 'A series found by a key in a sequence has this sequence, with the item that matched, in its result',
  requires: ['QIDO-RS-6.7.1.2.1-41'],
  given: { requests: fixture('requests') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '00400275': _, ...row }) => row)),
  async run(t, { requests }) {
    const { results } = await find(t, `studies/${requests.studyInstanceUID}/series?${step}=CONFTEST-S2`);
    t.expect('the number of series found by a Scheduled Procedure Step ID', results.length, requests.instances.length);
    for (const result of results) {
      const content = attributeIn(result, 'RequestAttributesSequence')?.content;
      const steps = content?.kind === 'items' ? content.items.flatMap(item => textsIn(item, 'ScheduledProcedureStepID')) : [];
      t.expect(
        'the Scheduled Procedure Step ID that was searched for, in Request Attributes Sequence (0040,0275) of a result',
        steps.includes('CONFTEST-S2') ? 'present' : 'absent',
        'present',
      );
    }
  },
});
