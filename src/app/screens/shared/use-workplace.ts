// Where and in which money the person works, from the lease: the company's settings as every screen needs them. It reads no table and
// decides nothing.
import { useMemo } from 'react'
import { useSignedIn } from '../../design/device-context.ts'
import { useNow } from '../../design/use-now.ts'

export interface Workplace {
  readonly user: string
  readonly userName: string
  readonly company: string
  readonly branch: string
  readonly currency: string
  readonly minorDigits: number
  readonly taxRounding: 'line' | 'document'
  /** Today at the branch, `YYYY-MM-DD`. */
  readonly today: string
}

/** The calendar day of a moment in a time zone. */
export function dayIn(tz: string | undefined, at: number): string {
  // Swedish writes dates as ISO does; the parts are the zone's own.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short' }).format(at)
}

/** A day so many days after another one. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export function useWorkplace(): Workplace {
  const who = useSignedIn()
  const now = useNow(60_000)
  const { policy } = who
  const today = dayIn(typeof policy['tz'] === 'string' ? policy['tz'] : undefined, now)
  return useMemo(
    () => ({
      user: who.user,
      userName: who.name,
      company: who.company,
      branch: who.branch,
      currency: String(policy['currency'] ?? 'EUR'),
      minorDigits: Number(policy['minorDigits'] ?? 2),
      taxRounding: policy['taxRounding'] === 'document' ? 'document' : 'line',
      today,
    }),
    [who, policy, today],
  )
}
