import { check } from '../harness/check.ts';
import { on, sendsJson, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptXml } from '../kit/media.ts';
import { mediaTypeOf } from '../kit/retrieve.ts';
import { find, sendSearch, uidsOf } from '../kit/search.ts';

const times = 10;

// PS3.18-2013 6.7.1.2: the same parameters give the same response, order included, as long as the list of results has not changed.
export const repeatable = check({
  id: 'qido-rs/order/same-query-same-order',
  title: 'The same search gives the same results in the same order each time',
  requires: ['QIDO-RS-6.7.1.2-17', 'QIDO-RS-6.7.1.2-16', 'QIDO-RS-6.7.1.2-20'],
  given: { ct: fixture('ct') },
  fault: server => {
    let asked = 0;
    const turned = sendsJson((rows: unknown[]) => (asked++ % 2 === 0 ? rows : rows.toReversed()))(server);
    return on(/\/instances/, () => turned)(server);
  },
  async run(t, { ct }) {
    const resource = `studies/${ct.studyInstanceUID}/series/${ct.instances[0]?.seriesInstanceUID}/instances`;
    const wanted = ct.instances
      .filter(each => each.seriesInstanceUID === ct.instances[0]?.seriesInstanceUID)
      .map(each => each.sopInstanceUID);
    const once = uidsOf('instance', (await find(t, resource)).results);
    for (let i = 1; i < times; i++) {
      const again = uidsOf('instance', (await find(t, resource)).results);
      t.expect('the results of the same search, sent again', new Set(again), new Set(once), { row: 'QIDO-RS-6.7.1.2-16' });
      t.expect('the order of the results of the same search, sent again', again.join() === once.join() ? 'same' : 'different', 'same');
    }
    const order =
      once.join() === wanted.join() ? 'by Instance Number' : once.join() === wanted.toSorted().join() ? 'by UID' : 'another one';
    t.record('the order of results', order);
  },
});

// PS3.18-2013 6.7.1.2: the list of results does not depend on the form it is sent in.
export const bothForms = check({
  id: 'qido-rs/order/same-results-in-both-forms',
  title: 'XML and JSON list the same results in the same order',
  requires: ['QIDO-RS-6.7.1.2-19'],
  given: { ct: fixture('ct') },
  fault: sendsParts(parts => parts.toReversed()),
  async run(t, { ct }) {
    const resource = `studies/${ct.studyInstanceUID}/series/${ct.instances[0]?.seriesInstanceUID}/instances`;
    const asked = [await sendSearch(t, resource), await sendSearch(t, resource, { form: 'xml' })];
    if (asked.some(({ response }) => response.status === 406) || new Set(asked.map(mediaTypeOf)).size === 1)
      t.skip(`the target has one form of results only, so there are no two to compare: see to Accept: ${acceptXml} and JSON`);
    const [json, xml] = [await find(t, resource, { form: 'json' }), await find(t, resource, { form: 'xml' })];
    t.expect('the SOP Instance UIDs of the XML results', uidsOf('instance', xml.results), uidsOf('instance', json.results));
  },
});
