// The idle lock: when nobody has touched any tab for a while, the device locks in all of them. Tabs tell each other by a moment in the local
// storage, which says that somebody worked and nothing else.

const storageKey = 'holdfast.active-at'
const writtenEachMs = 5000
const checkedEachMs = 15_000
export const idleMsDefault = 15 * 60_000

export interface IdleParts {
  /** Wall time, ms. */
  now(): number
  read(): number | null
  write(at: number): void
}

/** Counts from the last touch in any tab. A clock that was set back counts as idle: it can only lock, never keep open. */
export class IdleClock {
  private readonly parts: IdleParts
  private lastWritten = 0

  constructor(parts: IdleParts) {
    this.parts = parts
    this.touched()
  }

  touched(): void {
    const now = this.parts.now()
    if (Math.abs(now - this.lastWritten) < writtenEachMs) return
    this.lastWritten = now
    this.parts.write(now)
  }

  isIdle(idleMs: number): boolean {
    const at = this.parts.read()
    if (at === null) return false
    const since = this.parts.now() - at
    return since >= idleMs || since < -idleMs
  }
}

const touches = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Watches this tab until the returned function is called; `onIdle` is called once. */
export function watchIdle(idleMs: number, onIdle: () => void): () => void {
  const clock = new IdleClock({
    now: () => Date.now(),
    read: () => {
      const kept = localStorage.getItem(storageKey)
      return kept === null ? null : Number(kept)
    },
    write: (at) => localStorage.setItem(storageKey, String(at)),
  })
  const touched = () => clock.touched()
  const check = () => {
    if (!clock.isIdle(idleMs)) return
    stop()
    onIdle()
  }
  // A laptop that slept wakes with a page that becomes visible, before any timer fires.
  document.addEventListener('visibilitychange', check)
  for (const touch of touches) addEventListener(touch, touched, { passive: true, capture: true })
  const timer = setInterval(check, Math.min(checkedEachMs, idleMs))
  const stop = () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', check)
    for (const touch of touches) removeEventListener(touch, touched, { capture: true })
  }
  return stop
}
