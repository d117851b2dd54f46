// The English catalogue: the one that types the keys. An area of the business adds a file of its own beside this one and is spread in here; only
// first-en.ts is loaded before the first screen.
import { accountsEn } from './accounts-en.ts'
import { adminEn } from './admin-en.ts'
import { crmEn } from './crm-en.ts'
import { factsEn } from './facts-en.ts'
import { fieldsEn } from './fields-en.ts'
import { firstEn } from './first-en.ts'
import { foresightEn } from './foresight-en.ts'
import { ledgerEn } from './ledger-en.ts'
import { moduleRefusalsEn } from './module-refusals-en.ts'
import { photosEn } from './photos-en.ts'
import { privacyEn } from './privacy-en.ts'
import { posEn } from './pos-en.ts'
import { refusalsEn } from './refusals-en.ts'
import { reviewEn } from './review-en.ts'
import { rightsEn } from './rights-en.ts'
import { stockEn } from './stock-en.ts'
import { tradeEn } from './trade-en.ts'

export const en = {
  ...firstEn,
  ...moduleRefusalsEn,
  ...refusalsEn,
  ...rightsEn,
  ...posEn,
  ...crmEn,
  ...tradeEn,
  ...stockEn,
  ...reviewEn,
  ...factsEn,
  ...fieldsEn,
  ...foresightEn,
  ...adminEn,
  ...accountsEn,
  ...ledgerEn,
  ...photosEn,
  ...privacyEn,
} as const

export type TextKey = keyof typeof en
