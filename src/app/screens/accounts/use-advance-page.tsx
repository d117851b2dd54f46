// Money that was paid ahead meets invoices: which, and how much of each, the oldest first until somebody says otherwise. It is a request: only
// the hub knows what is left of an advance.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { MoneyField } from '../../design/number-fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import { amountMinor, type AmountMinor } from '../../../kernel/amount.ts'
import type { allocate } from '../../../modules/payments/allocate.ts'
import type { payments } from '../../../modules/payments/views.ts'
import { allocationDraft } from '../../../modules/sales/drafts.ts'
import type { openInvoices } from '../../../modules/sales/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import classes from './accounts.module.css'

type Payment = RowOfView<typeof payments>
type Invoice = RowOfView<typeof openInvoices>

export function UseAdvancePage({ paymentId }: { readonly paymentId: string }): ReactNode {
  const [, go] = useLocation()
  const { row, isKnown } = useViewRow<typeof payments>('payments.payments', { id: paymentId })
  const { rows } = useView<typeof openInvoices>('sales.openInvoices', row === null ? null : { party: row.party })
  if (!isKnown) return null
  if (row === null)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('deal.not-found')}
        primary={{ label: t('screen.payments'), run: () => go('/payments') }}
      />
    )
  if (rows === null) return null
  return <Using payment={row} open={rows} />
}

function Using({ payment, open }: { readonly payment: Payment; readonly open: readonly Invoice[] }): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const [requestKey] = useState(() => crypto.randomUUID())
  const [first] = useState(() =>
    allocationDraft(
      payment.rest,
      open.map(({ id, dueOn, owed }) => ({ invoice: id, dueOn, owedMinor: owed })),
    ),
  )
  const [typed, setTyped] = useState<Readonly<Record<string, AmountMinor | null>>>({})
  const { save, refusal, isSaving } = useSave()
  const back = `/payments/${encodeURIComponent(payment.id)}`
  const partOf = (id: string): number =>
    id in typed ? (typed[id] ?? 0) : (first.find(({ invoice }) => invoice === id)?.amount ?? 0)
  const parts = open
    .map(({ id }) => ({ invoice: id, amount: amountMinor(partOf(id)) }))
    .filter(({ amount }) => amount > 0)
  const sum = parts.reduce((all, { amount }) => all + amount, 0)
  const isOver = sum > payment.rest || open.some(({ id, owed }) => partOf(id) > owed)
  const submit = async () => {
    const saved = await save<typeof allocate>(
      'payments.allocate',
      { payment: payment.id, businessDate: today, allocations: parts },
      { requestKey },
    )
    if (saved !== null) go(back, { replace: true })
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('deal.use-advance')}
          subtitle={`${payment.number} · ${payment.partyName}`}
          back={<BackLink href={back} />}
        />
      }
      actions={
        open.length > 0 && (
          <ActionBar summary={sum > payment.rest && <span className={classes['problem']}>{t('deal.use-over')}</span>}>
            <Button size="md" disabled={sum === 0 || isOver} loading={isSaving} onClick={() => void submit()}>
              {t('deal.use-now', { amount: sum, currency: payment.currency })}
            </Button>
          </ActionBar>
        )
      }
    >
      <Section>
        <p className={classes['lead']}>
          {t('deal.use-lead', { rest: payment.rest, number: payment.number, currency: payment.currency })}
        </p>
        {open.length === 0 ? (
          <EmptyState text={t('deal.use-none')} />
        ) : (
          <ol className={classes['lines']} aria-label={t('screen.invoices')}>
            {open.map((each) => (
              <li key={each.id} className={classes['line']}>
                <div className={classes['line-head']}>
                  <strong>{each.number}</strong>
                  <span className={classes['dim']}>
                    {t('deal.owes-of', { owed: each.owed, due: each.dueOn, currency: each.currency })}
                  </span>
                </div>
                <div className={classes['fields']}>
                  <MoneyField
                    label={`${t('screen.amount')} · ${each.number}`}
                    value={amountMinor(partOf(each.id))}
                    currency={payment.currency}
                    error={
                      partOf(each.id) > each.owed
                        ? t('deal.use-over-owed', { owed: each.owed, currency: each.currency })
                        : null
                    }
                    onChange={(amount) => setTyped((last) => ({ ...last, [each.id]: amount }))}
                  />
                </div>
              </li>
            ))}
          </ol>
        )}
      </Section>
      <RefusalNote refusal={refusal} />
    </Page>
  )
}
