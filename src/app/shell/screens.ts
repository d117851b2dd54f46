// The app's screens: where each lives, who may see it and how it is loaded. An area of the business adds its screens to `screens`; the menu,
// the tabs of a phone, the search and the routes follow from it.
import {
  IconCalendarEvent,
  IconChecklist,
  IconCloud,
  IconPackage,
  IconReceipt2,
  IconSettings,
  IconShoppingBag,
  type Icon,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { mayDo } from '../../kernel/lease.ts'
import type { SignedIn } from '../../sync/device/api.ts'
import { businessScreens } from '../screens/screens.ts'
import type { TextKey } from '../text/translate.ts'

export const groups = ['today', 'sell', 'stock', 'accounts', 'review', 'admin', 'sync'] as const
export type Group = (typeof groups)[number]

export const groupLook: Record<Group, { readonly text: TextKey; readonly icon: Icon }> = {
  today: { text: 'group.today', icon: IconCalendarEvent },
  sell: { text: 'group.sell', icon: IconShoppingBag },
  stock: { text: 'group.stock', icon: IconPackage },
  accounts: { text: 'group.accounts', icon: IconReceipt2 },
  review: { text: 'group.review', icon: IconChecklist },
  admin: { text: 'group.admin', icon: IconSettings },
  sync: { text: 'group.sync', icon: IconCloud },
}

export interface Screen {
  /** `/orders`: the screen owns everything below it. */
  readonly path: `/${string}`
  readonly group: Group
  readonly text: TextKey
  readonly icon: Icon
  /** Who may see it: any one of these permissions; empty for everybody. The device checks each command again. */
  readonly permissions: readonly string[]
  readonly load: () => Promise<{ readonly default: ComponentType }>
  /** Without the menu: the till. */
  readonly isFullScreen?: boolean
}

export const screens: readonly Screen[] = [
  ...businessScreens,
  {
    path: '/sync',
    group: 'sync',
    text: 'screen.sync',
    icon: IconCloud,
    permissions: [],
    load: () => import('../sync-panel/sync-screen.tsx'),
  },
]

export function screensFor(
  signedIn: Pick<SignedIn, 'permissions'>,
  all: readonly Screen[] = screens,
): readonly Screen[] {
  return all.filter(({ permissions }) => permissions.length === 0 || permissions.some((each) => mayDo(signedIn, each)))
}

/** The screens in the order of the groups. */
export function grouped(shown: readonly Screen[]): readonly (readonly [Group, readonly Screen[]])[] {
  return groups
    .map((group) => [group, shown.filter((screen) => screen.group === group)] as const)
    .filter(([, some]) => some.length > 0)
}

/** Where the person begins: the role's own screen when it is there, else the first. */
export function homeOf(signedIn: Pick<SignedIn, 'permissions' | 'policy'>, shown: readonly Screen[]): string {
  const wished = `/${String(signedIn.policy['home'] ?? '').replace(/^\//, '')}`
  return shown.find(({ path }) => path === wished)?.path ?? shown[0]?.path ?? '/sync'
}

/** The screen that owns an address: the longest path that it lies under. */
export function screenAt(location: string, shown: readonly Screen[]): Screen | undefined {
  return shown
    .filter(({ path }) => location === path || location.startsWith(`${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}
