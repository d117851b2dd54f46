// Money from a customer, at their place or in the office: how much, how, and for which invoices: the oldest first until somebody says
// otherwise. What is over is an advance.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useStatusPart } from '../../design/device-context.ts'
import { CheckField, SelectField, TextField } from '../../design/fields.tsx'
import { FieldGrid, Form } from '../../design/form.tsx'
import { MoneyField } from '../../design/number-fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { t } from '../../design/words.ts'
import { amountMinor, type AmountMinor } from '../../../kernel/amount.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import type { parties } from '../../../modules/masters/views.ts'
import type { receive } from '../../../modules/payments/receive.ts'
import type { tillAtWork } from '../../../modules/pos/till-views.ts'
import type { openInvoices } from '../../../modules/sales/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import classes from './accounts.module.css'

const methods = ['cash', 'cheque', 'card', 'bank'] as const
type Method = (typeof methods)[number]
type Invoice = RowOfView<typeof openInvoices>

/** Spreads an amount over invoices in their order, each up to what it owes. */
export function spread(
  amount: number,
  owed: readonly { readonly id: string; readonly owed: number }[],
): readonly { readonly invoice: string; readonly amount: AmountMinor }[] {
  let left = amount
  return owed.flatMap(({ id, owed: due }) => {
    const part = Math.min(left, due)
    left -= Math.max(0, part)
    return part <= 0 ? [] : [{ invoice: id, amount: amountMinor(part) }]
  })
}

export function ReceiveMoney(): ReactNode {
  const [params, setParams] = useSearchParams()
  const party = params.get('party')
  const { row } = useViewRow<typeof customerCard>('crm.customerCard', party === null ? null : { party })
  if (party !== null && row !== null) return <Receiving key={row.id} customer={row} />
  return (
    <Page isNarrow header={<PageHeader title={t('accounts.receive')} back={<BackLink href="/payments" />} />}>
      <Section>
        <ViewPicker<typeof parties>
          label={t('pos.find-customer')}
          value={null}
          autoFocus
          view="masters.parties"
          argsFor={(search) => ({ search, role: 'customer', limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code }) => code}
          onChange={(chosen) => chosen !== null && setParams({ party: chosen.id }, { replace: true })}
        />
      </Section>
    </Page>
  )
}

function Receiving({ customer }: { readonly customer: RowOfView<typeof customerCard> }): ReactNode {
  const [, go] = useLocation()
  const { today, currency } = useWorkplace()
  const [requestKey] = useState(() => crypto.randomUUID())
  const [amount, setAmount] = useState<AmountMinor | null>(null)
  const [method, setMethod] = useState<Method>('cash')
  const [reference, setReference] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [isMissing, setMissing] = useState(false)
  const [isInDrawer, setInDrawer] = useState(true)
  const device = useStatusPart('device')
  const { row: till } = useViewRow<typeof tillAtWork>('pos.tillAtWork', device === null ? null : { device })
  const { save, refusal, mayOverride, isSaving } = useSave()
  const { rows } = useView<typeof openInvoices>('sales.openInvoices', { party: customer.id })
  const open = rows ?? []
  // Cash is counted at the close of the drawer that it went into.
  const drawer = method === 'cash' && isInDrawer && till !== null ? till : null
  const chosen = open.filter(({ id }) => !left.has(id))
  const parts = spread(amount ?? 0, chosen)
  const rest = (amount ?? 0) - parts.reduce((sum, part) => sum + part.amount, 0)
  const submit = async (overrides: readonly string[] = []) => {
    setMissing(amount === null || amount <= 0)
    if (amount === null || amount <= 0) return
    const saved = await save<typeof receive>(
      'payments.receive',
      {
        party: customer.id,
        partyName: customer.name,
        territory: customer.territory,
        businessDate: today,
        currency,
        method,
        methodKind: method,
        amount,
        allocations: parts,
        ...(drawer !== null && { till: drawer.till, shift: drawer.shift, shiftDate: drawer.businessDate }),
        ...(reference.trim() !== '' && { reference: reference.trim() }),
      },
      { overrides, requestKey },
    )
    if (saved !== null) go('/payments')
  }
  const toggle = (id: string, isOn: boolean) =>
    setLeft((last) => {
      const next = new Set(last)
      if (isOn) next.delete(id)
      else next.add(id)
      return next
    })
  return (
    <Page
      isNarrow
      header={
        <PageHeader title={t('accounts.receive-from', { name: customer.name })} back={<BackLink href="/payments" />} />
      }
      actions={
        <ActionBar>
          <Button size="md" onClick={() => void submit()} loading={isSaving}>
            {t('accounts.receive')}
          </Button>
        </ActionBar>
      }
    >
      <Form label={t('accounts.receive')} onSubmit={() => void submit()}>
        <Section>
          <FieldGrid>
            <MoneyField
              label={t('screen.amount')}
              value={amount}
              onChange={setAmount}
              currency={currency}
              isRequired
              autoFocus
              error={isMissing ? t('form.required') : null}
            />
            <SelectField
              label={t('accounts.method')}
              value={method}
              onChange={setMethod}
              choices={methods.map((each) => ({ value: each, label: t(`accounts.method-${each}`) }))}
            />
            <TextField label={t('accounts.reference')} value={reference} onChange={setReference} lengthMax={128} />
          </FieldGrid>
          {method === 'cash' && till !== null && (
            <CheckField
              label={t('deal.into-drawer', { till: till.tillName })}
              value={isInDrawer}
              onChange={setInDrawer}
            />
          )}
        </Section>
        {open.length > 0 && (
          <Section title={t('accounts.open-items')}>
            <ol className={classes['lines']} aria-label={t('accounts.open-items')}>
              {open.map((invoice) => (
                <OpenInvoice
                  key={invoice.id}
                  invoice={invoice}
                  part={parts.find((part) => part.invoice === invoice.id)?.amount ?? 0}
                  isOn={!left.has(invoice.id)}
                  onToggle={(isOn) => toggle(invoice.id, isOn)}
                />
              ))}
            </ol>
            {rest > 0 && <p className={classes['lead']}>{t('accounts.advance-rest', { amount: rest, currency })}</p>}
          </Section>
        )}
        <RefusalNote
          refusal={refusal}
          onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
        />
      </Form>
    </Page>
  )
}

function OpenInvoice({
  invoice,
  part,
  isOn,
  onToggle,
}: {
  readonly invoice: Invoice
  readonly part: number
  readonly isOn: boolean
  readonly onToggle: (isOn: boolean) => void
}): ReactNode {
  return (
    <li className={classes['line']}>
      <div className={classes['line-head']}>
        <CheckField label={invoice.number} value={isOn} onChange={onToggle} />
        {part > 0 && <strong>{t('deal.pays', { amount: part, currency: invoice.currency })}</strong>}
      </div>
      <p className={classes['dim']}>
        {t('deal.owes-of', { owed: invoice.owed, due: invoice.dueOn, currency: invoice.currency })}
      </p>
    </li>
  )
}
