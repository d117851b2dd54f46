// The visits of a day in the order of the route, each a link. For the route's page and for today.
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { StatusChip, type StatusChipProps } from '../../design/status-chip.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import type { RowOfView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { visitsOfDay } from '../../../modules/crm/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import classes from '../customers/customers.module.css'
import { useUnsent } from '../shared/use-unsent.ts'

export type Visit = RowOfView<typeof visitsOfDay>

const tones: Record<string, StatusChipProps['tone']> = {
  planned: 'neutral',
  'checked-in': 'info',
  completed: 'ok',
  missed: 'attention',
}

export function VisitState({ state }: { readonly state: string }): ReactNode {
  return <StatusChip tone={tones[state] ?? 'neutral'}>{wordOf('crm.visit-state', state)}</StatusChip>
}

export const minuteText = (minute: number | null): string =>
  minute === null ? '' : `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export const townOf = (addresses: string | null): string => {
  const first = (JSON.parse(addresses ?? '[]') as { lines?: string[]; town?: string }[])[0]
  return [first?.lines?.[0], first?.town].filter((part) => part !== undefined && part !== '').join(', ')
}

export function RouteList({ visits, label }: { readonly visits: readonly Visit[]; readonly label: string }): ReactNode {
  const unsent = useUnsent('crm.visit')
  return (
    <ol className={classes['route']} aria-label={label}>
      {visits.map((visit) => (
        <li key={visit.id}>
          <Link href={`/visits/${encodeURIComponent(visit.id)}`}>
            <span className={classes['dim']}>{minuteText(visit.plannedAtMinute)}</span>
            <span>
              <strong>{visit.partyName ?? t('screen.not-found')}</strong>
              <p>{visit.purpose ?? townOf(visit.addresses)}</p>
            </span>
            <span className={classes['visit-head']}>
              <RowMark state={unsent.get(visit.id) ?? null} />
              <VisitState state={visit.state} />
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}
