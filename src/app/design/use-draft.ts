// A form's draft: kept in the encrypted database half a second after the last change, given back when the form opens again, gone when the
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

/** `key` names the form and what it is about: `orders.new/<party>`. The value must be plain JSON. */
export function useDraft<T>(key: string, initial: T): Draft<T> {
  const device = useDevice()
  const first = useRef(initial)
  const [value, setValue] = useState<T | null>(null)
  const [isRestored, setRestored] = useState(false)
  const unkept = useRef<string | null>(null)

  useEffect(() => {
    let isLive = true
    const begin = (text: string | null) => {
      if (!isLive) return
      setRestored(text !== null)
      setValue(text === null ? first.current : (JSON.parse(text) as T))
    }
    device.draft(key).then(begin, () => begin(null))
    return () => {
      isLive = false
      // What was typed in the last half second before leaving.
      if (unkept.current !== null) void device.keepDraft(key, unkept.current).catch(() => null)
      unkept.current = null
    }
  }, [device, key])

  useEffect(() => {
    if (unkept.current === null) return
    const timer = setTimeout(() => {
      const text = unkept.current
      unkept.current = null
      if (text !== null) void device.keepDraft(key, text).catch(() => null)
    }, keptAfterMs)
    return () => clearTimeout(timer)
  }, [device, key, value])

  const set = useCallback((next: T | ((last: T) => T)) => {
    setValue((last) => {
      const changed = typeof next === 'function' ? (next as (last: T) => T)(last ?? first.current) : next
      unkept.current = JSON.stringify(changed)
      return changed
    })
  }, [])

  const discard = useCallback(() => {
    unkept.current = null
    setRestored(false)
    setValue(first.current)
    void device.keepDraft(key, null).catch(() => null)
  }, [device, key])

  return { value, set, discard, isRestored }
}
