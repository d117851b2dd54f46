// What was asked of the hub from this device and isn't decided yet, so that nobody asks twice while the network is away. It reads the durable
// outbox: a reload changes nothing.
import { useEffect, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import type { OutboxEntry } from '../../../sync/device/api.ts'

/** Accepted ones stay until the decided row has come down. */
const isUndecided = ({ command, state }: OutboxEntry): boolean =>
  command.startsWith('review.') && state !== 'refused' && state !== 'parked'

/** Whether somebody here has asked already; ids of review items, exceptions and lost values. */
export function useAsked(): (id: string) => boolean {
  const device = useDevice()
  const [asked, setAsked] = useState<ReadonlySet<unknown>>(new Set())
  useEffect(() => {
    let isLive = true
    const read = () =>
      device.outbox().then(
        (entries) => isLive && setAsked(new Set(entries.filter(isUndecided).map(({ about }) => about['item']))),
        () => false, // locked meanwhile
      )
    void read()
    let { status } = device.snapshot()
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
  return (id) => asked.has(id)
}
