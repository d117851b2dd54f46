// The hub's check of legal numbers: a device draws its series without gaps, in the order of its commands. A gap is an
// exception that names the number; a number that was used before parks its command, because paper can't carry it twice.
import type { Numbers } from '../../kernel/number-series.ts'
import type { RaisedException } from '../../kernel/refusal.ts'

/** Last counter seen of each series and year: `{ "S-26": 123 }`. */
export type SeriesState = Record<string, number>

export type NumbersChecked =
  | { readonly isUsed: true; readonly series: string; readonly counter: number }
  | { readonly isUsed: false; readonly gaps: readonly RaisedException[] }

/** Compares one command's numbers with the state and raises it. [NUM1] */
export function checkNumbers(state: SeriesState, nos: Numbers): NumbersChecked {
  const gaps: RaisedException[] = []
  const raised = { ...state }
  for (const [series, counters] of Object.entries(nos)) {
    for (const counter of counters) {
      const expected = (raised[series] ?? 0) + 1
      if (counter < expected) return { isUsed: true, series, counter }
      if (counter > expected) gaps.push({ code: 'NUMBER_GAP', facts: { series, expected, drawn: counter } })
      raised[series] = counter
    }
  }
  Object.assign(state, raised)
  return { isUsed: false, gaps }
}
