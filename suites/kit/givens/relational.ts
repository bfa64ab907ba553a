import type { Given } from '../../harness/given.ts';
import { sendSearch } from '../search.ts';
import { fixture } from './fixture.ts';

/** The relational searches of PS3.18-2013 6.7.1.1, by a name for each. */
export type Relational = 'series of all studies' | 'instances of a study' | 'instances of all studies';

/** Which relational searches the target offers; edition 2013 leaves each to it, and a failure status says no. */
export const offeredRelational: Given<ReadonlySet<Relational>> = {
  key: 'relational searches',
  async provide(t) {
    const { studyInstanceUID } = await t.given(fixture('ct'));
    const resources: Readonly<Record<Relational, string>> = {
      'series of all studies': `series?StudyInstanceUID=${studyInstanceUID}`,
      'instances of a study': `studies/${studyInstanceUID}/instances`,
      'instances of all studies': `instances?StudyInstanceUID=${studyInstanceUID}`,
    };
    const offered = new Set<Relational>();
    for (const [name, resource] of Object.entries(resources) as [Relational, string][]) {
      let { status } = (await sendSearch(t, resource)).response;
      if (status === 406) status = (await sendSearch(t, resource, { form: 'xml' })).response.status;
      if (status < 400) offered.add(name);
    }
    return offered;
  },
};

/** A given that is met where the target offers this relational search. */
export const offers = (name: Relational): Given<true> => ({
  key: `relational search: ${name}`,
  async provide(t) {
    if (!(await t.given(offeredRelational)).has(name))
      t.skip(`the target refuses the relational search for ${name}, which edition 2013 leaves to it`);
    return true;
  },
});
