// The keys of a list: which row has the focus, and how it moves. One row of the list is in the order of Tab; the arrows do the rest.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'

const pageRows = 10

/** Where a key leads from a row, or null when the key isn't ours. */
export function rowAfterKey(key: string, from: number, count: number): number | null {
  const target = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + pageRows,
    PageUp: from - pageRows,
    Home: 0,
    End: count - 1,
  }[key]
  return target === undefined ? null : Math.max(0, Math.min(count - 1, target))
}

export interface RowKeys {
  /** The row in the order of Tab. */
  readonly active: number
  readonly setActive: (index: number) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly container: React.RefObject<HTMLDivElement | null>
}

/** `scrollTo` brings a row into the document before it can have the focus. */
export function useRowKeys(options: {
  count: number
  scrollTo: (index: number) => void
  open: (index: number) => void
  select?: ((index: number) => void) | undefined
  /** The row whose detail is open, however it was opened; -1: none. */
  opened: number
}): RowKeys {
  const { count, scrollTo, open, select, opened } = options
  const container = useRef<HTMLDivElement>(null)
  const [wanted, setActive] = useState(Math.max(0, opened))
  const [followed, setFollowed] = useState(opened)
  if (followed !== opened) {
    setFollowed(opened)
    if (opened >= 0) setActive(opened)
  }
  useEffect(() => {
    if (opened < 0) return
    scrollTo(opened)
    soon(container, opened, bringInSight)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- another row was opened: not each new way to scroll
  }, [opened])
  const active = Math.max(0, Math.min(wanted, count - 1))

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      // Keys inside a row's own button or field are that one's.
      if (!(event.target as HTMLElement).hasAttribute('data-index')) return
      if (event.key === 'Enter') {
        event.preventDefault()
        open(active)
        return
      }
      if (event.key === ' ' && select !== undefined) {
        event.preventDefault()
        select(active)
        return
      }
      const next = rowAfterKey(event.key, active, count)
      if (next === null) return
      event.preventDefault()
      setActive(next)
      scrollTo(next)
      soon(container, next, (row) => {
        row.focus({ preventScroll: true })
        bringInSight(row)
      })
    },
    [active, count, open, select, scrollTo],
  )
  return { active, setActive, onKeyDown, container }
}

/** Whole, by where it really stands: what scrolled there knew estimated heights, and nothing of the head above the rows. */
const bringInSight = (row: HTMLElement): void => row.scrollIntoView({ block: 'nearest' })

/** The row may come into the document only with the next frame or two. */
function soon(
  container: React.RefObject<HTMLDivElement | null>,
  index: number,
  work: (row: HTMLElement) => void,
  tries = 4,
): void {
  const row = container.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)
  if (row != null) work(row)
  else if (tries > 0) requestAnimationFrame(() => soon(container, index, work, tries - 1))
}
