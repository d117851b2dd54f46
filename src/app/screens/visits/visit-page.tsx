// One visit: arrive, do the work (an order is one touch away), say how it went and what comes next. What is typed is kept until it is saved.
import { Button } from '@mantine/core'
import { IconCheck, IconClipboardPlus, IconMapPin, IconPhone, IconUser } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Blob as Photo } from '../../../kernel/blob.ts'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { useMay } from '../../design/device-context.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { DateField, NoteField, TextField } from '../../design/fields.tsx'
import { FieldGrid, Form } from '../../design/form.tsx'
import { ActionBar, FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { PhotoField } from '../../design/photo-field.tsx'
import { PhotoList } from '../../design/photo-list.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { checkIn } from '../../../modules/crm/check-in.ts'
import type { completeVisit } from '../../../modules/crm/complete-visit.ts'
import type { missVisit } from '../../../modules/crm/miss-visit.ts'
import type { visitById, visitPhotos } from '../../../modules/crm/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import classes from '../customers/customers.module.css'
import { BackLink } from '../shared/back-link.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { whereWeAre } from '../shared/place.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { minuteText, townOf, VisitState } from './route-list.tsx'

/** Shelf by shelf, and a command that still travels fast. */
const photosMax = 20

type Visit = RowOfView<typeof visitById>
const outcomes = ['order', 'no-order', 'information', 'collection', 'complaint', 'nobody-there', 'other'] as const

interface Result {
  readonly outcome: (typeof outcomes)[number] | null
  readonly note: string
  /** Kept on this device already; part of the visit once it is completed. */
  readonly photos?: readonly Photo[]
  readonly nextStep: string
  readonly nextStepOn: string
}
const nothing: Result = { outcome: null, note: '', nextStep: '', nextStepOn: '' }

export function VisitPage({ visitId }: { readonly visitId: string }): ReactNode {
  const { row, isKnown } = useViewRow<typeof visitById>('crm.visitById', { visit: visitId })
  const [, go] = useLocation()
  if (!isKnown) return null
  if (row === null)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('screen.not-found')}
        primary={{ label: t('screen.visits'), run: () => go('/visits') }}
      />
    )
  return <Found visit={row} />
}

function Found({ visit }: { readonly visit: Visit }): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const mayOrder = useMay('sales.order')
  const draft = useDraft<Result>(`visits/${visit.id}`, nothing)
  const [isMissing, setMissing] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const { save, refusal, isSaving } = useSave()
  const result = draft.value ?? nothing
  const set = (change: Partial<Result>) => draft.set((last) => ({ ...last, ...change }))
  const about = { visit: visit.id, party: visit.party, territory: visit.territory, businessDate: today }
  const isOpen = visit.state === 'planned' || visit.state === 'checked-in'

  const arrive = async () => {
    const place = await whereWeAre()
    await save<typeof checkIn>('crm.checkIn', { ...about, ...(place !== null && { place }) })
  }
  const complete = async () => {
    const wrong: Record<string, string> = {}
    if (result.outcome === null) wrong['outcome'] = t('crm.outcome-needed')
    if (result.nextStep.trim() !== '' && result.nextStepOn === '') wrong['nextStepOn'] = t('crm.next-step-day-needed')
    setErrors(wrong)
    if (result.outcome === null || Object.keys(wrong).length > 0) return
    const saved = await save<typeof completeVisit>('crm.completeVisit', {
      ...about,
      outcome: result.outcome,
      ...(result.note.trim() !== '' && { note: result.note.trim() }),
      ...(result.photos !== undefined && result.photos.length > 0 && { photos: result.photos }),
      ...(result.nextStep.trim() !== '' && { nextStep: result.nextStep.trim(), nextStepOn: result.nextStepOn }),
    })
    if (saved === null) return
    draft.discard()
    go('/visits')
  }
  const miss = async (reason: string) => {
    if ((await save<typeof missVisit>('crm.missVisit', { visit: visit.id, reason })) !== null) go('/visits')
    setMissing(false)
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={visit.partyName ?? t('crm.visit')}
          back={<BackLink href="/visits" />}
          status={<VisitState state={visit.state} />}
          subtitle={townOf(visit.addresses)}
          actions={
            <>
              {visit.phone !== null && (
                <Button
                  component="a"
                  href={`tel:${visit.phone}`}
                  variant="default"
                  leftSection={<IconPhone size={18} aria-hidden />}
                >
                  {visit.phone}
                </Button>
              )}
              <LinkButton
                href={`/customers/${encodeURIComponent(visit.party)}`}
                icon={<IconUser size={18} aria-hidden />}
              >
                {t('screen.customer')}
              </LinkButton>
            </>
          }
        />
      }
      actions={
        isOpen && (
          <ActionBar>
            {mayOrder && (
              <LinkButton
                href={`/orders/new?party=${encodeURIComponent(visit.party)}`}
                icon={<IconClipboardPlus size={18} aria-hidden />}
              >
                {t('orders.new')}
              </LinkButton>
            )}
            {visit.state === 'planned' ? (
              <Button
                leftSection={<IconMapPin size={18} aria-hidden />}
                loading={isSaving}
                onClick={() => void arrive()}
              >
                {t('crm.check-in')}
              </Button>
            ) : (
              <Button
                leftSection={<IconCheck size={18} aria-hidden />}
                loading={isSaving}
                onClick={() => void complete()}
              >
                {t('crm.complete')}
              </Button>
            )}
          </ActionBar>
        )
      }
    >
      <Section>
        <FactList
          facts={[
            [
              t('screen.date'),
              <span key="date">
                <Day day={visit.plannedOn} /> {minuteText(visit.plannedAtMinute)}
              </span>,
            ],
            ...(visit.purpose === null ? [] : [[t('crm.purpose'), visit.purpose] as const]),
            ...(visit.checkedInAt === null
              ? []
              : [[t('crm.arrived'), <When key="arrived" at={visit.checkedInAt} />] as const]),
            ...(visit.distanceM === null
              ? []
              : [[t('crm.distance'), t('crm.metres', { metres: visit.distanceM })] as const]),
            ...(visit.outcome === null ? [] : [[t('crm.outcome'), wordOf('crm.outcome', visit.outcome)] as const]),
            ...(visit.missedReason === null ? [] : [[t('crm.missed-because'), visit.missedReason] as const]),
          ]}
        />
        {visit.state === 'planned' && (
          <Button variant="subtle" size="compact-sm" color="gray" onClick={() => setMissing(true)}>
            {t('crm.not-taken-place')}
          </Button>
        )}
      </Section>
      {visit.state === 'checked-in' && (
        <Section title={t('crm.how-it-went')}>
          <Form
            label={t('crm.how-it-went')}
            onSubmit={() => void complete()}
            errors={errors}
            names={{ outcome: t('crm.outcome'), nextStepOn: t('crm.next-step') }}
          >
            <fieldset className={classes['outcomes']} aria-invalid={errors['outcome'] !== undefined}>
              <legend>{t('crm.outcome')}</legend>
              {outcomes.map((outcome) => (
                <label key={outcome}>
                  <input
                    type="radio"
                    name="outcome"
                    checked={result.outcome === outcome}
                    onChange={() => set({ outcome })}
                  />
                  {wordOf('crm.outcome', outcome)}
                </label>
              ))}
            </fieldset>
            {errors['outcome'] !== undefined && <p role="alert">{errors['outcome']}</p>}
            <NoteField label={t('screen.note')} value={result.note} onChange={(note) => set({ note })} rows={4} />
            <FieldGrid>
              <TextField
                label={t('crm.next-step')}
                value={result.nextStep}
                onChange={(nextStep) => set({ nextStep })}
                lengthMax={500}
              />
              <DateField
                label={t('crm.next-step-on')}
                name="nextStepOn"
                value={result.nextStepOn}
                min={today}
                onChange={(nextStepOn) => set({ nextStepOn })}
                error={errors['nextStepOn'] ?? null}
              />
            </FieldGrid>
          </Form>
        </Section>
      )}
      {visit.state === 'checked-in' && (
        <Section title={t('photo.photos')}>
          <PhotoField
            value={result.photos ?? []}
            most={photosMax}
            onChange={(change) => draft.set((last) => ({ ...last, photos: change(last.photos ?? []) }))}
          />
        </Section>
      )}
      <Taken visit={visit.id} />
      <RefusalNote refusal={refusal} />
      <ConfirmSheet
        isOpen={isMissing}
        title={t('crm.not-taken-place')}
        confirmLabel={t('form.save')}
        needsReason
        isBusy={isSaving}
        onConfirm={(reason) => void miss(reason)}
        onClose={() => setMissing(false)}
      />
    </Page>
  )
}

/** Photos of notes about the visit. */
function Taken({ visit }: { readonly visit: string }): ReactNode {
  const { rows } = useView<typeof visitPhotos>('crm.visitPhotos', { visit })
  if (rows === null || rows.length === 0) return null
  return (
    <Section title={t('photo.photos')}>
      <PhotoList photos={rows.flatMap(({ photos }) => JSON.parse(photos) as Photo[])} />
    </Section>
  )
}
