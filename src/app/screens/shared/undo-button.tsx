// Undoing a document that was recorded by mistake, with the reason that the books need. A request stays with the hub until it answers; the
// button says so and isn't offered twice.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { RefusalNote } from './refusal-note.tsx'
import { useSave } from './use-save.ts'

export interface UndoButtonProps {
  readonly label: string
  readonly text: string
  readonly command: string
  /** The arguments with the reason that was given. */
  readonly argsFor: (reason: string) => Readonly<Record<string, unknown>>
}

export function UndoButton({ label, text, command, argsFor }: UndoButtonProps): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const { save, refusal, clear, isSaving } = useSave()
  const run = async (reason: string) => {
    if ((await save(command, argsFor(reason))) !== null) setAsking(false)
  }
  const close = () => {
    clear()
    setAsking(false)
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {label}
      </Button>
      <ConfirmSheet
        isOpen={isAsking}
        title={label}
        confirmLabel={label}
        isGrave
        needsReason
        isBusy={isSaving}
        onConfirm={(reason) => void run(reason)}
        onClose={close}
      >
        <p>{text}</p>
        <RefusalNote refusal={refusal} />
      </ConfirmSheet>
    </>
  )
}
