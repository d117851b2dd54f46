// What another merge rule would have made of a clash that was settled: shown before a company chooses a rule of its own. Pure, and with the
// kernel's own arithmetic, so that it can't promise what a merge wouldn't do.
import type { MergeRule } from '../../../kernel/field.ts'
import { sameValue, settleField } from '../../../kernel/merge.ts'

export interface PastClash {
  /** JSON texts. */
  readonly base: string | null
  readonly kept: string | null
  readonly lost: string | null
  /** 1: the value that lost came second. */
  readonly isMine: number
  readonly state: 'open' | 'restored' | 'dismissed'
}

const read = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

export interface Otherwise {
  readonly before: unknown
  readonly stood: unknown
  readonly would: unknown
  readonly isOther: boolean
}

/** What was there before, what stood then, and what would have stood by `rule`. */
export function underRule(clash: PastClash, rule: MergeRule): Otherwise {
  // Whoever restores a value exchanges the two: the clash itself was the other way round.
  const isTurned = clash.state === 'restored'
  const [stood, loser] = [read(isTurned ? clash.lost : clash.kept), read(isTurned ? clash.kept : clash.lost)]
  const [first, second] = clash.isMine === 1 ? [stood, loser] : [loser, stood]
  const before = read(clash.base)
  const would = settleField(rule, before, first, second).value
  return { before, stood, would, isOther: !sameValue(stood, would) }
}
