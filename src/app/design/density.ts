// How tall rows and controls are: as chosen on this device, else by the pointer (a finger needs 48 px). It never changes what is shown.

export type Density = 'compact' | 'default' | 'touch'

const storageKey = 'holdfast.density'
const isDensity = (text: string | null): text is Density => text === 'compact' || text === 'default' || text === 'touch'

/** Row heights in CSS pixels, as in tokens.css; the virtual lists count with them. */
export const rowHeightPx: Record<Density, number> = { compact: 32, default: 36, touch: 48 }

export function chosenDensity(): Density {
  const kept = localStorage.getItem(storageKey)
  if (isDensity(kept)) return kept
  return matchMedia('(pointer: coarse)').matches ? 'touch' : 'default'
}

export function applyDensity(density: Density = chosenDensity()): void {
  document.documentElement.dataset['density'] = density
}

export function chooseDensity(density: Density): void {
  localStorage.setItem(storageKey, density)
  applyDensity(density)
  dispatchEvent(new Event(densityEvent))
}

/** Told on the window when the density changed. */
export const densityEvent = 'holdfast-density'
