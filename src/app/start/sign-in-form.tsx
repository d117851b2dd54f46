// Who sets a device up and by which code. It keeps what was typed and says nothing to anybody before all of it fits.
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { isCode } from './enrolment-code.ts'
import classes from './start.module.css'

export interface SignIn {
  readonly code: string
  readonly signIn: string
  readonly password: string
}

export function SignInForm({
  value,
  onDone,
}: {
  readonly value: SignIn
  readonly onDone: (given: SignIn) => void
}): ReactNode {
  const [given, setGiven] = useState(value)
  const [isTried, setTried] = useState(false)
  const missing = (text: string) => isTried && text.trim() === '' && t('form.required')
  const next = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isCode(given.code) && given.signIn.trim() !== '' && given.password !== '') onDone(given)
  }
  return (
    <form className={classes['form']} onSubmit={next} noValidate>
      <TextInput
        className={classes['code'] ?? ''}
        label={t('enrol.code')}
        description={t('enrol.code-help')}
        value={given.code}
        onChange={(event) => setGiven({ ...given, code: event.currentTarget.value })}
        error={isTried && !isCode(given.code) && t('enrol.code-wrong')}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        size="md"
        data-autofocus
      />
      <TextInput
        label={t('enrol.sign-in')}
        value={given.signIn}
        onChange={(event) => setGiven({ ...given, signIn: event.currentTarget.value })}
        error={missing(given.signIn)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
      />
      <PasswordInput
        label={t('enrol.password')}
        value={given.password}
        onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
        error={missing(given.password)}
        autoComplete="current-password"
        size="md"
      />
      <Button type="submit" size="md">
        {t('enrol.next')}
      </Button>
    </form>
  )
}
