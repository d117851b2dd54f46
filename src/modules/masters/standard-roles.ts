// The roles a company starts with. They are data for setRole: a company changes them or makes its own, and no code asks
// for a role by its name.
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import type { ArgsFor } from '../../kernel/command.ts'
import type { setRole } from './set-role.ts'

const percent = (value: number): number => rate6(value * 1_000_000)
const minor = (value: number): number => amountMinor(value)

export const standardRoles: readonly ArgsFor<typeof setRole>[] = [
  {
    code: 'cashier',
    name: 'Cashier',
    permissions: [
      'pos.sell',
      'pos.return',
      'pos.cash',
      'pos.shift',
      'masters.createParty',
      'inventory.see',
      'crm.note',
    ],
    limits: {
      discountPercent: percent(5),
      returnWithoutReceiptMinor: 0,
      returnUnlinkedMinor: minor(50_00),
      cashDifferenceMinor: minor(5_00),
    },
    home: 'sell',
  },
  {
    code: 'rep',
    name: 'Field sales',
    permissions: ['sales.*', 'crm.*', 'masters.createParty', 'masters.editParty', 'inventory.see'],
    limits: { discountPercent: percent(10), collectionMinor: minor(5_000_00) },
    home: 'today',
  },
  {
    code: 'storekeeper',
    name: 'Storekeeper',
    permissions: ['inventory.*', 'purchasing.*', 'delivery.load'],
    limits: { receiveWithoutOrderMinor: minor(500_00), countDifferenceMinor: minor(100_00) },
    home: 'stock',
  },
  {
    code: 'technician',
    name: 'Technician',
    permissions: ['service.*', 'inventory.see', 'inventory.issue', 'timesheet.*', 'crm.note'],
    limits: {},
    home: 'jobs',
  },
  {
    code: 'driver',
    name: 'Driver',
    permissions: ['delivery.*', 'sales.receivePayment', 'inventory.see', 'timesheet.*', 'crm.note'],
    limits: { collectionMinor: minor(2_000_00) },
    home: 'stops',
  },
  {
    code: 'inspector',
    name: 'Inspector',
    permissions: ['inspection.*', 'inventory.see'],
    limits: {},
    home: 'inspections',
  },
  {
    code: 'manager',
    name: 'Branch manager',
    permissions: [
      'pos.*',
      'sales.*',
      'crm.*',
      'inventory.*',
      'purchasing.*',
      'delivery.*',
      'service.*',
      'inspection.*',
      'timesheet.*',
      'approvals.*',
      'review.*',
      'override.*',
      'insight.*',
      'pricing.setPriceByHand',
      'masters.createParty',
      'masters.edit',
      'masters.editParty',
      'masters.mergeParties',
    ],
    limits: {
      discountPercent: percent(15),
      returnWithoutReceiptMinor: minor(200_00),
      returnUnlinkedMinor: minor(500_00),
      cashDifferenceMinor: minor(50_00),
      receiveWithoutOrderMinor: minor(5_000_00),
      countDifferenceMinor: minor(1_000_00),
    },
    home: 'overview',
  },
  {
    code: 'accountant',
    name: 'Accountant',
    permissions: [
      'accounting.*',
      'sales.*',
      'insight.*',
      'review.*',
      'inventory.see',
      'masters.allBranches',
      'masters.editParty',
      'masters.setCredit',
      'masters.setPrices',
      'masters.setTax',
      'pricing.setRules',
    ],
    limits: { discountPercent: 0 },
    home: 'ledger',
  },
  { code: 'admin', name: 'Administrator', permissions: ['*'], limits: {}, home: 'setup' },
]
