// Which photos only this device has: the mark "on this device only". It asks the device's own book and is read again when the count that
// waits has changed.
import { useEffect, useState } from 'react'
import { useDevice, useStatusPart } from './device-context.ts'

const none: ReadonlySet<string> = new Set()

/** null until the device has answered. */
export function useOnlyHere(): ReadonlySet<string> | null {
  const device = useDevice()
  const blobs = useStatusPart('blobs')
  const changes = `${blobs?.count} ${blobs?.refused} ${blobs?.oldestAt}`
  const [here, setHere] = useState<ReadonlySet<string> | null>(null)
  useEffect(() => {
    let isLive = true
    device.blobsOnlyHere().then(
      (names) => isLive && setHere(names.length === 0 ? none : new Set(names)),
      () => false, // locked meanwhile
    )
    return () => {
      isLive = false
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another count: then it is read again
  }, [device, changes])
  return here
}
