// The tables that a quote reads, in one list: for whoever reads them ahead.
import type { AnyTable } from '../../kernel/table.ts'
import { item } from '../masters/item.ts'
import { party, partyGroup } from '../masters/party.ts'
import { price, priceList } from '../masters/price.ts'
import { taxCode, taxRate } from '../masters/tax-code.ts'
import { pricingRule } from './stored-rule.ts'

export const quoteTables: readonly AnyTable[] = [
  item,
  price,
  priceList,
  party,
  partyGroup,
  taxCode,
  taxRate,
  pricingRule,
]
