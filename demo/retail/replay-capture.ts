// One till at work without a network: a shift a day, and each invoice of its share as the product's documents, in the
// order of the file. What was captured before is left alone, so that a second run changes nothing.
import { amountMinor, quantity6, rate6, type AmountMinor } from '../../src/kernel/amount.ts'
import type { RunAnswer } from '../../src/sync/device/api.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { currency, minorDigits, stockUnit, type TillPlace } from './replay-company.ts'
import { originKey, type Origin, type PlannedDocument, type PlannedInvoice, type PlannedLine } from './replay-plan.ts'
import { draftSale, sumsOf, valueOf, type Captured, type Known } from './replay-sale.ts'

/** A returned line whose sale is on another device, by the ids that both have. */
export interface LateLink {
  readonly line: string
  readonly origin: Origin
  /** Above zero. */
  readonly quantity: number
}

interface OpenShift {
  readonly id: string
  readonly date: string
  readonly documents: { kind: 'sale'; id: string; amountMinor: number }[]
  web: number
}

/** Rules that the person at the till may override: the retailer's paper is the authority. */
const overrides = [
  'pos.return-exceeds-sold',
  'pos.refund-other-tender',
  'pos.refund-over-paid',
  'pos.return-over-limit',
  'pos.credit-exceeded',
  'inventory.receipt-without-order',
]

const reasons: readonly (readonly [RegExp, string])[] = [
  [/damag|broke|crush|crack|smash|wet|mou?ld|rust|faulty|throw|thrown/i, 'breakage'],
  [/lost|missing|stolen|found/i, 'loss'],
  [/sample/i, 'sample'],
]
const reasonFrom = (text: string): string => reasons.find(([words]) => words.test(text))?.[1] ?? 'correction'

export class TillAtWork {
  readonly lateLinks: LateLink[] = []
  documents = 0
  /** Documents that were there already. */
  known = 0
  private readonly device: Device
  private readonly till: TillPlace
  private readonly facts: Known & { readonly captured: Map<string, Captured> }
  private shift: OpenShift | null = null

  constructor(device: Device, till: TillPlace, facts: Known & { readonly captured: Map<string, Captured> }) {
    this.device = device
    this.till = till
    this.facts = facts
  }

  /** Captures every document of an invoice. */
  async capture(invoice: PlannedInvoice): Promise<void> {
    for (const document of invoice.documents) await this.captureOne(invoice, document)
    const listed = invoice.documents
      .flatMap(({ lines }) => lines)
      .filter(({ kind, isUnknown }) => kind === 'listed' || isUnknown)
    if (listed.length > 0) await this.list(invoice, listed)
  }

  private captureOne(invoice: PlannedInvoice, document: PlannedDocument): Promise<unknown> {
    switch (document.kind) {
      case 'sale':
      case 'return':
        return this.sell(invoice, document)
      case 'issue':
      case 'receipt':
        return this.move(invoice, document)
      case 'expense':
        return this.spend(invoice, document)
      case 'debt':
        return this.writeOff(invoice, document)
      case 'listed':
        return Promise.resolve()
    }
  }

  private async run(
    command: string,
    args: Readonly<Record<string, unknown>>,
    about: string,
  ): Promise<(RunAnswer & { saved: true }) | null> {
    const answer = await this.device.run(command, args, { overrides })
    if (answer.saved) {
      this.documents += 1
      return answer
    }
    if (answer.refusal.code !== 'kernel.already-imported')
      throw new Error(`${this.till.name}: ${command} for ${about} was refused: ${JSON.stringify(answer.refusal)}`)
    this.known += 1
    return null
  }

  private header(invoice: PlannedInvoice, ref: string): Readonly<Record<string, unknown>> {
    return { businessDate: invoice.date, remarks: `Country: ${invoice.country}`, externalRef: ref }
  }

  private async sell(invoice: PlannedInvoice, document: PlannedDocument): Promise<void> {
    const shift = await this.shiftOn(invoice.date)
    const draft = draftSale(this.facts, invoice, document, { shift: shift.id, device: this.till.index })
    const answer = await this.run(draft.command, draft.args, invoice.number)
    if (answer === null) return
    const ids = answer.inserted['pos.saleLine'] ?? []
    const tender = answer.inserted['pos.tender']?.[0] ?? null
    for (const [at, line] of draft.order.entries()) {
      if (line.kind !== 'goods' || line.document === 'return') continue
      this.facts.captured.set(originKey({ invoice: invoice.number, position: line.position }), {
        device: this.till.index,
        line: ids[at] ?? '',
        tender,
        sold: sumsOf(line),
        returned: [],
      })
    }
    for (const { line, origin } of draft.linked) origin.returned.push(sumsOf(line))
    for (const line of draft.late)
      if (line.origin !== null)
        this.lateLinks.push({
          line: ids[draft.order.indexOf(line)] ?? '',
          origin: line.origin,
          quantity: -line.quantity,
        })
    shift.documents.push({ kind: 'sale', id: answer.inserted['pos.sale']?.[0] ?? '', amountMinor: draft.total })
    if (invoice.customer === '') shift.web += draft.total
  }

  private async move(invoice: PlannedInvoice, document: PlannedDocument): Promise<void> {
    const { warehouse } = this.till
    const about = document.lines.find(({ about }) => about !== '')?.about ?? ''
    const goods = (line: PlannedLine) => ({ item: this.itemOf(line), unit: stockUnit })
    if (document.kind === 'issue') {
      const lines = document.lines.map((line) => ({ ...goods(line), quantity: quantity6(-line.quantity) }))
      await this.run(
        'inventory.issueGoods',
        {
          ...this.header(invoice, document.ref),
          warehouse,
          reason: reasonFrom(about),
          ...(about !== '' && { purpose: about }),
          lines,
        },
        invoice.number,
      )
    } else {
      const lines = document.lines.map((line) => ({ ...goods(line), accepted: line.quantity }))
      await this.run(
        'inventory.receiveGoods',
        { ...this.header(invoice, document.ref), warehouse, lines },
        invoice.number,
      )
    }
  }

  /** A fee that the file charges below zero is an expense above zero. */
  private async spend(invoice: PlannedInvoice, document: PlannedDocument): Promise<void> {
    const lines = document.lines.map((line) => ({
      item: this.itemOf(line),
      about: line.about || line.code,
      purpose: 'fees',
      quantity: quantity6(-line.quantity),
      rate: line.rate,
    }))
    const total = amountMinor(-this.totalOf(document))
    const paidFrom = invoice.customer === '' ? 'web-clearing' : 'receivable'
    await this.run(
      'accounting.recordExpense',
      {
        ...this.header(invoice, document.ref),
        ...this.partyOf(invoice),
        currency,
        minorDigits,
        paidFrom,
        lines,
        total,
        source: 'import',
      },
      invoice.number,
    )
  }

  private async writeOff(invoice: PlannedInvoice, document: PlannedDocument): Promise<void> {
    const lines = document.lines.map(({ about, code, quantity, rate }) => ({ about: about || code, quantity, rate }))
    await this.run(
      'accounting.writeOffDebt',
      {
        ...this.header(invoice, document.ref),
        ...this.partyOf(invoice),
        currency,
        minorDigits,
        lines,
        total: this.totalOf(document),
        source: 'import',
      },
      invoice.number,
    )
  }

  private async list(invoice: PlannedInvoice, lines: readonly PlannedLine[]): Promise<void> {
    const listed = lines.map((line) => ({
      position: line.position,
      reason: line.kind === 'listed' ? 'not-stock' : 'unknown-code',
      itemCode: line.code,
      about: line.about,
      quantity: line.quantity,
      rate: rate6(line.rate),
    }))
    await this.run(
      'accounting.listLines',
      { ...this.header(invoice, invoice.number), minorDigits, lines: listed },
      invoice.number,
    )
  }

  private totalOf = (document: PlannedDocument): AmountMinor =>
    amountMinor(document.lines.reduce((sum, line) => sum + valueOf(line), 0))

  private partyOf(invoice: PlannedInvoice): { party?: string } {
    const party = this.facts.parties.get(invoice.customer)
    return party === undefined ? {} : { party }
  }

  private itemOf(line: PlannedLine): string {
    const item = this.facts.items.get(line.code)
    if (item === undefined) throw new Error(`The item ${line.code} was not imported.`)
    return item
  }

  private async shiftOn(date: string): Promise<OpenShift> {
    if (this.shift?.date === date) return this.shift
    await this.closeShift()
    const answer = await this.device.run('pos.openShift', {
      till: this.till.till,
      businessDate: date,
      currency,
      float: 0,
    })
    if (!answer.saved)
      throw new Error(`${this.till.name}: no shift could be opened on ${date}: ${JSON.stringify(answer.refusal)}`)
    this.shift = { id: answer.inserted['pos.shift']?.[0] ?? '', date, documents: [], web: 0 }
    return this.shift
  }

  /** Closes the day: what the web shop took is counted, the documents are listed. */
  async closeShift(): Promise<void> {
    const { shift } = this
    this.shift = null
    if (shift === null) return
    const counts =
      shift.web === 0 ? [] : [{ method: 'web', kind: 'other', currency, expected: shift.web, counted: shift.web }]
    const answer = await this.device.run('pos.closeShift', {
      shift: shift.id,
      businessDate: shift.date,
      minorDigits,
      counts,
      documents: shift.documents,
    })
    if (!answer.saved)
      throw new Error(
        `${this.till.name}: the shift of ${shift.date} could not be closed: ${JSON.stringify(answer.refusal)}`,
      )
  }
}
