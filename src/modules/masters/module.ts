// The masters module: what every other module refers to. It is the one module that others may import.
import type { Module } from '../../kernel/catalogue.ts'
import { barcode, item, itemCost, unit } from './item.ts'
import { branch, company, till, warehouse } from './organisation.ts'
import { contact, party, partyGroup } from './party.ts'
import { role, user } from './people.ts'
import { price, priceList } from './price.ts'
import { taxCode, taxRate } from './tax-code.ts'

export const mastersModule: Module = {
  name: 'masters',
  tables: [company, branch, warehouse, till, role, user, unit, item, barcode, itemCost, taxCode, taxRate, priceList, price, partyGroup, party, contact],
  commands: [],
  views: [],
}
