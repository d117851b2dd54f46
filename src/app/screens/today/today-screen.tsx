// Today, by role: my shift, my visits, what I promised, and what waits for somebody. Each card leads to its screen; a card without anything to
// do says so in one line or isn't there.
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCashRegister, IconCheck, IconCloudUpload } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useMay, useSignedIn, useStatus } from '../../design/device-context.ts'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView } from '../../design/use-view.ts'
import { Day, When } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import type { completeFollowUp } from '../../../modules/crm/complete-follow-up.ts'
import type { followUpsDue, visitsOfDay } from '../../../modules/crm/views.ts'
import type { exceptionList, lostList, parkedList } from '../../../modules/review/views.ts'
import { screensFor } from '../../shell/screens.ts'
import { useTill } from '../sell/till.ts'
import { LinkButton } from '../shared/link-button.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { dayAfter, useWorkplace } from '../shared/use-workplace.ts'
import { RouteList } from '../visits/route-list.tsx'
import { NewVisitSheet } from '../visits/new-visit-sheet.tsx'
import classes from './today.module.css'

export default function TodayScreen(): ReactNode {
  const { name } = useSignedIn()
  const { today } = useWorkplace()
  const maySell = useMay('pos.sell')
  const mayVisit = useMay('crm.visit')
  const mayFollow = useMay('crm.followUp')
  const maySettle = useMay('review.settle')
  const day = new Intl.DateTimeFormat(currentLocale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(`${today}T00:00:00Z`))
  return (
    <Page header={<PageHeader title={t('today.hello', { name: name.split(' ')[0] ?? name })} subtitle={day} />}>
      <div className={classes['cards']}>
        <Waiting />
        {maySell && <MyShift />}
        {maySettle && <ToDecide />}
        {mayVisit && <MyVisits />}
        {mayFollow && <Promised />}
        {!(maySell || maySettle || mayVisit || mayFollow) && <MyPages />}
      </div>
    </Page>
  )
}

/** Only when something waits: a person whose work is all sent has nothing to read here. */
function Waiting(): ReactNode {
  const status = useStatus()
  if (status === null || (status.waiting === 0 && status.needsYou === 0)) return null
  return (
    <Section title={t('today.my-work')}>
      <ul className={classes['facts']}>
        {status.needsYou > 0 && (
          <li>
            <Link href="/sync">
              <IconAlertTriangle size={20} aria-hidden data-tone="error" />{' '}
              {t('pill.needs-you', { count: status.needsYou })}
            </Link>
          </li>
        )}
        {status.waiting > 0 && (
          <li>
            <Link href="/sync">
              <IconCloudUpload size={20} aria-hidden /> {t('pill.waiting', { count: status.waiting })}
            </Link>
          </li>
        )}
      </ul>
    </Section>
  )
}

/** For roles whose work none of the cards is about: where it is instead. */
function MyPages(): ReactNode {
  const pages = screensFor(useSignedIn()).filter(({ group }) => group !== 'today' && group !== 'sync')
  return (
    <Section title={t('today.my-pages')}>
      <ul className={classes['facts']}>
        {pages.map(({ path, text, icon: PageIcon }) => (
          <li key={path}>
            <Link href={path}>
              <PageIcon size={20} stroke={1.6} aria-hidden /> {t(text)}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function MyShift(): ReactNode {
  const till = useTill()
  if (till === undefined) return null
  return (
    <Section title={t('today.my-shift')}>
      {till === null ? (
        <div className={classes['row']}>
          <span>{t('today.no-shift')}</span>
          <LinkButton href="/sell" variant="filled" icon={<IconCashRegister size={18} aria-hidden />}>
            {t('pos.open-shift')}
          </LinkButton>
        </div>
      ) : (
        <div className={classes['row']}>
          <span>
            <strong>{till.tillName}</strong>{' '}
            <span className={classes['dim']}>
              {t('pos.open-since')} <When at={till.openedAt} />
            </span>
          </span>
          <LinkButton href="/sell" variant="filled" icon={<IconCashRegister size={18} aria-hidden />}>
            {t('pos.sell')}
          </LinkButton>
        </div>
      )}
    </Section>
  )
}

function ToDecide(): ReactNode {
  const { rows: parked } = useView<typeof parkedList>('review.parkedList', {})
  const { rows: raised } = useView<typeof exceptionList>('review.exceptionList', {})
  const { rows: lost } = useView<typeof lostList>('review.lostList', {})
  if (parked === null || raised === null || lost === null) return null
  const count = parked.length + raised.length + lost.length
  return (
    <Section
      title={t('screen.review')}
      actions={count > 0 && <StatusChip tone="attention">{t('today.to-decide', { count })}</StatusChip>}
    >
      {count === 0 ? (
        <p className={classes['dim']}>{t('today.nothing-to-decide')}</p>
      ) : (
        <ul className={classes['facts']}>
          {parked.length > 0 && (
            <li>
              <Link href="/review">{t('today.parked', { count: parked.length })}</Link>
            </li>
          )}
          {raised.length > 0 && (
            <li>
              <Link href="/review/exceptions">{t('today.exceptions', { count: raised.length })}</Link>
            </li>
          )}
          {lost.length > 0 && (
            <li>
              <Link href="/review/values">{t('today.values', { count: lost.length })}</Link>
            </li>
          )}
        </ul>
      )}
    </Section>
  )
}

function MyVisits(): ReactNode {
  const { user, today } = useWorkplace()
  const [isPlanning, setPlanning] = useState(false)
  const { rows } = useView<typeof visitsOfDay>('crm.visitsOfDay', { owner: user, on: today })
  if (rows === null) return null
  return (
    <Section
      title={t('today.my-visits')}
      actions={
        <Button variant="subtle" size="compact-sm" onClick={() => setPlanning(true)}>
          {t('crm.plan-visit')}
        </Button>
      }
    >
      {rows.length === 0 ? (
        <p className={classes['dim']}>{t('today.no-visits')}</p>
      ) : (
        <RouteList visits={rows} label={t('today.my-visits')} />
      )}
      <NewVisitSheet isOpen={isPlanning} day={today} onClose={() => setPlanning(false)} />
    </Section>
  )
}

const daysAhead = 3

function Promised(): ReactNode {
  const { user, today } = useWorkplace()
  const { rows } = useView<typeof followUpsDue>('crm.followUpsDue', {
    owner: user,
    by: dayAfter(today, daysAhead),
    today,
  })
  const { save, refusal, isSaving } = useSave()
  if (rows === null) return null
  return (
    <Section title={t('today.promised')}>
      <RefusalNote refusal={refusal} />
      {rows.length === 0 ? (
        <p className={classes['dim']}>{t('today.nothing-promised')}</p>
      ) : (
        <ul className={classes['promises']}>
          {rows.map((promise) => (
            <li key={promise.id}>
              <div>
                <strong>{promise.subject}</strong>
                <p className={classes['dim']}>
                  <Link href={`/customers/${encodeURIComponent(promise.party)}`}>
                    {promise.partyName ?? t('screen.customer')}
                  </Link>{' '}
                  · <Day day={promise.dueOn} />{' '}
                  {promise.isLate === 1 && <StatusChip tone="attention">{t('today.late')}</StatusChip>}
                </p>
              </div>
              <Button
                variant="default"
                leftSection={<IconCheck size={18} aria-hidden />}
                disabled={isSaving}
                aria-label={t('today.done-of', { subject: promise.subject })}
                onClick={() =>
                  void save<typeof completeFollowUp>('crm.completeFollowUp', {
                    followUp: promise.id,
                    businessDate: today,
                  })
                }
              >
                {t('screen.done')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
