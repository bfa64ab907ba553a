import type { FixtureStudy } from '../../fixtures/recipe.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { SearchLevel } from '../../schemas/search-attributes.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { answers, hears, on, sendsJson } from '../kit/faults.ts';
import { expectNames, namesOf } from '../kit/found.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { offeredRelational, offers } from '../kit/givens/relational.ts';
import { sendSearch, warning299 } from '../kit/search.ts';

/** Expects every entity of each study, asked for by its UID. */
async function expectAll(t: Trial, level: SearchLevel, path: string, studies: readonly FixtureStudy[], row: RequirementId): Promise<void> {
  for (const study of studies) {
    const resource = `${path}?StudyInstanceUID=${study.studyInstanceUID}`;
    const exchange = await sendSearch(t, resource);
    if (warning299(exchange) === '') await expectNames(t, level, resource, studies, namesOf(level, [study]).values(), { row });
    else t.record(`the ${path} of one study`, 'more than the target sends at once');
  }
}

// PS3.18-2013 6.7.1.1: {SERVICE}/series searches the series of all studies.
export const series = check({
  id: 'qido-rs/relational/series-of-all-studies',
  title: 'A search for series across all studies finds those of each study',
  requires: ['QIDO-RS-6.7.1.1-03'],
  given: { offered: offers('series of all studies'), ct: fixture('ct'), mixed: fixture('mixed') },
  fault: on(
    /\/dicom-web\/series/,
    sendsJson((rows: unknown[]) => rows.slice(0, 1)),
  ),
  async run(t, { ct, mixed }) {
    await expectAll(t, 'series', 'series', [ct, mixed], 'QIDO-RS-6.7.1.1-03');
  },
});

// PS3.18-2013 6.7.1.1: {SERVICE}/instances searches the instances of all studies.
export const instances = check({
  id: 'qido-rs/relational/instances-of-all-studies',
  title: 'A search for instances across all studies finds those of each study',
  requires: ['QIDO-RS-6.7.1.1-06'],
  given: { offered: offers('instances of all studies'), ct: fixture('ct'), mixed: fixture('mixed') },
  // The study that was asked for is forgotten after the first series.
  fault: on(
    /\/dicom-web\/instances/,
    sendsJson((rows: unknown[]) => rows.slice(0, 3)),
  ),
  async run(t, { ct, mixed }) {
    await expectAll(t, 'instance', 'instances', [ct, mixed], 'QIDO-RS-6.7.1.1-06');
  },
});

// PS3.18-2013 6.7.1.1: {SERVICE}/studies/{StudyInstanceUID}/instances searches one study across its series.
export const ofStudy = check({
  id: 'qido-rs/relational/instances-of-a-study',
  title: 'A search for the instances of a study finds those of all its series and no others',
  requires: ['QIDO-RS-6.7.1.1-05'],
  given: { offered: offers('instances of a study'), ct: fixture('ct'), mixed: fixture('mixed') },
  fault: on(
    /\/studies\/[\d.]+\/instances/,
    hears(url => {
      url.pathname = '/dicom-web/instances';
    }),
  ),
  async run(t, { ct, mixed }) {
    for (const study of [ct, mixed]) {
      const resource = `studies/${study.studyInstanceUID}/instances`;
      await expectNames(t, 'instance', resource, [ct, mixed], namesOf('instance', [study]).values());
    }
  },
});

// A search that is not offered is refused, and not answered as if there were nothing.
export const refused = check({
  id: 'qido-rs/relational/refused-with-a-failure-status',
  title: 'A relational search that is not offered is refused with a failure status, not with an empty list',
  requires: ['QIDO-RS-6.7.1.1-09'],
  given: { offered: offeredRelational, ct: fixture('ct') },
  fault: answers(async (response, request) =>
    /\/dicom-web\/(series|instances)/.test(request.url)
      ? new Response('[]', { headers: { 'Content-Type': 'application/json' } })
      : response,
  ),
  async run(t, { offered, ct }) {
    for (const [name, resource] of [
      ['series of all studies', 'series'],
      ['instances of all studies', 'instances'],
    ] as const) {
      t.record(`the relational search for ${name}`, offered.has(name) ? 'offered' : 'refused');
      const { status, body } = (await sendSearch(t, `${resource}?StudyInstanceUID=${ct.studyInstanceUID}`)).response;
      const answer =
        status >= 400 ? 'refused' : Buffer.from(body).toString('latin1').includes(ct.studyInstanceUID) ? 'answered' : 'an empty list';
      t.expect(
        `the answer to a search for ${name} by the UID of a study that is there`,
        answer === 'an empty list' ? answer : 'refused or answered',
        'refused or answered',
      );
    }
  },
});
