// Fields for money, quantities and rates: integers out, the locale's way of writing in. What can't be read stays as typed, with its reason,
// and gives null; nothing is rounded behind anybody's back.
import { ActionIcon, TextInput } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import {
  amountMinor,
  ONE6,
  quantity6,
  rate6,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import { minorDigitsOf } from '../text/format.ts'
import { t } from '../text/translate.ts'
import { frameOf, type FieldProps } from './field-props.ts'
import { entryOf, textOf } from './number-entry.ts'
import classes from './number-fields.module.css'

interface NumberFieldProps extends FieldProps<number | null> {
  readonly decimals: number
  /** Decimals that may be typed; the stored ones when left out. */
  readonly shownMax?: number
  readonly shownMin: number
  readonly suffix?: ReactNode
  /** Said to readers only: what stands beside the field names it for those who see. */
  readonly isLabelHidden?: boolean
  readonly before?: ReactNode
  readonly after?: ReactNode
  /** Whether what is typed can be read: what can't gives null, as nothing typed does. */
  readonly onReadable?: (isReadable: boolean) => void
}

type Readable = Pick<NumberFieldProps, 'onReadable'>

function NumberField(props: NumberFieldProps): ReactNode {
  const { value, onChange, decimals, shownMax = decimals, shownMin, suffix, before, after, error } = props
  // What is typed lives here until it is left; then the value is written as it is understood.
  const [typed, setTyped] = useState<string | null>(null)
  const [flaw, setFlaw] = useState<string | null>(null)
  const change = (text: string) => {
    setTyped(text)
    const entry = entryOf(text, decimals, shownMax)
    setFlaw(entry.ok ? null : entry.message)
    props.onReadable?.(entry.ok)
    onChange(entry.ok ? entry.value : null)
  }
  const input = (
    <TextInput
      {...frameOf({ ...props, error: flaw ?? error ?? null })}
      {...(props.isLabelHidden === true && { label: undefined, 'aria-label': props.label })}
      className={classes['field'] ?? ''}
      value={typed ?? textOf(value, decimals, shownMin)}
      onChange={(event) => change(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => flaw === null && setTyped(null)}
      inputMode={shownMax === 0 ? 'numeric' : 'decimal'}
      autoComplete="off"
      rightSection={suffix}
      rightSectionPointerEvents="none"
      rightSectionWidth={suffix === undefined ? undefined : 52}
    />
  )
  if (before === undefined && after === undefined) return input
  return (
    <div className={classes['stepper']}>
      {before}
      {input}
      {after}
    </div>
  )
}

/** Money in minor units of `currency` (the company's when left out). */
export function MoneyField(
  props: FieldProps<AmountMinor | null> & Readable & { readonly currency?: string | null },
): ReactNode {
  const { currency = null, onChange } = props
  const digits = minorDigitsOf(currency)
  return (
    <NumberField
      {...props}
      decimals={digits}
      shownMin={digits}
      onChange={(value) => onChange(value === null ? null : amountMinor(value))}
      {...(currency !== null && { suffix: <span className={classes['suffix']}>{currency}</span> })}
    />
  )
}

export interface QuantityFieldProps extends FieldProps<Quantity6 | null> {
  readonly unit?: string | null
  /** Decimals that the unit allows; 6 when left out, 0 for pieces. */
  readonly decimals?: number
}

/** A quantity with large buttons for one less and one more. Never below `min`. */
export function QuantityStepper(
  props: QuantityFieldProps & {
    readonly min?: Quantity6
    readonly step?: Quantity6
    readonly isLabelHidden?: boolean
  },
): ReactNode {
  const { value, onChange, min = quantity6(0), step = quantity6(ONE6), label, isDisabled = false } = props
  const by = (delta: number) => onChange(quantity6(Math.max(min, (value ?? 0) + delta)))
  return (
    <NumberField
      {...props}
      decimals={6}
      shownMax={props.decimals ?? 6}
      shownMin={0}
      onChange={(entered) => onChange(entered === null ? null : quantity6(Math.max(min, entered)))}
      before={
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => by(-step)}
          disabled={isDisabled || (value ?? 0) <= min}
          aria-label={`${label}: ${t('form.less')}`}
        >
          <IconMinus size={20} />
        </ActionIcon>
      }
      after={
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => by(step)}
          disabled={isDisabled}
          aria-label={`${label}: ${t('form.more')}`}
        >
          <IconPlus size={20} />
        </ActionIcon>
      }
    />
  )
}

/** A price, rate or percentage with up to six decimals. */
export function RateField(
  props: FieldProps<Rate6 | null> & Readable & { readonly suffix?: string; readonly decimalsMin?: number },
): ReactNode {
  const { onChange, suffix, decimalsMin = 0 } = props
  const { suffix: _, ...rest } = props
  return (
    <NumberField
      {...rest}
      decimals={6}
      shownMin={decimalsMin}
      onChange={(value) => onChange(value === null ? null : rate6(value))}
      {...(suffix !== undefined && { suffix: <span className={classes['suffix']}>{suffix}</span> })}
    />
  )
}
