// Writes a sale that was checked: its rows, and what it posts to stock, till, party and ledger. Every id comes from a
// position in the arguments. Of the rules only the serials' is left, because the move itself tells who holds one.
import { amountMinor, ONE6, quantity6, sumAmounts } from '../../kernel/amount.ts'
import type { Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { postCash, postJournal, postParty, postStock, type StockPosting } from '../../kernel/ledger.ts'
import { takeSerialIn, takeSerialOut } from '../masters/batch.ts'
import type { Party } from '../masters/party.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'
import type { SaleArgs, TenderArgs } from './sale-args.ts'
import { movesStock, pricedOf, type OpenLine } from './sale-lines.ts'
import { changeOf, dueOn, journalOf, passesTill } from './sale-money.ts'
import { sale, saleLine, tender, type saleKinds } from './sale.ts'
import type { Shift } from './shift.ts'

export interface CheckedSale {
  readonly id: string
  readonly kind: (typeof saleKinds)[number]
  readonly number: string
  readonly heldName: string | null
  readonly args: SaleArgs
  readonly shift: Shift
  readonly party: Party | null
  readonly territory: string | null
  readonly lines: readonly OpenLine[]
  readonly totals: DocumentTotals
  /** The sale of each refunded payment, by the tender's position: the open item that a refund on account settles. */
  readonly refundedSales: readonly (string | null)[]
}

export function postSale(ctx: Context, of: CheckedSale): void {
  insertHeader(ctx, of)
  of.lines.forEach((line, position) => {
    insertLine(ctx, of, { line, position })
    postLineStock(ctx, of, line)
  })
  of.args.tenders.forEach((paid, at) => {
    insertTender(ctx, of, { paid, at })
    if (passesTill(paid)) postTenderCash(ctx, of, { paid, at })
    else if (paid.kind === 'account') postTenderParty(ctx, of, { paid, at })
  })
  const { company, branch } = of.shift
  const document = { table: sale, id: of.id }
  const lines = journalOf(of.args, of.lines, of.totals)
  postJournal(ctx, { label: 'journal', document, company, branch, businessDate: of.args.businessDate, lines })
}

function insertHeader(ctx: Context, { id, kind, number, heldName, args: a, shift, totals }: CheckedSale): void {
  ctx.insert(sale, {
    id,
    ...headerOf(ctx, { ...a, company: shift.company, branch: shift.branch }),
    number,
    state: 'submitted',
    kind,
    till: shift.till,
    shift: shift.id,
    warehouse: shift.warehouse,
    party: a.party ?? null,
    partyName: a.partyName ?? null,
    pricesIncludeTax: a.pricesIncludeTax,
    taxRounding: a.taxRounding,
    minorDigits: a.minorDigits,
    gross: totals.gross,
    discount: totals.discount,
    net: totals.net,
    tax: totals.tax,
    taxes: totals.taxes,
    total: totals.total,
    cashRounding: a.cashRounding ?? amountMinor(0),
    change: sumAmounts(a.tenders.map(changeOf)),
    documentRules: a.documentRules ?? [],
    originalNumber: a.originalNumber ?? null,
    reason: a.reason ?? null,
    heldName,
  })
}

function insertLine(ctx: Context, of: CheckedSale, { line, position }: { line: OpenLine; position: number }): void {
  const { args, back, sums } = line
  const originLine = back?.originLine ?? line.origin?.id ?? null
  ctx.insert(saleLine, {
    id: line.id,
    document: of.id,
    position,
    item: args.item,
    itemCode: args.itemCode,
    itemName: args.itemName,
    quantity: line.quantity,
    unit: line.unit,
    factorNum: args.factorNum ?? 1,
    factorDen: args.factorDen ?? 1,
    stockQuantity: line.stockQuantity,
    pricedQuantity: line.pricedQuantity,
    rate: args.rate,
    source: args.source,
    rules: args.rules ?? [],
    gross: sums.gross,
    ruleDiscount: sums.ruleDiscount,
    lineDiscount: sums.lineDiscount,
    documentDiscount: sums.documentDiscount,
    discount: sums.discount,
    net: sums.net,
    tax: sums.tax,
    taxes: sums.taxes,
    total: sums.total,
    revenue: line.revenue,
    batch: args.batch ?? null,
    serials: args.serials ?? [],
    originLine,
    disposition: back === null ? null : (back.disposition ?? 'saleable'),
    reason: back?.reason ?? null,
  })
  if (originLine === null) return
  const quantity = quantity6(pricedOf(args))
  ctx.add(saleLine, originLine, { returned: quantity })
  ctx.link({ table: saleLine, id: line.id }, { table: saleLine, id: originLine }, 'returns', quantity)
}

/** One entry a line, or one a serial; scrap comes in and goes out again, so that both are seen. */
function postLineStock(ctx: Context, of: CheckedSale, line: OpenLine): void {
  if (!movesStock(line.item) || line.stockQuantity === 0) return
  const { args, back } = line
  const serials = args.serials ?? []
  const isBySerial = serials.length > 0 && serials.length * ONE6 === Math.abs(line.stockQuantity)
  const parts = isBySerial
    ? serials.map((serial) => ({ serial, quantity: ONE6 }))
    : [{ serial: null, quantity: Math.abs(line.stockQuantity) }]
  const unconfirmed: string[] = []
  parts.forEach(({ serial, quantity }, at) => {
    const posting: StockPosting = {
      label: `stock/${line.label}/${at}`,
      document: { table: sale, id: of.id },
      businessDate: of.args.businessDate,
      branch: of.shift.branch,
      item: args.item,
      warehouse: of.shift.warehouse,
      quantity: quantity6(line.stockQuantity > 0 ? -quantity : quantity),
      state: back?.disposition === 'quarantine' ? 'quarantine' : 'onHand',
      line: line.id,
      batch: args.batch ?? null,
      serial,
      reason: back === null ? 'sale' : 'return',
    }
    postStock(ctx, posting)
    if (serial !== null && !moveSerial(ctx, of, { line, serial })) unconfirmed.push(serial)
    if (back?.disposition === 'scrap') {
      postStock(ctx, {
        ...posting,
        label: `scrap/${line.label}/${at}`,
        quantity: quantity6(-posting.quantity),
        reason: 'scrap',
      })
    }
  })
  if (unconfirmed.length > 0) ctx.patch(saleLine, line.id, { unconfirmedSerials: unconfirmed })
}

/** Whether this sale holds the serial now; a second claim on it is named by the masters, and both documents stand. */
function moveSerial(ctx: Context, of: CheckedSale, { line, serial }: { line: OpenLine; serial: string }): boolean {
  const { branch, warehouse } = of.shift
  const move = {
    item: line.args.item,
    number: serial,
    branch,
    warehouse,
    document: { table: sale, id: of.id },
    party: of.args.party ?? null,
  }
  if (line.back === null) return takeSerialOut(ctx, move)
  const isHeld = takeSerialIn(ctx, move)
  return isHeld && line.back.disposition === 'scrap' ? takeSerialOut(ctx, move, 'withdrawn') : isHeld
}

interface Paid {
  readonly paid: TenderArgs
  readonly at: number
}

function insertTender(ctx: Context, of: CheckedSale, { paid, at }: Paid): void {
  ctx.insert(tender, {
    id: ctx.id(`tender/${at}`),
    document: of.id,
    position: at,
    method: paid.method,
    kind: paid.kind,
    amount: paid.amount,
    given: paid.given ?? null,
    change: changeOf(paid),
    reference: paid.reference ?? null,
    state: paid.kind === 'card' && paid.isOffline === true ? 'taken' : 'settled',
    foreignCurrency: paid.foreignCurrency ?? null,
    foreignAmount: paid.foreignAmount ?? null,
    foreignDigits: paid.foreignDigits ?? null,
    exchangeRate: paid.exchangeRate ?? null,
    refundOf: paid.refundOf ?? null,
  })
  if (paid.refundOf != null) ctx.add(tender, paid.refundOf, { refunded: amountMinor(-paid.amount) })
}

/** What lies in the drawer: foreign notes in their own currency, the change in the shift's. */
function postTenderCash(ctx: Context, of: CheckedSale, { paid, at }: Paid): void {
  const { shift } = of
  const posting = {
    document: { table: sale, id: of.id },
    businessDate: shift.businessDate,
    branch: shift.branch,
    till: shift.till,
    shift: shift.id,
    method: paid.method,
  }
  const currency = paid.foreignCurrency ?? of.args.currency
  const taken = paid.foreignAmount ?? paid.given ?? paid.amount
  postCash(ctx, { ...posting, label: `cash/${at}`, currency, kind: paid.amount < 0 ? 'refund' : 'sale', amount: taken })
  const change = changeOf(paid)
  if (change !== 0)
    postCash(ctx, {
      ...posting,
      label: `change/${at}`,
      currency: of.args.currency,
      kind: 'change',
      amount: amountMinor(-change),
    })
}

/** Each sale on account is an open item of its own; a refund settles the one it gives back. */
function postTenderParty(ctx: Context, of: CheckedSale, { paid, at }: Paid): void {
  const { args: a, shift, party, territory } = of
  if (a.party == null || territory === null) return
  postParty(ctx, {
    label: `party/${at}`,
    document: { table: sale, id: of.id },
    businessDate: a.businessDate,
    branch: shift.branch,
    company: shift.company,
    party: a.party,
    territory,
    account: 'receivable',
    amount: paid.amount,
    item: of.refundedSales[at] ?? of.id,
    dueOn: dueOn(a.businessDate, party?.termsDays ?? 0),
  })
}
