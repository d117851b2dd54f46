// Devices that have to forget somebody: whose, and what each has said. Silence is shown as what it is, with the moment of the last word.
import type { ReactNode } from 'react'
import type { DeviceToForget } from '../../../sync/office-protocol.ts'
import { StatusChip } from '../../design/status-chip.tsx'
import { Ago, When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import classes from '../review/review.module.css'
import own from './erasures.module.css'

type Told = DeviceToForget & {
  /** Left out before anything was asked of them. */
  readonly confirmedAt?: number | null
}

export function DeviceLines({ devices }: { readonly devices: readonly Told[] }): ReactNode {
  return (
    <>
      <ul className={own['devices']}>
        {devices.map((device) => (
          <li key={device.dev}>
            <span>
              {device.dev}
              {device.userName === null ? '' : ` · ${device.userName}`}
            </span>
            <Said device={device} />
          </li>
        ))}
      </ul>
      {devices.some(({ isShut, confirmedAt = null }) => isShut && confirmedAt === null) && (
        <p className={classes['dim']}>{t('erasures.shut-help')}</p>
      )}
    </>
  )
}

function Said({ device: { confirmedAt, seenAt, isShut } }: { readonly device: Told }): ReactNode {
  if (typeof confirmedAt === 'number')
    return (
      <span className={own['said']}>
        <When at={confirmedAt} />
        <StatusChip tone="ok">{t('erasures.confirmed')}</StatusChip>
      </span>
    )
  return (
    <span className={own['said']}>
      <span>
        {seenAt === null ? (
          t('erasures.never-heard')
        ) : (
          <>
            {t('erasures.last-heard')} <Ago at={seenAt} />
          </>
        )}
      </span>
      {isShut ? (
        <StatusChip tone="neutral">{t('erasures.shut')}</StatusChip>
      ) : (
        confirmedAt === null && <StatusChip tone="attention">{t('erasures.open')}</StatusChip>
      )}
    </span>
  )
}
