// The ends of ids spread rows over leaves, and their beginnings would not (decision 0005).
import { expect, test } from 'vitest'
import { keyId, rowId } from '../kernel/hash.ts'

const YEARS_MS = 10 * 365 * 86_400_000

test('ids of commands and of natural keys end in 256 ways, and begin in one', () => {
  const made = Array.from({ length: 10_000 }, (_, seq) =>
    rowId({
      tenant: 't1',
      device: 'K7Q2',
      epoch: 1,
      seq,
      at: Date.UTC(2026, 0, 1) + (seq * YEARS_MS) / 10_000,
      label: 'x',
    }),
  )
  const keyed = Array.from({ length: 10_000 }, (_, n) => keyId('t1', 'stock', [`item ${n}`, 'leeds']))
  for (const ids of [made, keyed]) {
    const leaves = new Map<string, number>()
    for (const id of ids) leaves.set(id.slice(-2), (leaves.get(id.slice(-2)) ?? 0) + 1)
    expect(leaves.size).toBe(256)
    expect(Math.max(...leaves.values())).toBeLessThan(2.5 * (10_000 / 256))
  }
  expect(new Set(made.map((id) => id.slice(0, 2))).size).toBe(1)
})
