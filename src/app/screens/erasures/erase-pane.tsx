// The way to erase a person: who it is, what the hub says would go, what stays and why, which devices have to forget; and a question that
// can't be answered by mistake. Nothing happens before it, and the hub alone decides.
import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { everybody } from '../../../modules/masters/views.ts'
import type { eraseSubjectOf } from '../../../modules/privacy/erase-subject.ts'
import type { ErasurePreview } from '../../../sync/office-protocol.ts'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { Section } from '../../design/page.tsx'
import { showToast } from '../../design/toast-store.ts'
import type { RowOfView } from '../../design/use-view.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { capital, formatNumber } from '../../text/format.ts'
import { fieldName } from '../review/fact-text.ts'
import { tableName } from '../review/foresight-text.ts'
import { OfficeNote } from '../shared/office-note.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useOffice } from '../shared/use-office.ts'
import { useSave } from '../shared/use-save.ts'
import { DeviceLines } from './device-lines.tsx'
import classes from '../review/review.module.css'
import own from './erasures.module.css'

type Person = RowOfView<typeof everybody>

interface ErasePaneProps {
  readonly onClose: () => void
  /** The sequence of the command that asks it, and whose row it is. */
  readonly onAsked: (seq: number, subject: string) => void
}

export function ErasePane({ onClose, onAsked }: ErasePaneProps): ReactNode {
  const [person, setPerson] = useState<Person | null>(null)
  const [isConfirming, setConfirming] = useState(false)
  const office = useOffice('erasure', person === null ? null : { table: person.table, subject: person.id })
  const { save, refusal, isSaving } = useSave()
  const erase = async (of: Person) => {
    const args = { table: of.table, subject: of.id }
    const saved = await save<ReturnType<typeof eraseSubjectOf>>('privacy.eraseSubject', args, { isQuiet: true })
    setConfirming(false)
    if (saved === null) return
    showToast({ tone: 'ok', text: t('erasures.asked') })
    onAsked(saved.seq, of.id)
  }
  const preview = office.value
  return (
    <DetailPane
      title={t('erasures.erase')}
      onClose={onClose}
      {...(person !== null &&
        preview !== null &&
        !preview.isErased && {
          actions: (
            <Button color="red" onClick={() => setConfirming(true)}>
              {t('erasures.for-good')}
            </Button>
          ),
        })}
    >
      <div className={classes['pane']}>
        <ViewPicker<typeof everybody>
          label={t('erasures.whom')}
          help={t('erasures.whom-help')}
          view="masters.everybody"
          argsFor={(search) => ({ search })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ table, hint }) => [t(`erasures.kind.${table}`), hint].filter((part) => part !== null).join(' · ')}
          value={person}
          onChange={setPerson}
        />
        {person === null ? (
          <p className={classes['dim']}>{t('erasures.choose')}</p>
        ) : (
          <OfficeNote at={office.at} problem={office.problem} isAsking={office.isAsking} onAgain={office.again} />
        )}
        {preview !== null && <Preview preview={preview} />}
        <RefusalNote refusal={refusal} />
      </div>
      {person !== null && (
        <Confirm
          key={person.id}
          name={person.name}
          isOpen={isConfirming}
          isBusy={isSaving}
          onConfirm={() => void erase(person)}
          onClose={() => setConfirming(false)}
        />
      )}
    </DetailPane>
  )
}

interface ConfirmProps {
  readonly name: string
  readonly isOpen: boolean
  readonly isBusy: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Nobody types a name by mistake. */
function Confirm({ name, onConfirm, ...sheet }: ConfirmProps): ReactNode {
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const isName = typed.trim().toLocaleLowerCase() === name.trim().toLocaleLowerCase()
  return (
    <ConfirmSheet
      {...sheet}
      title={t('erasures.erase')}
      confirmLabel={t('erasures.for-good')}
      isGrave
      onConfirm={() => (isName ? onConfirm() : setWrong(true))}
    >
      <p>{t('erasures.no-way-back', { name })}</p>
      <TextInput
        label={t('erasures.typed')}
        value={typed}
        data-autofocus
        autoComplete="off"
        error={isWrong && !isName && t('erasures.typed-wrong')}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setWrong(false)
        }}
      />
    </ConfirmSheet>
  )
}

function Preview({ preview }: { readonly preview: ErasurePreview }): ReactNode {
  const { isErased, pseudonym, devices } = preview
  if (isErased) return <p className={classes['sentence']}>{t('erasures.is-erased')}</p>
  return (
    <>
      <Section title={t('erasures.goes')}>
        <Goes preview={preview} />
      </Section>
      <Section title={t('erasures.stays')}>
        <ul className={classes['effects']}>
          <li>{t('erasures.stays-documents', { pseudonym })}</li>
          <li>{t('erasures.stays-log')}</li>
          <li>{t('erasures.stays-outside')}</li>
        </ul>
      </Section>
      <Section title={t('erasures.devices')}>
        <p className={classes['dim']}>{t('erasures.devices-help')}</p>
        <DeviceLines devices={devices} />
      </Section>
    </>
  )
}

function Goes({ preview }: { readonly preview: ErasurePreview }): ReactNode {
  const { tables, others } = preview
  const locale = currentLocale()
  const counted = (['photos', 'commands', 'lost', 'parked'] as const).filter((what) => preview[what] > 0)
  return (
    <>
      {tables.length === 0 ? (
        <p>{t('erasures.nothing')}</p>
      ) : (
        <table className={own['what']}>
          <thead>
            <tr>
              <th scope="col">{t('rules.record')}</th>
              <th scope="col">{t('erasures.rows')}</th>
              <th scope="col">{t('erasures.loses')}</th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ table, rows, fields }) => (
              <tr key={table}>
                <th scope="row">{capital(tableName(table), locale)}</th>
                <td>{formatNumber(rows, locale)}</td>
                <td>{fields.map(fieldName).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ul className={classes['effects']}>
        {others > 0 && <li>{t('erasures.others', { count: others })}</li>}
        {counted.map((what) => (
          <li key={what}>{t(`erasures.${what}`, { count: preview[what] })}</li>
        ))}
        <li>{t('erasures.later')}</li>
      </ul>
    </>
  )
}
