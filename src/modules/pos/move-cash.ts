// The one way a movement of the drawer is written: its document, the cash and the journal. The commands beside it say
// which way the money goes and why.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { cashBalance, postCash, postJournal, type CashPosting } from '../../kernel/ledger.ts'
import { cashMovement, type movementKinds } from './cash-movement.ts'
import { refuse, rule } from './guard.ts'
import { checkShift, settleShift } from './settle-shift.ts'
import { shiftOf } from './shift.ts'

export const movementArgs = {
  shift: ref('pos.shift'),
  businessDate: date(),
  remarks: text().optional(),
}

export interface Movement {
  readonly shift: string
  readonly businessDate: string
  readonly remarks?: string | null | undefined
  readonly kind: (typeof movementKinds)[number]
  /** Signed: positive into the drawer; 0 moves no money. */
  readonly amount: AmountMinor
  readonly method: string
  readonly reason: string
  /** The ledger purpose on the other side. */
  readonly purpose: string | null
  readonly cashKind: CashPosting['kind'] | null
  readonly sale?: string | null
}

/** The amount of a movement as a person types it: above zero whichever way it goes. */
export function positive(ctx: Context, amount: AmountMinor): AmountMinor {
  if (amount <= 0) refuse(ctx, 'pos.amount-not-positive', { amountMinor: amount })
  return amount
}

export function moveCash(ctx: Context, of: Movement): void {
  if (of.reason.trim() === '') refuse(ctx, 'pos.reason-needed', { kind: of.kind })
  const at = shiftOf(ctx, of.shift)
  const { company, branch, currency } = at
  const { businessDate, kind, amount, method, reason } = of
  const id = ctx.id('movement')
  const about = { kind: 'movement', id, amountMinor: amount } as const
  checkShift(ctx, at, about)
  if (amount < 0) {
    const held = ctx.getByKey(
      cashBalance,
      { shift: at.id, method, currency, branch: at.branch, businessDate: at.businessDate },
      { soft: true },
    )
    const money = held === ELSEWHERE ? null : (held?.amount ?? 0)
    // The amount in the drawer stays out of the facts: the count at the close is blind.
    rule(ctx, 'pos.not-enough-cash', money === null || money + amount >= 0, { method, currency, amountMinor: -amount })
  }
  ctx.insert(cashMovement, {
    id,
    ...headerOf(ctx, { businessDate, currency, company, branch, remarks: of.remarks ?? null }),
    state: 'submitted',
    kind,
    till: at.till,
    shift: at.id,
    method: amount === 0 ? null : method,
    amount,
    reason,
    sale: of.sale ?? null,
  })
  if (of.cashKind !== null && of.purpose !== null && amount !== 0) {
    const document = { table: cashMovement, id }
    const drawer = { businessDate: at.businessDate, branch, till: at.till, shift: at.id, method, currency }
    postCash(ctx, { label: 'cash', document, ...drawer, kind: of.cashKind, amount })
    const lines = [
      { purpose: 'till-cash', amount },
      { purpose: of.purpose, amount: amountMinor(-amount) },
    ]
    postJournal(ctx, { label: 'journal', document, company, branch, businessDate, lines })
  }
  settleShift(ctx, at, about)
  ctx.describe({ kind, reason, amountMinor: amount, currency })
}
