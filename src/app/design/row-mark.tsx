// The mark on a row whose work isn't with the hub yet. A row that is in step shows nothing.
import { IconCircleDot } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { OutboxState } from '../../sync/device/api.ts'
import { t } from '../text/translate.ts'
import { HiddenText } from './hidden-text.tsx'
import { StatusChip } from './status-chip.tsx'

export function RowMark({
  state,
  reason,
}: {
  readonly state: OutboxState | null
  readonly reason?: string
}): ReactNode {
  switch (state) {
    case 'captured':
    case 'sent':
      return (
        <span title={t('row.captured')} style={{ color: 'var(--tone-info)', display: 'inline-flex' }}>
          <IconCircleDot size={14} aria-hidden />
          <HiddenText>{t('row.captured')}</HiddenText>
        </span>
      )
    case 'parked':
      return <StatusChip tone="attention">{t('row.parked')}</StatusChip>
    case 'refused':
      return (
        <StatusChip tone="error">
          {reason === undefined ? t('row.refused') : `${t('row.refused')}: ${reason}`}
        </StatusChip>
      )
    case 'accepted':
    case 'adjusted':
    case null:
      return null
  }
}
