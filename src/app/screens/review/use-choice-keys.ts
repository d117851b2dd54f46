// 1, 2, 3 choose and Enter applies, unless somebody types or stands on a button of their own; Ctrl-Enter applies from inside a field too.
import { useEffect, useRef } from 'react'
import { isTyping } from './use-list-keys.ts'

export interface ChoiceKeys<C extends string> {
  readonly isOn: boolean
  readonly choices: readonly C[]
  readonly choose: (choice: C) => void
  readonly apply: () => void
}

export function useChoiceKeys<C extends string>(keys: ChoiceKeys<C>): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const now = latest.current
      const { target } = event
      if (!now.isOn || event.altKey || event.defaultPrevented) return
      if (event.ctrlKey || event.metaKey) {
        if (event.key === 'Enter') now.apply()
        return
      }
      if (isTyping(target)) return
      const chosen = now.choices[Number(event.key) - 1]
      const isElsewhere = target instanceof HTMLElement && target.closest('button, a, th, [data-index]') !== null
      if (chosen !== undefined) now.choose(chosen)
      else if (event.key === 'Enter' && !isElsewhere) now.apply()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}
