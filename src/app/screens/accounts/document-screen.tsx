// A plain list of documents with the one that is open beside it: what deliveries, invoices, credit notes and payments share. It reads what it
// is given and decides nothing.
import { useState, type ReactNode } from 'react'
import { useLocation, useRoute } from 'wouter'
import { DataList, type Column } from '../../design/data-list.tsx'
import { CardLines } from '../../design/data-cards.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import type { Live } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { useUnsent } from '../shared/use-unsent.ts'
import classes from './accounts.module.css'

export interface DocumentRow {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly partyName: string
}

export interface DocumentScreenProps<R extends DocumentRow> {
  readonly title: string
  /** `/invoices`: the list; one of them lies below it. */
  readonly path: string
  /** The table that its unsent work is marked by. */
  readonly table: string
  readonly empty: string
  readonly live: Live<R>
  /** The document of the address, wherever it stands in the list. */
  readonly one: { readonly row: R | null; readonly isKnown: boolean }
  readonly search: string
  readonly onSearch: (typed: string) => void
  readonly columns: readonly Column<R>[]
  readonly amountOf: ((row: R) => { readonly amount: number; readonly currency: string }) | null
  /** What stands at its side: a state. */
  readonly status?: (row: R) => ReactNode
  readonly detail: (row: R) => ReactNode
  readonly detailActions?: (row: R) => ReactNode
  readonly actions?: ReactNode
}

/** The document that the address names below a list. */
export function useOpenId(path: string): string | null {
  const [, params] = useRoute<{ id: string }>(`${path}/:id`)
  return params?.id ?? null
}

/** Search text of a list, kept while a document is open. */
export const useSearch = (): readonly [string, (typed: string) => void] => useState('')

/** Without any action the pane has no foot. */
const actionsOf = (actions: ReactNode): { readonly actions?: ReactNode } =>
  actions === undefined || actions === null || actions === false ? {} : { actions }

export function DocumentScreen<R extends DocumentRow>(props: DocumentScreenProps<R>): ReactNode {
  const {
    title,
    path,
    table,
    empty,
    live,
    one,
    search,
    onSearch,
    columns,
    amountOf,
    status,
    detail,
    detailActions,
    actions,
  } = props
  const [, go] = useLocation()
  const openId = useOpenId(path)
  const unsent = useUnsent(table)
  // The pane follows the list's own row while it is there: both change in the same moment.
  const open = live.rows?.find(({ id }) => id === openId) ?? (one.row?.id === openId ? one.row : null)
  const isElsewhere = openId !== null && open === null && one.isKnown && one.row === null
  const close = () => go(path)
  return (
    <Page
      isFilled
      header={<PageHeader title={title} {...(actions !== undefined && { actions })} />}
      detail={
        isElsewhere ? (
          <DetailPane title={title} onClose={close}>
            <EmptyState kind="elsewhere" text={t('deal.not-found')} />
          </DetailPane>
        ) : (
          open !== null && (
            <DetailPane
              title={open.number}
              subtitle={open.partyName}
              status={status?.(open)}
              onClose={close}
              {...actionsOf(detailActions?.(open))}
            >
              <div className={classes['pane']}>{detail(open)}</div>
            </DetailPane>
          )
        )
      }
    >
      <DataList<R>
        label={title}
        rows={live.rows}
        error={live.error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`${path}/${encodeURIComponent(id)}`)}
        toolbar={{
          search: { value: search, onChange: onSearch, placeholder: t('orders.search') },
          isFiltered: search !== '',
          onClear: () => onSearch(''),
        }}
        empty={{ text: empty }}
        card={(row) => {
          const sum = amountOf?.(row)
          return (
            <CardLines
              title={row.partyName}
              figure={sum === undefined ? null : <Money amount={sum.amount} currency={sum.currency} />}
              below={
                <>
                  <span>{row.number}</span>
                  <Day day={row.businessDate} />
                  <RowMark state={unsent.get(row.id) ?? null} />
                  {status?.(row)}
                </>
              }
            />
          )
        }}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number, width: '180px' },
          { id: 'party', head: t('screen.customer'), cell: (row) => row.partyName },
          {
            id: 'date',
            head: t('screen.date'),
            cell: (row) => <Day day={row.businessDate} />,
            width: '130px',
            isMinor: true,
          },
          {
            id: 'marks',
            head: t('screen.status'),
            cell: (row) => (
              <>
                <RowMark state={unsent.get(row.id) ?? null} />
                {status?.(row)}
              </>
            ),
            width: '140px',
          },
          ...columns,
        ]}
      />
    </Page>
  )
}
