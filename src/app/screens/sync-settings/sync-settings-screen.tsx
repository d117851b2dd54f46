// How the company's devices exchange by themselves: how often, on what occasion, on which connection, at which hours, with which photos. Saved
// by one command; devices hear it with their next contact and follow it at once. A person may always ask.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { DeviceSettings } from '../../../modules/masters/organisation.ts'
import type { setDeviceSettings } from '../../../modules/masters/set-device-settings.ts'
import type { deviceSettingsOf } from '../../../modules/masters/views.ts'
import { useSignedIn } from '../../design/device-context.ts'
import { CheckField, SelectField, TimeField } from '../../design/fields.tsx'
import { FieldGrid, Form } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useViewRow } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatDuration } from '../../text/format.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { draftOf, isHalfQuiet, offered, settingsOf, type SettingsDraft } from './settings-draft.ts'

const everySeconds = [10, 30, 60, 300, 900, 3600]
const photoPixels = [1024, 1600, 2048, 4000]

export default function SyncSettingsScreen(): ReactNode {
  const { company } = useSignedIn()
  const { row } = useViewRow<typeof deviceSettingsOf>('masters.deviceSettings', { company })
  const header = <PageHeader title={t('screen.sync-settings')} subtitle={t('settings.lead')} />
  if (row === null) return <Page header={header}>{null}</Page>
  // A change that arrives meanwhile begins the form anew: nobody saves over what they never saw.
  return (
    <SettingsForm
      key={row.settings}
      company={company}
      settings={JSON.parse(row.settings) as DeviceSettings}
      header={header}
    />
  )
}

function SettingsForm({
  company,
  settings,
  header,
}: {
  readonly company: string
  readonly settings: DeviceSettings
  readonly header: ReactNode
}): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(settings))
  const [isTried, setTried] = useState(false)
  const { save, refusal, isSaving } = useSave()
  const set = (change: Partial<SettingsDraft>) => setDraft((last) => ({ ...last, ...change }))
  const next = settingsOf(draft, settings)
  const isChanged = JSON.stringify(settingsOf(draftOf(settings), settings)) !== JSON.stringify(next)
  const quietError = isTried && isHalfQuiet(draft) ? t('settings.quiet-half') : null
  const submit = async () => {
    setTried(true)
    if (!isChanged || isHalfQuiet(draft)) return
    await save<typeof setDeviceSettings>('masters.setDeviceSettings', { company, settings: next })
  }
  const usual = { value: '', label: t('settings.usual') } as const
  return (
    <Page
      isNarrow
      header={header}
      actions={
        <ActionBar>
          <Button disabled={!isChanged} loading={isSaving} onClick={() => void submit()}>
            {t('form.save')}
          </Button>
        </ActionBar>
      }
    >
      <Form label={t('screen.sync-settings')} onSubmit={() => void submit()}>
        <Section title={t('settings.when')}>
          <SelectField
            label={t('settings.every')}
            help={t('settings.every-help')}
            value={draft.every}
            onChange={(every) => set({ every })}
            choices={[
              usual,
              ...offered(everySeconds, draft.every).map((seconds) => ({
                value: String(seconds),
                label: formatDuration(seconds * 1000, currentLocale()),
              })),
            ]}
          />
          <CheckField label={t('settings.on-save')} value={draft.isOnSave} onChange={(isOnSave) => set({ isOnSave })} />
          <CheckField label={t('settings.on-hint')} value={draft.isOnHint} onChange={(isOnHint) => set({ isOnHint })} />
          <CheckField
            label={t('settings.wifi-only')}
            help={t('settings.wifi-help')}
            value={draft.isWifiOnly}
            onChange={(isWifiOnly) => set({ isWifiOnly })}
          />
        </Section>
        <Section title={t('settings.quiet')}>
          <FieldGrid>
            <TimeField
              label={t('settings.quiet-from')}
              value={draft.quietFrom}
              onChange={(quietFrom) => set({ quietFrom })}
              error={quietError}
            />
            <TimeField label={t('settings.quiet-to')} value={draft.quietTo} onChange={(quietTo) => set({ quietTo })} />
          </FieldGrid>
        </Section>
        <Section title={t('settings.more')}>
          <SelectField
            label={t('settings.photo')}
            value={draft.photo}
            onChange={(photo) => set({ photo })}
            choices={[
              usual,
              ...offered(photoPixels, draft.photo).map((pixels) => ({
                value: String(pixels),
                label: t('settings.pixels', { pixels }),
              })),
            ]}
          />
          <SelectField
            label={t('settings.share')}
            help={t('settings.share-help')}
            value={draft.share}
            onChange={(share) => set({ share })}
            choices={[
              usual,
              ...(['warn', 'block', 'allow'] as const).map((value) => ({ value, label: t(`settings.share-${value}`) })),
            ]}
          />
        </Section>
        <RefusalNote refusal={refusal} />
      </Form>
    </Page>
  )
}
