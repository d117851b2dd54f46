// Listens for a keyboard-wedge scanner on the whole page: no field needs the focus. What a scan typed into a field on its way is taken out
// of it again, and its Enter presses no button.
import { useEffect, useRef } from 'react'
import { WedgeReader } from './wedge.ts'

/** Calls `onScan` with each scanned code while the component is shown; the latest function is used. */
export function useWedge(onScan: (code: string) => void, isOn = true): void {
  const latest = useRef(onScan)
  useEffect(() => {
    latest.current = onScan
  }, [onScan])
  useEffect(() => {
    if (!isOn) return
    const reader = new WedgeReader()
    let before: { readonly field: HTMLInputElement | HTMLTextAreaElement; readonly value: string } | null = null
    const hear = (event: KeyboardEvent) => {
      const wasEmpty = reader.length === 0
      const code = reader.read({
        key: event.key,
        at: event.timeStamp,
        isCombined: event.ctrlKey || event.altKey || event.metaKey,
      })
      if (code !== null) {
        event.preventDefault()
        event.stopPropagation()
        if (before !== null) setFieldValue(before.field, before.value)
        before = null
        latest.current(code)
      } else if (wasEmpty || reader.length === 1) before = fieldOf(event.target)
    }
    // Capturing: before any field or button sees the key.
    document.addEventListener('keydown', hear, { capture: true })
    return () => document.removeEventListener('keydown', hear, { capture: true })
  }, [isOn])
}

function fieldOf(target: EventTarget | null): { field: HTMLInputElement | HTMLTextAreaElement; value: string } | null {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  return isField ? { field: target, value: target.value } : null
}

/** Sets a field's value so that React hears of it. */
function setFieldValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
