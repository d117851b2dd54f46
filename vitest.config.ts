// How the tests run: one project for each world that a test's suffix names. Few workers, for two cores; a test that needs a database gets the
// run's one real PostgreSQL, and none needs a network.

import { defineConfig } from 'vitest/config'

const postgres = ['src/testing/postgres.ts']
const otherWorlds = ['src/**/*.pg.test.ts', 'demo/**/*.pg.test.ts', 'src/**/*.web.test.ts', 'src/**/*.sim.test.ts']
const properties = ['src/testing/properties.ts']
const common = { environment: 'node', pool: 'forks' } as const

// Projects that differ in their number of workers run one after the other, in the order of their group.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          setupFiles: properties,
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'demo/**/*.test.ts'],
          exclude: otherWorlds,
          maxWorkers: 2,
          // For a test that hangs: how fast a machine is, no test may ask.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'sim',
          include: ['src/**/*.sim.test.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'pg',
          setupFiles: properties,
          include: ['src/**/*.pg.test.ts', 'demo/**/*.pg.test.ts'],
          maxWorkers: 2,
          globalSetup: postgres,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'web',
          include: ['src/**/*.web.test.ts'],
          fileParallelism: false,
          globalSetup: postgres,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
