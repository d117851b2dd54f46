// Billing an order: choose one that has something delivered and not billed, see what the invoice will say, issue it. The proposal and its sums
// come from the same functions as the command's; nothing is priced here.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { SelectField } from '../../design/fields.tsx'
import { ActionBar, FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { Day, Money, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { item } from '../../../modules/masters/item.ts'
import type { BillableOrder, invoiceDraftRows, ordersToBill, WholeRow } from '../../../modules/sales/draft-views.ts'
import { invoiceDraft } from '../../../modules/sales/drafts.ts'
import type { issueInvoice } from '../../../modules/sales/issue-invoice.ts'
import { order, orderLine } from '../../../modules/sales/order.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RateText } from '../shared/rate-text.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { ChooseOrder } from './choose-order.tsx'
import { rowsIn } from './draft-rows.ts'
import { LineTable } from '../shared/line-table.tsx'
import classes from './accounts.module.css'

const rowsMax = 200
const usualTerms = [0, 7, 14, 30, 45, 60, 90]

export function BillPage(): ReactNode {
  const [params] = useSearchParams()
  const id = params.get('order')
  return id === null ? <ToBill /> : <OfOrder key={id} id={id} />
}

function ToBill(): ReactNode {
  const [search, setSearch] = useState('')
  const { rows, error } = useView<typeof ordersToBill>('sales.ordersToBill', { search, limit: rowsMax })
  return (
    <ChooseOrder<BillableOrder>
      title={t('deal.bill')}
      subtitle={t('deal.bill-choose')}
      back="/invoices"
      empty={t('deal.nothing-to-bill')}
      search={search}
      onSearch={setSearch}
      rows={rows}
      error={error}
      figure={(row) => <Money amount={row.total} currency={row.currency} />}
      linesHead={t('deal.lines-to-bill')}
      columns={{
        after: [
          {
            id: 'total',
            head: t('deal.order-total'),
            cell: (row) => <Money amount={row.total} currency={row.currency} />,
            align: 'end',
            width: '130px',
          },
        ],
      }}
    />
  )
}

function OfOrder({ id }: { readonly id: string }): ReactNode {
  const [, go] = useLocation()
  const { rows } = useView<typeof invoiceDraftRows>('sales.invoiceDraftRows', { order: id })
  if (rows === null) return null
  if (rowsIn(rows, order).length === 0)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('deal.not-found')}
        primary={{ label: t('screen.invoices'), run: () => go('/invoices') }}
      />
    )
  return <Billing rows={rows} />
}

function Billing({ rows }: { readonly rows: readonly WholeRow[] }): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const [requestKey] = useState(() => crypto.randomUUID())
  const [terms, setTerms] = useState<number | null>(null)
  const { save, refusal, mayOverride, isSaving } = useSave()
  const [of] = rowsIn(rows, order)
  const toleranceOf = new Map(rowsIn(rows, item).map((each) => [each.id, each.tolerancePercent]))
  const lines = rowsIn(rows, orderLine).toSorted((a, b) => a.position - b.position)
  const proposed =
    of === undefined
      ? null
      : invoiceDraft({
          order: of,
          lines: lines.map((line) => ({ line, tolerancePercent: toleranceOf.get(line.item) ?? null })),
          businessDate: today,
        })
  if (of === undefined || proposed === null) {
    return (
      <EmptyState text={t('deal.bill-nothing')} primary={{ label: t('screen.invoices'), run: () => go('/invoices') }} />
    )
  }
  const termsDays = terms ?? proposed.termsDays
  const submit = async (overrides: readonly string[] = []) => {
    const saved = await save<typeof issueInvoice>(
      'sales.issueInvoice',
      { ...proposed, termsDays },
      { overrides, requestKey },
    )
    const made = saved?.inserted['sales.invoice']?.[0]
    if (saved !== null)
      go(made === undefined ? '/invoices' : `/invoices/${encodeURIComponent(made)}`, { replace: true })
  }
  const choices = [...new Set([...usualTerms, proposed.termsDays])].toSorted((a, b) => a - b)
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('deal.bill')}
          subtitle={`${of.number ?? ''} · ${of.partyName}`}
          back={<BackLink href="/invoices" />}
        />
      }
      actions={
        <ActionBar>
          <Button size="md" loading={isSaving} onClick={() => void submit()}>
            {t('deal.bill-now', { total: proposed.total, currency: proposed.currency })}
          </Button>
        </ActionBar>
      }
    >
      <Section>
        <div className={classes['gap']}>
          <FactList
            facts={[
              [t('screen.date'), <Day key="date" day={today} />],
              ...(of.customerOrderNumber === null
                ? []
                : [[t('orders.customer-number'), of.customerOrderNumber] as const]),
            ]}
          />
          <SelectField
            label={t('crm.terms')}
            value={String(termsDays)}
            choices={choices.map((days) => ({
              value: String(days),
              label: days === 0 ? t('crm.at-once') : t('crm.days', { days }),
            }))}
            onChange={(days) => setTerms(Number(days))}
          />
        </div>
      </Section>
      <Section title={t('orders.lines')}>
        <p className={classes['lead']}>{t('deal.bill-lead')}</p>
        <LineTable
          heads={[t('screen.item'), t('screen.quantity'), t('screen.price')]}
          rows={proposed.lines.map((line) => ({
            key: line.orderLine ?? line.item,
            cells: [
              line.itemName ?? line.item,
              <Quantity key="quantity" value={line.quantity} unit={line.unit} />,
              <RateText key="rate" rate={line.rate} currency={proposed.currency} />,
            ],
          }))}
        />
        <dl className={classes['sums']}>
          <dt>{t('screen.tax')}</dt>
          <dd>
            <Money amount={proposed.tax} currency={proposed.currency} />
          </dd>
          <dt>{t('orders.total-with-tax')}</dt>
          <dd>
            <Money amount={proposed.total} currency={proposed.currency} />
          </dd>
        </dl>
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}
