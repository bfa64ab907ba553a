import type { Given } from '../../harness/given.ts';
import { Skip } from '../../harness/outcome.ts';
import { firstOf, textOf } from '../finding.ts';
import { sendSearch } from '../search.ts';
import { fixture } from './fixture.ts';

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
      const ct = await t.given(fixture('ct'));
      const of = `studies?StudyInstanceUID=${ct.studyInstanceUID}&PatientID=`;
      const id = textOf(firstOf(ct), 'PatientID');
      const finds = async (value: string) => {
        const { status, body } = (await sendSearch(t, of + value)).response;
        return status === 200 && Buffer.from(body).toString('latin1').includes(ct.studyInstanceUID);
      };
      return !(await finds(id)) || (await finds(everyOctet(id)));
    } catch (error) {
      if (error instanceof Skip) return true;
      throw error;
    }
  },
};

/** Skips what can only be asked with encoded octets, where the target does not decode them. */
export const notDecoded =
  'the target does not decode percent-encoded values, which qido-rs/matching/percent-encoded-values judges: nothing can be said of what needs them';
