// The route of one day, with the days before and after it.
import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import type { visitsOfDay } from '../../../modules/crm/views.ts'
import classes from '../customers/customers.module.css'
import { dayAfter, useWorkplace } from '../shared/use-workplace.ts'
import { NewVisitSheet } from './new-visit-sheet.tsx'
import { RouteList } from './route-list.tsx'

export function RoutePage(): ReactNode {
  const { today, user } = useWorkplace()
  const [params, setParams] = useSearchParams()
  const [, go] = useLocation()
  const day = params.get('on') ?? today
  const [isPlanning, setPlanning] = useState(false)
  const { rows } = useView<typeof visitsOfDay>('crm.visitsOfDay', { owner: user, on: day })
  const show = (next: string) => setParams(next === today ? {} : { on: next }, { replace: true })
  const name = new Intl.DateTimeFormat(currentLocale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(`${day}T00:00:00Z`))
  const done = rows?.filter(({ state }) => state === 'completed').length ?? 0
  const plan = { label: t('crm.plan-visit'), run: () => setPlanning(true) }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('screen.visits')}
          subtitle={
            rows === null || rows.length === 0 ? name : t('crm.route-progress', { day: name, done, count: rows.length })
          }
          actions={
            <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setPlanning(true)}>
              {t('crm.plan-visit')}
            </Button>
          }
        />
      }
    >
      <div className={classes['days']}>
        <ActionIcon
          variant="default"
          size={40}
          onClick={() => show(dayAfter(day, -1))}
          aria-label={t('crm.day-before')}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
        <Button variant="default" onClick={() => show(today)} disabled={day === today}>
          {t('screen.today')}
        </Button>
        <ActionIcon variant="default" size={40} onClick={() => show(dayAfter(day, 1))} aria-label={t('crm.day-after')}>
          <IconChevronRight size={18} />
        </ActionIcon>
      </div>
      {rows !== null &&
        (rows.length === 0 ? (
          <EmptyState
            text={t('crm.no-visits')}
            primary={plan}
            secondary={{ label: t('screen.customers'), run: () => go('/customers') }}
          />
        ) : (
          <RouteList visits={rows} label={t('crm.route-of', { day: name })} />
        ))}
      <NewVisitSheet isOpen={isPlanning} day={day} onClose={() => setPlanning(false)} />
    </Page>
  )
}
