// The kernel's ledgers: stock, cash, party and general ledger. Entries are signed and never changed; balances are sums
// that only deltas touch, so a device's sale and another's never overwrite each other. Modules meet here and in links.
import { amountMinor, quantity6, type AmountMinor, type Quantity6 } from './amount.ts'
import { assert } from './assert.ts'
import { ELSEWHERE, type Context } from './command.ts'
import { askAbout, batchBalance, noteMove, stockMove, type Counted } from './stock-count.ts'
import { amount, amountDelta, code, date, quantity, quantityDelta, ref, text } from './field.ts'
import { monthOf } from './document.ts'
import { table, type AnyTable } from './table.ts'

export const stockStates = ['onHand', 'reserved', 'inTransit', 'quarantine'] as const
export type StockState = (typeof stockStates)[number]

const source = {
  document: code(),
  documentId: text(64),
  businessDate: date(),
  branch: ref('masters.branch'),
}

export const stockEntry = table('kernel.stockEntry', {
  fields: {
    ...source,
    item: ref('masters.item'),
    warehouse: ref('masters.warehouse'),
    batch: text(64).optional(),
    serial: text(64).optional(),
    state: code(stockStates),
    quantity: quantity(),
    line: text(64).optional(),
    reason: code().optional(),
  },
  indexes: { byItem: ['item', 'warehouse', 'businessDate'], byDocument: ['documentId'] },
  buckets: (row) => [`entries:${row.branch}:${monthOf(row.businessDate)}`],
})

export const stockBalance = table('kernel.stockBalance', {
  key: ['item', 'warehouse'],
  fields: {
    item: ref('masters.item'),
    warehouse: ref('masters.warehouse'),
    branch: ref('masters.branch'),
    onHand: quantityDelta(),
    reserved: quantityDelta(),
    inTransit: quantityDelta(),
    quarantine: quantityDelta(),
  },
  indexes: { byItem: ['item', 'warehouse'], byWarehouse: ['warehouse', 'item'] },
  buckets: (row) => [`stock:${row.branch}`],
})

export interface StockPosting {
  /** Stable within the command: `stock/line/2`. */
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly businessDate: string
  readonly branch: string
  readonly item: string
  readonly warehouse: string
  readonly quantity: Quantity6
  readonly state?: StockState
  readonly line?: string | null
  readonly batch?: string | null | undefined
  readonly serial?: string | null | undefined
  readonly reason?: string | null | undefined
  /** When the goods moved, if that isn't the capture: a count's difference stands at the moment of the count. */
  readonly moment?: Counted
}

/**
 * One signed movement and its balance. A delta never fails; whether there is enough is a rule of the caller. What a later count has seen
 * already is taken out again on the hub, so that the count stays right. [COUNT1]
 */
export function postStock(ctx: Context, posting: StockPosting): void {
  const entry = enterStock(ctx, posting)
  const { item, warehouse, branch, quantity: moved } = posting
  if ((posting.state ?? 'onHand') !== 'onHand' || !ctx.isHub) return
  const moment = posting.moment ?? ctx.moment
  const move = { entry, item, warehouse, batch: posting.batch ?? null, quantity: moved, moment }
  const seen = noteMove(ctx, move)
  if (seen === null) return
  const { mark, isBefore, isSure } = seen
  const of = { count: mark.count, countedAt: mark.at, branch, isInCount: isBefore }
  ctx.onHub(() => {
    if (isBefore) takeOutAgain(ctx, posting)
    if (!isSure) askAbout(ctx, { ...move, movedAt: moment.at }, of)
    else
      ctx.exception('MOVED_BEFORE_COUNT', {
        item,
        warehouse,
        quantity: moved,
        document: posting.document.table.name,
        documentId: posting.document.id,
        movedAt: moment.at,
        countedAt: mark.at,
      })
  })
}

/** The equal contra of a movement: the count has it already. */
function takeOutAgain(ctx: Context, posting: StockPosting): void {
  const quantity = quantity6(-posting.quantity)
  enterStock(ctx, { ...posting, label: `${posting.label}/in-count`, quantity, reason: 'in-count' })
  ctx.patch(stockMove, ctx.id(posting.label), { quantity: quantity6(0) })
}

/** Entry and balance alone. By itself it is what follows from a count: no movement of goods, so no count asks after it. */
export function enterStock(ctx: Context, posting: StockPosting): string {
  const state = posting.state ?? 'onHand'
  const { item, warehouse, branch } = posting
  ctx.add(stockBalance, { item, warehouse, branch }, { [state]: posting.quantity })
  if (state === 'onHand' && posting.batch != null)
    ctx.add(batchBalance, { item, warehouse, batch: posting.batch }, { onHand: posting.quantity })
  return ctx.insert(stockEntry, {
    id: ctx.id(posting.label),
    document: posting.document.table.name,
    documentId: posting.document.id,
    businessDate: posting.businessDate,
    branch,
    item,
    warehouse,
    state,
    quantity: posting.quantity,
    line: posting.line ?? null,
    batch: posting.batch ?? null,
    serial: posting.serial ?? null,
    reason: posting.reason ?? null,
  })
}

/** What this side believes is on hand; null when it can't know. Soft: the hub decides. */
export function onHand(ctx: Context, item: string, warehouse: string, branch: string): Quantity6 | null {
  const balance = ctx.getByKey(stockBalance, { item, warehouse, branch }, { soft: true })
  return balance === ELSEWHERE ? null : balance === null ? (0 as Quantity6) : balance.onHand
}

export const cashKinds = [
  'float',
  'sale',
  'change',
  'refund',
  'in',
  'out',
  'drop',
  'receipt',
  'rounding',
  'difference',
  'handover',
] as const

/** Money of every tender that passes a till, by shift and method. */
export const cashEntry = table('kernel.cashEntry', {
  fields: {
    ...source,
    till: ref('masters.till'),
    shift: ref('pos.shift'),
    method: code(),
    kind: code(cashKinds),
    currency: code(),
    amount: amount(),
  },
  indexes: { byShift: ['shift', 'method'] },
  buckets: (row) => [`till:${row.branch}:${monthOf(row.businessDate)}`],
})

/** Expected money in a shift's drawer, by method and currency. */
export const cashBalance = table('kernel.cashBalance', {
  key: ['shift', 'method', 'currency'],
  fields: {
    shift: ref('pos.shift'),
    method: code(),
    currency: code(),
    branch: ref('masters.branch'),
    businessDate: date(),
    amount: amountDelta(),
  },
  indexes: { byShift: ['shift', 'method'] },
  buckets: (row) => [`till:${row.branch}:${monthOf(row.businessDate)}`],
})

export interface CashPosting {
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  /** The shift's own date: it names the bucket of the balance. */
  readonly businessDate: string
  readonly branch: string
  readonly till: string
  readonly shift: string
  readonly method: string
  readonly currency: string
  readonly kind: (typeof cashKinds)[number]
  readonly amount: AmountMinor
}

export function postCash(ctx: Context, posting: CashPosting): void {
  const { label, document, ...fields } = posting
  ctx.insert(cashEntry, { id: ctx.id(label), document: document.table.name, documentId: document.id, ...fields })
  const { shift, method, currency, branch, businessDate } = posting
  ctx.add(cashBalance, { shift, method, currency, branch, businessDate }, { amount: posting.amount })
}

export const partyAccounts = ['receivable', 'payable', 'ordered', 'delivered', 'advance'] as const

/** What a party owes (or is owed) and what is on its way: the parts of credit exposure (documents.md §4). */
export const partyEntry = table('kernel.partyEntry', {
  fields: {
    ...source,
    company: ref('masters.company'),
    party: ref('masters.party'),
    account: code(partyAccounts),
    amount: amount(),
    /** The open item this entry settles or raises: an invoice, an order. */
    item: text(64).optional(),
    dueOn: date().optional(),
  },
  indexes: { byParty: ['party', 'businessDate'], byItem: ['item'] },
  buckets: (row) => [`accounts:${row.branch}:${monthOf(row.businessDate)}`],
})

export const partyBalance = table('kernel.partyBalance', {
  key: ['party', 'company'],
  fields: {
    party: ref('masters.party'),
    company: ref('masters.company'),
    territory: code(),
    receivable: amountDelta(),
    payable: amountDelta(),
    /** Value of open orders. */
    ordered: amountDelta(),
    /** Delivered and not invoiced yet. */
    delivered: amountDelta(),
    /** Money received and not allocated. */
    advance: amountDelta(),
  },
  indexes: { byParty: ['party'] },
  buckets: (row) => [`parties:${row.territory}`, 'parties'],
  whole: ['parties'],
})

export interface PartyPosting {
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly businessDate: string
  readonly branch: string
  readonly company: string
  readonly party: string
  readonly territory: string
  readonly account: (typeof partyAccounts)[number]
  readonly amount: AmountMinor
  readonly item?: string | null
  readonly dueOn?: string | null
}

export function postParty(ctx: Context, posting: PartyPosting): void {
  const { label, document, territory, ...fields } = posting
  ctx.insert(partyEntry, { id: ctx.id(label), document: document.table.name, documentId: document.id, ...fields })
  const { party, company, account } = posting
  ctx.add(partyBalance, { party, company, territory }, { [account]: posting.amount })
}

/** Credit exposure (documents.md §4): what is owed, delivered and ordered, less what was paid ahead; null where this side can't know. */
export function exposureOf(
  ctx: Context,
  of: { readonly party: string; readonly company: string; readonly territory: string },
): AmountMinor | null {
  const balance = ctx.getByKey(partyBalance, of, { soft: true })
  if (balance === ELSEWHERE) return null
  if (balance === null) return amountMinor(0)
  return amountMinor(balance.receivable + balance.delivered + balance.ordered - balance.advance)
}

/** Which ledger account a purpose (`sales`, `till-cash`, `tax-standard` …) posts to; without a row, the purpose itself. */
export const postingProfile = table('kernel.postingProfile', {
  side: 'hub',
  key: ['company', 'purpose'],
  fields: { company: ref('masters.company'), purpose: code(), account: code() },
  buckets: (row) => [`ledger:${row.company}`],
})

export const glEntry = table('kernel.glEntry', {
  side: 'hub',
  fields: {
    ...source,
    company: ref('masters.company'),
    account: code(),
    purpose: code(),
    /** Debit positive, credit negative, in company currency. */
    amount: amount(),
    party: text(64).optional(),
  },
  indexes: { byDocument: ['documentId'], byAccount: ['account', 'businessDate'] },
  buckets: (row) => [`ledger:${row.company}`],
})

export const glBalance = table('kernel.glBalance', {
  side: 'hub',
  key: ['company', 'branch', 'account', 'month'],
  fields: {
    company: ref('masters.company'),
    branch: ref('masters.branch'),
    account: code(),
    month: code(),
    amount: amountDelta(),
  },
  indexes: { byAccount: ['company', 'account', 'month'] },
  buckets: (row) => [`ledger:${row.company}`],
})

export interface JournalLine {
  readonly purpose: string
  /** Debit positive, credit negative; lines of 0 are left out. */
  readonly amount: AmountMinor
  readonly party?: string | null
}

export interface Journal {
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly company: string
  readonly branch: string
  readonly businessDate: string
  readonly lines: readonly JournalLine[]
}

/** Posts a balanced journal. A device checks that it balances and stores nothing: these are hub tables. */
export function postJournal(ctx: Context, journal: Journal): void {
  const sum = journal.lines.reduce((total, line) => total + line.amount, 0)
  assert(sum === 0, `${journal.label} of ${journal.document.table.name} doesn't balance: off by ${sum}.`)
  if (!ctx.isHub) return
  const { company, branch, businessDate, document } = journal
  for (const [index, line] of journal.lines.entries()) {
    if (line.amount === 0) continue
    const profile = ctx.getByKey(postingProfile, { company, purpose: line.purpose })
    const account = profile === ELSEWHERE || profile === null ? line.purpose : profile.account
    ctx.insert(glEntry, {
      id: ctx.id(`${journal.label}/${index}`),
      document: document.table.name,
      documentId: document.id,
      businessDate,
      branch,
      company,
      account,
      purpose: line.purpose,
      amount: amountMinor(line.amount),
      party: line.party ?? null,
    })
    ctx.add(glBalance, { company, branch, account, month: monthOf(businessDate) }, { amount: line.amount })
  }
}

export const ledgerTables = [
  stockEntry,
  stockBalance,
  cashEntry,
  cashBalance,
  partyEntry,
  partyBalance,
  postingProfile,
  glEntry,
  glBalance,
]
