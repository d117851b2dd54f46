// Short news for the person, outside of any component: what was saved, and what was not. Being offline is never news.
import type { Tone } from '../pill/pill-of.ts'

export interface Toast {
  readonly id: number
  readonly tone: Tone
  readonly title?: string
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** At most three at once: older ones give way. */
const shownMax = 3
let last = 0
let toasts: readonly Toast[] = []
const listeners = new Set<() => void>()

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function showToast(toast: Omit<Toast, 'id'>): void {
  // The same news twice is one piece of news, told again.
  const others = toasts.filter(
    ({ tone, title, text }) => tone !== toast.tone || title !== toast.title || text !== toast.text,
  )
  set([...others, { ...toast, id: ++last }].slice(-shownMax))
}

export function closeToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id))
}

export const shownToasts = (): readonly Toast[] => toasts

export function onToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
