// J and K in a list with a pane beside it, as in a mail program: with the pane closed they move the focus, with it open they open the next one,
// and Esc closes it. They are letters: while somebody types they stay letters.
import { useEffect, useRef } from 'react'

export interface ListKeys {
  /** The rows in their order. */
  readonly keys: readonly string[]
  readonly openKey: string | null
  readonly open: (key: string) => void
  readonly close: () => void
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [role="dialog"]') !== null)

/** The row after (or before) the open one; null at the end and when none is open. */
export function neighbour(keys: readonly string[], openKey: string | null, by: 1 | -1): string | null {
  const at = openKey === null ? -1 : keys.indexOf(openKey)
  return at < 0 ? null : (keys[at + by] ?? null)
}

/** The list's own arrow keys do the moving: it may have to scroll first. */
function moveFocus(by: 1 | -1): void {
  const focused = document.activeElement?.closest('[data-index]')
  if (focused == null) document.querySelector<HTMLElement>('#content [data-index][tabindex="0"]')?.focus()
  else focused.dispatchEvent(new KeyboardEvent('keydown', { key: by === 1 ? 'ArrowDown' : 'ArrowUp', bubbles: true }))
}

export function useListKeys(list: ListKeys): void {
  const latest = useRef(list)
  useEffect(() => {
    latest.current = list
  }, [list])
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return
      const { keys, openKey, open, close } = latest.current
      if (event.key === 'Escape' && openKey !== null) close()
      const by = event.key === 'j' ? 1 : event.key === 'k' ? -1 : null
      if (by === null) return
      if (openKey === null) moveFocus(by)
      else {
        const next = neighbour(keys, openKey, by)
        if (next !== null) open(next)
      }
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}
