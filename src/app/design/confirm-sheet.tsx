// A question before something that matters, with a reason where the books need one. The safe answer comes first in the order of the keys; it
// is no way to ask what a person could simply undo.
import { Button, Modal, Textarea } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import classes from './confirm-sheet.module.css'

export interface ConfirmSheetProps {
  readonly isOpen: boolean
  readonly title: string
  readonly children?: ReactNode
  readonly confirmLabel: string
  /** For what can't be taken back. */
  readonly isGrave?: boolean
  /** Asks for a reason and gives it to onConfirm. */
  readonly needsReason?: boolean
  readonly isBusy?: boolean
  readonly onConfirm: (reason: string) => void
  readonly onClose: () => void
}

export function ConfirmSheet(props: ConfirmSheetProps): ReactNode {
  const { isOpen, title, onClose } = props
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
      <Question {...props} />
    </Modal>
  )
}

/** Of its own, so that its reason is empty again when it opens again. */
function Question({
  children,
  confirmLabel,
  isGrave,
  needsReason,
  isBusy,
  onConfirm,
  onClose,
}: ConfirmSheetProps): ReactNode {
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const confirm = (event: FormEvent) => {
    event.preventDefault()
    if (needsReason === true && reason.trim() === '') setMissing(true)
    else onConfirm(reason.trim())
  }
  return (
    <form className={classes['question']} onSubmit={confirm}>
      {children}
      {needsReason === true && (
        <Textarea
          label={t('form.reason')}
          value={reason}
          autosize={false}
          rows={3}
          data-autofocus
          required
          error={isMissing && t('form.reason-needed')}
          onChange={(event) => {
            setReason(event.currentTarget.value)
            setMissing(false)
          }}
        />
      )}
      <div className={classes['actions']}>
        <Button variant="default" onClick={onClose}>
          {t('form.cancel')}
        </Button>
        <Button type="submit" color={isGrave === true ? 'red' : 'teal'} loading={isBusy === true}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
