// A fresh device: first who and by which code, then a passphrase, then the worker makes the key, signs in and keeps the identity. What was
// typed stays until it worked; the passphrase leaves this page's memory then.
import { Loader } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useDevice, useLinkState } from '../design/device-context.ts'
import type { EntryProblem } from '../worker/calls.ts'
import { t } from '../text/translate.ts'
import { deviceNote, noteLoss } from '../link/device-note.ts'
import { codeText } from './enrolment-code.ts'
import { ClearedNotice } from './loss-screen.tsx'
import { SignInForm, type SignIn } from './sign-in-form.tsx'
import { SecureForm } from './secure-form.tsx'
import { problemText } from './problem-text.ts'
import { Problem, StartFrame } from './start-frame.tsx'
import classes from './start.module.css'

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
  // A browser that remembers a device and has none was cleared: it is no new one. [STO2]
  const [cleared] = useState(deviceNote)
  const [signIn, setSignIn] = useState<SignIn>({ code: '', signIn: '', password: '' })
  const [step, setStep] = useState<'sign-in' | 'secure' | 'working'>('sign-in')
  const [problem, setProblem] = useState<string | null>(null)

  const enrol = async (passphrase: string) => {
    setProblem(null)
    setStep('working')
    if (cleared !== null) noteLoss(cleared)
    const answer = await device.enrol({
      hubUrl: location.origin,
      code: codeText(signIn.code),
      signIn: signIn.signIn.trim().toLowerCase(),
      password: signIn.password,
      passphrase,
      ...(cleared !== null && { lost: { dev: cleared.dev, ep: cleared.ep, seq: cleared.seq } }),
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
      {cleared !== null && <ClearedNotice note={cleared} />}
      {cleared === null && notice === 'setup-unfinished' && problem === null && (
        <p className={classes['note']}>{t('enrol.replaced')}</p>
      )}
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
