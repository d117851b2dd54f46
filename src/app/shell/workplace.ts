// Where the person works, for the header and for money: the company's and the branch's names, and the company's currency.
import { useEffect } from 'react'
import { useSignedIn } from '../design/device-context.ts'
import { useViewRow } from '../design/use-view.ts'
import { setCompanyCurrency } from '../text/format.ts'
import type { Workplace, workplace } from '../worker/shell-views.ts'

export function useWorkplace(): Workplace | null {
  const { branch } = useSignedIn()
  return useViewRow<typeof workplace>('shell.workplace', { branch }).row
}

/** Tells the formats which currency amounts without one are in. */
export function useCompanyCurrency(): void {
  const place = useWorkplace()
  useEffect(() => {
    if (place !== null) setCompanyCurrency(place.currency, place.minorDigits)
  }, [place])
}
