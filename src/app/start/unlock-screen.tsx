// The locked device: who, if there is a choice, and the passphrase. Unlocking is unwrapping the key; nothing is asked of a network.
import { Button, NativeSelect, PasswordInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useDevice, useLinkState } from '../design/device-context.ts'
import { idleMsDefault } from '../link/idle-lock.ts'
import { t } from '../text/translate.ts'
import { problemText } from './problem-text.ts'
import { Problem, StartFrame } from './start-frame.tsx'
import classes from './start.module.css'

export function UnlockScreen(): ReactNode {
  const device = useDevice()
  const { slots, wasIdle } = useLinkState()
  const [slot, setSlot] = useState<string | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [isOpening, setOpening] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const unlock = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') return setProblem(t('form.required'))
    setOpening(true)
    setProblem(null)
    const answer = await device.unlock({ slot: slot ?? slots[0] ?? '', passphrase })
    setPassphrase('')
    setOpening(false)
    if (!answer.ok) setProblem(problemText(answer.problem, answer.reason))
  }
  return (
    <StartFrame title={t('lock.title')} lead={t('lock.lead')}>
      {wasIdle && problem === null && (
        <p className={classes['note']}>{t('lock.was-idle', { minutes: idleMsDefault / 60_000 })}</p>
      )}
      <form className={classes['form']} onSubmit={(event) => void unlock(event)} noValidate>
        {slots.length > 1 ? (
          <NativeSelect
            label={t('lock.who')}
            data={[...slots]}
            size="md"
            onChange={(event) => setSlot(event.currentTarget.value)}
          />
        ) : (
          <input type="text" name="username" autoComplete="username" value={slots[0] ?? ''} readOnly hidden />
        )}
        <PasswordInput
          label={slots.length === 1 ? `${t('secure.passphrase')} (${slots[0] ?? ''})` : t('secure.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="current-password"
          size="md"
          disabled={isOpening}
          data-autofocus
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button type="submit" size="md" loading={isOpening}>
          {t('lock.unlock')}
        </Button>
      </form>
      <p className={classes['note']}>{t('lock.forgotten')}</p>
    </StartFrame>
  )
}
