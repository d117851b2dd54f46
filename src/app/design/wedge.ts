// Barcode scanners that type (keyboard wedges): tells a scan from a person by its speed, whatever has the focus. A pure reader of keys and
// their times; it never looks a code up.

/** Scanners send a key each 2–20 ms; the fastest typist leaves some 60 ms. */
export const betweenKeysMsMax = 35
const codeLengthMin = 4

export interface WedgeKey {
  readonly key: string
  /** Milliseconds on any steady clock. */
  readonly at: number
  /** Ctrl, Alt or Meta was down: a short cut, never a scan. */
  readonly isCombined: boolean
}

export class WedgeReader {
  private code = ''
  private lastAt = Number.NEGATIVE_INFINITY

  /** The code when this key ended a scan; null otherwise. */
  read({ key, at, isCombined }: WedgeKey): string | null {
    const isFast = at - this.lastAt < betweenKeysMsMax
    const isEnd = key === 'Enter' || key === 'Tab'
    const { code } = this
    // Shift comes before a capital letter and is no key of the code.
    if (key === 'Shift') return null
    this.lastAt = at
    if (isEnd) {
      this.code = ''
      return isFast && !isCombined && code.length >= codeLengthMin ? code : null
    }
    const isCharacter = key.length === 1 && !isCombined
    this.code = isCharacter ? (isFast ? code + key : key) : ''
    return null
  }

  /** Characters of the scan that is under way. */
  get length(): number {
    return this.code.length
  }
}
