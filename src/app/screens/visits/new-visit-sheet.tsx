// A visit for the route: to whom, when, what for.
import { Button, Modal } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { DateField, TextField } from '../../design/fields.tsx'
import { Form } from '../../design/form.tsx'
import { ViewPicker } from '../../design/view-picker.tsx'
import type { RowOfView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { planVisit } from '../../../modules/crm/plan-visit.ts'
import type { parties } from '../../../modules/masters/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'

export function NewVisitSheet({
  isOpen,
  day,
  onClose,
}: {
  readonly isOpen: boolean
  readonly day: string
  readonly onClose: () => void
}): ReactNode {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('crm.plan-visit')}
      closeButtonProps={{ 'aria-label': t('form.close') }}
    >
      <Fields day={day} onClose={onClose} />
    </Modal>
  )
}

function Fields({ day, onClose }: { readonly day: string; readonly onClose: () => void }): ReactNode {
  const [party, setParty] = useState<RowOfView<typeof parties> | null>(null)
  const [on, setOn] = useState(day)
  const [purpose, setPurpose] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const { save, refusal, isSaving } = useSave()
  const submit = async () => {
    const wrong = { ...(party === null && { party: t('form.required') }), ...(on === '' && { on: t('form.required') }) }
    setErrors(wrong)
    if (party === null || on === '') return
    const saved = await save<typeof planVisit>('crm.planVisit', {
      party: party.id,
      territory: party.territory,
      plannedOn: on,
      ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
    })
    if (saved !== null) onClose()
  }
  return (
    <Form
      label={t('crm.plan-visit')}
      onSubmit={() => void submit()}
      errors={errors}
      names={{ party: t('screen.customer'), on: t('screen.date') }}
    >
      <ViewPicker<typeof parties>
        label={t('screen.customer')}
        value={party}
        view="masters.parties"
        argsFor={(search) => ({ search, limit: 20 })}
        rowKey={({ id }) => id}
        rowText={({ name }) => name}
        rowHint={({ code, phone }) => [code, phone].filter((part) => part !== null).join(' · ')}
        onChange={setParty}
        isRequired
        autoFocus
        name="party"
        error={errors['party'] ?? null}
      />
      <DateField
        label={t('screen.date')}
        value={on}
        onChange={setOn}
        isRequired
        name="on"
        error={errors['on'] ?? null}
      />
      <TextField label={t('crm.purpose')} value={purpose} onChange={setPurpose} lengthMax={200} />
      <RefusalNote refusal={refusal} />
      <Button type="submit" fullWidth size="md" loading={isSaving}>
        {t('form.save')}
      </Button>
    </Form>
  )
}
