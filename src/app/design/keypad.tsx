// A numeric keypad for fingers: it edits a text of digits and leaves its meaning (amount, quantity, code) to who shows it.
import { IconBackspace } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { decimalSign } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import classes from './keypad.module.css'

export interface KeypadProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Shows the decimal sign of the locale. */
  readonly hasDecimals?: boolean
  readonly lengthMax?: number
}

/** The text after a key; `sign` is the locale's decimal sign, `back` deletes. */
export function afterKey(value: string, key: string, options: { sign: string; lengthMax: number }): string {
  if (key === 'back') return value.slice(0, -1)
  if (value.length >= options.lengthMax) return value
  if (key === options.sign) return value.includes(key) ? value : `${value === '' ? '0' : value}${key}`
  return value === '0' ? key : value + key
}

export function Keypad({ value, onChange, hasDecimals = false, lengthMax = 12 }: KeypadProps): ReactNode {
  const sign = decimalSign(currentLocale())
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', hasDecimals ? sign : '00', '0']
  const press = (key: string) => {
    const once = (text: string, one: string) => afterKey(text, one, { sign, lengthMax })
    onChange(key === '00' ? once(once(value, '0'), '0') : once(value, key))
  }
  return (
    <fieldset className={classes['keypad']} aria-label={t('keypad.label')}>
      {keys.map((key) => (
        <button key={key} type="button" onClick={() => press(key)}>
          {key}
        </button>
      ))}
      <button type="button" onClick={() => press('back')} aria-label={t('keypad.delete')}>
        <IconBackspace size={24} stroke={1.6} aria-hidden />
      </button>
    </fieldset>
  )
}
