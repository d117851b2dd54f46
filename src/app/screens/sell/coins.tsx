// Counting a drawer: how many of each coin and note, and what they come to. It adds integers and compares with nothing: a count is blind.
import type { ReactNode } from 'react'
import { Money } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { formatMoney } from '../../text/format.ts'
import counts from './counting.module.css'

export interface Coins {
  readonly valueMinor: number
  readonly count: number
}

/** Notes and coins in use, in minor units; other currencies count by 1, 2 and 5. */
const values: Readonly<Record<string, readonly number[]>> = {
  GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  EUR: [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  USD: [10000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1],
}
const usual = [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]

export const coinsOf = (currency: string): readonly Coins[] =>
  (values[currency] ?? usual).map((valueMinor) => ({ valueMinor, count: 0 }))

export const coinSum = (coins: readonly Coins[]): number =>
  coins.reduce((sum, { valueMinor, count }) => sum + valueMinor * count, 0)

export interface CoinCountProps {
  readonly coins: readonly Coins[]
  readonly currency: string
  readonly onChange: (coins: readonly Coins[]) => void
}

export function CoinCount({ coins, currency, onChange }: CoinCountProps): ReactNode {
  const set = (valueMinor: number, typed: string) => {
    const count = typed === '' ? 0 : Number(typed)
    if (Number.isSafeInteger(count) && count >= 0 && count < 100_000)
      onChange(coins.map((each) => (each.valueMinor === valueMinor ? { valueMinor, count } : each)))
  }
  return (
    <fieldset className={counts['coins']}>
      <legend>{t('pos.count-legend')}</legend>
      {coins.map(({ valueMinor, count }) => {
        const name = formatMoney(valueMinor, currency, currentLocale())
        return (
          <label key={valueMinor} className={counts['coin']}>
            <span>{name}</span>
            <input
              type="text"
              inputMode="numeric"
              pattern="[0-9]*"
              value={count === 0 ? '' : String(count)}
              placeholder="0"
              aria-label={t('pos.count-of', { coin: name })}
              onChange={(event) => set(valueMinor, event.currentTarget.value.trim())}
              onFocus={(event) => event.currentTarget.select()}
            />
          </label>
        )
      })}
      <p className={counts['counted']} aria-live="polite">
        {t('pos.counted')} <strong>{<Money amount={coinSum(coins)} currency={currency} />}</strong>
      </p>
    </fieldset>
  )
}
