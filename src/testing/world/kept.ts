// What a device told its person, written down by the world because nobody may take it back.
import type { Facts } from '../../kernel/refusal.ts'
import type { Told } from './model.ts'

export interface Kept extends Told {
  /** What the receipt said that was to pay. */
  readonly amount: unknown
  /** Virtual time. */
  readonly savedAt: number
  /** The device's clock was right, and the hub has heard so. */
  readonly isClockSure: boolean
  /** Somebody with its keys said it, and it isn't theirs to say. */
  readonly isForged?: boolean
}

/** What the receipt said. */
export const onPaper = (about: Facts): Pick<Kept, 'number' | 'amount'> => ({
  number: about['number'] ?? null,
  amount: about['amountMinor'] ?? null,
})
