// Allotment: who may promise how much of what is scarce without asking. The shares themselves are the kernel's, so that
// tills, orders, deliveries and issues use them without knowing this module.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { grantShare } from './grant-share.ts'
import { returnShare } from './return-share.ts'
import { takeBackShare } from './take-back-share.ts'
import { shares } from './views.ts'

export const allotmentModule: Module = {
  name: 'allotment',
  tables: [],
  commands: [grantShare, returnShare, takeBackShare],
  views: [shares],
  exceptions: { BEYOND_SHARE: to('storekeeper') },
}
