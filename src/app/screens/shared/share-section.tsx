// This device's share of something scarce, as of the last contact, and the way to ask for more or to give some back. The hub decides; until it
// has, nothing here counts.
import { Button, Modal } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useMay, useStatus } from '../../design/device-context.ts'
import { MoneyField, QuantityStepper } from '../../design/number-fields.tsx'
import { FactList, Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { Money, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { amountMinor, quantity6 } from '../../../kernel/amount.ts'
import type { shares } from '../../../modules/allotment/views.ts'
import { RefusalNote } from './refusal-note.tsx'
import { useSave } from './use-save.ts'
import { useWorkplace } from './use-workplace.ts'

export interface ShareOf {
  readonly kind: 'stock' | 'credit'
  readonly scope: string
  readonly resource: string
  /** Of goods. */
  readonly unit?: string
  readonly decimals?: number
}

export function ShareSection(of: ShareOf): ReactNode {
  const { kind, scope, resource, unit } = of
  const status = useStatus()
  const mayAsk = useMay('allotment.ask')
  const [asking, setAsking] = useState<'grant' | 'return' | null>(null)
  const { rows } = useView<typeof shares>('allotment.shares', { kind, resource })
  const here = (rows ?? []).filter((share) => share.scope === scope)
  const own = here.find(({ device }) => device === status?.device) ?? null
  const others = here.reduce((sum, share) => (share === own ? sum : sum + share.left), 0)
  const value = (amount: number): ReactNode =>
    kind === 'stock' ? <Quantity value={amount} unit={unit ?? null} /> : <Money amount={amount} />
  return (
    <Section title={t('share.title')}>
      <FactList
        facts={[
          [t('share.yours'), value(own?.left ?? 0)],
          ...(own?.expiresAt == null ? [] : [[t('share.until'), t('share.until-at', { at: own.expiresAt })] as const]),
          ...(others === 0 ? [] : [[t('share.others'), value(others)] as const]),
        ]}
      />
      <p>{status?.lastContactAt == null ? t('screen.as-of-never') : t('screen.as-of', { at: status.lastContactAt })}</p>
      {mayAsk && (
        <>
          <Button variant="default" onClick={() => setAsking('grant')}>
            {t('share.ask')}
          </Button>{' '}
          {own !== null && own.left > 0 && (
            <Button variant="subtle" onClick={() => setAsking('return')}>
              {t('share.give-back')}
            </Button>
          )}
        </>
      )}
      {asking !== null && <AskSheet of={of} what={asking} onClose={() => setAsking(null)} />}
    </Section>
  )
}

function AskSheet({
  of: { kind, scope, resource, unit, decimals },
  what,
  onClose,
}: {
  readonly of: ShareOf
  readonly what: 'grant' | 'return'
  readonly onClose: () => void
}): ReactNode {
  const { currency } = useWorkplace()
  const [much, setMuch] = useState(0)
  const { save, refusal, isSaving } = useSave()
  const submit = async () => {
    const command = what === 'grant' ? 'allotment.grantShare' : 'allotment.returnShare'
    if ((await save(command, { kind, scope, resource, quantity: much })) !== null) onClose()
  }
  const title = t(what === 'grant' ? 'share.ask' : 'share.give-back')
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
      {kind === 'stock' ? (
        <QuantityStepper
          label={t('screen.quantity')}
          value={quantity6(much)}
          {...(unit !== undefined && { unit })}
          {...(decimals !== undefined && { decimals })}
          onChange={(value) => setMuch(value ?? 0)}
        />
      ) : (
        <MoneyField
          label={t('share.amount')}
          value={amountMinor(much)}
          currency={currency}
          onChange={(value) => setMuch(value ?? 0)}
        />
      )}
      <p>{t('share.hub-decides')}</p>
      <RefusalNote refusal={refusal} />
      <Button onClick={() => void submit()} disabled={much <= 0} loading={isSaving}>
        {title}
      </Button>
    </Modal>
  )
}
