// Which order: the first step of delivering and of billing, with the orders that the view still offers for it.
import type { ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList, type Column } from '../../design/data-list.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { Day } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { BackLink } from '../shared/back-link.tsx'

interface OpenOrder {
  readonly id: string
  readonly number: string | null
  readonly partyName: string
  readonly businessDate: string
  readonly lines: number
}

export interface ChooseOrderProps<R extends OpenOrder> {
  readonly title: string
  readonly subtitle: string
  readonly back: string
  readonly empty: string
  /** What was typed, and the orders that fit it. */
  readonly search: string
  readonly onSearch: (typed: string) => void
  readonly rows: readonly R[] | null
  readonly error: Error | null
  /** On a phone's card, at the end. */
  readonly figure: (row: R) => ReactNode
  readonly linesHead: string
  /** After the order's date. */
  readonly columns: { readonly before?: readonly Column<R>[]; readonly after?: readonly Column<R>[] }
}

export function ChooseOrder<R extends OpenOrder>(props: ChooseOrderProps<R>): ReactNode {
  const { title, subtitle, back, empty, search, onSearch, rows, error, figure, linesHead, columns } = props
  const [, setParams] = useSearchParams()
  return (
    <Page isFilled header={<PageHeader title={title} subtitle={subtitle} back={<BackLink href={back} />} />}>
      <DataList<R>
        label={title}
        rows={rows}
        error={error}
        rowKey={(row) => row.id}
        onOpen={(row) => setParams({ order: row.id })}
        toolbar={{
          search: { value: search, onChange: onSearch, placeholder: t('orders.search') },
          isFiltered: search !== '',
          onClear: () => onSearch(''),
        }}
        empty={{ text: empty }}
        card={(row) => (
          <CardLines
            title={row.partyName}
            figure={figure(row)}
            below={
              <>
                <span>{row.number}</span>
                <span>{t('stock.lines', { count: row.lines })}</span>
              </>
            }
          />
        )}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number ?? '–', width: '200px' },
          { id: 'party', head: t('screen.customer'), cell: (row) => row.partyName },
          {
            id: 'date',
            head: t('screen.date'),
            cell: (row) => <Day day={row.businessDate} />,
            width: '130px',
            isMinor: true,
          },
          ...(columns.before ?? []),
          { id: 'lines', head: linesHead, cell: (row) => row.lines, align: 'end', width: '110px' },
          ...(columns.after ?? []),
        ]}
      />
    </Page>
  )
}
