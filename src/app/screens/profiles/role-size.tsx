// What a person's device carries now, and with the role as it is in the form: counted by the hub, before anything is published. It says what
// comes and what leaves, table by table.
import { useState, type ReactNode } from 'react'
import type { people } from '../../../modules/masters/views.ts'
import type { ProfileEstimate } from '../../../sync/office-protocol.ts'
import { SelectField } from '../../design/fields.tsx'
import { HiddenText } from '../../design/hidden-text.tsx'
import { Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { capital, formatBytes, formatNumber } from '../../text/format.ts'
import { fieldName } from '../review/fact-text.ts'
import { tableName } from '../review/foresight-text.ts'
import { OfficeNote } from '../shared/office-note.tsx'
import { useOffice } from '../shared/use-office.ts'
import { comparedTables } from './compared-tables.ts'
import type { argsOf } from './role-draft.ts'
import classes from './profiles.module.css'

interface RoleSizeProps {
  readonly code: string
  /** The role as it is in the form; null while it is as published. */
  readonly args: ReturnType<typeof argsOf> | null
}

export function RoleSize({ args, code }: RoleSizeProps): ReactNode {
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
      {now.value !== null && <Estimate now={now.value} next={args === null ? null : next.value} />}
    </Section>
  )
}

function Estimate({ now, next }: { readonly now: ProfileEstimate; readonly next: ProfileEstimate | null }): ReactNode {
  const locale = currentLocale()
  const each: readonly (readonly [label: string, of: (estimate: ProfileEstimate) => string])[] = [
    [t('profiles.rows'), ({ rows }) => formatNumber(rows, locale)],
    [t('profiles.bytes'), ({ bytes }) => formatBytes(bytes, locale)],
    [t('profiles.buckets'), ({ buckets }) => formatNumber(buckets, locale)],
    [t('profiles.personal'), personalText],
  ]
  return (
    <div className={classes['estimates']}>
      <table>
        <caption>
          <HiddenText>{t('profiles.size')}</HiddenText>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('profiles.size')}</th>
            <th scope="col">{t('profiles.now')}</th>
            {next !== null && <th scope="col">{t('profiles.then')}</th>}
          </tr>
        </thead>
        <tbody>
          {each.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{of(now)}</td>
              {next !== null && <td>{of(next)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <LeftOut {...(next ?? now)} />
      {next !== null && <Changes now={now} next={next} />}
    </div>
  )
}

/** What the bounds of regions keep from the device. */
function LeftOut({ region = '', leftOut = {} }: Pick<ProfileEstimate, 'region' | 'leftOut'>): ReactNode {
  return Object.entries(leftOut).map(([origin, buckets]) => (
    <p key={origin} className={classes['dim']}>
      {t('profiles.left-out', { origin, region, count: buckets.length })}
    </p>
  ))
}

/** Which fields hold data of people. */
function personalText({ tables }: ProfileEstimate): string {
  const personal = new Set(tables.flatMap(({ personal: fields }) => fields))
  return personal.size === 0 ? '–' : [...personal].map(fieldName).join(', ')
}

function Changes({ now, next }: { readonly now: ProfileEstimate; readonly next: ProfileEstimate }): ReactNode {
  const locale = currentLocale()
  const tables = comparedTables(now.tables, next.tables)
  if (tables.length === 0) return <p>{t('profiles.same')}</p>
  return (
    <>
      <table>
        <caption className={classes['caption']}>{t('profiles.changes')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('rules.record')}</th>
            <th scope="col">{t('profiles.rows-now')}</th>
            <th scope="col">{t('profiles.rows-then')}</th>
            <th scope="col">{t('profiles.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {tables.map(({ table, before, after }) => (
            <tr key={table} data-leaves={after < before || undefined}>
              <th scope="row">{capital(tableName(table), locale)}</th>
              <td>{formatNumber(before, locale)}</td>
              <td>{formatNumber(after, locale)}</td>
              <td>
                {after < before
                  ? t('profiles.rows-leave', { count: before - after })
                  : t('profiles.rows-come', { count: after - before })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {tables.some(({ before, after }) => after < before) && <p className={classes['dim']}>{t('profiles.leaves')}</p>}
    </>
  )
}
