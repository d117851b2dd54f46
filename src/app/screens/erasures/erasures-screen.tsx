// Who was erased and which devices have said that they forgot; and the way to erase somebody: whom, what goes, what stays and why, and only
// then the question. Whoever was erased is a pseudonym here as everywhere.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { OfficeErasure } from '../../../sync/office-protocol.ts'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { hasText } from '../../text/translate.ts'
import { OfficeNote } from '../shared/office-note.tsx'
import { emptyOf } from '../shared/office-problem.ts'
import { useDecided } from '../shared/use-decided.ts'
import { useOffice } from '../shared/use-office.ts'
import { DeviceLines } from './device-lines.tsx'
import { ErasePane } from './erase-pane.tsx'
import classes from '../review/review.module.css'

const kindText = (table: string): string => {
  const key = `erasures.kind.${table}`
  return hasText(key) ? t(key) : table
}
const byText = ({ byName }: OfficeErasure): string => byName ?? t('erasures.by-operator')

/** How many of those that were told have forgotten. */
function progressOf({ devices }: OfficeErasure): { readonly isDone: boolean; readonly text: string } {
  const asked = devices.filter(({ confirmedAt, isShut }) => confirmedAt !== null || !isShut)
  const done = asked.filter(({ confirmedAt }) => confirmedAt !== null).length
  const isDone = done === asked.length
  const text = isDone
    ? t('erasures.all-devices', { count: done })
    : t('erasures.of-devices', { done, count: asked.length })
  return { isDone, text }
}

function Progress({ of }: { readonly of: OfficeErasure }): ReactNode {
  const { isDone, text } = progressOf(of)
  return <StatusChip tone={isDone ? 'ok' : 'attention'}>{text}</StatusChip>
}

export default function ErasuresScreen(): ReactNode {
  const office = useOffice('erasures', {})
  const [shown, setShown] = useState<{ readonly subject: string } | 'new' | null>(null)
  const asked = useDecided(office.again)
  const open = typeof shown === 'object' ? office.value?.find(({ subject }) => subject === shown?.subject) : undefined
  const close = () => setShown(null)
  return (
    <Page
      isFilled
      header={
        <PageHeader
          title={t('screen.erasures')}
          subtitle={t('erasures.lead')}
          actions={
            <>
              <OfficeNote at={office.at} problem={office.problem} isAsking={office.isAsking} onAgain={office.again} />
              <Button onClick={() => setShown('new')}>{t('erasures.erase')}</Button>
            </>
          }
        />
      }
      detail={
        shown === 'new' ? (
          <ErasePane
            onClose={close}
            onAsked={(seq, subject) => {
              asked(seq)
              setShown({ subject })
            }}
          />
        ) : (
          open !== undefined && <ErasurePane key={open.subject} erasure={open} onClose={close} />
        )
      }
    >
      <DataList<OfficeErasure>
        label={t('screen.erasures')}
        rows={office.value ?? (office.problem === null ? null : [])}
        rowKey={({ subject }) => subject}
        openKey={typeof shown === 'object' ? (shown?.subject ?? null) : null}
        onOpen={({ subject }) => setShown({ subject })}
        empty={emptyOf(office.problem, t('erasures.none'))}
        card={(erasure) => (
          <CardLines
            title={erasure.pseudonym}
            figure={<When at={erasure.at} />}
            below={
              <>
                <span>{kindText(erasure.table)}</span>
                <Progress of={erasure} />
              </>
            }
          />
        )}
        columns={[
          { id: 'name', head: t('erasures.name'), cell: ({ pseudonym }) => pseudonym, width: '160px' },
          { id: 'kind', head: t('erasures.kind'), cell: ({ table }) => kindText(table), isMinor: true },
          { id: 'by', head: t('erasures.by'), cell: byText, isMinor: true },
          { id: 'at', head: t('screen.when'), cell: ({ at }) => <When at={at} />, width: '150px' },
          {
            id: 'forgotten',
            head: t('erasures.forgotten'),
            cell: (erasure) => <Progress of={erasure} />,
            width: '190px',
          },
        ]}
      />
    </Page>
  )
}

interface ErasurePaneProps {
  readonly erasure: OfficeErasure
  readonly onClose: () => void
}

function ErasurePane({ erasure, onClose }: ErasurePaneProps): ReactNode {
  const { pseudonym, table, at, devices } = erasure
  return (
    <DetailPane title={pseudonym} subtitle={kindText(table)} onClose={onClose}>
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('screen.when'), <When key="at" at={at} />],
            [t('erasures.by'), byText(erasure)],
            [t('erasures.forgotten'), progressOf(erasure).text],
          ]}
        />
        <Section title={t('erasures.devices')}>
          <p className={classes['dim']}>{t('erasures.devices-help')}</p>
          <DeviceLines devices={devices} />
        </Section>
      </div>
    </DetailPane>
  )
}
