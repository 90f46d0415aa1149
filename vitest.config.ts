import { defineConfig } from 'vitest/config';

/** Files that lack a program here, as `npm test` found out; it says so. */
const notRun = (process.env.TESTS_NOT_RUN ?? '').split(',').filter(Boolean);
const typecheck = { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: './tsconfig.json' };

/** What runs mien on files and benchmarks, in the browser and beside brokers, and does not measure how long anything takes. */
const BESIDE = [
  'analyze',
  'analyze-library',
  'analyze-manners',
  'bad-video',
  'colour',
  'dashboard-alerts',
  'dashboard-cameras',
  'dashboard-history',
  'dashboard-insights',
  'dashboard-session',
  'dashboard-wall',
  'dataset-describe',
  'eval',
  'eval-benchmark',
  'example-observable',
  'example-r',
  'files-and-live',
  'holding',
  'insights',
  'keeping',
  'media-fuzz',
  'mqtt-alert',
  'mqtt-broker',
  'people',
  'report',
  'report-people',
  'review',
  'rules',
  'sound-file',
  'speaking',
  'study',
  'study-report',
  'video-encoder',
  'video-file',
].map((name) => `test/e2e/${name}.test.ts`);

/**
 * Three groups, one after the other. What neither starts a process nor waits for time shares its modules and both cores of
 * a small machine; what runs mien as its users do has two files at a time there, but for what a deadline hangs on: that
 * has one, so that nothing else slows it.
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
          name: 'beside',
          include: BESIDE,
          exclude: notRun,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: ['test/unit/**', 'test/repo/**', ...BESIDE, ...notRun],
          maxWorkers: '50%',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
