// One line of goods that are counted: quantity and unit, and what the item needs beside it: rejected pieces, batch and date, serial numbers.
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { DateField, SelectField, TextField } from '../../design/fields.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { t } from '../../design/words.ts'
import { quantity6 } from '../../../kernel/amount.ts'
import { decimalsOfLine } from '../sell/ticket.ts'
import type { GoodsLine } from './goods-draft.ts'
import classes from './stock.module.css'

export type GoodsMode = 'receive' | 'issue' | 'count'

export interface GoodsRowProps {
  readonly line: GoodsLine
  readonly mode: GoodsMode
  readonly problem: string | null
  readonly onChange: (change: Partial<GoodsLine>) => void
  readonly onRemove: () => void
}

const quantityTexts = { receive: 'stock.accepted', issue: 'screen.quantity', count: 'stock.counted' } as const

export function GoodsRow({ line, mode, problem, onChange, onRemove }: GoodsRowProps): ReactNode {
  const decimals = decimalsOfLine(line)
  return (
    <li className={classes['row']}>
      <div className={classes['row-head']}>
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
      <div className={classes['row-fields']}>
        <QuantityStepper
          label={t(quantityTexts[mode])}
          value={quantity6(line.quantity)}
          unit={line.unit}
          decimals={decimals}
          onChange={(quantity) => onChange({ quantity: quantity ?? 0 })}
        />
        {line.units.length > 1 && (
          <SelectField
            label={t('pos.unit')}
            value={line.unit}
            choices={line.units.map(({ unit }) => ({ value: unit, label: unit }))}
            onChange={(unit) => onChange({ unit })}
          />
        )}
        {mode === 'receive' && (
          <QuantityStepper
            label={t('stock.rejected')}
            value={quantity6(line.rejected)}
            unit={line.unit}
            decimals={decimals}
            onChange={(rejected) => onChange({ rejected: rejected ?? 0 })}
          />
        )}
        {line.rejected > 0 && (
          <TextField
            label={t('stock.reject-reason')}
            value={line.rejectReason}
            onChange={(rejectReason) => onChange({ rejectReason })}
            isRequired
            lengthMax={200}
          />
        )}
        {line.hasBatch && (
          <TextField
            label={t('pos.batch')}
            value={line.batch}
            onChange={(batch) => onChange({ batch })}
            isRequired
            lengthMax={64}
          />
        )}
        {line.hasExpiry && mode === 'receive' && (
          <DateField
            label={t('pos.expires')}
            value={line.expiresOn}
            onChange={(expiresOn) => onChange({ expiresOn })}
          />
        )}
        {line.hasSerial && mode !== 'count' && (
          <TextField
            label={t('pos.serials')}
            help={t('stock.serials-help')}
            value={line.serials}
            onChange={(serials) => onChange({ serials })}
            isRequired
          />
        )}
      </div>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </li>
  )
}
