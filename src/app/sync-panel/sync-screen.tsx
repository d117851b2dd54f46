// The sync panel as a screen of its own, for the menu and for links.
import type { ReactNode } from 'react'
import { Page, PageHeader, Section } from '../design/page.tsx'
import { t } from '../text/translate.ts'
import SyncPanel from './sync-panel.tsx'

export default function SyncScreen(): ReactNode {
  return (
    <Page header={<PageHeader title={t('sync.title')} />} isNarrow>
      <Section>
        <SyncPanel />
      </Section>
    </Page>
  )
}
