// What each role may do and what its devices carry, with the size that a person's device would have, before it is published. Rights are never
// decided on a device: the hub signs them into the next lease.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { setRole } from '../../../modules/masters/set-role.ts'
import type { people, roles } from '../../../modules/masters/views.ts'
import type { ProfileEstimate } from '../../../sync/protocol.ts'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Clamped } from '../../design/data-table.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { CheckField, NoteField, SelectField, TextField } from '../../design/fields.tsx'
import { FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { showToast } from '../../design/toast-store.ts'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatBytes, formatNumber } from '../../text/format.ts'
import { fieldName } from '../review/fact-text.ts'
import { tableName } from '../review/foresight-text.ts'
import classes from '../review/review.module.css'
import { OfficeNote } from '../shared/office-note.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useOffice } from '../shared/use-office.ts'
import { useSave } from '../shared/use-save.ts'
import {
  argsOf,
  draftOf,
  isMonthly,
  kindsOfBuckets,
  ruleOf,
  withKind,
  withMonths,
  type RoleDraft,
  type RoleRow,
} from './role-draft.ts'

const monthsOffered = [0, 1, 3, 6, 12, 24, 36]
const tablesTold = 8

export default function ProfilesScreen(): ReactNode {
  const { rows, error } = useView<typeof roles>('masters.roles', {})
  const [openCode, setOpen] = useState<string | null>(null)
  const open = rows?.find(({ code }) => code === openCode) ?? null
  const carried = (row: RoleRow): string => (row.buckets === null ? t('profiles.by-rights') : t('profiles.own-buckets'))
  const rights = (row: RoleRow): string => (JSON.parse(row.permissions) as string[]).join(', ')
  return (
    <Page
      isFilled
      header={<PageHeader title={t('screen.profiles')} subtitle={t('profiles.lead')} />}
      detail={open !== null && <RolePane key={JSON.stringify(open)} row={open} onClose={() => setOpen(null)} />}
    >
      <DataList<RoleRow>
        label={t('screen.profiles')}
        rows={rows}
        error={error}
        isTwoLined
        rowKey={({ code }) => code}
        openKey={openCode}
        onOpen={({ code }) => setOpen(code)}
        card={(row) => <CardLines title={row.name} below={<span>{carried(row)}</span>} />}
        columns={[
          { id: 'name', head: t('profiles.role'), cell: ({ name }) => name, width: '180px' },
          { id: 'rights', head: t('profiles.rights'), cell: (row) => <Clamped>{rights(row)}</Clamped> },
          { id: 'carries', head: t('profiles.carries'), cell: carried, width: '190px' },
        ]}
      />
    </Page>
  )
}

function RolePane({ row, onClose }: { readonly row: RoleRow; readonly onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(row))
  const { save, refusal, isSaving } = useSave()
  const before = argsOf(row, draftOf(row))
  const args = argsOf(row, draft)
  const isChanged = JSON.stringify(before) !== JSON.stringify(args)
  const publish = (wanted: typeof args) => save<typeof setRole>('masters.setRole', wanted, { isQuiet: true })
  const apply = async () => {
    if ((await publish(args)) === null) return
    showToast({
      tone: 'ok',
      text: t('profiles.published'),
      action: { label: t('review.undo'), run: () => void publish(before) },
    })
    onClose()
  }
  return (
    <DetailPane
      title={row.name}
      subtitle={row.code}
      onClose={onClose}
      actions={
        <Button disabled={!isChanged || args.name === ''} loading={isSaving} onClick={() => void apply()}>
          {t('profiles.publish')}
        </Button>
      }
    >
      <div className={classes['pane']}>
        <TextField label={t('profiles.name')} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        <NoteField
          label={t('profiles.rights')}
          help={t('profiles.rights-help')}
          rows={6}
          value={draft.permissions}
          onChange={(permissions) => setDraft({ ...draft, permissions })}
        />
        <Section title={t('profiles.carries')}>
          <Carried draft={draft} onChange={setDraft} />
        </Section>
        <RefusalNote refusal={refusal} />
        <Size args={isChanged ? args : null} code={row.code} />
      </div>
    </DetailPane>
  )
}

function Carried({
  draft,
  onChange,
}: {
  readonly draft: RoleDraft
  readonly onChange: (draft: RoleDraft) => void
}): ReactNode {
  return (
    <>
      <CheckField
        label={t('profiles.by-rights')}
        value={draft.buckets === null}
        onChange={(isUsual) => onChange({ ...draft, buckets: isUsual ? null : [] })}
      />
      {draft.buckets !== null &&
        kindsOfBuckets.map((kind) => {
          const rule = ruleOf(draft, kind)
          return (
            <div key={kind} className={classes['carried']}>
              <CheckField
                label={t(`profiles.bucket-${kind}`)}
                value={rule !== null}
                onChange={(isOn) => onChange(withKind(draft, kind, isOn))}
              />
              {rule !== null && isMonthly(kind) && (
                <SelectField
                  label={t('profiles.months-of', { kind: t(`profiles.bucket-${kind}`) })}
                  value={rule.monthsBack === undefined ? '' : String(rule.monthsBack)}
                  onChange={(months) => onChange(withMonths(draft, kind, months === '' ? null : Number(months)))}
                  choices={[
                    { value: '', label: t('settings.usual') },
                    ...monthsOffered.map((months) => ({
                      value: String(months),
                      label: t('profiles.months', { months }),
                    })),
                  ]}
                />
              )}
            </div>
          )
        })}
    </>
  )
}

/** What a person's device carries now, and with the role as it is in the form. The hub counts it. */
function Size({ args, code }: { readonly args: ReturnType<typeof argsOf> | null; readonly code: string }): ReactNode {
  const { rows } = useView<typeof people>('masters.people', {})
  const held = (rows ?? []).filter((person) => (JSON.parse(person.roles) as string[]).includes(code))
  const [chosen, setChosen] = useState<string | null>(null)
  const signIn = chosen ?? held[0]?.signInName ?? null
  const now = useOffice('profile', signIn === null ? null : { signIn })
  const next = useOffice('profile', signIn === null || args === null ? null : { signIn, role: args })
  if (rows === null) return null
  if (signIn === null) return <p className={classes['dim']}>{t('profiles.nobody')}</p>
  return (
    <Section title={t('profiles.size')}>
      <SelectField
        label={t('profiles.size-for')}
        value={signIn}
        onChange={setChosen}
        choices={held.map((person) => ({ value: person.signInName, label: person.name }))}
      />
      <OfficeNote
        at={(args === null ? now : next).at}
        problem={next.problem ?? now.problem}
        isAsking={now.isAsking || next.isAsking}
        onAgain={() => (now.again(), next.again())}
      />
      {now.value !== null && <Estimate title={t('profiles.now')} estimate={now.value} />}
      {args !== null && next.value !== null && <Estimate title={t('profiles.then')} estimate={next.value} hasTables />}
    </Section>
  )
}

function Estimate({
  title,
  estimate,
  hasTables = false,
}: {
  readonly title: string
  readonly estimate: ProfileEstimate
  readonly hasTables?: boolean
}): ReactNode {
  const locale = currentLocale()
  const personal = new Set(estimate.tables.flatMap(({ personal: fields }) => fields))
  return (
    <div className={classes['step']}>
      <h3>{title}</h3>
      <FactList
        facts={[
          [t('profiles.rows'), formatNumber(estimate.rows, locale)],
          [t('profiles.bytes'), formatBytes(estimate.bytes, locale)],
          [t('profiles.buckets'), formatNumber(estimate.buckets, locale)],
          [t('profiles.personal'), personal.size === 0 ? '–' : [...personal].map(fieldName).join(', ')],
        ]}
      />
      {hasTables && (
        <ul className={classes['effects']}>
          {estimate.tables.slice(0, tablesTold).map(({ table, rows, bytes }) => (
            <li key={table}>
              {t('profiles.table', { table: tableName(table), rows, bytes: formatBytes(bytes, locale) })}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
