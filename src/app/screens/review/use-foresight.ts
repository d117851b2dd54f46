// Asks the device what a choice would do, again when what it rests on may have changed. It decides nothing and keeps nothing.
import { useEffect, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import type { Foreseen } from '../../../sync/device/api.ts'
import type { Args } from './choices.ts'

/** Rows come in bursts: one look after each. */
const restMs = 150

/** Null while it isn't known, and when nothing is asked (`args` null). */
export function useForesight(command: string, args: Args | null): readonly Foreseen[] | null {
  const device = useDevice()
  const key = args === null ? null : JSON.stringify([command, args])
  const [known, setKnown] = useState<{ readonly key: string; readonly told: readonly Foreseen[] } | null>(null)
  useEffect(() => {
    if (key === null) return
    let isLive = true
    let timer: ReturnType<typeof setTimeout> | null = null
    const look = () => {
      timer = null
      const [name, given] = JSON.parse(key) as [string, Args]
      device.foresee(name, given).then(
        (told) => isLive && setKnown({ key, told }),
        () => isLive && setKnown(null), // locked meanwhile: nothing can be said
      )
    }
    look()
    const stop = device.onChange(() => (timer ??= setTimeout(look, restMs)))
    return () => {
      isLive = false
      if (timer !== null) clearTimeout(timer)
      stop()
    }
  }, [device, key])
  return known !== null && known.key === key ? known.told : null
}
