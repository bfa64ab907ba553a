import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { TransportTrouble } from '../harness/outcome.ts';
import { isOwn } from '../harness/target.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attributes } from '../kit/compare.ts';
import { sendsJson } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { objectsOf, type RetrievedObject } from '../kit/objects.ts';
import { ask } from '../kit/retrieve.ts';
import { find, findUnlessRefused, textsIn } from '../kit/search.ts';

/** What is retrieved from the Retrieve URL of a result; null when it is empty, which says that there is no WADO-RS to retrieve from. */
async function retrieved(
  t: Trial,
  result: Attributes | undefined,
  what: string,
  row: RequirementId,
  also: readonly RequirementId[] = [],
): Promise<readonly RetrievedObject[] | null> {
  const [url] = result ? textsIn(result, 'RetrieveURL') : [];
  if (url === undefined) {
    t.record(`Retrieve URL of ${what}`, 'empty');
    return null;
  }
  t.expect(`the Retrieve URL of ${what}`, /^https?:\/\/[^/]+/i.test(url) ? 'an absolute URL' : url, 'an absolute URL', { row });
  try {
    const exchange = await ask(t, url, acceptDicom);
    t.expect(`the status of GET of the Retrieve URL of ${what}`, exchange.response.status, 200, { row, also });
    return objectsOf(t, exchange, { row });
  } catch (error) {
    if (!(error instanceof TransportTrouble) || isOwn(t.target, url)) throw error;
    t.expect(`the answer to GET of the Retrieve URL of ${what}`, `no answer from ${new URL(url).host}`, 'an answer of a WADO-RS service', {
      row,
    });
    return null;
  }
}

const toStudy = sendsJson((rows: Record<string, { Value?: string[] }>[]) =>
  rows.map(row => {
    const url = row['00081190']?.Value?.[0];
    return url ? { ...row, '00081190': { vr: 'UT', Value: [url.replace(/\/series\/.*/, '')] } } : row;
  }),
);

// PS3.18-2013 Table 6.7.1-2: the URL of the WADO-RS resource of the study; empty if it cannot be retrieved via WADO-RS.
export const ofStudy = check({
  id: 'qido-rs/retrieve-url/of-a-study',
  title: 'The Retrieve URL of a study result leads to the study',
  requires: ['QIDO-RS-6.7.1.2.2.1-09', 'QIDO-RS-6.7.1.2.2.1-10'],
  given: { ct: fixture('ct') },
  fault: sendsJson((rows: Record<string, unknown>[]) =>
    rows.map(row => ({ ...row, '00081190': { vr: 'UT', Value: ['http://mock.invalid/viewer?study=1'] } })),
  ),
  async run(t, { ct }) {
    const { results } = await find(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}`);
    const found = await retrieved(t, results[0], 'a study result', 'QIDO-RS-6.7.1.2.2.1-09', ['QIDO-RS-6.7.1.2.2.1-10']);
    if (found)
      t.expect(
        'the instances of the study that its Retrieve URL leads to',
        uidsIn(found, ct.studyInstanceUID, 'studyInstanceUID'),
        ct.instances.length,
      );
  },
});

const uidsIn = (
  found: readonly RetrievedObject[],
  uid: string,
  level: 'studyInstanceUID' | 'seriesInstanceUID' | 'sopInstanceUID',
): number => new Set(found.filter(each => each[level] === uid).map(each => each.sopInstanceUID)).size;

export const ofSeries = check({
  id: 'qido-rs/retrieve-url/of-a-series',
  title: 'The Retrieve URL of a series result leads to the series, and to nothing else',
  requires: ['QIDO-RS-6.7.1.2.2.2-05', 'QIDO-RS-6.7.1.2.2.2-20'],
  given: { mixed: fixture('mixed') },
  fault: toStudy,
  async run(t, { mixed }) {
    const { seriesInstanceUID } = firstOf(mixed);
    const { results } = await find(t, `studies/${mixed.studyInstanceUID}/series?SeriesInstanceUID=${seriesInstanceUID}`);
    const found = await retrieved(t, results[0], 'a series result', 'QIDO-RS-6.7.1.2.2.2-05');
    if (!found) return;
    const wanted = mixed.instances.filter(each => each.seriesInstanceUID === seriesInstanceUID).length;
    t.expect('the instances of the series that its Retrieve URL leads to', uidsIn(found, seriesInstanceUID, 'seriesInstanceUID'), wanted);
    t.expect('all that the Retrieve URL of a series leads to', `${found.length} instances`, `${wanted} instances`, {
      row: 'QIDO-RS-6.7.1.2.2.2-20',
    });
  },
});

export const ofInstance = check({
  id: 'qido-rs/retrieve-url/of-an-instance',
  title: 'The Retrieve URL of an instance result leads to the instance, and to nothing else',
  requires: ['QIDO-RS-6.7.1.2.2.3-06', 'QIDO-RS-6.7.1.2.2.3-20', 'QIDO-RS-6.7.1.2.2.3-19'],
  given: { mixed: fixture('mixed') },
  fault: toStudy,
  async run(t, { mixed }) {
    const { seriesInstanceUID, sopInstanceUID } = firstOf(mixed);
    const query = `SOPInstanceUID=${sopInstanceUID}`;
    const { results } = await find(t, `studies/${mixed.studyInstanceUID}/series/${seriesInstanceUID}/instances?${query}`);
    const found = await retrieved(t, results[0], 'an instance result', 'QIDO-RS-6.7.1.2.2.3-06');
    if (found) {
      t.expect('the instance that its Retrieve URL leads to', uidsIn(found, sopInstanceUID, 'sopInstanceUID'), 1);
      t.expect('all that the Retrieve URL of an instance leads to', `${found.length} instances`, '1 instances', {
        row: 'QIDO-RS-6.7.1.2.2.3-20',
      });
    }
    // Results of relational searches have attributes of several levels, of which each has a Retrieve URL of its own.
    const relational = (await findUnlessRefused(t, `instances?${query}`)) ?? [];
    for (const [url] of relational.map(each => textsIn(each, 'RetrieveURL'))) {
      if (url === undefined) continue;
      const row = 'QIDO-RS-6.7.1.2.2.3-19';
      t.expect(
        'whether the Retrieve URL of a result of /instances names the instance',
        url.includes(sopInstanceUID) ? 'yes' : 'no',
        'yes',
        { row },
      );
    }
  },
});
