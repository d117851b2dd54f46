// Delivering an order: choose one that is open, then say what was handed over, refused or put off, to whom and from where. Untouched, all of
// it is handed over; the command checks the stock.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { NoteField, SelectField, TextField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { PhotoField } from '../../design/photo-field.tsx'
import { SignatureField } from '../../design/signature-field.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView, useViewRow } from '../../design/use-view.ts'
import { Day } from '../../design/values.tsx'
import { refusalText, t } from '../../design/words.ts'
import type { deliver } from '../../../modules/delivery/deliver.ts'
import type {
  deliverableLines,
  DeliverableLine,
  DeliverableOrder,
  ordersToDeliver,
} from '../../../modules/delivery/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { lineOfRefusal, RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { useWarehouses } from '../stock/use-warehouses.ts'
import { ChooseOrder } from './choose-order.tsx'
import {
  changeLine,
  deliverArgs,
  flawOf,
  happenings,
  lineIn,
  newDelivery,
  refuseOf,
  type DeliverDraft,
} from './deliver-draft.ts'
import { DeliverRow } from './deliver-row.tsx'
import classes from './accounts.module.css'

const rowsMax = 200
/** More than a door needs, and a command that still travels fast. */
const photosMax = 12

export function DeliverPage(): ReactNode {
  const [params] = useSearchParams()
  const id = params.get('order')
  return id === null ? <ToDeliver /> : <OfOrder key={id} id={id} />
}

function ToDeliver(): ReactNode {
  const [search, setSearch] = useState('')
  const { rows, error } = useView<typeof ordersToDeliver>('delivery.ordersToDeliver', { search, limit: rowsMax })
  return (
    <ChooseOrder<DeliverableOrder>
      title={t('deal.deliver')}
      subtitle={t('deal.deliver-choose')}
      back="/deliveries"
      empty={t('deal.nothing-to-deliver')}
      search={search}
      onSearch={setSearch}
      rows={rows}
      error={error}
      figure={(row) => row.deliverOn !== null && <Day day={row.deliverOn} />}
      linesHead={t('deal.lines-open')}
      columns={{
        before: [
          { id: 'deliver', head: t('orders.deliver-on'), cell: (row) => <Day day={row.deliverOn} />, width: '130px' },
        ],
      }}
    />
  )
}

function OfOrder({ id }: { readonly id: string }): ReactNode {
  const [, go] = useLocation()
  const { row, isKnown } = useViewRow<typeof ordersToDeliver>('delivery.ordersToDeliver', { order: id })
  const { rows } = useView<typeof deliverableLines>('delivery.deliverableLines', { order: id })
  if (!isKnown || rows === null) return null
  if (row === null) {
    const back = { label: t('screen.deliveries'), run: () => go('/deliveries') }
    return <EmptyState text={t('deal.delivered-all')} primary={back} />
  }
  return <Delivering order={row} lines={rows} />
}

function Delivering({
  order,
  lines,
}: {
  readonly order: DeliverableOrder
  readonly lines: readonly DeliverableLine[]
}): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const { all, chosen } = useWarehouses()
  const [from, setFrom] = useState<string | null>(order.warehouse)
  const [first] = useState(() => newDelivery(crypto.randomUUID()))
  const draft = useDraft<DeliverDraft>(`deliveries.new/${order.id}`, first)
  const [isTried, setTried] = useState(false)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const { value } = draft
  const warehouse = from ?? chosen
  if (value === null || warehouse === null) return null
  const change = (next: (last: DeliverDraft) => DeliverDraft) => {
    clear()
    draft.set(next)
  }
  const flaw = flawOf(value, lines)
  const submit = async (overrides: readonly string[] = []) => {
    setTried(true)
    if (flaw !== null) return
    const args = deliverArgs(value, { order, lines, warehouse, businessDate: today })
    const saved = await save<typeof deliver>('delivery.deliver', args, { overrides, requestKey: value.id })
    if (saved === null) return
    draft.discard()
    const made = saved.inserted['delivery.delivery']?.[0]
    go(made === undefined ? '/deliveries' : `/deliveries/${encodeURIComponent(made)}`, { replace: true })
  }
  const about = lineOfRefusal(refusal)
  const isHanded = value.happened === 'handed'
  const asksWhy = value.happened === 'refused' || (isHanded && lines.some((line) => lineIn(value, line).refused > 0))
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('deal.deliver')}
          subtitle={`${order.number} · ${order.partyName}`}
          back={<BackLink href="/deliveries" />}
        />
      }
      actions={
        <ActionBar
          summary={
            isTried && flaw === 'nothing' && <span className={classes['problem']}>{t('deal.nothing-handed')}</span>
          }
        >
          <Button size="md" loading={isSaving} onClick={() => void submit()}>
            {t('deal.deliver-now')}
          </Button>
        </ActionBar>
      }
    >
      <Section>
        <FieldGrid>
          <SelectField
            label={t('deal.what-happened')}
            value={value.happened}
            choices={happenings.map((each) => ({ value: each, label: t(`deal.happened-${each}`) }))}
            onChange={(happened) => change((last) => ({ ...last, happened }))}
          />
          {isHanded && (
            <SelectField
              label={t('deal.from')}
              value={warehouse}
              choices={all.map((place) => ({ value: place.id, label: place.name }))}
              onChange={setFrom}
            />
          )}
          {isHanded && (
            <TextField
              label={t('accounts.recipient')}
              value={value.recipient}
              onChange={(recipient) => change((last) => ({ ...last, recipient }))}
              autoComplete="off"
              lengthMax={200}
            />
          )}
          {asksWhy && (
            <TextField
              label={t('deal.why-refused')}
              value={value.whyRefused}
              isRequired
              error={isTried && flaw === 'reason' ? t('form.reason-needed') : null}
              onChange={(whyRefused) => change((last) => ({ ...last, whyRefused }))}
              lengthMax={200}
            />
          )}
        </FieldGrid>
      </Section>
      {isHanded && (
        <Section title={t('orders.lines')}>
          <ol className={classes['lines']} aria-label={t('orders.lines')}>
            {lines.map((line, at) => (
              <DeliverRow
                key={line.id}
                line={line}
                entered={lineIn(value, line)}
                problem={about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null}
                onChange={(next) => change((last) => changeLine(last, line, next))}
                onRefused={(refused) => change((last) => refuseOf(last, line, refused))}
              />
            ))}
          </ol>
        </Section>
      )}
      <Section title={t('photo.photos')}>
        <PhotoField
          value={value.photos ?? []}
          most={photosMax}
          onChange={(next) => change((last) => ({ ...last, photos: next(last.photos ?? []) }))}
        />
      </Section>
      {isHanded && (
        <Section title={t('signature.signature')}>
          <SignatureField
            value={value.signature ?? ''}
            onChange={(signature) => change((last) => ({ ...last, signature }))}
          />
        </Section>
      )}
      <Section>
        <NoteField
          label={t('screen.note')}
          value={value.remarks}
          rows={2}
          onChange={(remarks) => change((last) => ({ ...last, remarks }))}
        />
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}
