// Which of the three layouts fits (interface.md): phone below 640 px, tablet below 1024 px, desk from there. And the row height in use.
import { useSyncExternalStore } from 'react'
import { chosenDensity, densityEvent, rowHeightPx } from './density.ts'

export type Width = 'phone' | 'tablet' | 'desk'

const desk = matchMedia('(min-width: 64em)')
const tablet = matchMedia('(min-width: 40em)')

function subscribe(listener: () => void): () => void {
  desk.addEventListener('change', listener)
  tablet.addEventListener('change', listener)
  return () => {
    desk.removeEventListener('change', listener)
    tablet.removeEventListener('change', listener)
  }
}

export const useWidth = (): Width =>
  useSyncExternalStore(subscribe, () => (desk.matches ? 'desk' : tablet.matches ? 'tablet' : 'phone'))

function subscribeDensity(listener: () => void): () => void {
  addEventListener(densityEvent, listener)
  return () => removeEventListener(densityEvent, listener)
}

/** The height of a row in px by the density in use. */
export const useRowHeight = (): number => useSyncExternalStore(subscribeDensity, () => rowHeightPx[chosenDensity()])
