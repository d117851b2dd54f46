// Review: work that the hub couldn't take as it was, facts that somebody should look at, and values that lost against another edit, in one
// list with one way to decide. Deciding is a request to the hub; nothing here changes what happened.
import { NativeSelect } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation, useRoute, useSearchParams } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Clamped } from '../../design/data-table.tsx'
import { useSignedIn } from '../../design/device-context.ts'
import { Page, PageHeader } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { currentLocale, dutyText, t } from '../../design/words.ts'
import { formatDuration } from '../../text/format.ts'
import type { names } from '../../../modules/review/views.ts'
import { useOutbox } from '../shared/use-outbox.ts'
import { usePeople } from '../shared/use-people.ts'
import { askedOf, type Asked } from './asked.ts'
import { BulkBar } from './bulk-bar.tsx'
import { BulkResult } from './bulk-result.tsx'
import { kinds, passes, type InboxItem, type Kind } from './inbox-item.ts'
import { ItemPane } from './item-pane.tsx'
import { groupText, useInbox } from './use-inbox.ts'
import { useBulk } from './use-bulk.ts'
import { neighbour, useListKeys } from './use-list-keys.ts'
import classes from './review.module.css'

/** `/review/exceptions`: addresses of the kinds; all of them at `/review/all`. */
const paths = { parked: 'parked', exception: 'exceptions', value: 'values' } as const
const kindAt = (path: string | undefined): Kind | null => kinds.find((kind) => paths[kind] === path) ?? null

export default function ReviewScreen(): ReactNode {
  const [, params] = useRoute<{ list?: string; item?: string }>('/review/:list?/:item?')
  const [, go] = useLocation()
  const [search, setSearch] = useSearchParams()
  const kind = kindAt(params?.list)
  const branch = search.get('branch')
  const isMine = search.has('mine')
  const inbox = useInbox()
  const entries = useOutbox() ?? []
  const asked = askedOf(entries)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const bulk = useBulk()
  const nameOf = usePeople()
  const branches = useBranches(inbox.items)

  const shown = inbox.items?.filter(passes({ kind, isMine, branch })) ?? null
  const open = shown?.find(({ id }) => id === params?.item) ?? null
  const list = params?.list ?? 'all'
  const query = search.size === 0 ? '' : `?${search.toString()}`
  const goTo = (id: string | null) => go(`/review/${list}${id === null ? '' : `/${encodeURIComponent(id)}`}${query}`)
  const ids = shown?.map(({ id }) => id) ?? []
  useListKeys({ keys: ids, openKey: open?.id ?? null, open: goTo, close: () => goTo(null) })
  const set = (name: string, value: string | null) =>
    setSearch((last) => {
      const next = new URLSearchParams(last)
      if (value === null) next.delete(name)
      else next.set(name, value)
      return next
    })
  const selected = shown?.filter(({ id }) => chosen.has(id)) ?? []
  const toggle = (some: readonly InboxItem[]) =>
    setChosen((last) => {
      const areAll = some.every(({ id }) => last.has(id))
      const left = new Set([...last].filter((id) => !some.some((item) => item.id === id)))
      return areAll ? left : new Set([...left, ...some.map(({ id }) => id)])
    })
  const count = (of: Kind | null) => (inbox.items ?? []).filter(passes({ kind: of, isMine, branch })).length
  const chips = [null, ...kinds].map((each) => ({
    id: each ?? 'all',
    label: t(
      each === null
        ? 'review.all'
        : each === 'parked'
          ? 'review.parked'
          : each === 'exception'
            ? 'review.exceptions'
            : 'review.values',
      {
        count: count(each),
      },
    ),
    isOn: kind === each,
    toggle: () => go(`/review/${each === null ? 'all' : paths[each]}${query}`),
  }))
  const decided = () => {
    const waiting = ids.filter((id) => id === open?.id || asked.get(id)?.state !== 'asked')
    goTo(neighbour(waiting, open?.id ?? null, 1))
  }
  return (
    <Page
      isFilled
      header={<PageHeader title={t('screen.review')} subtitle={t('review.lead')} />}
      actions={
        selected.length > 0 && (
          <BulkBar
            key={selected.map(({ group }) => group).join()}
            items={selected}
            bulk={bulk}
            onClear={() => setChosen(new Set())}
          />
        )
      }
      detail={
        open !== null && (
          <ItemPane
            key={open.id}
            item={open}
            asked={asked.get(open.id) ?? null}
            onDecided={decided}
            onClose={() => goTo(null)}
          />
        )
      }
    >
      <BulkResult bulk={bulk} entries={entries} />
      <DataList<InboxItem>
        label={t('screen.review')}
        rows={shown}
        error={inbox.error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => goTo(id)}
        toolbar={{
          chips: [
            ...chips,
            { id: 'mine', label: t('review.mine'), isOn: isMine, toggle: () => set('mine', isMine ? null : '1') },
          ],
          isFiltered: (kind !== null || isMine || branch !== null) && count(null) + (inbox.items?.length ?? 0) > 0,
          onClear: () => go('/review/all'),
          ...(branches.length > 1 && {
            more: (
              <NativeSelect
                aria-label={t('review.branch')}
                value={branch ?? ''}
                data={[{ value: '', label: t('review.all-branches') }, ...branches]}
                onChange={(event) => set('branch', event.currentTarget.value === '' ? null : event.currentTarget.value)}
              />
            ),
          }),
        }}
        isTwoLined
        empty={{ text: t('review.none') }}
        groups={{
          of: ({ group }) => group,
          head: (group) => (
            <GroupHead
              group={group}
              items={shown?.filter((item) => item.group === group) ?? []}
              timeMs={inbox.timeOf(group)}
              chosen={chosen}
              toggle={toggle}
            />
          ),
        }}
        selection={{
          chosen,
          toggle: (item) => toggle([item]),
          label: (item) => t('review.choose-item', { title: item.title }),
        }}
        card={(item) => (
          <CardLines
            title={item.title}
            below={
              <>
                <span>{item.why}</span>
                <Ago at={item.since} />
                <State item={item} asked={asked.get(item.id) ?? null} isQuiet />
              </>
            }
          />
        )}
        columns={[
          { id: 'what', head: t('review.what'), cell: (item) => <Clamped>{item.title}</Clamped> },
          { id: 'why', head: t('review.why'), cell: (item) => <Clamped>{item.why}</Clamped> },
          {
            id: 'owner',
            head: t('review.owner'),
            cell: (item) => (item.owner === null ? '–' : dutyText(item.owner)),
            width: '130px',
            isMinor: true,
          },
          { id: 'who', head: t('screen.who'), cell: (item) => nameOf(item.by), width: '140px', isMinor: true },
          { id: 'age', head: t('review.age'), cell: (item) => <Ago at={item.since} />, width: '140px', isMinor: true },
          {
            id: 'state',
            head: t('screen.status'),
            cell: (item) => <State item={item} asked={asked.get(item.id) ?? null} />,
            width: '150px',
          },
        ]}
      />
    </Page>
  )
}

function State({
  item,
  asked,
  isQuiet = false,
}: {
  readonly item: InboxItem
  readonly asked: Asked | null
  readonly isQuiet?: boolean
}): ReactNode {
  if (asked?.state === 'asked') return <StatusChip tone="info">{t('review.asked')}</StatusChip>
  if (asked?.state === 'stayed') return <StatusChip tone="error">{t('review.stayed')}</StatusChip>
  if (item.isUrgent) return <StatusChip tone="error">{t('review.urgent')}</StatusChip>
  if (isQuiet) return null
  return <StatusChip tone="attention">{t(item.kind === 'parked' ? 'row.parked' : 'review.open')}</StatusChip>
}

function GroupHead({
  group,
  items,
  timeMs,
  chosen,
  toggle,
}: {
  readonly group: string
  readonly items: readonly InboxItem[]
  readonly timeMs: number | null
  readonly chosen: ReadonlySet<string>
  readonly toggle: (items: readonly InboxItem[]) => void
}): ReactNode {
  const text = groupText(group)
  return (
    <span className={classes['group']}>
      <label>
        <input
          type="checkbox"
          aria-label={t('review.choose-group', { group: text })}
          checked={items.length > 0 && items.every(({ id }) => chosen.has(id))}
          onChange={() => toggle(items)}
        />
        <span>{t('review.group', { group: text, count: items.length })}</span>
      </label>
      {timeMs !== null && (
        <span className={classes['dim']}>
          {t('review.settled-in', { time: formatDuration(timeMs, currentLocale()) })}
        </span>
      )}
    </span>
  )
}

/** Branches that anything here is of, by their names. */
function useBranches(
  items: readonly InboxItem[] | null,
): readonly { readonly value: string; readonly label: string }[] {
  const { branch } = useSignedIn()
  const ids = [
    ...new Set([branch, ...(items ?? []).flatMap((item) => (item.branch === null ? [] : [item.branch]))]),
  ].sort()
  const { rows } = useView<typeof names>('review.names', { ids })
  return ids.map((id) => ({ value: id, label: rows?.find((row) => row.id === id)?.name ?? id }))
}
