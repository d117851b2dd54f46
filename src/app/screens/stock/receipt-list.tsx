// Goods that came in at the branch: each receipt with its lines, what was rejected of them, and the way to take a wrong one back.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { FactList, Page } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Day, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { receiptLines, receipts } from '../../../modules/inventory/views.ts'
import { LineTable } from '../shared/line-table.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { StockBar, StockHeader } from './stock-header.tsx'
import classes from './stock.module.css'

type Row = RowOfView<typeof receipts>
const rowsMax = 300

export function ReceiptList({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  const mayReceive = useMay('inventory.receive')
  const { rows, error } = useView<typeof receipts>('inventory.receipts', { branch, limit: rowsMax })
  const unsent = useUnsent('inventory.receipt')
  const open = rows?.find(({ id }) => id === openId) ?? null
  const marks = (row: Row): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      {row.state === 'cancelled' && <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip>}
      {row.rejectedLines > 0 && <StatusChip tone="attention">{t('stock.some-rejected')}</StatusChip>}
    </>
  )
  return (
    <Page
      isFilled
      header={<StockHeader />}
      actions={<StockBar />}
      detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/stock/receipts')} />}
    >
      <DataList<Row>
        label={t('stock.receipts')}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/stock/receipts/${encodeURIComponent(id)}`)}
        empty={{
          text: t('stock.no-receipts'),
          ...(mayReceive && { primary: { label: t('stock.receive'), run: () => go('/stock/receive') } }),
        }}
        card={(row) => (
          <CardLines
            title={row.supplierName ?? t('stock.no-supplier')}
            figure={<Day day={row.businessDate} />}
            below={
              <>
                <span>{row.number}</span>
                <span>{t('stock.lines', { count: row.lineCount })}</span>
                {marks(row)}
              </>
            }
          />
        )}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number ?? '–', width: '190px' },
          { id: 'supplier', head: t('stock.supplier'), cell: (row) => row.supplierName ?? t('stock.no-supplier') },
          {
            id: 'note',
            head: t('stock.supplier-note'),
            cell: (row) => row.supplierNote ?? '–',
            width: '160px',
            isMinor: true,
          },
          { id: 'marks', head: t('screen.status'), cell: marks, width: '150px' },
          { id: 'date', head: t('screen.date'), cell: (row) => <Day day={row.businessDate} />, width: '130px' },
          {
            id: 'lines',
            head: t('orders.lines'),
            cell: (row) => row.lineCount,
            align: 'end',
            width: '80px',
            isMinor: true,
          },
        ]}
      />
    </Page>
  )
}

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const { today } = useWorkplace()
  const mayCancel = useMay('inventory.cancel')
  const { rows } = useView<typeof receiptLines>('inventory.receiptLines', { receipt: row.id })
  return (
    <DetailPane
      title={row.number ?? t('stock.receipts')}
      subtitle={row.supplierName ?? t('stock.no-supplier')}
      {...(row.state === 'cancelled' && { status: <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip> })}
      onClose={onClose}
      {...(mayCancel &&
        row.state === 'submitted' && {
          actions: (
            <UndoButton
              label={t('stock.cancel-receipt')}
              text={t('stock.cancel-text')}
              command="inventory.cancelReceipt"
              argsFor={(reason) => ({ receipt: row.id, businessDate: today, reason })}
            />
          ),
        })}
    >
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('screen.date'), <Day key="date" day={row.businessDate} />],
            [t('stock.store'), row.warehouseName ?? '–'],
            ...(row.supplierNote === null ? [] : [[t('stock.supplier-note'), row.supplierNote] as const]),
          ]}
        />
        <LineTable
          heads={[t('screen.item'), t('stock.accepted'), t('stock.rejected')]}
          rows={(rows ?? []).map((line) => ({
            key: String(line.line),
            cells: [
              <span key="item">
                {line.name ?? line.code ?? line.item}
                <span className={classes['below']}>
                  {[
                    line.batch === null ? null : `${t('pos.batch')} ${line.batch}`,
                    (JSON.parse(line.serials) as string[]).join(', '),
                    line.rejectReason,
                  ]
                    .filter((part) => part !== null && part !== '')
                    .join(' · ')}
                </span>
              </span>,
              <Quantity key="accepted" value={line.accepted} unit={line.unit} />,
              line.rejected === 0 ? '–' : <Quantity key="rejected" value={line.rejected} unit={line.unit} />,
            ],
          }))}
        />
      </div>
    </DetailPane>
  )
}
