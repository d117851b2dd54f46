// The toasts' place: bottom left on a wide screen, above the tab bar on a phone. Good news leaves after six seconds, bad news stays.
import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { closeToast, onToasts, shownToasts, type Toast } from './toast-store.ts'
import classes from './toasts.module.css'
import { ToneIcon } from './tone-icon.tsx'

const shownMs = 6000

export function Toasts(): ReactNode {
  const toasts = useSyncExternalStore(onToasts, shownToasts)
  return (
    <div className={classes['place']} aria-live="polite">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function OneToast({ toast }: { readonly toast: Toast }): ReactNode {
  const [isHeld, setHeld] = useState(false)
  const staysOpen = toast.tone === 'error' || isHeld
  useEffect(() => {
    if (staysOpen) return
    const timer = setTimeout(() => closeToast(toast.id), shownMs)
    return () => clearTimeout(timer)
  }, [staysOpen, toast.id])
  const { action } = toast
  return (
    <div
      className={classes['toast']}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <span className={classes['icon']}>
        <ToneIcon tone={toast.tone} size={18} />
      </span>
      <div className={classes['text']}>
        {toast.title !== undefined && <strong>{toast.title}</strong>}
        <span>{toast.text}</span>
      </div>
      {action !== undefined && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            action.run()
            closeToast(toast.id)
          }}
        >
          {action.label}
        </Button>
      )}
      <ActionIcon variant="subtle" color="gray" onClick={() => closeToast(toast.id)} aria-label={t('toast.close')}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  )
}
