// Goods that came in or went out, as the branch's documents: one list and one pane for both, each with the way to take a wrong one back.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList, type Column } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import type { EmptyStateProps } from '../../design/empty-state.tsx'
import { FactList, Page } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { Day } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { LineTable } from '../shared/line-table.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { StockBar, StockHeader } from './stock-header.tsx'
import classes from './stock.module.css'

export interface GoodsRow {
  readonly id: string
  readonly number: string | null
  readonly state: string
  readonly businessDate: string
  readonly warehouseName: string | null
  readonly lineCount: number
}

export interface GoodsLine {
  readonly line: number
  readonly item: string
  readonly code: string | null
  readonly name: string | null
  readonly batch: string | null
  readonly serials: string
}

export interface GoodsListProps<R extends GoodsRow> {
  /** The list's own address: `/stock/issues`. */
  readonly path: string
  readonly label: string
  readonly table: string
  readonly openId: string | null
  readonly rows: readonly R[] | null
  readonly error: Error | null
  readonly empty: EmptyStateProps
  /** What a document is called by: its supplier, its reason. */
  readonly title: (row: R) => string
  /** Beside "cancelled" and what waits to be sent. */
  readonly marks?: (row: R) => ReactNode
  /** Between the number and the status. */
  readonly columns: readonly Column<R>[]
  readonly status: Pick<Column<R>, 'width' | 'isMinor'>
  readonly pane: (row: R) => ReactNode
  readonly undo: {
    readonly label: string
    readonly command: string
    readonly argsFor: (row: R, day: string, reason: string) => Readonly<Record<string, unknown>>
  }
}

export function GoodsList<R extends GoodsRow>(props: GoodsListProps<R>): ReactNode {
  const { path, label, rows, error, empty, title, status } = props
  const [, go] = useLocation()
  const unsent = useUnsent(props.table)
  const open = rows?.find(({ id }) => id === props.openId) ?? null
  const marks = (row: R): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      {row.state === 'cancelled' && <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip>}
      {props.marks?.(row)}
    </>
  )
  return (
    <Page
      isFilled
      header={<StockHeader />}
      actions={<StockBar />}
      detail={open !== null && <Pane key={open.id} {...props} row={open} onClose={() => go(path)} />}
    >
      <DataList<R>
        label={label}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`${path}/${encodeURIComponent(id)}`)}
        empty={empty}
        card={(row) => (
          <CardLines
            title={title(row)}
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
          ...props.columns,
          { id: 'marks', head: t('screen.status'), cell: marks, ...status },
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

function Pane<R extends GoodsRow>(
  props: GoodsListProps<R> & { readonly row: R; readonly onClose: () => void },
): ReactNode {
  const { row, label, title, undo, onClose } = props
  const { today } = useWorkplace()
  const mayCancel = useMay('inventory.cancel')
  return (
    <DetailPane
      title={row.number ?? label}
      subtitle={title(row)}
      {...(row.state === 'cancelled' && { status: <StatusChip tone="neutral">{t('stock.cancelled')}</StatusChip> })}
      onClose={onClose}
      {...(mayCancel &&
        row.state === 'submitted' && {
          actions: (
            <UndoButton
              label={undo.label}
              text={t('stock.cancel-text')}
              command={undo.command}
              argsFor={(reason) => undo.argsFor(row, today, reason)}
            />
          ),
        })}
    >
      {props.pane(row)}
    </DetailPane>
  )
}

/** What stands in a document's pane: where and when, one more fact of its own, and its lines with their quantities. */
export function GoodsPane<L extends GoodsLine>({
  row,
  fact,
  lines,
  heads,
  remark,
  quantities,
}: {
  readonly row: GoodsRow
  readonly fact: readonly [string, string | null]
  readonly lines: readonly L[] | null
  /** Of the quantities. */
  readonly heads: readonly string[]
  /** Said below the item, after its batch and serial numbers. */
  readonly remark?: (line: L) => string | null
  readonly quantities: (line: L) => readonly ReactNode[]
}): ReactNode {
  const [label, value] = fact
  return (
    <div className={classes['pane']}>
      <FactList
        facts={[
          [t('screen.date'), <Day key="date" day={row.businessDate} />],
          [t('stock.store'), row.warehouseName ?? '–'],
          ...(value === null ? [] : [[label, value] as const]),
        ]}
      />
      <LineTable
        heads={[t('screen.item'), ...heads]}
        rows={(lines ?? []).map((line) => ({
          key: String(line.line),
          cells: [
            <span key="item">
              {line.name ?? line.code ?? line.item}
              <span className={classes['below']}>
                {[
                  line.batch === null ? null : `${t('pos.batch')} ${line.batch}`,
                  (JSON.parse(line.serials) as string[]).join(', '),
                  remark?.(line) ?? null,
                ]
                  .filter((part) => part !== null && part !== '')
                  .join(' · ')}
              </span>
            </span>,
            ...quantities(line),
          ],
        }))}
      />
    </div>
  )
}
