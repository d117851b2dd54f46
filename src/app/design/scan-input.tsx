// A field for codes that also hears the scanner when it hasn't the focus. Enter gives the typed code; a scan gives its own.
import { TextInput } from '@mantine/core'
import { IconBarcode } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { useWedge } from './use-wedge.ts'

export interface ScanInputProps {
  readonly onCode: (code: string) => void
  readonly label?: string
  readonly placeholder?: string
  readonly error?: string | null
  readonly autoFocus?: boolean
  /** Off while a dialog is open that takes no scans. */
  readonly isListening?: boolean
}

export function ScanInput({
  onCode,
  label,
  placeholder,
  error,
  autoFocus,
  isListening = true,
}: ScanInputProps): ReactNode {
  const [typed, setTyped] = useState('')
  const give = (code: string) => {
    setTyped('')
    if (code.trim() !== '') onCode(code.trim())
  }
  useWedge(give, isListening)
  const giveOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    give(typed)
  }
  return (
    <TextInput
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={giveOnEnter}
      aria-label={label ?? t('scan.label')}
      placeholder={placeholder ?? t('scan.hint')}
      error={error}
      leftSection={<IconBarcode size={18} aria-hidden />}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      enterKeyHint="go"
      {...(autoFocus === true && { 'data-autofocus': true, autoFocus })}
    />
  )
}
