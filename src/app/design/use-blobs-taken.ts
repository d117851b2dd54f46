// Where the photos are that this device took: only here, confirmed by the hub, or refused by it. It asks the device's own book, and is read
// again when the count that waits has changed; of others' photos it knows nothing.
import { useEffect, useState } from 'react'
import type { BlobWhere } from '../../sync/device/api.ts'
import { useDevice, useStatusPart } from './device-context.ts'

export type BlobsTaken = Readonly<Record<string, BlobWhere>>

const none: BlobsTaken = {}

/** By name; none until the device has answered. */
export function useBlobsTaken(): BlobsTaken {
  const device = useDevice()
  const blobs = useStatusPart('blobs')
  const changes = `${blobs?.count} ${blobs?.refused} ${blobs?.oldestAt}`
  const [taken, setTaken] = useState(none)
  useEffect(() => {
    let isLive = true
    device.blobsTaken().then(
      (found) => isLive && setTaken(found),
      () => false, // locked meanwhile
    )
    return () => {
      isLive = false
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another count: then it is read again
  }, [device, changes])
  return taken
}
