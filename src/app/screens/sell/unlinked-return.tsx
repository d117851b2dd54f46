// A return whose sale isn't on this device: its receipt number is kept for whoever links it later; without any receipt the customer gets
// store credit. Prices are today's; the role's limit is checked by the command.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { SelectField, TextField } from '../../design/fields.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { Money } from '../../design/values.tsx'
import { refusalText, t } from '../../design/words.ts'
import { amountMinor, ONE6, quantity6 } from '../../../kernel/amount.ts'
import type { items } from '../../../modules/masters/views.ts'
import type { returnSale } from '../../../modules/pos/return-sale.ts'
import type { ReturnLineArgs } from '../../../modules/pos/sale-args.ts'
import { cashDue } from '../../../modules/pos/sale-sums.ts'
import { STORE_CREDIT } from '../../../modules/pos/sale-money.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useQuote } from '../shared/use-quote.ts'
import { useSave } from '../shared/use-save.ts'
import { dispositionChoices } from './linked-return.tsx'
import { methodName } from './pay-sheet.tsx'
import { returnArgs, returnTotals, type Disposition } from './return-args.ts'
import counts from './counting.module.css'
import classes from './sell.module.css'
import { addItem, changeLine, newTicket, removeLine, type Ticket } from './ticket.ts'
import { quotedLine } from './quoted-line.ts'
import { isSellable, quoteGiven } from './ticket-sale.ts'
import type { Till } from './till.ts'

/** What was chosen so far; it outlives a reload. The basket's id names the return to come. */
interface UnlinkedDraft {
  readonly basket: Ticket
  readonly disposition: Disposition
  readonly reason: string
  /** null for the first that is allowed. */
  readonly method: string | null
}

export function UnlinkedReturn({
  till,
  originalNumber,
}: {
  readonly till: Till
  readonly originalNumber: string | null
}): ReactNode {
  const [, go] = useLocation()
  const [first] = useState((): UnlinkedDraft => ({
    basket: newTicket(crypto.randomUUID()),
    disposition: 'saleable',
    reason: '',
    method: null,
  }))
  const draft = useDraft<UnlinkedDraft>(`pos.return/${originalNumber ?? 'without'}`, first, { isAtOnce: true })
  const { basket, disposition, reason, method: chosen } = draft.value ?? first
  const change = (next: Partial<UnlinkedDraft>) => draft.set((last) => ({ ...last, ...next }))
  const setBasket = (next: (last: Ticket) => Ticket) => draft.set((last) => ({ ...last, basket: next(last.basket) }))
  const methods = [
    ...till.methods.filter(({ kind, code }) => (kind === 'cash' || kind === 'card') && code !== STORE_CREDIT),
    { code: STORE_CREDIT, kind: 'voucher' as const },
  ]
  const allowed = originalNumber === null ? methods.filter(({ code }) => code === STORE_CREDIT) : methods
  const methodCode = chosen ?? allowed[0]?.code ?? STORE_CREDIT
  const { save, refusal, mayOverride, isSaving } = useSave()
  const { quote } = useQuote(quoteGiven(basket, till))
  const returns = basket.lines.map((line): ReturnLineArgs => {
    const price = quote?.lines.find((each) => each.line === line.key)
    return {
      ...quotedLine(line, price),
      disposition,
      ...(reason.trim() !== '' && { reason: reason.trim() }),
      ...(line.serials.length > 0 && { serials: line.serials }),
    }
  })
  const totals = returnTotals(returns, till)
  const isReady =
    totals.ok &&
    returns.length > 0 &&
    basket.lines.every((line) => isSellable(quote?.lines.find((each) => each.line === line.key)))
  const submit = async (overrides: readonly string[] = []) => {
    if (!totals.ok) return
    const method = methods.find(({ code }) => code === methodCode) ?? { code: STORE_CREDIT, kind: 'voucher' as const }
    const { payable, rounding } =
      method.kind === 'cash'
        ? cashDue(totals.total, [], till.cashStepMinor)
        : { payable: totals.total, rounding: amountMinor(0) }
    const refund = { tenders: [{ method: method.code, kind: method.kind, amount: payable }], cashRounding: rounding }
    const args = {
      ...returnArgs(till, returns, refund, totals, till.pricesIncludeTax),
      ...(originalNumber !== null && { originalNumber }),
      ...(reason.trim() !== '' && { reason: reason.trim() }),
    }
    const saved = await save<typeof returnSale>('pos.returnSale', args, {
      overrides,
      requestKey: basket.id,
      isQuiet: true,
    })
    if (saved === null) return
    draft.discard()
    const id = saved.inserted['pos.sale']?.[0]
    if (id !== undefined) go(`/sell/done/${encodeURIComponent(id)}`)
  }
  if (draft.value === null) return null
  return (
    <>
      <Section
        title={originalNumber === null ? t('pos.no-receipt') : t('pos.return-elsewhere', { number: originalNumber })}
      >
        <p className={classes['dim']}>
          {originalNumber === null ? t('pos.no-receipt-help') : t('pos.return-elsewhere-help')}
        </p>
        <ViewPicker<typeof items>
          label={t('pos.add-item')}
          value={null}
          view="masters.items"
          argsFor={(search) => ({ search, limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code }) => code}
          onChange={(item) => item !== null && setBasket((last) => addItem(last, item).ticket)}
        />
        <ul className={counts['return-lines']}>
          {basket.lines.map((line) => (
            <li key={line.key}>
              <strong>{line.name}</strong>
              <QuantityStepper
                label={t('pos.back-of', { name: line.name })}
                isLabelHidden
                value={quantity6(line.quantity)}
                unit={line.unit}
                step={quantity6(ONE6)}
                onChange={(quantity) =>
                  setBasket((last) =>
                    quantity === null || quantity <= 0
                      ? removeLine(last, line.key)
                      : changeLine(last, line.key, { quantity }),
                  )
                }
              />
              {line.hasSerial && (
                <TextField
                  label={t('pos.serials')}
                  value={line.serials.join(', ')}
                  onChange={(text) =>
                    setBasket((last) =>
                      changeLine(last, line.key, {
                        serials: text
                          .split(',')
                          .map((serial) => serial.trim())
                          .filter((serial) => serial !== ''),
                      }),
                    )
                  }
                />
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('pos.refund')}>
        <div className={classes['sheet']}>
          <SelectField
            label={t('pos.goods-go')}
            value={disposition}
            choices={dispositionChoices()}
            onChange={(next) => change({ disposition: next })}
          />
          <SelectField
            label={t('pos.refund-by')}
            value={methodCode}
            choices={allowed.map(({ code }) => ({ value: code, label: methodName(code) }))}
            onChange={(method) => change({ method })}
          />
          <TextField
            label={t('screen.reason')}
            value={reason}
            onChange={(typed) => change({ reason: typed })}
            lengthMax={200}
          />
          {!totals.ok && (
            <p className={classes['problem']} role="alert">
              {refusalText(totals.code, totals.facts)}
            </p>
          )}
          <RefusalNote
            refusal={refusal}
            onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
          />
          <Button className={classes['pay'] ?? ''} disabled={!isReady} loading={isSaving} onClick={() => void submit()}>
            {t('pos.refund-now')}
            {totals.ok && returns.length > 0 && <Money amount={-totals.total} currency={till.currency} />}
          </Button>
        </div>
      </Section>
    </>
  )
}
