// The company's devices as the hub knows them: whose, when it was heard last, how much of it is proved, what is open about it; and to shut one
// out or say that it is lost. What it did before still counts, and nothing here touches what waits on it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { revokeDevice } from '../../../modules/masters/revoke.ts'
import type { OfficeDevice } from '../../../sync/office-protocol.ts'
import type { AsideRow, IncidentsSaid } from '../../../sync/protocol.ts'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { showToast } from '../../design/toast-store.ts'
import { StatusChip } from '../../design/status-chip.tsx'
import { Ago, When } from '../../design/values.tsx'
import { commandText, currentLocale, t } from '../../design/words.ts'
import { capital, formatNumber, formatProved } from '../../text/format.ts'
import { tableName } from '../review/foresight-text.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useDecided } from '../shared/use-decided.ts'
import { useSave } from '../shared/use-save.ts'
import { OfficeNote } from '../shared/office-note.tsx'
import { emptyOf } from '../shared/office-problem.ts'
import { useOffice } from '../shared/use-office.ts'
import { asideText, incidentText, scoreOfDevice, stateOf } from './device-state.ts'
import classes from '../review/review.module.css'

const proved = (device: OfficeDevice): string => {
  const score = scoreOfDevice(device)
  return score === null ? '–' : formatProved(score, currentLocale())
}
const person = (device: OfficeDevice): string => device.userName ?? device.user

export default function DevicesScreen(): ReactNode {
  const office = useOffice('devices', {})
  const [openDev, setOpen] = useState<string | null>(null)
  // The hub's list is another one as soon as it has decided.
  const asked = useDecided(office.again)
  const open = office.value?.find(({ dev }) => dev === openDev) ?? null
  const now = office.at ?? 0
  return (
    <Page
      isFilled
      header={
        <PageHeader
          title={t('screen.devices')}
          subtitle={t('devices.lead')}
          actions={
            <OfficeNote at={office.at} problem={office.problem} isAsking={office.isAsking} onAgain={office.again} />
          }
        />
      }
      detail={
        open !== null && (
          <DevicePane key={open.dev} device={open} now={now} onClose={() => setOpen(null)} onAsked={asked} />
        )
      }
    >
      <DataList<OfficeDevice>
        label={t('screen.devices')}
        rows={office.value ?? (office.problem === null ? null : [])}
        rowKey={({ dev }) => dev}
        openKey={openDev}
        onOpen={({ dev }) => setOpen(dev)}
        empty={emptyOf(office.problem, t('devices.none'))}
        card={(device) => (
          <CardLines
            title={`${person(device)} · ${device.dev}`}
            figure={proved(device)}
            below={
              <>
                {device.seenAt !== null && <Ago at={device.seenAt} />}
                <StatusChip tone={stateOf(device, now).tone}>{stateOf(device, now).text}</StatusChip>
              </>
            }
          />
        )}
        columns={[
          { id: 'dev', head: t('devices.device'), cell: ({ dev }) => dev, width: '84px' },
          { id: 'who', head: t('devices.person'), cell: person },
          {
            id: 'seen',
            head: t('devices.seen'),
            cell: ({ seenAt }) => (seenAt === null ? t('sync.never') : <Ago at={seenAt} />),
            width: '150px',
          },
          { id: 'proved', head: t('devices.proved'), cell: proved, align: 'end', width: '110px', isMinor: true },
          {
            id: 'open',
            head: t('devices.open'),
            cell: ({ openExceptions }) => formatNumber(openExceptions, currentLocale()),
            align: 'end',
            width: '110px',
            isMinor: true,
          },
          {
            id: 'state',
            head: t('screen.status'),
            cell: (device) => <StatusChip tone={stateOf(device, now).tone}>{stateOf(device, now).text}</StatusChip>,
            width: '200px',
          },
        ]}
      />
    </Page>
  )
}

function DevicePane({
  device,
  now,
  onClose,
  onAsked,
}: {
  readonly device: OfficeDevice
  readonly now: number
  readonly onClose: () => void
  /** By the sequence of the command that asks it. */
  readonly onAsked: (seq: number) => void
}): ReactNode {
  const mayRevoke = useMay('masters.setRights')
  const [asking, setAsking] = useState<'revoke' | 'lost' | null>(null)
  const { save, refusal, isSaving } = useSave()
  const shutOut = async () => {
    const args = { device: device.dev, isLost: asking === 'lost' }
    const saved = await save<typeof revokeDevice>('masters.revokeDevice', args, { isQuiet: true })
    setAsking(null)
    if (saved === null) return
    showToast({ tone: 'ok', text: t('devices.asked') })
    onAsked(saved.seq)
  }
  const locale = currentLocale()
  const state = stateOf(device, now)
  const isActive = device.state === 'active' || device.state === 'forked'
  return (
    <DetailPane
      title={`${person(device)} · ${device.dev}`}
      status={<StatusChip tone={state.tone}>{state.text}</StatusChip>}
      onClose={onClose}
      {...(mayRevoke &&
        !device.isLost && {
          actions: (
            <>
              {isActive && (
                <Button variant="default" onClick={() => setAsking('revoke')}>
                  {t('devices.revoke')}
                </Button>
              )}
              <Button color="red" onClick={() => setAsking('lost')}>
                {t('devices.report-lost')}
              </Button>
            </>
          ),
        })}
    >
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('devices.seen'), <When key="seen" at={device.seenAt} />],
            [t('devices.enrolled'), <When key="enrolled" at={device.enrolledAt} />],
            [t('devices.life'), String(device.ep)],
            [t('devices.commands'), formatNumber(device.commands, locale)],
            [t('devices.rows'), device.integrity === null ? '–' : formatNumber(device.integrity[0], locale)],
            [t('devices.proved'), proved(device)],
            [t('devices.broken-count'), device.integrity === null ? '–' : formatNumber(device.integrity[2], locale)],
            [t('devices.open'), formatNumber(device.openExceptions, locale)],
            ...(device.quarantined === 0
              ? []
              : [[t('devices.quarantined'), formatNumber(device.quarantined, locale)] as const]),
            ...(device.revokedAt === null
              ? []
              : [[t('devices.revoked-at'), <When key="revoked" at={device.revokedAt} />] as const]),
          ]}
        />
        {device.aside.length > 0 && <Aside rows={device.aside} />}
        {device.incidents !== null && <Incidents said={device.incidents} />}
        {device.quarantined > 0 && <Quarantined dev={device.dev} />}
        <Transfers dev={device.dev} />
        <RefusalNote refusal={refusal} />
      </div>
      <ConfirmSheet
        isOpen={asking !== null}
        title={t(asking === 'lost' ? 'devices.report-lost' : 'devices.revoke')}
        confirmLabel={t(asking === 'lost' ? 'devices.report-lost' : 'devices.revoke')}
        isGrave
        isBusy={isSaving}
        onConfirm={() => void shutOut()}
        onClose={() => setAsking(null)}
      >
        <p>{t(asking === 'lost' ? 'devices.lost-text' : 'devices.revoke-text')}</p>
      </ConfirmSheet>
    </DetailPane>
  )
}

/** Rows of the hub that the device's release can't store. */
function Aside({ rows }: { readonly rows: readonly AsideRow[] }): ReactNode {
  return (
    <Section title={t('devices.aside')}>
      <p className={classes['dim']}>{t('devices.aside-help')}</p>
      <ul className={classes['effects']}>
        {rows.map(([table, id, reason]) => (
          <li key={`${table} ${id}`}>
            {t('devices.aside-row', {
              table: capital(tableName(table), currentLocale()),
              id: id.slice(0, 8),
              reason: asideText(reason),
            })}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What should not have happened, as the device wrote it down. */
function Incidents({ said: [count, newest] }: { readonly said: IncidentsSaid }): ReactNode {
  return (
    <Section title={t('devices.incidents', { count })}>
      <ul className={classes['effects']}>
        {newest.map(([at, kind], place) => (
          // The newest first, as they were told: their place is who they are.
          <li key={place}>
            <When at={at} /> · {incidentText(kind)}
          </li>
        ))}
      </ul>
      {count > newest.length && (
        <p className={classes['dim']}>{t('devices.incidents-more', { count: count - newest.length })}</p>
      )}
    </Section>
  )
}

/** Rows of other regions' branches that the device was given; nothing where there were none. */
function Transfers({ dev }: { readonly dev: string }): ReactNode {
  const { value } = useOffice('transfers', {})
  const its = (value ?? []).filter((each) => each.dev === dev)
  if (its.length === 0) return null
  return (
    <Section title={t('devices.transfers')}>
      <p className={classes['dim']}>{t('devices.transfers-text')}</p>
      <ul className={classes['effects']}>
        {its.map(({ branch, branchName, origin, destination, transfer, basis, since, ended }) => (
          <li key={`${transfer} ${branch} ${since}`}>
            {t('devices.transfer', {
              branch: branchName ?? branch,
              origin,
              destination,
              basis: basis ?? t('devices.transfer-gone'),
            })}
            {' · '}
            {t('devices.transfer-since')} <When at={since} />
            {ended !== null && (
              <>
                {' '}
                {t('devices.transfer-ended')} <When at={ended} />
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What was done on a copy, piece by piece. */
function Quarantined({ dev }: { readonly dev: string }): ReactNode {
  const { value } = useOffice('quarantined', { dev })
  return (
    <Section title={t('devices.quarantined')}>
      <p className={classes['dim']}>{t('devices.quarantined-text')}</p>
      <ul className={classes['effects']}>
        {(value ?? []).map(({ ep, seq, seal, type, at }) => (
          <li key={`${ep} ${seal}`}>
            {formatNumber(seq, currentLocale())} · {commandText(type)} · <When at={at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
