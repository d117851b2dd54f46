// One icon for each tone: a state is never told by colour alone.
import { IconAlertTriangle, IconCircleCheck, IconCircleDot, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Tone } from '../pill/pill-of.ts'

export type { Tone } from '../pill/pill-of.ts'

const icons = {
  ok: IconCircleCheck,
  info: IconInfoCircle,
  neutral: IconCircleDot,
  attention: IconAlertTriangle,
  error: IconCircleX,
} as const

export function ToneIcon({ tone, size = 16 }: { readonly tone: Tone; readonly size?: number }): ReactNode {
  const Icon = icons[tone]
  return <Icon size={size} stroke={1.8} aria-hidden />
}
