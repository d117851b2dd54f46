// A question of the office to the hub, for a page that waits for it and says so: the last answer stays on the screen with its moment, and
// being offline is a state and not an error.
import { useCallback, useEffect, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import type { OfficeQuestions } from '../../../sync/office-protocol.ts'

export interface Office<Q extends keyof OfficeQuestions> {
  /** The last answer; null before the first. */
  readonly value: OfficeQuestions[Q]['out'] | null
  /** When it came, ms since 1970. */
  readonly at: number | null
  /** Why the last try brought none: `offline`, or the hub's code; null while all is well. */
  readonly problem: string | null
  readonly isAsking: boolean
  readonly again: () => void
}

/** `given` null asks nothing. Another question forgets the answer to the one before. */
export function useOffice<Q extends keyof OfficeQuestions>(
  question: Q,
  given: OfficeQuestions[Q]['in'] | null,
): Office<Q> {
  const device = useDevice()
  const key = JSON.stringify(given)
  const [tries, setTries] = useState(0)
  const [value, setValue] = useState({ key: '', value: null as OfficeQuestions[Q]['out'] | null, at: 0 })
  const [heard, setHeard] = useState({ key: '', tries: 0, problem: null as string | null })
  useEffect(() => {
    if (key === 'null') return
    let isLive = true
    device.office(question, JSON.parse(key) as OfficeQuestions[Q]['in']).then(
      (answer) => {
        if (!isLive) return
        setHeard({ key, tries, problem: answer.ok ? null : answer.reason })
        if (answer.ok) setValue({ key, value: answer.value, at: Date.now() })
      },
      () => isLive && setHeard({ key, tries, problem: 'offline' }), // locked meanwhile
    )
    return () => {
      isLive = false
    }
  }, [device, question, key, tries])
  const isCurrent = value.key === key
  return {
    value: isCurrent ? value.value : null,
    at: isCurrent ? value.at : null,
    problem: heard.key === key ? heard.problem : null,
    isAsking: key !== 'null' && (heard.key !== key || heard.tries !== tries),
    again: useCallback(() => setTries((count) => count + 1), []),
  }
}
