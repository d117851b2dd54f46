// Where the device is, as well as it knows, for a check-in. A device that may not or cannot tell gives nothing, soon: arriving never waits for
// a satellite.
import type { Position } from '../../../modules/crm/visit.ts'

const waitMs = 4000
/** A fix from the last minutes is good enough for a call at a place. */
const ageMsMax = 120_000

/** Degrees × 10⁶ and metres; null when the place isn't known. */
export function whereWeAre(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null)
    // Some browsers never answer while their question is open.
    const timer = setTimeout(() => resolve(null), waitMs)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(timer)
        resolve({
          latitude6: Math.round(coords.latitude * 1e6),
          longitude6: Math.round(coords.longitude * 1e6),
          accuracyM: Math.round(coords.accuracy),
        })
      },
      () => {
        clearTimeout(timer)
        resolve(null)
      },
      { enableHighAccuracy: true, timeout: waitMs, maximumAge: ageMsMax },
    )
  })
}
