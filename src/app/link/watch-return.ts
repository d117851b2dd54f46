// Notices that somebody is back at this page or that the browser thinks it has a network again, and says so. What it comes to is the
// device's to decide: neither means that the hub can be reached, and `navigator.onLine` is asked by nobody. [SET2]

import type { WhoIsBack } from '../../sync/device/api.ts'

/** Calls back on each of the browser's signs, and who is back. A page that only loses the focus or gets hidden says nothing. */
export function watchReturn(returned: (who: WhoIsBack) => void): void {
  addEventListener('online', () => returned('network'))
  addEventListener('focus', () => returned('person'))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') returned('person')
  })
}
