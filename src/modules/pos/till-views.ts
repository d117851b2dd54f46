// What the till's screen asks first: the shift that this device has open, with the settings of its till, and the tills that it could open.
// Reading only.
import { view } from '../../kernel/view.ts'
import { branch, company, till } from '../masters/organisation.ts'
import { user } from '../masters/people.ts'
import { priceList } from '../masters/price.ts'
import { item } from '../masters/item.ts'
import { sale } from './sale.ts'
import { shift, shiftCount } from './shift.ts'

export type TillAtWork = {
  readonly shift: string
  readonly till: string
  readonly tillName: string
  readonly warehouse: string
  readonly businessDate: string
  readonly openedAt: number
  readonly currency: string
  readonly priceList: string | null
  readonly pricesIncludeTax: number
  /** JSON text: TillMethod[] */
  readonly methods: string
  readonly cashStepMinor: number
  readonly isOnAccountAllowed: number
  readonly differenceLimitMinor: number
}

/** The open shift of a device; a till without a list of its own sells with tax in its prices. */
export const tillAtWork = view<TillAtWork>()(
  'pos.tillAtWork',
  [shift, till, priceList],
  (a: { readonly device: string }) => ({
    text: `SELECT s.id AS shift, s.till, t.name AS tillName, s.warehouse, s.business_date AS businessDate, s.captured_at AS openedAt, s.currency,
      t.price_list AS priceList, coalesce(l.is_tax_included, 1) AS pricesIncludeTax, t.methods, t.cash_rounding_minor AS cashStepMinor,
      t.is_on_account_allowed AS isOnAccountAllowed, t.cash_difference_limit_minor AS differenceLimitMinor
    FROM pos_shift s JOIN masters_till t ON t.id = s.till LEFT JOIN masters_price_list l ON l.id = t.price_list
    WHERE s.device = ? AND s.state = 'draft' AND s.gone_at IS NULL ORDER BY s.captured_at DESC LIMIT 1`,
    params: [a.device],
  }),
)

/** Tills of a branch; `openOn` names another device that has a shift open there. */
export const tillsOfBranch = view<{
  readonly id: string
  readonly name: string
  readonly openOn: string | null
  readonly lastShift: string | null
}>()('pos.tillsOfBranch', [till, shift], (a: { readonly branch: string }) => ({
  text: `SELECT t.id, t.name, (SELECT s.device FROM pos_shift s WHERE s.till = t.id AND s.state = 'draft' AND s.gone_at IS NULL LIMIT 1) AS openOn,
        (SELECT s.id FROM pos_shift s WHERE s.till = t.id AND s.state = 'submitted' AND s.gone_at IS NULL ORDER BY s.captured_at DESC LIMIT 1) AS lastShift
      FROM masters_till t WHERE t.branch = ? AND t.gone_at IS NULL AND t.is_disabled = 0 ORDER BY t.name, t.id`,
  params: [a.branch],
}))

/** The item groups of the catalogue, for the till's tabs. */
export const itemGroups = view<{ readonly group: string; readonly count: number }>()('pos.itemGroups', [item], () => ({
  text: `SELECT i."group", count(*) AS count FROM masters_item i WHERE i.gone_at IS NULL AND i.is_disabled = 0 GROUP BY i."group" ORDER BY i."group"`,
  params: [],
}))

export type HouseOfReceipt = {
  readonly name: string
  readonly branch: string
  /** JSON text: Address */
  readonly address: string | null
  readonly taxId: string | null
  readonly till: string
  readonly cashier: string
}
/** Who stands on top and at the foot of a sale's receipt. */
export const receiptHouse = view<HouseOfReceipt>()(
  'pos.receiptHouse',
  [sale, company, branch, till, user],
  (a: { readonly sale: string }) => ({
    text: `SELECT c.name, b.name AS branch, coalesce(b.address, c.address) AS address, c.tax_id AS taxId, t.name AS till, coalesce(u.name, '') AS cashier
    FROM pos_sale s JOIN masters_company c ON c.id = s.company JOIN masters_branch b ON b.id = s.branch JOIN masters_till t ON t.id = s.till
      LEFT JOIN masters_user u ON u.id = s.user WHERE s.id = ?`,
    params: [a.sale],
  }),
)

/** What was counted at the close of a shift, method by method. */
export const shiftCounts = view<{
  readonly number: string | null
  readonly method: string
  readonly currency: string
  readonly expected: number
  readonly counted: number
  readonly difference: number
}>()('pos.shiftCounts', [shift, shiftCount], (a: { readonly shift: string }) => ({
  text: `SELECT s.number, c.method, c.currency, c.expected, c.counted, c.difference FROM pos_shift_count c JOIN pos_shift s ON s.id = c.document
      WHERE c.document = ? AND c.gone_at IS NULL ORDER BY c.position`,
  params: [a.shift],
}))

export const tillViews = [shiftCounts, tillAtWork, tillsOfBranch, itemGroups, receiptHouse]
