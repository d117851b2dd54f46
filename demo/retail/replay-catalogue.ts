// The catalogue of the replay: the product's own.
import { catalogueOf, type Catalogue } from '../../src/kernel/catalogue.ts'
import { modules } from '../../src/modules/all.ts'
import { debtAdjustment, debtAdjustmentLine } from '../../src/modules/accounting/debt-adjustment.ts'
import { expense, expenseLine } from '../../src/modules/accounting/expense.ts'
import { listLines } from '../../src/modules/accounting/list-lines.ts'
import { listedLine } from '../../src/modules/accounting/listed-line.ts'
import { recordExpense } from '../../src/modules/accounting/record-expense.ts'
import { writeOffDebt } from '../../src/modules/accounting/write-off-debt.ts'

export const replayCatalogue: Catalogue = modules.some(({ name }) => name === 'accounting')
  ? catalogueOf(modules)
  : catalogueOf([...modules, { name: 'accounting', tables: [debtAdjustment, debtAdjustmentLine, expense, expenseLine, listedLine], commands: [recordExpense, writeOffDebt, listLines] }])
