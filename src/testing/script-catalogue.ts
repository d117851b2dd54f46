// The catalogue of the store contract: tables and commands that are hard on stores, and obey the rules for handlers.
import { catalogueOf } from '../kernel/catalogue.ts'
import {
  openBill,
  closeOldest,
  payOldest,
  transfer,
  countStock,
  receive,
  changeBill,
  moveLine,
  tallyPass,
  sellOne,
} from './script-bills.ts'
import {
  addSample,
  editSample,
  walkPartners,
  look,
  useSlot,
  dropSlot,
  renoteSlot,
  changeBlindly,
  book,
} from './script-rows.ts'
import { scriptTables } from './script-tables.ts'

export const scriptCommands = {
  addSample,
  editSample,
  walkPartners,
  look,
  openBill,
  closeOldest,
  payOldest,
  transfer,
  countStock,
  receive,
  useSlot,
  dropSlot,
  renoteSlot,
  changeBill,
  moveLine,
  changeBlindly,
  book,
  sellOne,
}

const scriptModule = {
  name: 'script',
  tables: scriptTables,
  commands: Object.values(scriptCommands),
  passes: [tallyPass],
}
export const scriptCatalogue = catalogueOf([scriptModule])
export const scriptCatalogueWithoutPasses = catalogueOf([{ ...scriptModule, passes: [] }])
