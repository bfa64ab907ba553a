import { expect, test } from 'vitest';
import { fuzzStore } from './store.ts';

// `node --expose-gc --import tsx lab/fuzz/store.ts 100000` sends more, and measures memory.
test('mutated store bodies are answered in order, and with the truth', async () => {
  const { broken, storedInSilence, lost, statuses } = await fuzzStore(2000);
  expect({ broken, storedInSilence, lost }).toEqual({ broken: [], storedInSilence: [], lost: [] });
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '202', '400', '409']));
});
