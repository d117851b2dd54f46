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

/** The truth behind the sync pill; null until the device is open. */
export const useStatus = (): DeviceStatus | null => useLinkState().status

/** Who works here. Only below the unlocked shell. */
export function useSignedIn(): SignedIn {
  const { signedIn } = useLinkState()
  assert(signedIn !== null, 'Nobody is signed in: show this only below the unlocked shell.')
  return signedIn
}

/** Whether the person's role carries a permission; screens hide what it doesn't, the device checks it again. */
export function useMay(permission: string): boolean {
  return mayDo(useSignedIn(), permission)
}
