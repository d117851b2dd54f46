// Where components find the device: one link for the whole page, given by the shell.
import { createContext, useContext, useSyncExternalStore } from 'react'
import { assert } from '../../kernel/assert.ts'
import type { DeviceStatus, SignedIn } from '../../sync/device/api.ts'
import { mayDo } from '../../kernel/lease.ts'
import type { DeviceLink, LinkState } from '../link/device-link.ts'

export const DeviceContext = createContext<DeviceLink | null>(null)

/** The device of this page. For what the hooks beside this one don't cover. */
export function useDevice(): DeviceLink {
  const link = useContext(DeviceContext)
  assert(link !== null, 'A component that uses the device must stand below DeviceContext.')
  return link
}

export function useLinkState(): LinkState {
  const link = useDevice()
  return useSyncExternalStore(link.subscribe, link.snapshot)
}

/** One part of the link's state: whoever shows no status isn't drawn again at each of its changes, which come with every save. */
export function useLinkPart<K extends keyof LinkState>(part: K): LinkState[K] {
  const link = useDevice()
  return useSyncExternalStore(link.subscribe, () => link.snapshot()[part])
}

/** The truth behind the sync pill; null until the device is open. It changes with every save: take what you show by `useStatusPart`. */
export const useStatus = (): DeviceStatus | null => useLinkPart('status')

/** One value of the status, and a new drawing only when it is another; null until the device is open. */
export function useStatusPart<K extends keyof DeviceStatus>(part: K): DeviceStatus[K] | null {
  const link = useDevice()
  return useSyncExternalStore(link.subscribe, () => link.snapshot().status?.[part] ?? null)
}

/** Who works here. Only below the unlocked shell. */
export function useSignedIn(): SignedIn {
  const signedIn = useLinkPart('signedIn')
  assert(signedIn !== null, 'Nobody is signed in: show this only below the unlocked shell.')
  return signedIn
}

/** Whether the person's role carries a permission; screens hide what it doesn't, the device checks it again. */
export function useMay(permission: string): boolean {
  return mayDo(useSignedIn(), permission)
}
