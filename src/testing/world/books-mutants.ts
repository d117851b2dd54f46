// Faults in what is posted: the law of books (books-law.ts) must notice each of them, and the reference too.
import type { Mutant } from './mutants.ts'

const ledger = 'src/kernel/ledger.ts'

export const booksMutants: readonly Mutant[] = [
  {
    name: 'a journal leaves out what it credits',
    file: ledger,
    find: 'if (line.amount === 0) continue',
    replace: 'if (line.amount <= 0) continue',
  },
  {
    name: 'a drawer hears nothing of its tenders',
    file: ledger,
    find: 'ctx.add(cashBalance, { shift, method, currency, branch, businessDate }, { amount: posting.amount })',
    replace: '',
  },
  {
    name: 'a tender changes those that were posted before it in its drawer',
    file: ledger,
    find: 'const { shift, method, currency, branch, businessDate } = posting',
    replace: `const { shift, method, currency, branch, businessDate } = posting
  for (const { id } of ctx.find(cashEntry, 'byShift', { shift, method }))
    if (id !== ctx.id(label)) ctx.patch(cashEntry, id, { kind: 'handover' })`,
  },
  {
    name: 'loses the sums of work that needn’t run again',
    file: 'src/sync/device/rebase.ts',
    find: 'if (deltas !== null && !commands.has(seq)) sums.push({ seq, table, id, add: deltas })',
    replace: 'void deltas',
    // Where a quarter of what waits is connected all of it runs again, and in a small backlog that is nearly always.
    tests: ['rebase', 'rebase-scope', 'component'].map((name) => `src/sync/device/${name}.test.ts`),
  },
]
