import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// A test file says by its name what it needs. The groups run one after another (0 would mean no order), so that whole
// processes under test do not compete with the rest for a small machine.
const cores = availableParallelism()
const report = process.env['NUDGE_TEST_REPORT']

export default defineConfig({
  test: {
    reporters: report === undefined || report === '' ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.redis.test.ts', 'test/**/*.e2e.test.ts'],
          testTimeout: 60_000,
          maxWorkers: cores,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'redis',
          include: ['test/**/*.redis.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          maxWorkers: Math.min(2, cores),
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          exclude: ['test/**/kill*.e2e.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          // They wait for servers most of the time.
          maxWorkers: Math.min(2, cores),
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'kill',
          include: ['test/**/kill*.e2e.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
