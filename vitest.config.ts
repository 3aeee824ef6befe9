import { defineConfig } from 'vitest/config'

const faultTest = 'test/fault.test.ts'
const longTests = '**/*.long.test.ts'
const journeys = 'web/journeys/**'

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    projects: [
      {
        test: {
          name: 'all',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/.anxin/**', faultTest, journeys, longTests],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      // Too long for every run: `npm run test:long`.
      ...(process.env.ANXIN_LONG === '1' ? [{
        test: { name: 'long', include: [longTests], exclude: ['**/node_modules/**', '**/.anxin/**'], pool: 'forks' as const, maxWorkers: 1, testTimeout: 3_600_000, hookTimeout: 120_000 },
      }] : []),
      {
        // A real browser on the whole system; half of the time it waits.
        test: { name: 'web', include: [`${journeys}/*.test.ts`], exclude: [longTests], sequence: { groupOrder: 1 }, pool: 'forks', maxWorkers: 2, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        // It kills the servers it uses and wants both cores: alone, after the others.
        test: { name: 'fault', include: [faultTest], sequence: { groupOrder: 2 }, pool: 'forks', maxWorkers: 1, testTimeout: 600_000, hookTimeout: 120_000 },
      },
    ],
  },
})
