// Small forms over a customer: a note, something promised, a visit to come. What is typed is kept until it was saved.
import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { DateField, NoteField, SelectField, TextField } from '../../design/fields.tsx'
import { Form } from '../../design/form.tsx'
import { useDraft } from '../../design/use-draft.ts'
import type { ArgsOfCommand } from '../../design/use-run.ts'
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

interface SheetForm<T> {
  readonly value: T
  change(part: Partial<T>): void
  submit(): void
  readonly saver: Saver
}

/** What is typed, as a draft of this customer, and how it is saved. `argsOf` answers null while something is missing. */
function useSheet<C, T extends object>(
  about: string,
  initial: T,
  command: string,
  { party, onClose }: SheetProps,
  argsOf: (value: T) => Omit<ArgsOfCommand<C>, 'party' | 'territory'> | null,
): SheetForm<T> {
  const saver = useSave()
  const draft = useDraft<T>(`customers.${about}/${party.id}`, initial)
  const value = draft.value ?? initial
  const submit = async () => {
    const args = argsOf(value)
    if (args === null) return
    const { id, territory } = party
    const saved = await saver.save(command, { ...args, party: id, territory })
    if (saved === null) return
    draft.discard()
    onClose()
  }
  const change = (part: Partial<T>) => draft.set((last) => ({ ...last, ...part }))
  return { value, change, submit: () => void submit(), saver }
}

function Sheet<T>({
  title,
  form: { saver, submit },
  sheet: { isOpen, onClose },
  children,
}: {
  title: string
  form: SheetForm<T>
  sheet: SheetProps
  children: ReactNode
}): ReactNode {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
      <Form label={title} onSubmit={submit}>
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

export function NoteSheet(sheet: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const initial: NoteDraft = { text: '', kind: 'note' }
  const form = useSheet<typeof addNote, NoteDraft>('note', initial, 'crm.addNote', sheet, ({ text, kind }) =>
    text.trim() === '' ? null : { businessDate: today, text: text.trim(), kind },
  )
  return (
    <Sheet title={t('crm.note-about', { name: sheet.party.name })} form={form} sheet={sheet}>
      <SelectField
        label={t('crm.note-kind')}
        value={form.value.kind}
        choices={noteKinds.map((kind) => ({ value: kind, label: t(`crm.note-${kind}`) }))}
        onChange={(kind) => form.change({ kind })}
      />
      <NoteField
        label={t('screen.note')}
        value={form.value.text}
        onChange={(text) => form.change({ text })}
        rows={5}
        autoFocus
        isRequired
      />
    </Sheet>
  )
}

export function FollowUpSheet(sheet: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const initial = { subject: '', dueOn: dayAfter(today, 7) }
  const form = useSheet<typeof createFollowUp, typeof initial>(
    'follow-up',
    initial,
    'crm.createFollowUp',
    sheet,
    ({ subject, dueOn }) => (subject.trim() === '' || dueOn === '' ? null : { subject: subject.trim(), dueOn }),
  )
  return (
    <Sheet title={t('crm.follow-up-for', { name: sheet.party.name })} form={form} sheet={sheet}>
      <TextField
        label={t('crm.subject')}
        value={form.value.subject}
        onChange={(subject) => form.change({ subject })}
        isRequired
        autoFocus
        lengthMax={500}
      />
      <DateField
        label={t('crm.due')}
        value={form.value.dueOn}
        onChange={(dueOn) => form.change({ dueOn })}
        isRequired
      />
    </Sheet>
  )
}

export function PlanVisitSheet(sheet: SheetProps): ReactNode {
  const { today } = useWorkplace()
  const initial = { on: dayAfter(today, 1), at: '', purpose: '' }
  const form = useSheet<typeof planVisit, typeof initial>(
    'visit',
    initial,
    'crm.planVisit',
    sheet,
    ({ on, at, purpose }) => {
      if (on === '') return null
      const [hours, minutes] = at.split(':').map(Number)
      return {
        plannedOn: on,
        ...(at !== '' && { plannedAtMinute: (hours ?? 0) * 60 + (minutes ?? 0) }),
        ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
      }
    },
  )
  return (
    <Sheet title={t('crm.plan-visit-to', { name: sheet.party.name })} form={form} sheet={sheet}>
      <DateField
        label={t('screen.date')}
        value={form.value.on}
        onChange={(on) => form.change({ on })}
        isRequired
        autoFocus
      />
      <TextField
        label={t('crm.time')}
        help={t('crm.time-help')}
        placeholder="09:30"
        value={form.value.at}
        onChange={(at) => form.change({ at: at.replaceAll(/[^\d:]/g, '').slice(0, 5) })}
      />
      <TextField
        label={t('crm.purpose')}
        value={form.value.purpose}
        onChange={(purpose) => form.change({ purpose })}
        lengthMax={200}
      />
    </Sheet>
  )
}
