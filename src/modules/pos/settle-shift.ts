// How documents and the close of their shift find each other, in whichever order they arrive. A listed document that
// comes late completes its shift; one that isn't listed stands and is named; neither ever opens a new session.
import type { Context } from '../../kernel/command.ts'
import { cashMovement } from './cash-movement.ts'
import { rule } from './guard.ts'
import { sale } from './sale.ts'
import { isOpen, shift, type ListedDocument, type Shift } from './shift.ts'

/** The shift must be open, or its close must have listed this document with this amount. */
export function checkShift(ctx: Context, of: Shift, about: ListedDocument): void {
  const listed = of.closedDocuments?.find(({ id }) => id === about.id)
  const facts = {
    shift: of.id,
    document: about.id,
    amountMinor: about.amountMinor,
    listedMinor: listed?.amountMinor ?? null,
  }
  rule(ctx, 'pos.shift-not-open', isOpen(of) || listed?.amountMinor === about.amountMinor, facts)
  rule(ctx, 'pos.shift-of-other-device', of.device === ctx.device, { shift: of.id, till: of.till, device: ctx.device })
}

/** The listed documents that aren't here (yet). */
export const missingDocuments = (ctx: Context, listed: readonly ListedDocument[]): ListedDocument[] =>
  listed.filter(({ kind, id }) => ctx.get(kind === 'sale' ? sale : cashMovement, id) === null)

/** Call after the document was written: the last one that a close waited for settles it. */
export function settleShift(ctx: Context, of: Shift, about: ListedDocument): void {
  const listed = of.closedDocuments ?? []
  if (isOpen(of) || of.isSettled || !listed.some(({ id }) => id === about.id)) return
  if (missingDocuments(ctx, listed).length === 0) ctx.patch(shift, of.id, { isSettled: true })
}
