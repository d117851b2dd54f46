// The lines of a new order and its few header fields. A refusal stands at the line that it is about.
import { Button } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useStatusPart } from '../../design/device-context.ts'
import { DateField, NoteField, TextField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { showToast } from '../../design/toast-store.ts'
import { useDevice } from '../../design/device-context.ts'
import { useDraft } from '../../design/use-draft.ts'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { useWedge } from '../../design/use-wedge.ts'
import { Money } from '../../design/values.tsx'
import { ViewPicker } from '../../design/view-picker.tsx'
import { refusalText, t } from '../../design/words.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import type { stockOfItems } from '../../../modules/inventory/views.ts'
import type { items } from '../../../modules/masters/views.ts'
import type { placeOrder } from '../../../modules/sales/place-order.ts'
import type { usualItems } from '../../../modules/sales/views.ts'
import { addItem, changeLine, newTicket, removeLine, type Addable, type TicketLine } from '../sell/ticket.ts'
import { BackLink } from '../shared/back-link.tsx'
import { lineOfRefusal, RefusalNote } from '../shared/refusal-note.tsx'
import { usePriceReader, useQuote } from '../shared/use-quote.ts'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { newOrderDraft, orderArgs, orderQuote, priceOrder, pricesIncludeTaxFor, type OrderDraft } from './order-args.ts'
import { OrderLine } from './order-line.tsx'
import classes from './orders.module.css'

type Customer = RowOfView<typeof customerCard>

export function OrderForm({ customer }: { readonly customer: Customer }): ReactNode {
  const [, go] = useLocation()
  const place = useWorkplace()
  const device = useDevice()
  const contactAt = useStatusPart('lastContactAt')
  const [first] = useState(() => newOrderDraft(crypto.randomUUID()))
  const draft = useDraft<OrderDraft>(`orders.new/${customer.id}`, first)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const value = draft.value ?? first
  const probe = usePriceReader([], customer.id)
  const pricesIncludeTax = pricesIncludeTaxFor(probe, customer.id)
  const settings = {
    businessDate: place.today,
    currency: place.currency,
    minorDigits: place.minorDigits,
    taxRounding: place.taxRounding,
    pricesIncludeTax,
  }
  const { quote } = useQuote(orderQuote(value, customer.id, settings))
  const isCurrent = quote !== null && quote.lines.length === value.lines.length
  const priced = isCurrent ? priceOrder(value, quote, settings) : null
  const { rows: usual } = useView<typeof usualItems>('sales.usualItems', { party: customer.id })
  const itemIds = useMemo(() => [...new Set(value.lines.map(({ item }) => item))].sort(), [value.lines])
  const { rows: stock } = useView<typeof stockOfItems>('inventory.stockOfItems', {
    items: itemIds,
    branch: place.branch,
  })

  const change = (next: (last: OrderDraft) => OrderDraft) => {
    clear()
    draft.set(next)
  }
  const add = (item: Addable, unit?: string) =>
    change((last) => withTicket(last, (ticket) => addItem(ticket, item, unit).ticket))
  const scanned = async (code: string) => {
    const { rows } = await device.query('masters.itemByScan', { scanned: code })
    const found = rows[0] as unknown as (Addable & { unit: string }) | undefined
    if (found === undefined)
      showToast({ tone: 'error', title: t('pos.unknown-code'), text: t('pos.unknown-code-text', { code }) })
    else add(found, found.unit)
  }
  useWedge((code) => void scanned(code))

  const submit = async (overrides: readonly string[] = []) => {
    if (priced === null || quote === null) return
    const args = orderArgs(value, priced, quote, customer, settings)
    if (args === null) return
    const saved = await save<typeof placeOrder>('sales.placeOrder', args, { requestKey: value.id, overrides })
    if (saved === null) return
    await device.keepDraft(`orders.new/${customer.id}`, null).catch(() => null)
    draft.discard()
    const id = saved.inserted['sales.order']?.[0]
    go(id === undefined ? '/orders' : `/orders/${encodeURIComponent(id)}`, { replace: true })
  }
  const exposure = customer.receivableMinor + customer.deliveredMinor + customer.orderedMinor - customer.advanceMinor
  const total = priced?.totals.ok === true ? priced.totals.total : null
  const isBeyond =
    customer.isOnHold === 1 ||
    (customer.creditLimitMinor !== null && total !== null && exposure + total > customer.creditLimitMinor)
  const about = lineOfRefusal(refusal)
  if (draft.value === null) return null
  return (
    <Page
      header={
        <PageHeader
          title={t('orders.new')}
          subtitle={customer.name}
          back={<BackLink href={`/customers/${encodeURIComponent(customer.id)}`} />}
        />
      }
      actions={
        <ActionBar
          summary={
            <div className={classes['sum']} aria-live="polite">
              <span>{t(pricesIncludeTax ? 'orders.total-with-tax' : 'orders.total-plus-tax')}</span>
              <strong>{total === null ? '–' : <Money amount={total} currency={place.currency} />}</strong>
              {isBeyond && <StatusChip tone="attention">{t('orders.beyond-credit')}</StatusChip>}
            </div>
          }
        >
          <Button size="md" onClick={() => void submit()} disabled={priced?.isReady !== true} loading={isSaving}>
            {t('orders.place')}
          </Button>
        </ActionBar>
      }
    >
      {usual !== null && usual.length > 0 && (
        <Section title={t('orders.usual')}>
          <div className={classes['usual']} role="group" aria-label={t('orders.usual')}>
            {usual.map((item) => (
              <Button key={`${item.id} ${item.unit}`} variant="default" onClick={() => add(item, item.unit)}>
                {item.name}
              </Button>
            ))}
          </div>
        </Section>
      )}
      <Section title={t('orders.lines')}>
        <ViewPicker<typeof items>
          label={t('pos.add-item')}
          placeholder={t('pos.search')}
          value={null}
          view="masters.items"
          argsFor={(search) => ({ search, limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code }) => code}
          onChange={(item) => item !== null && add(item)}
        />
        {value.lines.length > 0 && (
          <>
            <ol className={classes['lines']} aria-label={t('orders.lines')}>
              {value.lines.map((line, at) => (
                <OrderLine
                  key={line.key}
                  line={line}
                  quoted={quote?.lines.find((each) => each.line === line.key)}
                  sums={priced?.totals.ok === true ? priced.totals.lines[at] : undefined}
                  available={stock === null ? null : (stock.find(({ item }) => item === line.item)?.available ?? 0)}
                  currency={place.currency}
                  problem={about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null}
                  onChange={(next: Partial<TicketLine>) =>
                    change((last) => withTicket(last, (ticket) => changeLine(ticket, line.key, next)))
                  }
                  onRemove={() => change((last) => withTicket(last, (ticket) => removeLine(ticket, line.key)))}
                />
              ))}
            </ol>
            <p className={classes['dim']}>
              {contactAt === null ? t('orders.stock-never') : t('orders.stock-as-of', { at: contactAt })}
            </p>
          </>
        )}
        {priced?.totals.ok === false && <p role="alert">{refusalText(priced.totals.code, priced.totals.facts)}</p>}
      </Section>
      <Section>
        <FieldGrid>
          <TextField
            label={t('orders.customer-number')}
            value={value.orderNumber}
            isRequired={customer.needsOrderNumber === 1}
            error={refusal?.code === 'sales.order-number-needed' ? refusalText(refusal.code, refusal.facts) : null}
            onChange={(orderNumber) => change((last) => ({ ...last, orderNumber }))}
            lengthMax={64}
          />
          <DateField
            label={t('orders.deliver-on')}
            value={value.deliverOn}
            min={place.today}
            onChange={(deliverOn) => change((last) => ({ ...last, deliverOn }))}
          />
        </FieldGrid>
        <NoteField
          label={t('pos.remarks')}
          value={value.remarks}
          onChange={(remarks) => change((last) => ({ ...last, remarks }))}
          rows={2}
        />
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}

/** The till's ways to add and change lines, on an order's draft. */
function withTicket(
  draft: OrderDraft,
  change: (ticket: ReturnType<typeof newTicket>) => ReturnType<typeof newTicket>,
): OrderDraft {
  const { lines, made } = change({ ...newTicket(draft.id), lines: draft.lines, made: draft.made })
  return { ...draft, lines, made }
}
