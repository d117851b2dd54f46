// One customer: what they owe, whom to ask for, and their story in tabs. From here an order, a visit or a note is one touch away.
import { Button } from '@mantine/core'
import { IconCalendarPlus, IconClipboardPlus, IconEdit, IconMapPin, IconNote } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useMay } from '../../design/device-context.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { ActionBar, FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Money } from '../../design/values.tsx'
import { t, type TextKey } from '../../design/words.ts'
import type { checkIn } from '../../../modules/crm/check-in.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import type { contacts } from '../../../modules/masters/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { whereWeAre } from '../shared/place.ts'
import { useSave } from '../shared/use-save.ts'
import { ShareSection } from '../shared/share-section.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import classes from './customers.module.css'
import { InvoicesTab, OrdersTab, PaymentsTab, StoryTab } from './customer-tabs.tsx'
import { FollowUpSheet, NoteSheet, PlanVisitSheet } from './customer-sheets.tsx'

type Card = RowOfView<typeof customerCard>
const tabs = {
  story: 'crm.tab-story',
  orders: 'crm.tab-orders',
  invoices: 'crm.tab-invoices',
  payments: 'crm.tab-payments',
} as const satisfies Record<string, TextKey>
type Tab = keyof typeof tabs
const isTab = (tab: string): tab is Tab => Object.hasOwn(tabs, tab)

export function CustomerPage({ partyId, tab }: { readonly partyId: string; readonly tab: string }): ReactNode {
  const { row, isKnown } = useViewRow<typeof customerCard>('crm.customerCard', { party: partyId })
  const [, go] = useLocation()
  if (!isKnown) return null
  if (row === null)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('screen.not-found')}
        primary={{ label: t('screen.customers'), run: () => go('/customers') }}
      />
    )
  return <Found party={row} tab={isTab(tab) ? tab : 'story'} />
}

function Found({ party, tab }: { readonly party: Card; readonly tab: Tab }): ReactNode {
  const [, go] = useLocation()
  const { company, today } = useWorkplace()
  const [sheet, setSheet] = useState<'note' | 'follow-up' | 'visit' | null>(null)
  const { save, isSaving } = useSave()
  const mayOrder = useMay('sales.order')
  const mayVisit = useMay('crm.visit')
  const mayNote = useMay('crm.note')
  const mayFollow = useMay('crm.followUp')
  const mayEdit = useMay('masters.editParty')
  const path = `/customers/${encodeURIComponent(party.id)}`
  const arrive = async () => {
    const place = await whereWeAre()
    const saved = await save<typeof checkIn>('crm.checkIn', {
      party: party.id,
      businessDate: today,
      ...(place !== null && { place }),
    })
    const visit = saved?.inserted['crm.visit']?.[0]
    if (visit !== undefined) go(`/visits/${encodeURIComponent(visit)}`)
  }
  const subject = { id: party.id, name: party.name, territory: party.territory }
  return (
    <Page
      header={
        <PageHeader
          title={party.name}
          back={<BackLink href="/customers" />}
          subtitle={[party.code, party.phone].filter((part) => part !== null).join(' · ')}
          {...(party.isOnHold === 1 && { status: <StatusChip tone="attention">{t('crm.on-hold')}</StatusChip> })}
          actions={
            mayEdit && (
              <LinkButton href={`${path}/edit`} icon={<IconEdit size={18} aria-hidden />}>
                {t('screen.edit')}
              </LinkButton>
            )
          }
        />
      }
      actions={
        <ActionBar>
          {mayVisit && (
            <Button
              variant="default"
              leftSection={<IconMapPin size={18} aria-hidden />}
              loading={isSaving}
              onClick={() => void arrive()}
            >
              {t('crm.check-in')}
            </Button>
          )}
          {mayOrder && (
            <LinkButton
              variant="filled"
              href={`/orders/new?party=${encodeURIComponent(party.id)}`}
              icon={<IconClipboardPlus size={18} aria-hidden />}
            >
              {t('orders.new')}
            </LinkButton>
          )}
        </ActionBar>
      }
    >
      <Section>
        <FactList facts={factsOf(party)} />
        <Contacts party={party.id} />
        <div className={classes['small-actions']}>
          {mayNote && (
            <Button variant="default" leftSection={<IconNote size={18} aria-hidden />} onClick={() => setSheet('note')}>
              {t('screen.note')}
            </Button>
          )}
          {mayFollow && (
            <Button
              variant="default"
              leftSection={<IconCalendarPlus size={18} aria-hidden />}
              onClick={() => setSheet('follow-up')}
            >
              {t('crm.follow-up')}
            </Button>
          )}
          {mayVisit && (
            <Button variant="default" onClick={() => setSheet('visit')}>
              {t('crm.plan-visit')}
            </Button>
          )}
        </div>
      </Section>
      {party.creditLimitMinor !== null && <ShareSection kind="credit" scope={company} resource={party.id} />}
      <nav className={classes['tabs']} aria-label={t('crm.tabs')}>
        {(Object.keys(tabs) as Tab[]).map((each) => (
          <Link
            key={each}
            href={each === 'story' ? path : `${path}/${each}`}
            aria-current={each === tab ? 'page' : undefined}
            replace
          >
            {t(tabs[each])}
          </Link>
        ))}
      </nav>
      {tab === 'story' && <StoryTab party={party.id} />}
      {tab === 'orders' && <OrdersTab party={party.id} />}
      {tab === 'invoices' && <InvoicesTab party={party.id} />}
      {tab === 'payments' && <PaymentsTab party={party.id} />}
      <NoteSheet isOpen={sheet === 'note'} party={subject} onClose={() => setSheet(null)} />
      <FollowUpSheet isOpen={sheet === 'follow-up'} party={subject} onClose={() => setSheet(null)} />
      <PlanVisitSheet isOpen={sheet === 'visit'} party={subject} onClose={() => setSheet(null)} />
    </Page>
  )
}

function factsOf(party: Card): readonly (readonly [string, ReactNode])[] {
  const places = (JSON.parse(party.addresses) as { lines?: string[]; town?: string; postcode?: string }[]).map((each) =>
    [...(each.lines ?? []), each.town, each.postcode].filter((part) => part !== undefined && part !== '').join(', '),
  )
  const exposure = party.receivableMinor + party.deliveredMinor + party.orderedMinor - party.advanceMinor
  return [
    [t('crm.owes'), <Money key="owes" amount={party.receivableMinor} />],
    [t('crm.open-orders'), <Money key="ordered" amount={party.orderedMinor} />],
    ...(party.advanceMinor === 0
      ? []
      : [[t('crm.advance'), <Money key="advance" amount={party.advanceMinor} />] as const]),
    [
      t('crm.credit'),
      party.creditLimitMinor === null ? (
        t('crm.cash-only')
      ) : (
        <CreditLeft key="credit" limit={party.creditLimitMinor} used={exposure} />
      ),
    ],
    [t('crm.terms'), party.termsDays === 0 ? t('crm.at-once') : t('crm.days', { days: party.termsDays })],
    ...(party.email === null ? [] : [[t('crm.email'), party.email] as const]),
    ...(places.length === 0 ? [] : [[t('crm.address'), places[0] ?? ''] as const]),
    ...(party.ownerName === null ? [] : [[t('crm.owner'), party.ownerName] as const]),
  ]
}

const CreditLeft = ({ limit, used }: { readonly limit: number; readonly used: number }): ReactNode => (
  <>
    <Money amount={limit - used} /> {t('crm.credit-of')} <Money amount={limit} />
  </>
)

function Contacts({ party }: { readonly party: string }): ReactNode {
  const { rows } = useView<typeof contacts>('masters.contacts', { party })
  if (rows === null || rows.length === 0) return null
  return (
    <ul className={classes['contacts']} aria-label={t('crm.contacts')}>
      {rows.map((contact) => (
        <li key={contact.id}>
          <strong>{contact.name}</strong>
          {contact.role !== null && <span>{contact.role}</span>}
          {contact.phone !== null && <a href={`tel:${contact.phone}`}>{contact.phone}</a>}
        </li>
      ))}
    </ul>
  )
}
