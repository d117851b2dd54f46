// The one way a sale, a return or an exchange comes to stand: shape, then rules, then postings. completeSale and
// returnSale differ only in what they ask for. After a rule failed on the hub it goes on, because it happened.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { party, type Party } from '../masters/party.ts'
import { checkReturns, refundedTenders } from './check-return.ts'
import { checkSale } from './check-sale.ts'
import { checkShape } from './check-shape.ts'
import { refuse } from './guard.ts'
import { leaveHeld } from './held-sale.ts'
import { postSale } from './post-sale.ts'
import type { SaleArgs } from './sale-args.ts'
import { openLines } from './sale-lines.ts'
import { sale } from './sale.ts'
import { shiftOf } from './shift.ts'
import { checkShift, settleShift } from './settle-shift.ts'

export function bookSale(ctx: Context, a: SaleArgs): void {
  const shift = shiftOf(ctx, a.shift)
  const { company, branch } = shift
  const externalRef = a.externalRef ?? null
  if (externalRef !== null) {
    // Two imports of one document, on whichever devices, make one row.
    const known = ctx.getByKey(sale, { company, externalRef, branch, businessDate: a.businessDate })
    const isNew = known === null || known === ELSEWHERE
    if (!ctx.rule('kernel.already-imported', isNew, { externalRef, exception: 'ALREADY_IMPORTED' })) return
  }
  const hasBack = (a.returns ?? []).length > 0
  const kind = !hasBack ? 'sale' : (a.lines ?? []).length > 0 ? 'exchange' : 'return'
  const id = externalRef === null ? ctx.id('sale') : ctx.idOf(sale, { company, externalRef })
  const totals = checkShape(ctx, a)
  const customer = partyOf(ctx, a)
  const lines = openLines(ctx, a, totals)
  const refunded = refundedTenders(ctx, a)
  checkShift(ctx, shift, { kind: 'sale', id, amountMinor: a.total })
  checkSale(ctx, a, { lines, shift, party: customer.known })
  checkReturns(ctx, a, { lines, refunded })
  const held = a.heldSale == null ? null : leaveHeld(ctx, a.heldSale, 'completed', null)
  const number = ctx.nextNumber(kind === 'return' ? 'R' : 'S', a.businessDate)
  postSale(ctx, {
    id,
    kind,
    number,
    heldName: held?.name ?? null,
    args: a,
    shift,
    party: customer.known,
    territory: customer.territory,
    lines,
    totals,
    refundedSales: refunded.map((paid) => paid?.document ?? null),
  })
  settleShift(ctx, shift, { kind: 'sale', id, amountMinor: a.total })
  ctx.describe({
    number,
    kind,
    party: a.partyName ?? customer.known?.name ?? null,
    amountMinor: a.total,
    currency: a.currency,
  })
}

/** The customer's row, and the territory of the balance: the arguments name it where the row isn't held. */
function partyOf(ctx: Context, a: SaleArgs): { known: Party | null; territory: string | null } {
  if (a.party == null) return { known: null, territory: null }
  const found = ctx.get(party, a.party)
  if (found === null) return refuse(ctx, 'pos.unknown-party', { party: a.party })
  if (found !== ELSEWHERE) return { known: found, territory: found.territory }
  const isOwing = a.tenders.some(({ kind }) => kind === 'account')
  if (isOwing && a.territory == null) refuse(ctx, 'pos.territory-needed', { party: a.party })
  return { known: null, territory: a.territory ?? null }
}
