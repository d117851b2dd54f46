// The delivery module: goods handed over, and goods that come back.
import type { Module } from '../../kernel/catalogue.ts'
import { cancelDelivery } from './cancel-delivery.ts'
import { deliver } from './deliver.ts'
import { delivery, deliveryLine, goodsReturn, goodsReturnLine } from './delivery.ts'
import { deliveryExceptions } from './refusals.ts'
import { takeBack } from './take-back.ts'
import { deliveryViews } from './views.ts'

export const deliveryModule: Module = {
  name: 'delivery',
  tables: [delivery, deliveryLine, goodsReturn, goodsReturnLine],
  commands: [deliver, takeBack, cancelDelivery],
  views: deliveryViews,
  exceptions: deliveryExceptions,
}
