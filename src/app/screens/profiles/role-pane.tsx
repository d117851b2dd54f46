// One role: its name, where its people start, what they may do and up to which limits, what their devices carry, and the size that would have,
// before it is published.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { amountMinor, rate6 } from '../../../kernel/amount.ts'
import type { setRole } from '../../../modules/masters/set-role.ts'
import { DetailPane } from '../../design/detail-pane.tsx'
import { CheckField, SelectField, TextField } from '../../design/fields.tsx'
import { MoneyField, RateField } from '../../design/number-fields.tsx'
import { Section } from '../../design/page.tsx'
import { showToast } from '../../design/toast-store.ts'
import { t } from '../../design/words.ts'
import { screens, screensFor } from '../../shell/screens.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { RightsFields } from './rights-fields.tsx'
import {
  argsOf,
  draftOf,
  isMonthly,
  kindsOfBuckets,
  limitNames,
  ruleOf,
  withKind,
  withMonths,
  type LimitName,
  type RoleDraft,
  type RoleRow,
} from './role-draft.ts'
import { RoleSize } from './role-size.tsx'
import classes from './profiles.module.css'

const monthsOffered = [0, 1, 3, 6, 12, 24, 36]
/** No screen has this name: the menu decides. */
const FIRST = 'home'

interface DraftProps {
  readonly draft: RoleDraft
  readonly onChange: (draft: RoleDraft) => void
}

export function RolePane({ row, onClose }: { readonly row: RoleRow; readonly onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(row))
  const [unread, setUnread] = useState<ReadonlySet<LimitName>>(new Set())
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
  const read = (limit: LimitName, isRead: boolean) =>
    setUnread((last) => new Set([...last].filter((each) => each !== limit).concat(isRead ? [] : [limit])))
  return (
    <DetailPane
      title={row.name}
      subtitle={row.code}
      onClose={onClose}
      actions={
        <Button
          disabled={!isChanged || args.name === '' || unread.size > 0}
          loading={isSaving}
          onClick={() => void apply()}
        >
          {t('profiles.publish')}
        </Button>
      }
    >
      <div className={classes['pane']}>
        <div className={classes['fields']}>
          <TextField label={t('profiles.name')} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
          <Home draft={draft} onChange={setDraft} />
        </div>
        <Section title={t('profiles.rights')}>
          <RightsFields given={draft.permissions} onChange={(permissions) => setDraft({ ...draft, permissions })} />
        </Section>
        <Section title={t('profiles.limits')}>
          <Limits draft={draft} onChange={setDraft} onRead={read} />
        </Section>
        <Section title={t('profiles.carries')}>
          <Carried draft={draft} onChange={setDraft} />
        </Section>
        <RefusalNote refusal={refusal} />
        <RoleSize args={isChanged ? args : null} code={row.code} />
      </div>
    </DetailPane>
  )
}

function Home({ draft, onChange }: DraftProps): ReactNode {
  const offered = screensFor({ permissions: draft.permissions }).map(({ path, text }) => ({
    value: path.slice(1),
    label: t(text),
  }))
  const isOffered = offered.some(({ value }) => value === draft.home)
  // A screen that this version doesn't have, or that the role may not see, stays until another one is chosen.
  const first = isOffered || screens.some(({ path }) => path === `/${draft.home}`) ? FIRST : draft.home
  return (
    <SelectField
      label={t('profiles.home')}
      value={isOffered ? draft.home : first}
      onChange={(home) => onChange({ ...draft, home })}
      choices={[{ value: first, label: t('profiles.home-first') }, ...offered]}
    />
  )
}

function Limits({
  draft,
  onChange,
  onRead,
}: DraftProps & { readonly onRead: (limit: LimitName, isRead: boolean) => void }): ReactNode {
  const { currency } = useWorkplace()
  return (
    <div className={classes['fields']}>
      <p className={classes['dim']}>{t('profiles.limits-help')}</p>
      {limitNames.map((limit) => {
        const value = draft.limits[limit] ?? null
        const set = (next: number | null) => onChange({ ...draft, limits: { ...draft.limits, [limit]: next } })
        const frame = {
          label: t(`limit.${limit}`),
          help: t(`limit.${limit}.empty`),
          onChange: set,
          onReadable: (isRead: boolean) => onRead(limit, isRead),
        }
        return limit === 'discountPercent' ? (
          <RateField key={limit} {...frame} suffix="%" value={value === null ? null : rate6(value)} />
        ) : (
          <MoneyField key={limit} {...frame} currency={currency} value={value === null ? null : amountMinor(value)} />
        )
      })}
    </div>
  )
}

function Carried({ draft, onChange }: DraftProps): ReactNode {
  return (
    <div className={classes['fields']}>
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
    </div>
  )
}
