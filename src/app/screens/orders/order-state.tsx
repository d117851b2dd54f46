// An order's axes as chips: fulfilment, billing and payment each by itself, never one mixed word. Pure functions of the stored sums.
import type { ReactNode } from 'react'
import { StatusChip, type StatusChipProps } from '../../design/status-chip.tsx'
import { t, type TextKey } from '../../design/words.ts'
import type { Progress } from '../../../modules/sales/order-sums.ts'

export type Axis = 'fulfilment' | 'billing' | 'payment'

const tones: Record<Progress, StatusChipProps['tone']> = { none: 'neutral', part: 'info', all: 'ok' }

export const axisText = (axis: Axis, progress: Progress): string => t(`orders.${axis}-${progress}` as TextKey)

export function AxisChip({ axis, progress }: { readonly axis: Axis; readonly progress: Progress }): ReactNode {
  return <StatusChip tone={tones[progress]}>{axisText(axis, progress)}</StatusChip>
}

export interface OrderFlags {
  readonly state: string
  readonly isOnHold: number
  readonly isShortClosed: number
}

/** What stands beside the axes: cancelled, on hold, closed short. */
export function OrderFlag({ order }: { readonly order: OrderFlags }): ReactNode {
  if (order.state === 'cancelled') return <StatusChip tone="neutral">{t('orders.cancelled')}</StatusChip>
  if (order.isOnHold === 1) return <StatusChip tone="attention">{t('orders.on-hold')}</StatusChip>
  if (order.isShortClosed === 1) return <StatusChip tone="neutral">{t('orders.short-closed')}</StatusChip>
  return null
}

export const progressOf = (done: number, wanted: number): Progress =>
  done <= 0 ? 'none' : done < wanted ? 'part' : 'all'
