// A document whose month is closed when it reaches the hub posts into the first open month, and keeps its own date: what
// happened, happened, but a closed month's figures were already shown. It runs after every other pass.
import type { Context } from '../../kernel/command.ts'
import type { Effects } from '../../kernel/effects.ts'
import { glBalance, glEntry } from '../../kernel/ledger.ts'
import { monthOf, periodState } from '../../kernel/period.ts'
import type { Pass } from '../../kernel/run.ts'
import type { Row } from '../../kernel/table.ts'

/** Ten years: a company with more closed months ahead of a document has closed the future by mistake. */
const MONTHS_AHEAD_MAX = 120

const monthAfter = (month: string): string => {
  const next = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))
  return `${String(Math.floor(next / 12)).padStart(4, '0')}-${String((next % 12) + 1).padStart(2, '0')}`
}

/** The month that a document of `month` posts into. */
function openMonth(ctx: Context, company: string, month: string): string {
  let candidate = month
  for (
    let ahead = 0;
    ahead < MONTHS_AHEAD_MAX && periodState(ctx, company, candidate, { soft: true }) !== 'open';
    ahead++
  )
    candidate = monthAfter(candidate)
  return candidate
}

export const latePosting: Pass = {
  name: 'accounting.latePosting',
  run(ctx, effects) {
    const late = new Map<string, { own: string; posted: string; document: string; documentId: string }>()
    for (const { id, entry } of entriesOf(effects)) {
      const { company, branch, account, amount, document, documentId } = entry
      const own = monthOf(entry.businessDate)
      const posted = openMonth(ctx, company, own)
      if (posted === own) continue
      late.set(documentId, { own: entry.businessDate, posted, document, documentId })
      ctx.patch(glEntry, id, { businessDate: `${posted}-01` })
      ctx.add(glBalance, { company, branch, account, month: own }, { amount: -amount as typeof amount })
      ctx.add(glBalance, { company, branch, account, month: posted }, { amount })
    }
    for (const facts of late.values()) ctx.exception('LATE_DOCUMENT', facts)
  },
}

function entriesOf(effects: Effects): { id: string; entry: Row<typeof glEntry> }[] {
  const inserted = []
  for (const op of effects.ofTable(glEntry)?.values() ?? []) {
    if (op.insert !== null) inserted.push({ id: op.id, entry: op.insert as unknown as Row<typeof glEntry> })
  }
  return inserted.map(({ id, entry }) => ({ id, entry: { ...entry } }))
}
