// What was saved on this device, the newest first, read again with every new status: for the outbox panel, and for screens that show what
// became of what they asked. It reads the durable outbox, so that a reload changes nothing.
import { useEffect, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import type { OutboxEntry } from '../../../sync/device/api.ts'

/** Null until the first answer. */
export function useOutbox(): readonly OutboxEntry[] | null {
  const device = useDevice()
  const [entries, setEntries] = useState<readonly OutboxEntry[] | null>(null)
  useEffect(() => {
    let isLive = true
    let { status } = device.snapshot()
    const read = () =>
      device.outbox().then(
        (found) => isLive && setEntries(found),
        () => false, // locked meanwhile
      )
    void read()
    const stop = device.subscribe(() => {
      const now = device.snapshot().status
      if (now !== status) void read()
      status = now
    })
    return () => {
      isLive = false
      stop()
    }
  }, [device])
  return entries
}
