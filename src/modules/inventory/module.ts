// The inventory module: goods in, goods out without a sale, and what is where.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { cancelIssue } from './cancel-issue.ts'
import { cancelReceipt } from './cancel-receipt.ts'
import { count, countLine, countResult } from './count.ts'
import { countQuestions, countResults, counts } from './count-views.ts'
import { countStock } from './count-stock.ts'
import { decideMovement } from './decide-movement.ts'
import { issueGoods } from './issue-goods.ts'
import { issue, issueLine } from './issue.ts'
import { openStock } from './open-stock.ts'
import { opening, openings } from './opening.ts'
import { receiveGoods } from './receive-goods.ts'
import { receipt, receiptLine } from './receipt.ts'
import { inventoryViews } from './views.ts'

export const inventoryModule: Module = {
  name: 'inventory',
  tables: [receipt, receiptLine, issue, issueLine, opening, count, countLine, countResult],
  commands: [receiveGoods, issueGoods, openStock, cancelReceipt, cancelIssue, countStock, decideMovement],
  views: [...inventoryViews, openings, counts, countResults, countQuestions],
  exceptions: {
    BATCH_MISSING: to('stockController'),
    COUNT_DIFFERENCE: to('stockController'),
    MOVED_BEFORE_COUNT: to('stockController'),
    MOVED_NEAR_COUNT: to('stockController'),
    NOT_A_STOCK_ITEM: to('stockController'),
    NO_PO: to('buyer'),
    OVERSOLD: to('storekeeper'),
    RECALLED_SOLD: to('quality', 'at once'),
    RECEIPT_TWICE: to('buyer'),
    SERIAL_MISSING: to('stockController'),
  },
}
