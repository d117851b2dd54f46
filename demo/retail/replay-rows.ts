// The product's own account of the replay, read back from rows: the same SQL over the hub's PostgreSQL and over a
// device's SQLite. It reads what was stored and computes nothing that a row already says.
import type { Section, SectionName } from './result.ts'
import { noKey, sections, toSection } from './result.ts'
import { printMicro, printMoney } from './replay-print.ts'

/** Runs a query and answers its rows; numbers may come as text. */
export type Select = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** What a sale's line was for, by how it stands in the books. */
const saleClass = `case when i.type = 'goods' then (case when l.quantity < 0 then 'return' when l.rate = 0 then 'free' else 'sale' end)
  when l.revenue = 'carriage-income' then 'carriage' when l.revenue = 'sales-adjustments' then 'adjustment' when l.revenue = 'discounts' then 'discount'
  when l.revenue = 'samples' then 'sample' when l.revenue = 'voucher-liability' then 'voucher' when l.revenue = 'other-income' then 'recharge' else l.revenue end`

/** Every line of every document: quantities and amounts as the retailer signs them. */
const allLines = `
  select d.device, d.remarks, d.business_date, ${saleClass} as class, l.quantity as quantity, l.total as amount
    from pos_sale_line l join pos_sale d on d.id = l.document join masters_item i on i.id = l.item where l.gone_at is null
  union all select d.device, d.remarks, d.business_date, 'stock-issue', -l.quantity, 0 from inventory_issue_line l join inventory_issue d on d.id = l.document
  union all select d.device, d.remarks, d.business_date, 'stock-receipt', l.accepted, 0 from inventory_receipt_line l join inventory_receipt d on d.id = l.document
  union all select d.device, d.remarks, d.business_date, 'expense', -l.quantity, -l.amount from accounting_expense_line l join accounting_expense d on d.id = l.document
  union all select d.device, d.remarks, d.business_date, 'bad-debt', l.quantity, l.amount from accounting_debt_adjustment_line l join accounting_debt_adjustment d on d.id = l.document
  union all select device, remarks, business_date, 'listed', quantity, amount from accounting_listed_line where reason = 'not-stock'`

/** Every document with its class. An invoice with nothing but listed lines counts once. */
const allDocuments = `
  select device, id, external_ref, case when kind = 'return' then 'return' else 'sale' end as class from pos_sale
  union all select device, id, external_ref, 'stock-issue' from inventory_issue
  union all select device, id, external_ref, 'stock-receipt' from inventory_receipt
  union all select device, id, external_ref, 'expense' from accounting_expense
  union all select device, id, external_ref, 'journal' from accounting_debt_adjustment`
const listedAlone = `
  select distinct l.device, l.external_ref as id, l.external_ref, 'listed' as class from accounting_listed_line l
    where l.reason = 'not-stock' and l.external_ref not in (select external_ref from (${allDocuments}) booked where external_ref is not null)`

const allTenders = `
  select d.device, case when t.kind = 'account' then 'receivable' when t.method = 'web' then 'web-payments' else t.method end as account, t.amount as amount
    from pos_tender t join pos_sale d on d.id = t.document
  union all select device, case when paid_from = 'web-clearing' then 'web-payments' else paid_from end, -total from accounting_expense
  union all select device, 'receivable', total from accounting_debt_adjustment`

/** A cell as text: numbers, big numbers and text alike; nothing is empty. */
const text = (cell: unknown): string =>
  typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'bigint' ? String(cell) : ''
const big = (cell: unknown): bigint => BigInt((text(cell) || '0').replace(/\.0*$/, ''))
export const countryOf = (remarks: unknown): string => text(remarks).replace(/^Country: /, '')

export class Sums {
  private readonly maps = new Map<SectionName, Map<string, bigint>>(sections.map(({ name }) => [name, new Map()]))

  add(section: SectionName, key: string, value: unknown): void {
    const map = this.maps.get(section)
    map?.set(key, (map.get(key) ?? 0n) + big(value))
  }

  /** The sums as they are, for another process. */
  raw(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    return Object.fromEntries(
      [...this.maps].map(([name, map]) => [
        name,
        Object.fromEntries([...map].map(([key, value]) => [key, String(value)])),
      ]),
    )
  }

  /** Several processes' sums as one. */
  static of(all: readonly ReturnType<Sums['raw']>[]): Sums {
    const sums = new Sums()
    for (const raw of all)
      for (const { name } of sections)
        for (const [key, value] of Object.entries(raw[name] ?? {})) sums.add(name, key, value)
    return sums
  }

  /** Each section with its values printed as its unit asks. */
  sections(): Record<SectionName, Section> {
    const print = { count: String, quantity: printMicro, money: printMoney }
    return Object.fromEntries(
      sections.map(({ name, unit }) => [
        name,
        toSection(this.maps.get(name) ?? new Map<string, bigint>(), print[unit]),
      ]),
    ) as Record<SectionName, Section>
  }
}

/** What a device itself can say: its documents, lines, stock and payments. `nameOf` turns its code into its name. */
export async function addDocuments(select: Select, sums: Sums, nameOf: (device: unknown) => string): Promise<void> {
  const lines = await select(
    `select device, remarks, substr(business_date, 1, 7) as month, class, count(*) as n, sum(quantity) as quantity, sum(amount) as amount from (${allLines}) all_lines group by device, remarks, substr(business_date, 1, 7), class`,
  )
  for (const { device, remarks, month, class: lineClass, n, quantity, amount } of lines) {
    const [name, kind, at] = [
      nameOf(device),
      text(lineClass),
      `${text(month)}|${countryOf(remarks)}|${text(lineClass)}`,
    ]
    sums.add('linesByClass', kind, n)
    sums.add('quantityByMonth', at, quantity)
    sums.add('valueByMonth', at, amount)
    sums.add('deviceLines', `${name}|${kind}`, n)
    sums.add('deviceQuantity', `${name}|${kind}`, quantity)
    sums.add('deviceValue', `${name}|${kind}`, amount)
  }
  for (const { device, class: documentClass, n } of await select(
    `select device, class, count(*) as n from (${allDocuments} union all ${listedAlone}) all_documents group by device, class`,
  )) {
    sums.add('documentsByClass', text(documentClass), n)
    sums.add('deviceDocuments', `${nameOf(device)}|${text(documentClass)}`, n)
  }
  for (const { device, account, amount } of await select(
    `select device, account, sum(amount) as amount from (${allTenders}) all_tenders group by device, account`,
  )) {
    sums.add('deviceTender', `${nameOf(device)}|${text(account)}`, amount)
  }
  const moved = await select(
    `select d.device, sum(e.quantity) as quantity from kernel_stock_entry e join (${allDocuments}) d on d.id = e.document_id group by d.device`,
  )
  for (const { device, quantity } of moved) sums.add('deviceStock', nameOf(device), quantity)
}

/** Purposes of the ledger as the comparison calls their accounts. */
const accounts: Readonly<Record<string, string>> = { 'web-clearing': 'web-payments' }

/** What only the hub can say: balances over all devices, the general ledger, links and exceptions. */
export async function addWhole(select: Select, sums: Sums): Promise<void> {
  const stock = await select(
    `select i.code_key, case when e.document = 'inventory.opening' then 'openingStock' else 'stockMovement' end as section, sum(e.quantity) as quantity
     from kernel_stock_entry e join masters_item i on i.id = e.item group by i.code_key, case when e.document = 'inventory.opening' then 'openingStock' else 'stockMovement' end`,
  )
  for (const { code_key, section, quantity } of stock)
    sums.add(section === 'openingStock' ? 'openingStock' : 'stockMovement', text(code_key), quantity)
  const ledger = await select(
    `select e.account, p.code, sum(e.amount) as amount from kernel_gl_entry e left join masters_party p on p.id = e.party group by e.account, p.code`,
  )
  for (const { account, code, amount } of ledger) {
    sums.add('trialBalance', accounts[text(account)] ?? text(account), amount)
    if (account === 'receivable') sums.add('receivable', text(code) || noKey, amount)
  }
  const returned = await select(
    `select case when l.origin_line is null then 'unlinked' else 'linked' end as linked, -sum(l.quantity) as quantity
     from pos_sale_line l join masters_item i on i.id = l.item where i.type = 'goods' and l.quantity < 0 group by case when l.origin_line is null then 'unlinked' else 'linked' end`,
  )
  for (const { linked, quantity } of returned) sums.add('returnLinks', text(linked), quantity)
  for (const { reason, item_code, n } of await select(
    'select reason, item_code, count(*) as n from accounting_listed_line group by reason, item_code',
  )) {
    sums.add('listed', `${text(reason)}|${text(item_code)}`, n)
  }
  for (const { code, n } of await select(comparedExceptions)) sums.add('exceptions', text(code), n)
}

/**
 * The exceptions that don't depend on interleaving. RETURN_UNLINKED is raised once a document; its lines are those that
 * still have no sale, in documents whose command raised it.
 */
const comparedExceptions = `
  select code, count(*) as n from kernel_exception where code in ('RETURN_EXCEEDS_SOLD', 'LISTED_UNKNOWN_CODE', 'LISTED_NOT_STOCK') group by code
  union all select 'RETURN_UNLINKED', count(*) from pos_sale_line l join masters_item i on i.id = l.item join pos_sale d on d.id = l.document
    where i.type = 'goods' and l.quantity < 0 and l.origin_line is null and d.external_ref in (
      select c.line::jsonb -> 'args' ->> 'externalRef' from kernel_exception e join command_log c on c.dev = e.dev and c.ep = e.ep and c.seq = e.seq where e.code = 'RETURN_UNLINKED')`
