// A form's draft: kept in the encrypted database half a second after the last change (or at every touch, at a till), given back when the form opens again, gone when the
// form was saved or begun afresh. Leaving a form needs no question.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useDevice } from './device-context.ts'

const keptAfterMs = 500

export interface Draft<T> {
  /** null until the database has answered. */
  readonly value: T | null
  set(value: T | ((last: T) => T)): void
  /** After saving, or to start afresh: forgets what was kept and begins with the initial value. */
  discard(): void
  /** The form began with what was kept earlier. */
  readonly isRestored: boolean
}

/**
 * `key` names the form and what it is about: `orders.new/<party>`. The value must be plain JSON. `isAtOnce` keeps each change as it is made,
 * for work that a reload may cut off in the middle of a touch.
 */
export function useDraft<T>(key: string, initial: T, { isAtOnce = false } = {}): Draft<T> {
  const device = useDevice()
  const first = useRef(initial)
  const latest = useRef<T | null>(null)
  const unkept = useRef<{ readonly text: string; readonly timer: ReturnType<typeof setTimeout> } | null>(null)
  const [value, setValue] = useState<T | null>(null)
  const [isRestored, setRestored] = useState(false)

  useEffect(() => {
    let isLive = true
    const begin = (text: string | null) => {
      if (!isLive) return
      latest.current = text === null ? first.current : (JSON.parse(text) as T)
      setRestored(text !== null)
      setValue(latest.current)
    }
    device.draft(key).then(begin, () => begin(null))
    return () => {
      isLive = false
      // What was typed in the last half second before leaving.
      if (unkept.current === null) return
      clearTimeout(unkept.current.timer)
      void device.keepDraft(key, unkept.current.text).catch(() => null)
      unkept.current = null
    }
  }, [device, key])

  const set = useCallback(
    (next: T | ((last: T) => T)) => {
      const last = latest.current ?? first.current
      const changed = typeof next === 'function' ? (next as (last: T) => T)(last) : next
      latest.current = changed
      setValue(changed)
      if (unkept.current !== null) clearTimeout(unkept.current.timer)
      const text = JSON.stringify(changed)
      const keep = () => {
        unkept.current = null
        void device.keepDraft(key, text).catch(() => null)
      }
      if (isAtOnce) keep()
      else unkept.current = { text, timer: setTimeout(keep, keptAfterMs) }
    },
    [device, key, isAtOnce],
  )

  const discard = useCallback(() => {
    if (unkept.current !== null) clearTimeout(unkept.current.timer)
    unkept.current = null
    latest.current = first.current
    setRestored(false)
    setValue(first.current)
    void device.keepDraft(key, null).catch(() => null)
  }, [device, key])

  return { value, set, discard, isRestored }
}
