// Opening a till: which one, and the float counted coin by coin. What was counted is kept while one counts.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useStatusPart } from '../../design/device-context.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { SelectField } from '../../design/fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import { amountMinor } from '../../../kernel/amount.ts'
import type { openShift } from '../../../modules/pos/open-shift.ts'
import type { tillsOfBranch } from '../../../modules/pos/till-views.ts'
import { LinkButton } from '../shared/link-button.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { CoinCount, coinsOf, coinSum, type Coins } from './coins.tsx'

interface Opening {
  readonly till: string
  readonly coins: readonly Coins[]
}

export function OpenShift(): ReactNode {
  const place = useWorkplace()
  const device = useStatusPart('device') ?? undefined
  const { rows: tills } = useView<typeof tillsOfBranch>('pos.tillsOfBranch', { branch: place.branch })
  const draft = useDraft<Opening>('pos.open-shift', { till: '', coins: coinsOf(place.currency) })
  const { save, refusal, mayOverride, isSaving } = useSave()
  if (tills === null || draft.value === null) return null
  if (tills.length === 0) return <EmptyState text={t('pos.no-tills')} />
  const { coins } = draft.value
  const till =
    tills.find(({ id }) => id === draft.value?.till) ?? tills.find(({ openOn }) => openOn === null) ?? tills[0]
  const open = async (overrides: readonly string[] = []) => {
    if (till === undefined) return
    const float = coinSum(coins)
    const args = {
      till: till.id,
      businessDate: place.today,
      currency: place.currency,
      float: amountMinor(float),
      denominations: coins.filter(({ count }) => count > 0),
    }
    if ((await save<typeof openShift>('pos.openShift', args, { overrides })) !== null) draft.discard()
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('pos.open-shift')}
          subtitle={t('pos.open-shift-lead')}
          actions={<LinkButton href="/today">{t('pos.leave')}</LinkButton>}
        />
      }
      actions={
        <ActionBar>
          <Button size="md" onClick={() => void open()} loading={isSaving}>
            {t('pos.open-shift-with', { amount: coinSum(coins), currency: place.currency })}
          </Button>
        </ActionBar>
      }
    >
      <Section>
        <SelectField
          label={t('pos.till')}
          value={till?.id ?? ''}
          choices={tills.map((each) => ({
            value: each.id,
            label:
              each.openOn === null || each.openOn === device
                ? each.name
                : t('pos.till-open-on', { name: each.name, device: each.openOn }),
          }))}
          onChange={(id) => draft.set((last) => ({ ...last, till: id }))}
        />
      </Section>
      <Section title={t('pos.float')}>
        <CoinCount
          coins={coins}
          currency={place.currency}
          onChange={(next) => draft.set((last) => ({ ...last, coins: next }))}
        />
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void open([refusal.code]) : undefined}
      />
    </Page>
  )
}
