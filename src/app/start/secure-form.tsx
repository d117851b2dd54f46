// Chooses the passphrase: typed twice, with a hint at its strength. It leaves this form only to the worker.
import { Button, PasswordInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { passphraseLengthMin, strengthOf } from './passphrase-strength.ts'
import classes from './start.module.css'

export interface SecureFormProps {
  /** For the browser's password keeper. */
  readonly signIn: string
  readonly onChosen: (passphrase: string) => void
  readonly onBack: () => void
}

export function SecureForm({ signIn, onChosen, onBack }: SecureFormProps): ReactNode {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [isTried, setTried] = useState(false)
  const isShort = first.length < passphraseLengthMin
  const strength = strengthOf(first)
  const choose = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isShort && first === second) onChosen(first)
  }
  return (
    <form className={classes['form']} onSubmit={choose} noValidate>
      <input type="text" name="username" autoComplete="username" value={signIn} readOnly hidden />
      <PasswordInput
        label={t('secure.passphrase')}
        description={t('secure.help')}
        value={first}
        onChange={(event) => setFirst(event.currentTarget.value)}
        error={isTried && isShort && t('secure.too-short', { min: passphraseLengthMin })}
        autoComplete="new-password"
        size="md"
        data-autofocus
      />
      {first !== '' && (
        <div className={classes['strength']}>
          <div className={classes['bars']} data-strength={strength} aria-hidden>
            <span />
            <span />
            <span />
            <span />
          </div>
          <output className={classes['note']}>{t(`secure.${strength}`)}</output>
        </div>
      )}
      <PasswordInput
        label={t('secure.again')}
        value={second}
        onChange={(event) => setSecond(event.currentTarget.value)}
        error={isTried && !isShort && first !== second && t('secure.differs')}
        autoComplete="new-password"
        size="md"
      />
      <Button type="submit" size="md">
        {t('secure.submit')}
      </Button>
      <Button variant="subtle" onClick={onBack}>
        {t('form.back')}
      </Button>
    </form>
  )
}
