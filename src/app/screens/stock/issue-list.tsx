// Goods that left the branch's stores without a sale: each issue with its reason and lines.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useMay } from '../../design/device-context.ts'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { issueLines, issues } from '../../../modules/inventory/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { GoodsList, GoodsPane } from './goods-list.tsx'

type Row = RowOfView<typeof issues>
const rowsMax = 300
const reasonOf = (row: Row): string => wordOf('stock.reason', row.reason)

export function IssueList({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  const mayIssue = useMay('inventory.issue')
  const { rows, error } = useView<typeof issues>('inventory.issues', { branch, limit: rowsMax })
  return (
    <GoodsList<Row>
      path="/stock/issues"
      label={t('stock.issues')}
      table="inventory.issue"
      openId={openId}
      rows={rows}
      error={error}
      empty={{
        text: t('stock.no-issues'),
        ...(mayIssue && { primary: { label: t('stock.issue'), run: () => go('/stock/issue') } }),
      }}
      title={reasonOf}
      columns={[
        { id: 'reason', head: t('screen.reason'), cell: reasonOf, width: '140px' },
        { id: 'purpose', head: t('stock.purpose'), cell: (row) => row.purpose ?? '–' },
      ]}
      status={{ width: '120px', isMinor: true }}
      pane={(row) => <Lines row={row} />}
      undo={{
        label: t('stock.cancel-issue'),
        command: 'inventory.cancelIssue',
        argsFor: ({ id }, businessDate, reason) => ({ issue: id, businessDate, reason }),
      }}
    />
  )
}

function Lines({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof issueLines>('inventory.issueLines', { issue: row.id })
  return (
    <GoodsPane<RowOfView<typeof issueLines>>
      row={row}
      fact={[t('stock.purpose'), row.purpose]}
      lines={rows}
      heads={[t('screen.quantity')]}
      quantities={({ quantity, unit }) => [<Quantity key="quantity" value={quantity} unit={unit} />]}
    />
  )
}
