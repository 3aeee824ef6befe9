/** Figures of a block of work: rate and latencies. */
export interface Figures { perS: number, p50Ms: number, p99Ms: number, n: number }

/** Runs `work` for `n` items by `clients` at a time and measures each. */
export async function measure(n: number, clients: number, work: (i: number) => Promise<void>): Promise<Figures> {
  const latenciesMs: number[] = []
  let next = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: clients }, async () => {
    for (let i = next++; i < n; i = next++) {
      const at = performance.now()
      await work(i)
      latenciesMs.push(performance.now() - at)
    }
  }))
  const seconds = (performance.now() - startedAt) / 1000
  return { perS: round(n / seconds), n, ...percentiles(latenciesMs) }
}

/** The median and the 99th percentile, in milliseconds. */
export function percentiles(ms: number[]): { p50Ms: number, p99Ms: number } {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (q: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN)
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** Three significant digits are more than such a measurement is good for. */
export const round = (x: number): number => Number(x.toPrecision(3))

/** The middle of several measurements. */
export const median = (xs: number[]): number => xs.toSorted((a, b) => a - b)[Math.floor(xs.length / 2)]!
