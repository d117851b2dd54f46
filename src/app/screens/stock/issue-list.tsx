// Goods that left the branch's stores without a sale: each issue with its reason and lines, and the way to take a wrong one back.
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
import type { issueLines, issues } from '../../../modules/inventory/views.ts'
import { LineTable } from '../shared/line-table.tsx'
import { wordOf } from '../customers/customer-tabs.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { StockBar, StockHeader } from './stock-header.tsx'
import classes from './stock.module.css'

type Row = RowOfView<typeof issues>
const rowsMax = 300

export function IssueList({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  const mayIssue = useMay('inventory.issue')
  const { rows, error } = useView<typeof issues>('inventory.issues', { branch, limit: rowsMax })
  const unsent = useUnsent('inventory.issue')
  const open = rows?.find(({ id }) => id === openId) ?? null
  const marks = (row: Row): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      {row.state === 'cancelled' && <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip>}
    </>
  )
  const reason = (row: Row): string => wordOf('stock.reason', row.reason)
  return (
    <Page
      isFilled
      header={<StockHeader />}
      actions={<StockBar />}
      detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/stock/issues')} />}
    >
      <DataList<Row>
        label={t('stock.issues')}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/stock/issues/${encodeURIComponent(id)}`)}
        empty={{
          text: t('stock.no-issues'),
          ...(mayIssue && { primary: { label: t('stock.issue'), run: () => go('/stock/issue') } }),
        }}
        card={(row) => (
          <CardLines
            title={reason(row)}
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
          { id: 'reason', head: t('screen.reason'), cell: reason, width: '140px' },
          { id: 'purpose', head: t('stock.purpose'), cell: (row) => row.purpose ?? '–' },
          { id: 'marks', head: t('screen.status'), cell: marks, width: '120px', isMinor: true },
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
  const { rows } = useView<typeof issueLines>('inventory.issueLines', { issue: row.id })
  return (
    <DetailPane
      title={row.number ?? t('stock.issues')}
      subtitle={wordOf('stock.reason', row.reason)}
      {...(row.state === 'cancelled' && { status: <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip> })}
      onClose={onClose}
      {...(mayCancel &&
        row.state === 'submitted' && {
          actions: (
            <UndoButton
              label={t('stock.cancel-issue')}
              text={t('stock.cancel-text')}
              command="inventory.cancelIssue"
              argsFor={(why) => ({ issue: row.id, businessDate: today, reason: why })}
            />
          ),
        })}
    >
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('screen.date'), <Day key="date" day={row.businessDate} />],
            [t('stock.store'), row.warehouseName ?? '–'],
            ...(row.purpose === null ? [] : [[t('stock.purpose'), row.purpose] as const]),
          ]}
        />
        <LineTable
          heads={[t('screen.item'), t('screen.quantity')]}
          rows={(rows ?? []).map((line) => ({
            key: String(line.line),
            cells: [
              <span key="item">
                {line.name ?? line.code ?? line.item}
                <span className={classes['below']}>
                  {[
                    line.batch === null ? null : `${t('pos.batch')} ${line.batch}`,
                    (JSON.parse(line.serials) as string[]).join(', '),
                  ]
                    .filter((part) => part !== null && part !== '')
                    .join(' · ')}
                </span>
              </span>,
              <Quantity key="quantity" value={line.quantity} unit={line.unit} />,
            ],
          }))}
        />
      </div>
    </DetailPane>
  )
}
