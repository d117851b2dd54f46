// Whether this device may begin new work, and what it says when it may not. Whatever it answers, what is saved is still sent: nothing here
// ever stops a push.
import type { Refusal } from '../../kernel/refusal.ts'
import type { DeviceFault } from './api.ts'
import type { LeaseClock } from './lease-clock.ts'
import type { Replica } from './replica.ts'

/** What stands in the way and an exchange doesn't mend by itself. */
export function standingFault(replica: Replica, leaseClock: LeaseClock): DeviceFault | null {
  // Today's rules over yesterday's tables would save half of what they mean. [VER3]
  if (replica.isHeldBack) return 'not-updated'
  if (leaseClock.isOver) return 'lease-expired'
  // The hub says that what this release would begin is better not begun. What was begun is sent all the same. [VER6]
  return replica.meta.number('oldestSchema') > replica.catalogue.schema ? 'update-needed' : null
}

/** Null when it may. */
export function refusalOfWork(replica: Replica, leaseClock: LeaseClock): Refusal | null {
  switch (standingFault(replica, leaseClock)) {
    case 'not-updated':
      return { code: 'device.not-updated', facts: {}, check: 'rule' }
    case 'update-needed':
      return { code: 'device.update-needed', facts: {}, check: 'rule' }
    case 'lease-expired':
      return { code: 'sync.lease-expired', facts: { until: leaseClock.until ?? 0 }, check: 'authority' }
    default:
      return null
  }
}
