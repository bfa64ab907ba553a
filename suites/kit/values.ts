import { tagOf } from '../../schemas/dictionary.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import type { Trial } from '../harness/trial.ts';
import { fixture } from './givens/fixture.ts';
import { sendSearch } from './search.ts';

/** The octets of a text, each percent-encoded. */
export const everyOctet = (text: string): string =>
  [...Buffer.from(text)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/**
 * Whether the target decodes percent-encoded values (PS3.18-2013 6.7.1.1). One that does not is told so by one check; to the others, whose values cannot be sent otherwise,
 * it tells nothing. Where it cannot be seen, it counts as done.
 */
export const decodesValues: Given<boolean> = {
  key: 'decodes percent-encoded values',
  async provide(t) {
    try {
      const { studyInstanceUID, instances } = await t.given(fixture('ct'));
      const element = instances[0]?.dataSet.get(tagOf('PatientID'));
      const id = element && 'values' in element ? String(element.values[0]) : '';
      const finds = async (value: string) => {
        const { status, body } = (await sendSearch(t, `studies?StudyInstanceUID=${studyInstanceUID}&PatientID=${value}`)).response;
        return status === 200 && Buffer.from(body).toString('latin1').includes(studyInstanceUID);
      };
      return !(await finds(id)) || (await finds(everyOctet(id)));
    } catch (error) {
      if (error instanceof Skip) return true;
      throw error;
    }
  },
};

/** Why nothing is asked that can only be asked with encoded octets. */
export const notDecoded =
  'the target does not decode percent-encoded values, which qido-rs/matching/percent-encoded-values judges: nothing can be said of what needs them';

/** Whether a query can be asked here: one with encoded octets only where the target decodes them. */
export async function askable(t: Trial, query: string): Promise<boolean> {
  return !query.includes('%') || (await t.given(decodesValues));
}
