// A credit note for lines of an invoice: how much of which, why, and whether the goods came back. The sums come from the same functions as the
// command's; the invoice itself never changes.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { CheckField, SelectField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, refusalText, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import { quantity6 } from '../../../kernel/amount.ts'
import { item } from '../../../modules/masters/item.ts'
import { creditLine } from '../../../modules/sales/credit-note.ts'
import type { creditDraftRows, WholeRow } from '../../../modules/sales/draft-views.ts'
import { creditDraft } from '../../../modules/sales/drafts.ts'
import { invoice, invoiceLine, owedOf } from '../../../modules/sales/invoice.ts'
import type { issueCreditNote } from '../../../modules/sales/issue-credit-note.ts'
import { BackLink } from '../shared/back-link.tsx'
import { lineOfRefusal, RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { useWarehouses } from '../stock/use-warehouses.ts'
import { rowsIn } from './draft-rows.ts'
import classes from './accounts.module.css'

const reasons = ['return', 'price', 'damage', 'error', 'goodwill', 'other'] as const
const dispositions = ['saleable', 'quarantine', 'scrap'] as const

export function CreditPage({ invoiceId }: { readonly invoiceId: string }): ReactNode {
  const [, go] = useLocation()
  const { rows } = useView<typeof creditDraftRows>('sales.creditDraftRows', { invoice: invoiceId })
  if (rows === null) return null
  if (rowsIn(rows, invoice).length === 0)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('deal.not-found')}
        primary={{ label: t('screen.invoices'), run: () => go('/invoices') }}
      />
    )
  return <Crediting rows={rows} />
}

function Crediting({ rows }: { readonly rows: readonly WholeRow[] }): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const { all, chosen, choose } = useWarehouses()
  const [requestKey] = useState(() => crypto.randomUUID())
  /** Quantity6 by invoice line; null while it can't be read. */
  const [taken, setTaken] = useState<Readonly<Record<string, number | null>>>({})
  const [reason, setReason] = useState<(typeof reasons)[number]>('return')
  const [isBack, setBack] = useState(true)
  const [disposition, setDisposition] = useState<(typeof dispositions)[number]>('saleable')
  const [isBilledAgain, setBilledAgain] = useState(false)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const [of] = rowsIn(rows, invoice)
  if (of === undefined) return null
  const lines = rowsIn(rows, invoiceLine).toSorted((a, b) => a.position - b.position)
  const before = rowsIn(rows, creditLine)
  const items = new Map(rowsIn(rows, item).map((each) => [each.id, each]))
  const wanted = lines.filter((line) => (taken[line.id] ?? 0) > 0)
  const isReturn = reason === 'return' && isBack && chosen !== null
  const movesStock = (id: string): boolean => ['goods', 'deposit'].includes(items.get(id)?.type ?? 'goods')
  const proposed = creditDraft({
    invoice: of,
    lines: wanted.map((line) => ({
      line,
      quantity: quantity6(taken[line.id] ?? 0),
      before: before.filter((each) => each.invoiceLine === line.id),
      more: {
        ...(isReturn && movesStock(line.item) && { disposition }),
        ...(isBilledAgain && line.orderLine !== null && { billAgain: true }),
      },
    })),
    reason,
    businessDate: today,
    warehouse: isReturn ? chosen : null,
  })
  const submit = async (overrides: readonly string[] = []) => {
    if (proposed === null || wanted.length === 0) return
    const saved = await save<typeof issueCreditNote>('sales.issueCreditNote', proposed, { overrides, requestKey })
    const made = saved?.inserted['sales.creditNote']?.[0]
    if (saved !== null)
      go(made === undefined ? '/credit-notes' : `/credit-notes/${encodeURIComponent(made)}`, { replace: true })
  }
  const total = wanted.length === 0 ? 0 : (proposed?.total ?? 0)
  const rest = total - Math.max(0, owedOf(of))
  const about = lineOfRefusal(refusal)
  const back = `/invoices/${encodeURIComponent(of.id)}`
  const isDone = lines.every((line) => line.credited >= line.quantity)
  if (isDone)
    return (
      <EmptyState text={t('deal.nothing-to-credit')} primary={{ label: t('screen.invoices'), run: () => go(back) }} />
    )
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('deal.credit')}
          subtitle={`${of.number ?? ''} · ${of.partyName}`}
          back={<BackLink href={back} />}
        />
      }
      actions={
        <ActionBar
          summary={
            rest > 0 && <span className={classes['dim']}>{t('deal.credit-rest', { rest, currency: of.currency })}</span>
          }
        >
          <Button
            size="md"
            disabled={proposed === null || wanted.length === 0}
            loading={isSaving}
            onClick={() => void submit()}
          >
            {wanted.length === 0 ? t('deal.credit-none') : t('deal.credit-now', { total, currency: of.currency })}
          </Button>
        </ActionBar>
      }
    >
      <Section title={t('orders.lines')}>
        <p className={classes['lead']}>{t('deal.credit-lead')}</p>
        <ol className={classes['lines']} aria-label={t('orders.lines')}>
          {lines.map((line) => {
            const left = line.quantity - line.credited
            const at = wanted.findIndex(({ id }) => id === line.id)
            return (
              <li key={line.id} className={classes['line']}>
                <div className={classes['line-head']}>
                  <strong>{line.itemName}</strong>
                  <span className={classes['dim']}>
                    {left <= 0
                      ? t('deal.credited-all')
                      : t('deal.creditable', { quantity: formatQuantity(left, currentLocale()), unit: line.unit })}
                  </span>
                </div>
                {left > 0 && (
                  <div className={classes['fields']}>
                    <QuantityStepper
                      label={t('deal.credit-quantity')}
                      value={taken[line.id] === null ? null : quantity6(taken[line.id] ?? 0)}
                      unit={line.unit}
                      decimals={
                        line.unit === items.get(line.item)?.stockUnit ? (items.get(line.item)?.decimals ?? 6) : 0
                      }
                      error={
                        about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null
                      }
                      onChange={(quantity) => {
                        clear()
                        setTaken((last) => ({
                          ...last,
                          [line.id]: quantity === null ? null : Math.min(quantity, left),
                        }))
                      }}
                    />
                  </div>
                )}
              </li>
            )
          })}
        </ol>
      </Section>
      <Section>
        <div className={classes['gap']}>
          <FieldGrid>
            <SelectField
              label={t('screen.reason')}
              value={reason}
              choices={reasons.map((each) => ({ value: each, label: t(`deal.credit-reason-${each}`) }))}
              onChange={setReason}
            />
            {isReturn && (
              <SelectField
                label={t('deal.goods-go')}
                value={disposition}
                choices={dispositions.map((each) => ({ value: each, label: t(`deal.disposition-${each}`) }))}
                onChange={setDisposition}
              />
            )}
            {isReturn && (
              <SelectField
                label={t('deal.into')}
                value={chosen}
                choices={all.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={choose}
              />
            )}
          </FieldGrid>
          {reason === 'return' && <CheckField label={t('deal.goods-back')} value={isBack} onChange={setBack} />}
          {lines.some(({ orderLine }) => orderLine !== null) && (
            <CheckField label={t('deal.bill-again')} value={isBilledAgain} onChange={setBilledAgain} />
          )}
        </div>
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}
