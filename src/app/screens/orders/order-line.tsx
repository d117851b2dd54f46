// One line of a new order: quantity, unit, price of the list, what it comes to and what the branch has of it.
import { ActionIcon } from '@mantine/core'
import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { SelectField } from '../../design/fields.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { Money } from '../../design/values.tsx'
import { currentLocale, refusalText, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import { ONE6, quantity6 } from '../../../kernel/amount.ts'
import type { LineTotals } from '../../../modules/pricing/price-types.ts'
import type { QuotedLine } from '../../../modules/pricing/quote.ts'
import { decimalsOfLine, type TicketLine } from '../sell/ticket.ts'
import { RateText } from '../shared/rate-text.tsx'
import classes from './orders.module.css'

export interface OrderLineProps {
  readonly line: TicketLine
  readonly quoted: QuotedLine | undefined
  readonly sums: LineTotals | undefined
  /** Quantity6 in the stock unit; null while unknown. */
  readonly available: number | null
  readonly currency: string
  readonly problem: string | null
  readonly onChange: (change: Partial<TicketLine>) => void
  readonly onRemove: () => void
}

export function OrderLine({
  line,
  quoted,
  sums,
  available,
  currency,
  problem,
  onChange,
  onRemove,
}: OrderLineProps): ReactNode {
  const stockUnit = line.units[0]?.unit ?? line.unit
  const wanted = quoted?.stockQuantity ?? 0
  const isShort = available !== null && line.type === 'goods' && wanted > available
  const flaw = problem ?? (quoted?.flaw == null ? null : refusalText(quoted.flaw, { item: line.code, unit: line.unit }))
  return (
    <li className={classes['line']}>
      <div className={classes['line-head']}>
        <strong>{line.name}</strong>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          onClick={onRemove}
          aria-label={t('pos.remove-line', { name: line.name })}
        >
          <IconX size={18} />
        </ActionIcon>
      </div>
      <div className={classes['line-fields']}>
        <QuantityStepper
          label={t('screen.quantity')}
          value={quantity6(line.quantity)}
          unit={line.unit}
          decimals={decimalsOfLine(line)}
          min={quantity6(decimalsOfLine(line) === 0 ? ONE6 : 1)}
          onChange={(quantity) => quantity !== null && quantity > 0 && onChange({ quantity })}
        />
        {line.units.length > 1 && (
          <SelectField
            label={t('pos.unit')}
            value={line.unit}
            choices={line.units.map(({ unit, num, den }) => ({
              value: unit,
              label: den === 1 && num > 1 ? t('pos.unit-of', { unit, count: num, stock: stockUnit }) : unit,
            }))}
            onChange={(unit) => onChange({ unit })}
          />
        )}
        <div className={classes['line-sum']}>
          <span className={classes['dim']}>
            {quoted?.source == null ? '–' : <RateText rate={quoted.rate} currency={currency} />}
          </span>
          <strong>
            {sums === undefined ? '–' : <Money amount={sums.gross - sums.discount} currency={currency} />}
          </strong>
        </div>
      </div>
      {available !== null && line.type === 'goods' && (
        <p className={classes['stock']} data-short={isShort || undefined}>
          {isShort && <IconAlertTriangle size={14} aria-hidden />}{' '}
          {t('orders.in-stock', { quantity: formatQuantity(available, currentLocale()), unit: stockUnit })}
        </p>
      )}
      {flaw !== null && (
        <p className={classes['problem']} role="alert">
          {flaw}
        </p>
      )}
    </li>
  )
}
