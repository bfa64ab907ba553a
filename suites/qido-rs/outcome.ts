import type { Trial } from '../harness/trial.ts';
import { find } from '../kit/search.ts';

/** Whether a search finds anything, in words. */
export async function outcome(t: Trial, resource: string): Promise<'found' | 'not found'> {
  return (await find(t, resource)).results.length > 0 ? 'found' : 'not found';
}
