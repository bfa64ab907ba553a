import type { Given } from '../../harness/given.ts';
import { sendSearch } from '../search.ts';

/** How many studies may be asked for at once. */
export const mostStudies = 2000;
/** The length of an answer without results, at most. */
const shortest = 150;

/** Whether the target has so few studies that one may ask for all of them at once. */
export const fewStudies: Given<boolean> = {
  key: 'few studies',
  async provide(t) {
    // In the letter of 2013 a page is empty that begins beyond the limit, so a larger one is asked for, too.
    for (const limit of [1, mostStudies]) {
      const { response } = await sendSearch(t, `studies?limit=${limit}&offset=${mostStudies - 1}`);
      if (response.status >= 300 || response.body.length > shortest) return false;
    }
    return true;
  },
};
