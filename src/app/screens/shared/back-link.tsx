// The way back from a page to the one it belongs to, before its title.
import { ActionIcon } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { t } from '../../design/words.ts'

export const BackLink = ({ href }: { readonly href: string }): ReactNode => (
  <ActionIcon component={Link} href={href} variant="subtle" color="gray" size={40} aria-label={t('form.back')}>
    <IconArrowLeft size={20} />
  </ActionIcon>
)
