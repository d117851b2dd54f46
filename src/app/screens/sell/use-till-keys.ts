// The till's keys, as they are printed on its help: they work wherever the focus is, but letters and Delete belong to a field that has it.
import { useEffect, useRef } from 'react'

export type TillKeys = Readonly<Record<string, () => unknown>>

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

export function useTillKeys(keys: TillKeys, isOn: boolean): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    if (!isOn) return
    const hear = (event: KeyboardEvent) => {
      const act = latest.current[event.key]
      if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return
      if (!event.key.startsWith('F') && isTyping(event.target)) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [isOn])
}
