// The till's own bar: which till, since when, and everything beside selling. The sync pill stands in the app's header above it.
import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconArrowLeft,
  IconCashBanknote,
  IconDoorExit,
  IconLock,
  IconMenu2,
  IconPlayerPause,
  IconReceipt,
  IconReceiptRefund,
  IconReportMoney,
  IconTrash,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import classes from './sell.module.css'
import type { Till } from './till.ts'

export interface TillBarProps {
  readonly till: Till
  readonly hasLines: boolean
  /** Parked tickets that wait. */
  readonly held: number
  /** On a phone the ticket covers the catalogue: a way back. */
  readonly isTicketShown: boolean
  readonly onCatalogue: () => void
  readonly onPark: () => void
  readonly onParked: () => void
  readonly onDrop: () => void
}

export function TillBar({
  till,
  hasLines,
  held,
  isTicketShown,
  onCatalogue,
  onPark,
  onParked,
  onDrop,
}: TillBarProps): ReactNode {
  const [, go] = useLocation()
  return (
    <div className={classes['bar']}>
      {isTicketShown && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          onClick={onCatalogue}
          aria-label={t('pos.back-to-catalogue')}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
      )}
      <h1 className={classes['till-name']}>
        {till.tillName}
        <span className={classes['dim']}>
          {t('pos.open-since')} <When at={till.openedAt} />
        </span>
      </h1>
      <Button
        variant="default"
        onClick={onPark}
        disabled={!hasLines}
        leftSection={<IconPlayerPause size={18} aria-hidden />}
      >
        {t('pos.park')}
      </Button>
      {held > 0 && (
        <Button variant="default" onClick={onParked}>
          {t('pos.parked-count', { count: held })}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={40} aria-label={t('pos.more')}>
            <IconMenu2 size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconReceiptRefund size={18} aria-hidden />} onClick={() => go('/sell/return')}>
            {t('pos.return')}
          </Menu.Item>
          <Menu.Item leftSection={<IconReceipt size={18} aria-hidden />} onClick={() => go('/sell/sales')}>
            {t('pos.sales')}
          </Menu.Item>
          <Menu.Item leftSection={<IconCashBanknote size={18} aria-hidden />} onClick={() => go('/sell/drawer')}>
            {t('pos.drawer')}
          </Menu.Item>
          <Menu.Item leftSection={<IconReportMoney size={18} aria-hidden />} onClick={() => go('/sell/report')}>
            {t('pos.x-report')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={18} aria-hidden />} onClick={onDrop} disabled={!hasLines}>
            {t('pos.drop')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLock size={18} aria-hidden />} onClick={() => go('/sell/close')}>
            {t('pos.close-shift')}
          </Menu.Item>
          <Menu.Item component={Link} href="/today" leftSection={<IconDoorExit size={18} aria-hidden />}>
            {t('pos.leave')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
