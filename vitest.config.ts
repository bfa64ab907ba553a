import { defineConfig } from 'vitest/config';

const notOurs = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // One for each core: the default leaves one idle, which is half of the machine that checks this.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...notOurs, 'lab/**'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['lab/**/*.test.ts'],
          exclude: notOurs,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // The checks as tests: CONFORMANCE_URL=… npx vitest run --project conformance
        test: {
          name: 'conformance',
          include: ['suites/conformance.vitest.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
