// One open line of an order while it is delivered: what is handed over, what was refused, and the batch or serial numbers that went with it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { TextField } from '../../design/fields.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import { quantity6 } from '../../../kernel/amount.ts'
import type { DeliverableLine } from '../../../modules/delivery/views.ts'
import type { DeliverLine } from './deliver-draft.ts'
import classes from './accounts.module.css'

export interface DeliverRowProps {
  readonly line: DeliverableLine
  readonly entered: DeliverLine
  readonly problem: string | null
  readonly onChange: (change: Partial<DeliverLine>) => void
  readonly onRefused: (refused: number) => void
}

export function DeliverRow({ line, entered, problem, onChange, onRefused }: DeliverRowProps): ReactNode {
  const [asksRefused, setAsksRefused] = useState(entered.refused > 0)
  const isOver = (entered.quantity ?? 0) > line.open
  return (
    <li className={classes['line']}>
      <div className={classes['line-head']}>
        <strong>{line.itemName}</strong>
        <span className={classes['dim']}>
          {t('deal.open', { quantity: formatQuantity(line.open, currentLocale()), unit: line.unit })}
        </span>
      </div>
      <div className={classes['fields']}>
        <QuantityStepper
          label={t('deal.handed-over')}
          value={entered.quantity === null ? null : quantity6(entered.quantity)}
          unit={line.unit}
          decimals={line.decimals}
          error={entered.quantity === null ? t('form.required') : null}
          onChange={(quantity) => onChange({ quantity })}
        />
        {asksRefused && (
          <QuantityStepper
            label={t('deal.refused')}
            value={quantity6(entered.refused)}
            unit={line.unit}
            decimals={line.decimals}
            onChange={(refused) => onRefused(refused ?? 0)}
          />
        )}
        {line.hasBatch === 1 && (
          <TextField
            label={t('deal.batch')}
            value={entered.batch}
            onChange={(batch) => onChange({ batch })}
            lengthMax={64}
          />
        )}
        {line.hasSerial === 1 && (
          <TextField
            label={t('deal.serials')}
            help={t('stock.serials-help')}
            value={entered.serials}
            onChange={(serials) => onChange({ serials })}
          />
        )}
      </div>
      {isOver && (
        <div>
          <StatusChip tone="attention">{t('deal.over')}</StatusChip>
        </div>
      )}
      {!asksRefused && (
        <div>
          <Button variant="subtle" size="compact-sm" onClick={() => setAsksRefused(true)}>
            {t('deal.some-refused')}
          </Button>
        </div>
      )}
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </li>
  )
}
