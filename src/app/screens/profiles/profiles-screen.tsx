// What each role may do, where its people start and what their devices carry. Rights are never decided on a device: the hub signs them into
// the next lease.
import { useState, type ReactNode } from 'react'
import type { people, roles } from '../../../modules/masters/views.ts'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Clamped } from '../../design/data-table.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { screens } from '../../shell/screens.ts'
import { formatNumber } from '../../text/format.ts'
import { rightsText } from './rights-text.ts'
import type { RoleRow } from './role-draft.ts'
import { RolePane } from './role-pane.tsx'

const carriedText = ({ buckets }: RoleRow): string =>
  buckets === null ? t('profiles.by-rights') : t('profiles.own-buckets')
const rightsOfRow = ({ permissions }: RoleRow): string => rightsText(JSON.parse(permissions) as string[])
const homeText = ({ home }: RoleRow): string => {
  const screen = screens.find(({ path }) => path === `/${home}`)
  return screen === undefined ? t('profiles.home-first') : t(screen.text)
}

export default function ProfilesScreen(): ReactNode {
  const { rows, error } = useView<typeof roles>('masters.roles', {})
  const { rows: everybody } = useView<typeof people>('masters.people', {})
  const [openCode, setOpen] = useState<string | null>(null)
  const open = rows?.find(({ code }) => code === openCode) ?? null
  const count = ({ code }: RoleRow): string =>
    formatNumber(
      (everybody ?? []).filter((person) => (JSON.parse(person.roles) as string[]).includes(code)).length,
      currentLocale(),
    )
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
        card={(row) => <CardLines title={row.name} figure={count(row)} below={<Clamped>{rightsOfRow(row)}</Clamped>} />}
        columns={[
          { id: 'name', head: t('profiles.role'), cell: ({ name }) => <Clamped>{name}</Clamped>, width: '160px' },
          { id: 'rights', head: t('profiles.rights'), cell: (row) => <Clamped>{rightsOfRow(row)}</Clamped> },
          {
            id: 'home',
            head: t('profiles.home'),
            cell: (row) => <Clamped>{homeText(row)}</Clamped>,
            width: '130px',
            isMinor: true,
          },
          {
            id: 'carries',
            head: t('profiles.carries'),
            cell: (row) => <Clamped>{carriedText(row)}</Clamped>,
            width: '150px',
            isMinor: true,
          },
          { id: 'people', head: t('profiles.people'), cell: count, align: 'end', width: '90px' },
        ]}
      />
    </Page>
  )
}
