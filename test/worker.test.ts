import { expect, it } from 'vitest'
import { startBenchSystem, type Part } from '../bench/system.ts'

/** How long a worker takes to end after the other parts have. */
async function endsAfterMs(others: Part[]): Promise<number> {
  const system = await startBenchSystem()
  try {
    for (const part of others) await system.stopPart(part)
    const startedAt = performance.now()
    await system.stopPart('worker')
    return performance.now() - startedAt
  } finally {
    await system.stop()
  }
}

// Killed with SIGKILL after 15 s.
it('the worker ends at once when told to', async () => {
  expect(await endsAfterMs([])).toBeLessThan(5_000)
})
it('the worker ends within its time of grace when Temporal is away', async () => {
  expect(await endsAfterMs(['temporal'])).toBeLessThan(14_000)
})
