// The English catalogue: the one that types the keys. An area of the business adds a file of its own beside this one and is spread in here.
import { accountsEn } from './accounts-en.ts'
import { adminEn } from './admin-en.ts'
import { crmEn } from './crm-en.ts'
import { foresightEn } from './foresight-en.ts'
import { ledgerEn } from './ledger-en.ts'
import { moduleRefusalsEn } from './module-refusals-en.ts'
import { photosEn } from './photos-en.ts'
import { posEn } from './pos-en.ts'
import { refusalsEn } from './refusals-en.ts'
import { reviewEn } from './review-en.ts'
import { screensEn } from './screens-en.ts'
import { shellEn } from './shell-en.ts'
import { startEn } from './start-en.ts'
import { stockEn } from './stock-en.ts'
import { tradeEn } from './trade-en.ts'

export const en = {
  ...shellEn,
  ...startEn,
  ...moduleRefusalsEn,
  ...refusalsEn,
  ...screensEn,
  ...posEn,
  ...crmEn,
  ...tradeEn,
  ...stockEn,
  ...reviewEn,
  ...foresightEn,
  ...adminEn,
  ...accountsEn,
  ...ledgerEn,
  ...photosEn,
} as const

export type TextKey = keyof typeof en
