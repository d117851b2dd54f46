// One line of the ticket in large: quantity, unit, price by hand where the role may, discount, serial numbers and batch. It changes the
// ticket as one types, and nothing else.
import { Button, Modal, SegmentedControl } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useMay } from '../../design/device-context.ts'
import { SelectField, TextField } from '../../design/fields.tsx'
import { MoneyField, QuantityStepper, RateField } from '../../design/number-fields.tsx'
import { useView } from '../../design/use-view.ts'
import { Day } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { amountMinor, ONE6, quantity6, rate6 } from '../../../kernel/amount.ts'
import type { itemBatches, itemSerials } from '../../../modules/inventory/views.ts'
import type { Discount } from '../../../modules/pricing/price-types.ts'
import { decimalsOfLine, type TicketLine } from './ticket.ts'
import classes from './sell.module.css'

export interface LineSheetProps {
  readonly line: TicketLine | null
  readonly field: 'quantity' | 'discount'
  readonly currency: string
  readonly warehouse: string
  readonly today: string
  readonly onChange: (key: string, change: Partial<TicketLine>) => void
  readonly onRemove: (key: string) => void
  readonly onClose: () => void
}

export function LineSheet(props: LineSheetProps): ReactNode {
  const { line, onClose } = props
  return (
    <Modal
      opened={line !== null}
      onClose={onClose}
      title={line?.name ?? ''}
      closeButtonProps={{ 'aria-label': t('form.close') }}
    >
      {line !== null && <Fields {...props} line={line} />}
    </Modal>
  )
}

function Fields({
  line,
  field,
  currency,
  warehouse,
  today,
  onChange,
  onRemove,
  onClose,
}: LineSheetProps & { readonly line: TicketLine }): ReactNode {
  const mayPrice = useMay('pricing.setPriceByHand')
  const change = (next: Partial<TicketLine>) => onChange(line.key, next)
  return (
    <form
      className={classes['sheet']}
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <QuantityStepper
        label={t('screen.quantity')}
        value={quantity6(line.quantity)}
        decimals={decimalsOfLine(line)}
        min={quantity6(decimalsOfLine(line) === 0 ? ONE6 : 1)}
        unit={line.unit}
        autoFocus={field === 'quantity'}
        onChange={(quantity) =>
          quantity !== null && quantity > 0 && change({ quantity, serials: line.serials.slice(0, quantity / ONE6) })
        }
      />
      {line.units.length > 1 && (
        <SelectField
          label={t('pos.unit')}
          value={line.unit}
          choices={line.units.map(({ unit, num, den }) => ({
            value: unit,
            label: den === 1 && num > 1 ? t('pos.unit-of', { unit, count: num, stock: line.units[0]?.unit }) : unit,
          }))}
          onChange={(unit) => change({ unit })}
        />
      )}
      <DiscountField
        label={t('screen.discount')}
        discount={line.discount}
        currency={currency}
        autoFocus={field === 'discount'}
        onChange={(discount) => change({ discount })}
      />
      {mayPrice && (
        <RateField
          label={t('pos.price-by-hand')}
          help={t('pos.price-by-hand-help')}
          value={line.manualRate === null ? null : rate6(line.manualRate)}
          decimalsMin={2}
          suffix={currency}
          onChange={(rate) => change({ manualRate: rate })}
        />
      )}
      {line.hasSerial && <Serials line={line} onChange={(serials) => change({ serials })} />}
      {line.hasBatch && (
        <Batches line={line} warehouse={warehouse} today={today} onChange={(batch) => change({ batch })} />
      )}
      <div className={classes['sheet-buttons']}>
        <Button
          variant="default"
          color="red"
          onClick={() => {
            onRemove(line.key)
            onClose()
          }}
        >
          {t('screen.remove')}
        </Button>
        <Button type="submit">{t('screen.done')}</Button>
      </div>
    </form>
  )
}

/** A discount as a percentage or an amount; empty takes nothing off. */
export function DiscountField(props: {
  label: string
  discount: Discount | null
  currency: string
  autoFocus?: boolean
  onChange: (discount: Discount | null) => void
}): ReactNode {
  const { label, discount, currency, autoFocus = false, onChange } = props
  const [kind, setKind] = useState<'percent' | 'amount'>(discount?.kind ?? 'percent')
  const choose = (next: string) => {
    setKind(next === 'amount' ? 'amount' : 'percent')
    onChange(null)
  }
  return (
    <div className={classes['discount']}>
      {kind === 'percent' ? (
        <RateField
          label={label}
          value={discount?.kind === 'percent' ? discount.percent : null}
          suffix="%"
          autoFocus={autoFocus}
          onChange={(percent) =>
            onChange(percent === null || percent === 0 ? null : { kind: 'percent', percent: rate6(percent) })
          }
        />
      ) : (
        <MoneyField
          label={label}
          value={discount?.kind === 'amount' ? discount.amount : null}
          currency={currency}
          autoFocus={autoFocus}
          onChange={(amount) =>
            onChange(amount === null || amount === 0 ? null : { kind: 'amount', amount: amountMinor(amount) })
          }
        />
      )}
      <SegmentedControl
        aria-label={t('pos.discount-kind')}
        value={kind}
        onChange={choose}
        data={[
          { value: 'percent', label: '%' },
          { value: 'amount', label: currency },
        ]}
      />
    </div>
  )
}

const serialsShown = 12

function Serials({
  line,
  onChange,
}: {
  readonly line: TicketLine
  readonly onChange: (serials: readonly string[]) => void
}): ReactNode {
  const { rows } = useView<typeof itemSerials>('inventory.itemSerials', { item: line.item, limit: serialsShown })
  const [typed, setTyped] = useState(line.serials.join(', '))
  const count = Math.max(1, Math.floor(line.quantity / ONE6))
  const set = (serials: readonly string[]) =>
    onChange([...new Set(serials.map((serial) => serial.trim()).filter((serial) => serial !== ''))].slice(0, count))
  const toggle = (serial: string) => {
    const others = line.serials.filter((each) => each !== serial)
    const next = others.length === line.serials.length ? [...others, serial].slice(-count) : others
    setTyped(next.join(', '))
    set(next)
  }
  return (
    <div className={classes['sheet']}>
      <TextField
        label={t('pos.serials')}
        help={t('pos.serials-help', { count })}
        value={typed}
        onChange={(text) => {
          setTyped(text)
          set(text.split(','))
        }}
      />
      {(rows ?? []).length > 0 && (
        <div className={classes['groups']} role="group" aria-label={t('pos.serials-here')}>
          {(rows ?? []).map(({ number }) => (
            <button
              key={number}
              type="button"
              className={classes['chip']}
              aria-pressed={line.serials.includes(number)}
              onClick={() => toggle(number)}
            >
              {number}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function Batches(props: {
  line: TicketLine
  warehouse: string
  today: string
  onChange: (batch: string | null) => void
}): ReactNode {
  const { line, warehouse, today, onChange } = props
  const { rows } = useView<typeof itemBatches>('inventory.itemBatches', { item: line.item, warehouse, today })
  const chosen = rows?.find(({ number }) => number === line.batch)
  return (
    <>
      <SelectField
        label={t('pos.batch')}
        value={line.batch ?? ''}
        choices={[
          { value: '', label: t('pos.batch-any') },
          ...(rows ?? []).map(({ number }) => ({ value: number, label: number })),
        ]}
        onChange={(batch) => onChange(batch === '' ? null : batch)}
      />
      {chosen?.expiresOn != null && (
        <p className={classes['dim']}>
          {t('pos.expires')} <Day day={chosen.expiresOn} />
        </p>
      )}
    </>
  )
}
