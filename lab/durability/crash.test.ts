import { expect, test } from 'vitest';
import { crashRounds } from './crash.ts';

// `npx tsx lab/durability/crash.ts 200` makes more rounds.
test('what was acknowledged survives kill -9, and nothing torn is served', async () => {
  const { rounds, acknowledged, lost, torn, refused } = await crashRounds(8);
  expect(acknowledged).toBeGreaterThan(rounds);
  expect({ lost, torn, refused }).toEqual({ lost: [], torn: [], refused: [] });
});
