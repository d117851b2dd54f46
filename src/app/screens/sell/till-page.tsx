// Selling: catalogue left, ticket right (one behind the other on a phone), by touch, by keys and by scanner. Every touch is kept on the disk;
// the sale itself is one command.
import { Button } from '@mantine/core'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useDevice } from '../../design/device-context.ts'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { showToast } from '../../design/toast-store.ts'
import { useWedge } from '../../design/use-wedge.ts'
import { useWidth } from '../../design/use-width.ts'
import { Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { readReceiptCode } from '../../../modules/pos/receipt.ts'
import type { completeSale } from '../../../modules/pos/complete-sale.ts'
import { useQuote } from '../shared/use-quote.ts'
import { useSave } from '../shared/use-save.ts'
import { Catalogue } from './catalogue.tsx'
import { CustomerSheet } from './customer-sheet.tsx'
import { DiscountSheet } from './discount-sheet.tsx'
import { LineSheet } from './line-sheet.tsx'
import { ParkedSheet, useParking } from './parked-sheet.tsx'
import { PaySheet } from './pay-sheet.tsx'
import classes from './sell.module.css'
import { addItem, changeLine, removeLine, type Addable, type TicketLine } from './ticket.ts'
import { TicketPanel } from './ticket-panel.tsx'
import { priceTicket, quoteGiven, saleArgsOf } from './ticket-sale.ts'
import type { Till } from './till.ts'
import { TillBar } from './till-bar.tsx'
import { useTicket } from './use-ticket.ts'
import { useTillKeys } from './use-till-keys.ts'

type Sheet =
  | 'customer'
  | 'discount'
  | 'park'
  | 'parked'
  | 'drop'
  | { readonly line: string; readonly field: 'quantity' | 'discount' }
  | null

export function TillPage({ till }: { readonly till: Till }): ReactNode {
  const kept = useTicket(till.till)
  const { change, clear, wasCutOff } = kept
  const ticket = kept.ticket
  const [, go] = useLocation()
  const device = useDevice()
  const { save, refusal, mayOverride, isSaving, clear: forget } = useSave()
  const [selected, setSelected] = useState<string | null>(null)
  const [sheet, setSheet] = useState<Sheet>(null)
  const [isTicketShown, setTicketShown] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const isPhone = useWidth() === 'phone'
  const given = useMemo(() => (ticket === null ? null : quoteGiven(ticket, till)), [ticket, till])
  const { quote } = useQuote(given ?? { ...till, lines: [] })
  const isCurrent = quote !== null && ticket !== null && quote.lines.length === ticket.lines.length
  const priced = useMemo(
    () => (ticket === null || quote === null || !isCurrent ? null : priceTicket(ticket, quote, till)),
    [ticket, quote, isCurrent, till],
  )

  const add = useCallback(
    (item: Addable, unit?: string, quantity?: number) => {
      forget()
      change((last) => {
        const added = addItem(last, item, unit, quantity)
        setSelected(added.key)
        if (item.hasSerial === 1) setSheet({ line: added.key, field: 'quantity' })
        return added.ticket
      })
    },
    [change, forget],
  )
  const scanned = useCallback(
    async (code: string) => {
      const receipt = readReceiptCode(code)
      if (receipt !== null) return go(`/sell/return?number=${encodeURIComponent(receipt.number)}`)
      const { rows } = await device.query('masters.itemByScan', { scanned: code })
      const found = rows[0] as unknown as (Addable & { unit: string }) | undefined
      if (found === undefined)
        showToast({ tone: 'error', title: t('pos.unknown-code'), text: t('pos.unknown-code-text', { code }) })
      else add(found, found.unit)
    },
    [add, device, go],
  )
  useWedge((code) => void scanned(code), sheet === null && ticket?.isPaying !== true)

  const finish = useCallback(
    async (overrides: readonly string[] = []) => {
      if (ticket === null || priced === null) return
      const args = ticket.pending ?? saleArgsOf(ticket, priced, till)
      if (args === null) return
      // On the disk before the sale: whoever comes back after a crash finishes this sale and makes no second one.
      change((last) => ({ ...last, pending: args }))
      const saved = await save<typeof completeSale>('pos.completeSale', args, {
        requestKey: ticket.id,
        overrides,
        isQuiet: true,
      }).catch(() => null)
      if (saved === null) return change((last) => ({ ...last, pending: null }))
      clear()
      setSelected(null)
      setTicketShown(false)
      const saleId = saved.inserted['pos.sale']?.[0]
      if (saleId !== undefined) go(`/sell/done/${encodeURIComponent(saleId)}`)
    },
    [ticket, priced, till, change, save, clear, go],
  )
  const resumed = useRef(false)
  useEffect(() => {
    // A sale that a crash cut off between the button and its answer. One that is under way here or in another tab comes to its own end.
    if (!wasCutOff || ticket?.pending == null || priced === null || resumed.current) return
    resumed.current = true
    void finish()
  }, [wasCutOff, ticket, priced, finish])

  const isPayWanted = useRef(false)
  const pay = useCallback(() => {
    // Pressed in the same breath as the last line: it opens when the sum is there.
    if (priced === null) isPayWanted.current = true
    else if (priced.isReady) change((last) => ({ ...last, isPaying: true }))
  }, [priced, change])
  useEffect(() => {
    if (!isPayWanted.current || priced === null) return
    isPayWanted.current = false
    pay()
  }, [priced, pay])
  const edit = (field: 'quantity' | 'discount') => selected !== null && setSheet({ line: selected, field })
  const remove = (key: string) => change((last) => removeLine(last, key))
  const parking = useParking(till, kept)
  useTillKeys(
    {
      F2: () => edit('quantity'),
      F3: () => search.current?.focus(),
      F4: () => (selected === null ? setSheet('discount') : edit('discount')),
      F8: () => setSheet((ticket?.lines.length ?? 0) > 0 ? 'park' : 'parked'),
      F9: pay,
      Delete: () => selected !== null && remove(selected),
    },
    sheet === null && ticket?.isPaying !== true,
  )
  if (ticket === null) return null
  const lineOpen = typeof sheet === 'object' && sheet !== null ? sheet : null
  const totals = priced?.totals
  const panel = (
    <TicketPanel
      ticket={ticket}
      quote={quote}
      priced={priced}
      currency={till.currency}
      selected={selected}
      refusal={refusal}
      onSelect={setSelected}
      onEdit={(line) => setSheet({ line, field: 'quantity' })}
      onRemove={remove}
      onAddFree={add}
      onCustomer={() => setSheet('customer')}
      onDiscount={() => setSheet('discount')}
      onPay={pay}
    />
  )
  return (
    <div className={classes['till']}>
      <TillBar
        till={till}
        hasLines={ticket.lines.length > 0}
        held={parking.held.length}
        isTicketShown={isPhone && isTicketShown}
        onCatalogue={() => setTicketShown(false)}
        onPark={() => setSheet('park')}
        onParked={() => setSheet('parked')}
        onDrop={() => setSheet('drop')}
      />
      <div className={classes['till-body']}>
        {(!isPhone || !isTicketShown) && (
          <Catalogue settings={till} party={ticket.party?.id ?? null} onAdd={add} search={search} />
        )}
        {(!isPhone || isTicketShown) && panel}
      </div>
      {isPhone && !isTicketShown && (
        <div className={classes['phone-bar']}>
          <Button
            className={classes['pay'] ?? ''}
            onClick={() => setTicketShown(true)}
            disabled={ticket.lines.length === 0}
          >
            {t('pos.show-ticket', { count: ticket.lines.length })}
            {ticket.lines.length > 0 && totals?.ok === true && <Money amount={totals.total} currency={till.currency} />}
          </Button>
        </div>
      )}
      <LineSheet
        line={ticket.lines.find(({ key }) => key === lineOpen?.line) ?? null}
        field={lineOpen?.field ?? 'quantity'}
        currency={till.currency}
        warehouse={till.warehouse}
        today={till.businessDate}
        onChange={(key, next: Partial<TicketLine>) => change((last) => changeLine(last, key, next))}
        onRemove={remove}
        onClose={() => setSheet(null)}
      />
      <DiscountSheet
        isOpen={sheet === 'discount'}
        discount={ticket.discount}
        currency={till.currency}
        onChange={(discount) => change((last) => ({ ...last, discount, tenders: [] }))}
        onClose={() => setSheet(null)}
      />
      <CustomerSheet
        isOpen={sheet === 'customer'}
        party={ticket.party}
        onChoose={(party) => change((last) => ({ ...last, party, tenders: [] }))}
        onClose={() => setSheet(null)}
      />
      <ParkedSheet
        mode={sheet === 'park' || sheet === 'parked' ? sheet : null}
        parking={parking}
        onClose={() => setSheet(null)}
      />
      <ConfirmSheet
        isOpen={sheet === 'drop'}
        title={t('pos.drop-title')}
        confirmLabel={t('pos.drop')}
        isGrave
        needsReason={ticket.heldSale !== null}
        onConfirm={(reason) => {
          void parking.drop(reason)
          setSelected(null)
          setSheet(null)
        }}
        onClose={() => setSheet(null)}
      >
        <p>{t('pos.drop-text')}</p>
      </ConfirmSheet>
      {totals?.ok === true && (
        <PaySheet
          isOpen={ticket.isPaying}
          till={till}
          total={totals.total}
          tenders={ticket.tenders}
          party={ticket.party}
          refusal={refusal}
          isBusy={isSaving}
          onTenders={(tenders) => change((last) => ({ ...last, tenders }))}
          onComplete={() => void finish()}
          onOverride={mayOverride && refusal !== null ? () => void finish([refusal.code]) : undefined}
          onClose={() => change((last) => ({ ...last, isPaying: false }))}
        />
      )}
    </div>
  )
}
