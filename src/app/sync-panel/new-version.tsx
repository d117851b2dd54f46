// The new version of the app that waits to be taken, for as long as it does: the news of it leaves after a moment, and who was in the
// middle of something finds it here.
import { Alert, Button } from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'
import { ToneIcon } from '../design/tone-icon.tsx'
import { isUpdateReady, onUpdateReady, takeUpdate } from '../link/service-worker-link.ts'
import { t } from '../text/translate.ts'

export function NewVersion(): ReactNode {
  if (!useSyncExternalStore(onUpdateReady, isUpdateReady)) return null
  return (
    <Alert color="teal" variant="outline" icon={<ToneIcon tone="info" size={18} />}>
      <p>{t('app.update')}</p>
      <ReloadButton />
    </Alert>
  )
}

/** For faults that another version mends, as well. */
export function ReloadButton(): ReactNode {
  return (
    <Button size="compact-sm" variant="default" mt={8} onClick={() => void takeUpdate()}>
      {t('app.update-now')}
    </Button>
  )
}
