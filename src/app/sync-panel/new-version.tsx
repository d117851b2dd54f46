// The new version of the app that waits to be taken, for as long as it does: the news of it leaves after a moment, and who was in the
// middle of something finds it here.
import { Button } from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'
import { Notice } from '../design/notice.tsx'
import { isUpdateReady, onUpdateReady, takeUpdate } from '../link/service-worker-link.ts'
import { t } from '../text/translate.ts'

export function NewVersion(): ReactNode {
  if (!useSyncExternalStore(onUpdateReady, isUpdateReady)) return null
  return (
    <Notice tone="info" action={<ReloadButton />}>
      {t('app.update')}
    </Notice>
  )
}

/** For faults that another version mends, as well. */
export function ReloadButton(): ReactNode {
  return (
    <Button size="compact-sm" variant="default" onClick={() => void takeUpdate()}>
      {t('app.update-now')}
    </Button>
  )
}
