// Counts of the branch: whether each is final or which devices it still waits for, and what was found more or less. An authorised person may
// close one earlier and names who was missing.
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
import type { countResults, counts } from '../../../modules/inventory/count-views.ts'
import { LineTable } from '../shared/line-table.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { CountQuestions } from './count-questions.tsx'
import { StockBar, StockHeader } from './stock-header.tsx'
import classes from './stock.module.css'

type Row = RowOfView<typeof counts>
const rowsMax = 300
const missingOf = (row: Row): readonly string[] => JSON.parse(row.missing ?? '[]') as string[]

export function CountList({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  const mayCount = useMay('inventory.count')
  const { rows, error } = useView<typeof counts>('inventory.counts', { branch, limit: rowsMax })
  const unsent = useUnsent('inventory.count')
  const open = rows?.find(({ id }) => id === openId) ?? null
  const state = (row: Row): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      <Finality row={row} />
    </>
  )
  return (
    <Page
      isFilled
      header={<StockHeader />}
      actions={<StockBar />}
      detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/stock/counts')} />}
    >
      <DataList<Row>
        label={t('stock.counts')}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/stock/counts/${encodeURIComponent(id)}`)}
        empty={{
          text: t('stock.no-counts'),
          ...(mayCount && { primary: { label: t('stock.count'), run: () => go('/stock/count') } }),
        }}
        card={(row) => (
          <CardLines
            title={row.number ?? t('stock.count')}
            figure={<Day day={row.businessDate} />}
            below={
              <>
                <span>{row.warehouseName}</span>
                {state(row)}
              </>
            }
          />
        )}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number, width: '190px' },
          { id: 'store', head: t('stock.store'), cell: (row) => row.warehouseName },
          { id: 'state', head: t('screen.status'), cell: state, width: '220px' },
          {
            id: 'lines',
            head: t('stock.goods'),
            cell: (row) => t('stock.lines', { count: row.lineCount }),
            width: '120px',
            isMinor: true,
          },
          { id: 'date', head: t('screen.date'), cell: (row) => <Day day={row.businessDate} />, width: '130px' },
        ]}
      />
    </Page>
  )
}

/** Provisional until everybody has reported: never shown as final before. */
function Finality({ row }: { readonly row: Row }): ReactNode {
  if (row.state === 'complete') return <StatusChip tone="ok">{t('stock.count-final')}</StatusChip>
  if (row.state === 'closed') return <StatusChip tone="neutral">{t('stock.count-closed')}</StatusChip>
  return <StatusChip tone="attention">{t('stock.count-provisional')}</StatusChip>
}

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const mayClose = useMay('review.closeCut')
  const { rows } = useView<typeof countResults>('inventory.countResults', { count: row.id })
  const missing = missingOf(row)
  const { cut } = row
  return (
    <DetailPane
      title={row.number ?? t('stock.count')}
      status={<Finality row={row} />}
      onClose={onClose}
      {...(mayClose &&
        cut !== null &&
        row.state === 'provisional' && {
          actions: (
            <UndoButton
              label={t('stock.count-close')}
              text={t('stock.count-close-text', { devices: missing.join(', ') })}
              command="review.closeCut"
              argsFor={(remark) => ({ cut, missing, remark })}
            />
          ),
        })}
    >
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('screen.date'), <Day key="date" day={row.businessDate} />],
            [t('stock.store'), row.warehouseName ?? '–'],
            ...(missing.length === 0 ? [] : [[t('stock.count-missing'), missing.join(', ')] as const]),
          ]}
        />
        <CountQuestions count={row.id} />
        <LineTable
          heads={[t('screen.item'), t('stock.counted'), t('stock.difference')]}
          rows={(rows ?? []).map((line) => ({
            key: line.id,
            cells: [
              <span key="item">
                {line.name ?? '–'}
                <span className={classes['below']}>{line.batch !== '' && `${t('pos.batch')} ${line.batch}`}</span>
              </span>,
              <Quantity key="counted" value={line.counted} unit={line.stockUnit} />,
              <Quantity key="difference" value={line.difference} />,
            ],
          }))}
        />
      </div>
    </DetailPane>
  )
}
