// The payments module: money in and out, and what it settles.
import type { Module } from '../../kernel/catalogue.ts'
import { allocate } from './allocate.ts'
import { pay } from './pay.ts'
import { allocation, payment } from './payment.ts'
import { receive } from './receive.ts'
import { paymentExceptions } from './refusals.ts'
import { reversePayment } from './reverse-payment.ts'
import { paymentViews } from './views.ts'

export const paymentsModule: Module = {
  name: 'payments',
  tables: [payment, allocation],
  commands: [receive, allocate, reversePayment, pay],
  views: paymentViews,
  exceptions: paymentExceptions,
}
