// What helps a device that can't go on as it is: it is set up again with its work, or its work is saved as a file. Shown where the fault is
// told; it never touches what is saved.
import { Button, Modal, PasswordInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useDevice, useStatus } from '../design/device-context.ts'
import { t } from '../text/translate.ts'
import { codeText } from './enrolment-code.ts'
import { passphraseLengthMin } from './passphrase-strength.ts'
import { problemText } from './problem-text.ts'
import { SignInForm, type SignIn } from './sign-in-form.tsx'
import { Problem } from './start-frame.tsx'
import classes from './start.module.css'

const close = () => ({ 'aria-label': t('form.close') })

/** Only for a life that has come to its end. */
export function NextLife(): ReactNode {
  const device = useDevice()
  const status = useStatus()
  const [isOpen, setOpen] = useState(false)
  const [given, setGiven] = useState<SignIn>({ code: '', signIn: '', password: '' })
  const [problem, setProblem] = useState<string | null>(null)
  const [isWorking, setWorking] = useState(false)
  if (status === null || !(status.fault === 'fork' || status.fault === 'revoked')) return null
  const { hubUrl } = status
  const begin = async (next: SignIn) => {
    setGiven(next)
    setProblem(null)
    setWorking(true)
    const signIn = next.signIn.trim().toLowerCase()
    const answer = await device.enrolAgain({ hubUrl, code: codeText(next.code), signIn, password: next.password })
    setWorking(false)
    if (answer.ok) setOpen(false)
    else setProblem(problemText(answer.problem, answer.reason))
  }
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t('again.open')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('again.title')} closeButtonProps={close()}>
        <p className={classes['about']}>{t('again.lead')}</p>
        {problem !== null && <Problem>{problem}</Problem>}
        {isWorking ? (
          <p className={classes['note']}>{t('secure.working')}</p>
        ) : (
          <SignInForm value={given} onDone={(next) => void begin(next)} />
        )}
      </Modal>
    </>
  )
}

/** While anything waits. */
export function SaveRescue(): ReactNode {
  const device = useDevice()
  const status = useStatus()
  const [isOpen, setOpen] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const [isTried, setTried] = useState(false)
  const [isSaving, setSaving] = useState(false)
  if (status === null || status.waiting + status.blobs.count + status.blobs.refused === 0) return null
  const isShort = passphrase.length < passphraseLengthMin
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isShort) return
    setSaving(true)
    const rescue = await device.rescue(passphrase)
    setSaving(false)
    if (rescue === null) return setSaid(t('rescue.nothing'))
    keep(`holdfast-rescue-${status.device}.json`, rescue.file)
    setPassphrase('')
    setTried(false)
    const parts = [t('rescue.saved', { count: rescue.commands })]
    if (rescue.files > 0) parts.push(t('rescue.photos', { count: rescue.files }))
    if (rescue.filesLeft > 0) parts.push(t('rescue.photos-left', { count: rescue.filesLeft }))
    setSaid(parts.join(' '))
  }
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setOpen(true)}>
        {t('rescue.open')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('rescue.title')} closeButtonProps={close()}>
        <form className={classes['form']} onSubmit={(event) => void save(event)} noValidate>
          <p className={classes['about']}>{t('rescue.lead')}</p>
          <PasswordInput
            label={t('rescue.passphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={isTried && isShort && t('secure.too-short', { min: passphraseLengthMin })}
            autoComplete="new-password"
            size="md"
            data-autofocus
          />
          <Button type="submit" size="md" loading={isSaving}>
            {t('rescue.save')}
          </Button>
          {said !== null && <output className={classes['note']}>{said}</output>}
        </form>
      </Modal>
    </>
  )
}

/** Gives the person a file, as a download. */
function keep(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
