// What the benchmarks print in the same way: quantiles of times, and a ratio beside its goal.

/** The value below which that share of the times lies. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** Milliseconds, to a hundredth below ten. */
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`

export const quantiles = (times: readonly number[]): string =>
  `p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, slowest ${ms(quantile(times, 1))}`

/** How many times its limit something takes, both measured in this run. */
export const ratio = (what: string, taken: number, limit: number, goal: string): string =>
  `ratio ${what}: ${(taken / limit).toFixed(2)} times its limit (goal ${goal})`
