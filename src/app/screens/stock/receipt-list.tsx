// Goods that came in at the branch: each receipt with its supplier, its lines, and what was rejected of them.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useMay } from '../../design/device-context.ts'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { receiptLines, receipts } from '../../../modules/inventory/views.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { GoodsList, GoodsPane } from './goods-list.tsx'

type Row = RowOfView<typeof receipts>
const rowsMax = 300
const supplierOf = (row: Row): string => row.supplierName ?? t('stock.no-supplier')

export function ReceiptList({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  const mayReceive = useMay('inventory.receive')
  const { rows, error } = useView<typeof receipts>('inventory.receipts', { branch, limit: rowsMax })
  return (
    <GoodsList<Row>
      path="/stock/receipts"
      label={t('stock.receipts')}
      table="inventory.receipt"
      openId={openId}
      rows={rows}
      error={error}
      empty={{
        text: t('stock.no-receipts'),
        ...(mayReceive && { primary: { label: t('stock.receive'), run: () => go('/stock/receive') } }),
      }}
      title={supplierOf}
      marks={(row) => row.rejectedLines > 0 && <StatusChip tone="attention">{t('stock.some-rejected')}</StatusChip>}
      columns={[
        { id: 'supplier', head: t('stock.supplier'), cell: supplierOf },
        {
          id: 'note',
          head: t('stock.supplier-note'),
          cell: (row) => row.supplierNote ?? '–',
          width: '160px',
          isMinor: true,
        },
      ]}
      status={{ width: '150px' }}
      pane={(row) => <Lines row={row} />}
      undo={{
        label: t('stock.cancel-receipt'),
        command: 'inventory.cancelReceipt',
        argsFor: ({ id }, businessDate, reason) => ({ receipt: id, businessDate, reason }),
      }}
    />
  )
}

function Lines({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof receiptLines>('inventory.receiptLines', { receipt: row.id })
  return (
    <GoodsPane<RowOfView<typeof receiptLines>>
      row={row}
      fact={[t('stock.supplier-note'), row.supplierNote]}
      lines={rows}
      heads={[t('stock.accepted'), t('stock.rejected')]}
      remark={({ rejectReason }) => rejectReason}
      quantities={({ accepted, rejected, unit }) => [
        <Quantity key="accepted" value={accepted} unit={unit} />,
        rejected === 0 ? '–' : <Quantity key="rejected" value={rejected} unit={unit} />,
      ]}
    />
  )
}
