// A fresh device: first who and by which code, then a passphrase, then the worker makes the key, signs in and keeps the identity. What was
// typed stays until it worked; the passphrase leaves this page's memory then.
import { Button, Loader, PasswordInput, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useDevice, useLinkState } from '../design/device-context.ts'
import type { EntryProblem } from '../worker/calls.ts'
import { t } from '../text/translate.ts'
import { codeText, isCode } from './enrolment-code.ts'
import { SecureForm } from './secure-form.tsx'
import { problemText } from './problem-text.ts'
import { Problem, StartFrame } from './start-frame.tsx'
import classes from './start.module.css'

interface SignIn {
  readonly code: string
  readonly signIn: string
  readonly password: string
}

/** Problems that the sign-in can mend; the others keep the person at the passphrase. */
const signInProblems: readonly EntryProblem[] = [
  'wrong-code',
  'expired-code',
  'wrong-password',
  'too-many-tries',
  'no-profile',
]

export function EnrolScreen(): ReactNode {
  const device = useDevice()
  const { notice } = useLinkState()
  const [signIn, setSignIn] = useState<SignIn>({ code: '', signIn: '', password: '' })
  const [step, setStep] = useState<'sign-in' | 'secure' | 'working'>('sign-in')
  const [problem, setProblem] = useState<string | null>(null)

  const enrol = async (passphrase: string) => {
    setProblem(null)
    setStep('working')
    const answer = await device.enrol({
      hubUrl: location.origin,
      code: codeText(signIn.code),
      signIn: signIn.signIn.trim().toLowerCase(),
      password: signIn.password,
      passphrase,
    })
    if (answer.ok) return
    setProblem(problemText(answer.problem, answer.reason))
    setStep(signInProblems.includes(answer.problem) ? 'sign-in' : 'secure')
  }

  if (step === 'working') {
    return (
      <StartFrame title={t('secure.working')} lead={t('secure.working-lead')} step={2}>
        <Loader aria-label={t('secure.working')} />
      </StartFrame>
    )
  }
  if (step === 'secure') {
    return (
      <StartFrame title={t('secure.title')} lead={t('secure.lead')} step={2}>
        {problem !== null && <Problem>{problem}</Problem>}
        <SecureForm
          signIn={signIn.signIn}
          onChosen={(passphrase) => void enrol(passphrase)}
          onBack={() => setStep('sign-in')}
        />
      </StartFrame>
    )
  }
  return (
    <StartFrame title={t('enrol.title')} lead={t('enrol.lead')} step={1}>
      {notice === 'setup-unfinished' && problem === null && <p className={classes['note']}>{t('enrol.replaced')}</p>}
      {problem !== null && <Problem>{problem}</Problem>}
      <SignInForm
        value={signIn}
        onDone={(given) => {
          setSignIn(given)
          setProblem(null)
          setStep('secure')
        }}
      />
    </StartFrame>
  )
}

function SignInForm({
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
