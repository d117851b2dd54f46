// Der deutsche Katalog, von den Sprachen die erste neben Englisch: a chunk of its own, loaded when it is chosen and kept offline like every
// file. Each part mirrors an English one, and the compiler asks for every key; message.test.ts compares the parameters.
import { accountsDe } from './accounts-de.ts'
import { adminDe } from './admin-de.ts'
import { crmDe } from './crm-de.ts'
import type { TextKey } from './en.ts'
import { factsDe } from './facts-de.ts'
import { fieldsDe } from './fields-de.ts'
import { foresightDe } from './foresight-de.ts'
import { ledgerDe } from './ledger-de.ts'
import { moduleRefusalsDe } from './module-refusals-de.ts'
import { photosDe } from './photos-de.ts'
import { privacyDe } from './privacy-de.ts'
import { posDe } from './pos-de.ts'
import { refusalsDe } from './refusals-de.ts'
import { reviewDe } from './review-de.ts'
import { rightsDe } from './rights-de.ts'
import { screensDe } from './screens-de.ts'
import { shellDe } from './shell-de.ts'
import { startDe } from './start-de.ts'
import { stockDe } from './stock-de.ts'
import { tradeDe } from './trade-de.ts'

export const de: Readonly<Record<TextKey, string>> = {
  ...shellDe,
  ...startDe,
  ...moduleRefusalsDe,
  ...refusalsDe,
  ...rightsDe,
  ...screensDe,
  ...posDe,
  ...crmDe,
  ...tradeDe,
  ...stockDe,
  ...reviewDe,
  ...factsDe,
  ...fieldsDe,
  ...foresightDe,
  ...adminDe,
  ...accountsDe,
  ...ledgerDe,
  ...photosDe,
  ...privacyDe,
}
