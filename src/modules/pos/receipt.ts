// A receipt as data, made from the stored sale and from nothing else (law L14: what is printed equals what is stored,
// for ever). A printer, a screen or a PDF lays it out; none of them computes. It adds up nothing that isn't stored.
import { formatAmount, formatQuantity, formatRate, type AmountMinor } from '../../kernel/amount.ts'
import type { Sale, SaleLine, Tender } from './sale.ts'

/** Who sold it, as it stands on top and at the foot. */
export interface ReceiptHouse {
  readonly name: string
  readonly branch: string
  readonly address: readonly string[]
  readonly taxId: string | null
  readonly till: string
  readonly cashier: string
}

export interface ReceiptLine {
  readonly name: string
  readonly code: string
  /** `2 box × 12.50`; the unit's own decimals. */
  readonly quantity: string
  readonly unit: string
  readonly rate: string
  /** Before discounts. */
  readonly gross: string
  /** Null when nothing was taken off. */
  readonly discount: string | null
  /** After discounts, with tax where prices include it. */
  readonly amount: string
  readonly taxCodes: readonly string[]
  readonly serials: readonly string[]
  readonly isReturn: boolean
}

export interface ReceiptTax {
  readonly code: string
  /** `20` for 20 %. */
  readonly percent: string
  readonly base: string
  readonly tax: string
}

export interface ReceiptTender {
  readonly method: string
  readonly amount: string
  readonly given: string | null
  readonly change: string | null
  /** `20.00 EUR`, for foreign cash. */
  readonly foreign: string | null
  readonly reference: string | null
}

export interface Receipt {
  readonly kind: Sale['kind']
  readonly house: ReceiptHouse
  readonly number: string
  /** Set on anything but the first print. */
  readonly copy: number | null
  readonly businessDate: string
  /** Milliseconds since 1970; printed in `tz`. */
  readonly capturedAt: number
  readonly tz: string
  readonly party: string | null
  readonly originalNumber: string | null
  readonly currency: string
  readonly lines: readonly ReceiptLine[]
  readonly net: string
  readonly taxes: readonly ReceiptTax[]
  readonly tax: string
  readonly total: string
  /** Null when nothing was rounded. */
  readonly cashRounding: string | null
  readonly tenders: readonly ReceiptTender[]
  readonly change: string | null
  readonly remarks: string | null
  /** What the QR code holds: number, total and the short form of the command's seal. */
  readonly code: string
}

export interface ReceiptOf {
  readonly sale: Sale
  readonly lines: readonly SaleLine[]
  readonly tenders: readonly Tender[]
  readonly house: ReceiptHouse
  /** The seal of the envelope that the sale was captured in, hex. */
  readonly seal: string
  /** 1 for the first copy; absent for the original. */
  readonly copy?: number | null
}

const SEAL_DIGITS = 16 // 64 bits: enough to tell one receipt from any forged one, short enough for a small QR code
const CODE_START = 'HF1'

export const receiptCode = (number: string, totalMinor: number, seal: string): string =>
  [CODE_START, number, totalMinor, seal.slice(0, SEAL_DIGITS)].join('|')

/** What a scanned receipt code says; null when it is none of ours. */
export function readReceiptCode(
  code: string,
): { readonly number: string; readonly totalMinor: number; readonly seal: string } | null {
  const match = /^HF1\|([A-Z0-9-]{1,32})\|(-?\d{1,15})\|([0-9a-f]{16})$/.exec(code.trim())
  return match === null ? null : { number: match[1] ?? '', totalMinor: Number(match[2]), seal: match[3] ?? '' }
}

const byPosition = <T extends { readonly position: number }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => a.position - b.position)

export function receiptOf({ sale, lines, tenders, house, seal, copy = null }: ReceiptOf): Receipt {
  const money = (amount: AmountMinor): string => formatAmount(amount, sale.minorDigits)
  const unlessZero = (amount: AmountMinor | null): string | null =>
    amount === null || amount === 0 ? null : money(amount)
  const number = sale.number ?? ''
  return {
    kind: sale.kind,
    house,
    number,
    copy,
    businessDate: sale.businessDate,
    capturedAt: sale.capturedAt,
    tz: sale.tz,
    party: sale.partyName,
    originalNumber: sale.originalNumber,
    currency: sale.currency,
    lines: byPosition(lines).map((line) => ({
      name: line.itemName,
      code: line.itemCode,
      quantity: formatQuantity(line.pricedQuantity ?? line.quantity),
      unit: line.unit,
      rate: formatRate(line.rate, sale.minorDigits),
      gross: money(line.gross),
      discount: unlessZero(line.discount),
      amount: money(sale.pricesIncludeTax ? line.total : line.net),
      taxCodes: line.taxes.map(({ code }) => code),
      serials: line.serials,
      isReturn: line.disposition !== null,
    })),
    net: money(sale.net),
    taxes: sale.taxes.map(({ code, percent, base, tax }) => ({
      code,
      percent: formatRate(percent),
      base: money(base),
      tax: money(tax),
    })),
    tax: money(sale.tax),
    total: money(sale.total),
    cashRounding: unlessZero(sale.cashRounding),
    tenders: byPosition(tenders).map((tender) => ({
      method: tender.method,
      amount: money(tender.amount),
      given: tender.given === null ? null : money(tender.given),
      change: unlessZero(tender.change),
      foreign:
        tender.foreignAmount === null
          ? null
          : `${formatAmount(tender.foreignAmount, tender.foreignDigits ?? 0)} ${tender.foreignCurrency ?? ''}`,
      reference: tender.reference,
    })),
    change: unlessZero(sale.change),
    remarks: sale.remarks,
    code: receiptCode(number, sale.total, seal),
  }
}
