// Small forms over a customer: a note, something promised, a visit to come. What is typed is kept until it was saved.
import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { DateField, NoteField, SelectField, TextField } from '../../design/fields.tsx'
import { Form } from '../../design/form.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { t } from '../../design/words.ts'
import type { addNote } from '../../../modules/crm/add-note.ts'
import type { createFollowUp } from '../../../modules/crm/create-follow-up.ts'
import type { planVisit } from '../../../modules/crm/plan-visit.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave, type Saver } from '../shared/use-save.ts'
import { dayAfter, useWorkplace } from '../shared/use-workplace.ts'

export interface Subject {
  readonly id: string
  readonly name: string
  readonly territory: string
}

export interface SheetProps {
  readonly isOpen: boolean
  readonly party: Subject
  readonly onClose: () => void
}

function Sheet({
  isOpen,
  title,
  saver,
  onSubmit,
  onClose,
  children,
}: {
  isOpen: boolean
  title: string
  saver: Saver
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}): ReactNode {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
      <Form label={title} onSubmit={onSubmit}>
        {children}
        <RefusalNote refusal={saver.refusal} />
        <Button type="submit" loading={saver.isSaving} fullWidth size="md">
          {t('form.save')}
        </Button>
      </Form>
    </Modal>
  )
}

const noteKinds = ['note', 'call', 'email', 'complaint'] as const

interface NoteDraft {
  readonly text: string
  readonly kind: (typeof noteKinds)[number]
}
const emptyNote: NoteDraft = { text: '', kind: 'note' }

export function NoteSheet({ isOpen, party, onClose }: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const saver = useSave()
  const draft = useDraft<NoteDraft>(`customers.note/${party.id}`, emptyNote)
  const value = draft.value ?? emptyNote
  const submit = async () => {
    if (value.text.trim() === '') return
    const saved = await saver.save<typeof addNote>('crm.addNote', {
      party: party.id,
      territory: party.territory,
      businessDate: today,
      text: value.text.trim(),
      kind: value.kind,
    })
    if (saved === null) return
    draft.discard()
    onClose()
  }
  return (
    <Sheet
      isOpen={isOpen}
      title={t('crm.note-about', { name: party.name })}
      saver={saver}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <SelectField
        label={t('crm.note-kind')}
        value={value.kind}
        choices={noteKinds.map((kind) => ({ value: kind, label: t(`crm.note-${kind}`) }))}
        onChange={(kind) => draft.set((last) => ({ ...last, kind }))}
      />
      <NoteField
        label={t('screen.note')}
        value={value.text}
        onChange={(text) => draft.set((last) => ({ ...last, text }))}
        rows={5}
        autoFocus
        isRequired
      />
    </Sheet>
  )
}

export function FollowUpSheet({ isOpen, party, onClose }: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const saver = useSave()
  const initial = { subject: '', dueOn: dayAfter(today, 7) }
  const draft = useDraft(`customers.follow-up/${party.id}`, initial)
  const value = draft.value ?? initial
  const submit = async () => {
    if (value.subject.trim() === '' || value.dueOn === '') return
    const saved = await saver.save<typeof createFollowUp>('crm.createFollowUp', {
      party: party.id,
      territory: party.territory,
      subject: value.subject.trim(),
      dueOn: value.dueOn,
    })
    if (saved === null) return
    draft.discard()
    onClose()
  }
  return (
    <Sheet
      isOpen={isOpen}
      title={t('crm.follow-up-for', { name: party.name })}
      saver={saver}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        label={t('crm.subject')}
        value={value.subject}
        onChange={(subject) => draft.set((last) => ({ ...last, subject }))}
        isRequired
        autoFocus
        lengthMax={500}
      />
      <DateField
        label={t('crm.due')}
        value={value.dueOn}
        onChange={(dueOn) => draft.set((last) => ({ ...last, dueOn }))}
        isRequired
      />
    </Sheet>
  )
}

export function PlanVisitSheet({ isOpen, party, onClose }: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const saver = useSave()
  const initial = { on: dayAfter(today, 1), at: '', purpose: '' }
  const draft = useDraft(`customers.visit/${party.id}`, initial)
  const value = draft.value ?? initial
  const submit = async () => {
    if (value.on === '') return
    const [hours, minutes] = value.at.split(':').map(Number)
    const saved = await saver.save<typeof planVisit>('crm.planVisit', {
      party: party.id,
      territory: party.territory,
      plannedOn: value.on,
      ...(value.at !== '' && { plannedAtMinute: (hours ?? 0) * 60 + (minutes ?? 0) }),
      ...(value.purpose.trim() !== '' && { purpose: value.purpose.trim() }),
    })
    if (saved === null) return
    draft.discard()
    onClose()
  }
  return (
    <Sheet
      isOpen={isOpen}
      title={t('crm.plan-visit-to', { name: party.name })}
      saver={saver}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <DateField
        label={t('screen.date')}
        value={value.on}
        onChange={(on) => draft.set((last) => ({ ...last, on }))}
        isRequired
        autoFocus
      />
      <TextField
        label={t('crm.time')}
        help={t('crm.time-help')}
        placeholder="09:30"
        value={value.at}
        onChange={(at) => draft.set((last) => ({ ...last, at: at.replaceAll(/[^\d:]/g, '').slice(0, 5) }))}
      />
      <TextField
        label={t('crm.purpose')}
        value={value.purpose}
        onChange={(purpose) => draft.set((last) => ({ ...last, purpose }))}
        lengthMax={200}
      />
    </Sheet>
  )
}
