// What the office's documents about money owed have in common (an expense, a debt written off): a paper whose lines come to
// its total, recorded once however often it is imported, posted to the ledger and to the party's account. The command
// that uses it says what its table, its lines and its purposes are.
import {
  amountMinor,
  lineAmount,
  sumAmounts,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, integer, quantity, rate, ref, text, type ArgsOf } from '../../kernel/field.ts'
import { postJournal } from '../../kernel/ledger.ts'
import type { debtAdjustment } from './debt-adjustment.ts'
import type { expense } from './expense.ts'
import { partyOf, postOwed, type OwedParty } from './owed-party.ts'
import { refuse } from './refusals.ts'

/** Arguments of every such document; its lines are its own. */
export const owedArgs = {
  businessDate: date(),
  currency: code(),
  minorDigits: integer(),
  party: ref('masters.party').optional(),
  partyName: text(200).optional().personal(),
  /** Of a party that isn't on this device: it names the bucket of the balance. */
  territory: code().optional(),
  /** As on the paper: what the lines come to. */
  total: amount(),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  source: code().optional(),
}
export const owedLineArgs = { about: text(200), quantity: quantity(), rate: rate() }

type Given = ArgsOf<typeof owedArgs> & {
  readonly lines: readonly { readonly quantity: Quantity6; readonly rate: Rate6 }[]
}

interface Opened {
  readonly id: string
  readonly owed: OwedParty
  readonly total: AmountMinor
  /** One a line. */
  readonly amounts: readonly AmountMinor[]
  /** The header's fields that all have. */
  readonly header: ReturnType<typeof headerOf> & {
    readonly id: string
    readonly number: string
    readonly state: 'submitted'
    readonly party: string | null
    readonly partyName: string | null
    readonly minorDigits: number
    readonly total: AmountMinor
  }
}

/** Checks the paper, finds its party and draws its number; null when it was imported already. */
export function openOwed(
  ctx: Context,
  a: Given,
  of: {
    readonly table: typeof expense | typeof debtAdjustment
    readonly label: string
    readonly series: string
    /** The account that the party owes on, or is owed. */
    readonly purpose: string
  },
): Opened | null {
  if (a.lines.length === 0) refuse(ctx, 'accounting.nothing-given')
  const amounts = a.lines.map((line) => lineAmount(line.quantity, line.rate, a.minorDigits))
  const total = sumAmounts(amounts)
  if (total !== a.total) refuse(ctx, 'accounting.total-differs', { total: a.total, expected: total })
  const { company, branch } = ctx.lease
  const externalRef = a.externalRef ?? null
  const id = externalRef === null ? ctx.id(of.label) : ctx.idOf(of.table, { company, externalRef })
  if (externalRef !== null) {
    const known = ctx.getByKey(of.table, { company, externalRef, branch, businessDate: a.businessDate })
    const isNew = known === null || known === ELSEWHERE
    if (!ctx.rule('kernel.already-imported', isNew, { externalRef, exception: 'ALREADY_IMPORTED' })) return null
  }
  const owed = partyOf(ctx, { party: a.party ?? null, territory: a.territory ?? null, purpose: of.purpose })
  const number = ctx.nextNumber(of.series, a.businessDate)
  const { minorDigits } = a
  const partyName = a.partyName ?? owed.name
  return {
    id,
    owed,
    total,
    amounts,
    header: {
      ...headerOf(ctx, a),
      id,
      number,
      state: 'submitted',
      party: a.party ?? null,
      partyName,
      minorDigits,
      total,
    },
  }
}

/** Posts it: the ledger's lines, and what the party owes by it. */
export function postOwedDocument(
  ctx: Context,
  a: Given,
  { id, owed, total, header }: Opened,
  of: {
    readonly table: typeof expense | typeof debtAdjustment
    readonly lines: Parameters<typeof postJournal>[1]['lines']
    /** Debit positive, on the party's account. */
    readonly amount: AmountMinor
  },
): void {
  const { company, branch } = ctx.lease
  const document = { table: of.table, id }
  const { businessDate, currency } = a
  postJournal(ctx, { label: 'journal', document, company, branch, businessDate, lines: of.lines })
  postOwed(ctx, { owed, label: 'party', document, businessDate, amount: of.amount, item: id })
  ctx.describe({ number: header.number, party: header.partyName, amountMinor: total, currency })
}

export const negated = (amount: AmountMinor): AmountMinor => amountMinor(-amount)
