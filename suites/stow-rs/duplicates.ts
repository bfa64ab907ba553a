import { check } from '../harness/check.ts';
import { anyOf, byEdition } from '../harness/expected.ts';
import { valueIn } from '../kit/documents.ts';
import { missing, ways } from '../kit/kept.ts';
import { acceptJson, acceptXml } from '../kit/media.ts';
import { ask, seriesPath } from '../kit/retrieve.ts';
import { freshStudy, namesOf, reasonOf, store } from '../kit/stored.ts';
import { anyStatus } from './module.ts';

// PS3.18-2013 6.6 says nothing of instances that are there already; what is reported must fit together all the same.
export const again = check({
  id: 'stow-rs/duplicates/stored-again',
  title: 'An instance that is stored again is listed once, and the status fits what the list says',
  requires: ['STOW-RS-6.6.1.2-09', 'STOW-RS-6.6.1.2-08'],
  given: { ways },
  writes: true,
  // Not listed at all.
  fault: anyStatus(text => text.replace(/<Item number="1"\s*>[\s\S]*?<\/Item>(?=\s*<Item number="2")/, '')),
  async run(t) {
    const [first, second] = (await freshStudy(t, 'ct', 2)).instances;
    if (!first || !second) return;
    if ((await store(t, [first])).status >= 300) t.skip('the target did not store a CT image');
    const { status, stored, failed, module } = await store(t, [first, second]);
    t.record('the status of storing an instance again, together with a new one', String(status));
    t.record(
      'the Failure Reasons for an instance that is stored again',
      failed.map(item => `0x${reasonOf(item).toString(16)}`).join(', ') || 'none',
    );
    if (!module || ![200, 202].includes(status)) t.skip(`the answer (status ${status}) has no list of what was stored`);
    const times = [...stored, ...failed].filter(item => item.sopInstanceUID === first.sopInstanceUID).length;
    t.expect('how often an instance that is stored again is listed', times, 1);
    const warned = stored.some(({ attributes }) => valueIn(attributes, 'WarningReason') !== '');
    const fitting = failed.length > 0 ? 202 : warned ? byEdition({ '2013': 202, '2019b': anyOf(200, 202) }) : anyOf(200, 202);
    t.expect(`the status when an instance that is stored again is listed as ${failed.length > 0 ? 'failed' : 'stored'}`, status, fitting);
    const kept = [first, second].filter(each => each === first || namesOf([each], failed).length === 0);
    t.expect('the instances that are not there after one was stored again', await missing(t, kept), []);
  },
});

// A SOP Instance UID names one instance (PS3.5-2013 9), so there is one to be found.
export const twice = check({
  id: 'stow-rs/duplicates/twice-in-one-request',
  title: 'The same SOP Instance UID twice in one request gives one instance',
  requires: ['STOW-RS-6.6.1.2-10'],
  given: { ways },
  writes: true,
  fault: server => async request => {
    const response = await server(request);
    if (!/SOPInstanceUID=/.test(request.url) || response.status !== 200) return response;
    const text = await response.text();
    return new Response(text.replace(/^\[([\s\S]*)\]$/, '[$1,$1]'), { status: 200, headers: response.headers });
  },
  async run(t, { ways: known }) {
    if (!known.includes('search')) t.skip('the target has no QIDO-RS, so copies cannot be counted');
    const { instances } = await freshStudy(t, 'ct', 1);
    const [instance] = instances;
    if (!instance) return;
    const { status } = await store(t, [instance, instance]);
    t.record('the status of storing the same instance twice in one request', String(status));
    if (![200, 202].includes(status)) t.skip(`the target refuses the same instance twice in one request (status ${status})`);
    await missing(t, instances);
    for (const accept of [acceptJson(t.edition), acceptXml]) {
      const { response } = await ask(t, `${seriesPath(instance)}/instances?SOPInstanceUID=${instance.sopInstanceUID}`, accept);
      if (response.status !== 200) continue;
      // The UID as a value on its own: not that within a URL.
      const found =
        Buffer.from(response.body)
          .toString('latin1')
          .match(new RegExp(`[">]\\s*${instance.sopInstanceUID.replaceAll('.', '\\.')}\\s*["<]`, 'g')) ?? [];
      t.expect('the search results for an instance that was stored twice in one request', found.length, 1);
      return;
    }
  },
});
