import { tagOf } from '../../schemas/dictionary.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import type { Trial } from '../harness/trial.ts';
import { fixture } from './givens/fixture.ts';
import { someStudies } from './retrieve.ts';
import { sendSearch } from './search.ts';

/** The octets of a text, each percent-encoded. */
export const everyOctet = (text: string): string =>
  [...Buffer.from(text)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** A study on the target and its Patient ID: of the fixtures, or whatever is held; null where none has an id that can be sent as it is. */
async function anyPatient(t: Trial): Promise<readonly [study: string, id: string] | null> {
  try {
    const { studyInstanceUID, instances } = await t.given(fixture('ct'));
    const element = instances[0]?.dataSet.get(tagOf('PatientID'));
    return [studyInstanceUID, element && 'values' in element ? String(element.values[0]) : ''];
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
  }
  for (const { studyInstanceUID } of await t.given(someStudies)) {
    const { status, body } = (await sendSearch(t, `studies?StudyInstanceUID=${studyInstanceUID}`)).response;
    const [, id] =
      status === 200 ? (/"00100020"\s*:\s*\{[^}]*"Value"\s*:\s*\[\s*"([\w.-]+)"/.exec(Buffer.from(body).toString('utf8')) ?? []) : [];
    if (id !== undefined) return [studyInstanceUID, id];
  }
  return null;
}

/**
 * Whether the target decodes percent-encoded values (PS3.18-2013 6.7.1.1). One that does not is told so by one check; to the others, whose values cannot be sent otherwise,
 * it tells nothing. Where it cannot be seen, it counts as done.
 */
export const decodesValues: Given<boolean> = {
  key: 'decodes percent-encoded values',
  async provide(t) {
    try {
      const [study, id] = (await anyPatient(t)) ?? ['', ''];
      const finds = async (value: string) => {
        const { status, body } = (await sendSearch(t, `studies?StudyInstanceUID=${study}&PatientID=${value}`)).response;
        return status === 200 && Buffer.from(body).toString('latin1').includes(study);
      };
      return study === '' || !(await finds(id)) || (await finds(everyOctet(id)));
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
