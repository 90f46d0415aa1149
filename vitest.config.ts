import { defineConfig } from 'vitest/config';

/** Files that lack a program here, as `npm test` found out; it says so. */
const notRun = (process.env.TESTS_NOT_RUN ?? '').split(',').filter(Boolean);
const typecheck = { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: './tsconfig.json' };

/**
 * Two groups, one after the other. What neither starts a process nor waits for time shares its modules and both cores of
 * a small machine; what runs mien as its users do has one file at a time, so that nothing else slows it.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/repo/**/*.test.ts'],
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
          typecheck,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/unit/**', 'test/repo/**', ...notRun],
          maxWorkers: '50%',
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
