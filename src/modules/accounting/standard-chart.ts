// The accounts a company starts with: each purpose that the modules post to is an account of that code. A company may
// give them numbers of its own by posting profiles; no code asks for an account by its number.
import type { accountTypes } from './account.ts'

export interface ChartAccount {
  readonly code: string
  readonly name: string
  readonly type: (typeof accountTypes)[number]
}

const of = (type: ChartAccount['type'], named: Readonly<Record<string, string>>): ChartAccount[] =>
  Object.entries(named).map(([code, name]) => ({ code, name, type }))

export const standardChart: readonly ChartAccount[] = [
  ...of('asset', {
    receivable: 'Trade receivables',
    'till-cash': 'Cash in tills',
    safe: 'Cash in the safe',
    'cash-in-hand': 'Cash in hand',
    'petty-cash': 'Petty cash',
    bank: 'Bank',
    'card-clearing': 'Cards to be settled',
    'web-clearing': 'Web payments to be settled',
    'cheques-in-hand': 'Cheques in hand',
    stock: 'Stock',
    'goods-in-transit': 'Goods in transit',
    'inter-branch': 'Between branches',
    'work-in-progress': 'Work in progress',
  }),
  ...of('liability', {
    payable: 'Trade payables',
    'received-not-billed': 'Goods received, not billed',
    'customer-advance': 'Paid ahead by customers',
    'voucher-liability': 'Vouchers',
    'deposit-liability': 'Deposits',
    'store-credit': 'Store credit',
  }),
  ...of('equity', { 'opening-balance': 'Opening balances', 'retained-earnings': 'Retained earnings' }),
  ...of('income', {
    sales: 'Sales',
    'service-income': 'Services',
    'carriage-income': 'Carriage',
    'other-income': 'Other income',
    'sales-returns': 'Sales returned',
    'sales-adjustments': 'Adjustments of sales',
    discounts: 'Discounts',
    'cash-rounding': 'Cash rounding',
  }),
  ...of('expense', {
    'cost-of-sales': 'Cost of sales',
    'cost-difference': 'Differences of cost',
    'stock-difference': 'Differences of counts',
    'stock-adjustment': 'Stock used and adjusted',
    scrap: 'Scrap',
    samples: 'Samples',
    'discount-allowed': 'Discounts for early payment',
    'bad-debt': 'Bad debts',
    fees: 'Bank and platform fees',
    'cash-difference': 'Cash differences',
  }),
]

/** The account of a tax code: each code posts to its own. */
export const taxAccount = (taxCode: string): ChartAccount => ({
  code: `tax-${taxCode}`,
  name: `Tax ${taxCode}`,
  type: 'liability',
})
